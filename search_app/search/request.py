"""A search request, the same from the page, the API and the command line."""

import unicodedata
from enum import StrEnum

from msgspec import Struct, field

from indexer.schema import FACETS
from search_app.search.intervals import Interval
from search_app.search.period import period
from search_app.search.query.parser import MAX_CHARACTERS
from search_app.search.query.rewrite import Match
from search_app.search.query.tree import Note

PAGE_SIZE = 10
MAX_PAGE_SIZE = 100
MAX_PAGE = 10_000_000
FACET_SIZE = 50
"""Values returned of a facet group, besides the selected ones."""

MAX_LISTED = 200
MAX_OFFSET = 10_000_000
SUGGESTED = 8
MAX_SUGGESTED = 20
MAX_SELECTED = 100
"""Values that may be selected, of all facet groups together."""

MAX_VALUE = 256
"""Characters of a value that may be selected; an item's topic or outlet has fewer."""

MAX_ADDRESS = 4096
"""Bytes of a query in an address, and of all the selected values: every link on a page of results
repeats both. A plain letter takes one byte there, `é` six, `東` nine."""

_UNESCAPED = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~ "
)  # RFC 3986, section 2.3; and a blank is written as a plus
_LONGEST_WORD = 64


class Sort(StrEnum):
    """The order of the hits; the set of hits is the same in each."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    COVERAGE = "coverage"


class Spelling(StrEnum):
    """`ON`: a word that no item has may be searched in another spelling; `OFF`: as it is typed."""

    ON = "on"
    OFF = "off"


class Group(StrEnum):
    """What one entry of the results is: an item, or a story with all its items that were found."""

    NONE = "none"
    STORY = "story"


Selections = dict[str, tuple[str, ...]]
"""Facet group to the values selected in it: any of a group, all of the groups."""


def no_selections() -> Selections:
    """Every facet group, with nothing selected."""
    return dict.fromkeys(FACETS, ())


class SearchRequest(Struct, frozen=True):
    """A search, its values already checked. `since` and `until` are periods as typed (`2020`,
    `2020-06-09`), both included, or empty; `page` counts from 1; `dropped` counts the characters
    cut from the end of a query that was too long; `story` is the only story whose items are wanted,
    or empty; `default_page_size` and `default_group` are those of a request that names none;
    `explain` asks how the score of each hit comes about; `notes` say what of the parameters was
    ignored."""

    q: str = ""
    selections: Selections = field(default_factory=no_selections)
    since: str = ""
    until: str = ""
    sort: Sort = Sort.RELEVANCE
    match: Match = Match.AUTO
    page: int = 1
    page_size: int = PAGE_SIZE
    dropped: int = 0
    default_page_size: int = PAGE_SIZE
    spelling: Spelling = Spelling.ON
    notes: tuple[Note, ...] = ()
    group: Group = Group.NONE
    default_group: Group = Group.NONE
    story: str = ""
    explain: bool = False

    def window(self) -> tuple[int | None, int | None]:
        """The bounds on the date in UTC seconds, `[low, high)`; `None` is no bound."""
        since, until = period(self.since), period(self.until)
        return since[0] if since else None, until[1] if until else None


class SuggestRequest(Struct, frozen=True):
    """What was typed so far, and how many suggestions are wanted."""

    q: str = ""
    limit: int = SUGGESTED
    notes: tuple[Note, ...] = ()


class TimelineRequest(Struct, frozen=True):
    """A search whose items are to be counted by date, in these intervals; `None`: as they fit."""

    search: SearchRequest
    interval: Interval | None = None


class FacetRequest(Struct, frozen=True):
    """A search of which some values of one facet group are wanted: those with a name in which a
    word begins with `prefix`, the most frequent ones from `offset` on."""

    search: SearchRequest
    group: str
    prefix: str = ""
    offset: int = 0
    limit: int = FACET_SIZE


def address_bytes(text: str) -> int:
    """How many bytes a text takes in the query of an address, percent-encoded."""
    return sum([1 if char in _UNESCAPED else 3 * len(char.encode()) for char in text])


def shortened(text: str, characters: int = MAX_CHARACTERS, address: int = MAX_ADDRESS) -> str:
    """The beginning of a query, with at most `characters` characters and `address` bytes in an
    address. It ends between two words if a word ends nearby, and never inside a grapheme of several
    characters."""
    if len(text) <= characters and (12 * len(text) <= address or address_bytes(text) <= address):
        return text
    end = room = 0
    for char in text[:characters]:
        room += address_bytes(char)
        if room > address:
            break
        end += 1
    blank = text.rfind(" ", max(0, end - _LONGEST_WORD), end + 1)
    if blank > 0:
        return text[:blank]
    shortest = max(1, end - _LONGEST_WORD)
    while end > shortest and _continues(text, end):
        end -= 1
    return text[:end]


def _continues(text: str, at: int) -> bool:
    """Whether the character at this index combines with the one before it."""
    if at >= len(text):
        return False
    joined = "\u200d" in text[at - 1 : at + 1]
    return joined or unicodedata.category(text[at]) in ("Mn", "Mc", "Me")
