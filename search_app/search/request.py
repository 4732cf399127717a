"""What a search is asked for, whoever asks: the page, the API or the command line."""

from dataclasses import dataclass, field
from enum import StrEnum

from indexer.fields import FACETS
from search_app.search.period import period

PAGE_SIZE = 10
MAX_PAGE_SIZE = 100
MAX_PAGE = 10_000_000
MAX_SELECTED = 100
"""Values that may be selected of a facet group."""


class Sort(StrEnum):
    """The order of the hits; the set of hits is the same in each."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    COVERAGE = "coverage"


class Match(StrEnum):
    """Whether all or any of the words must be in an item; `AUTO`: all, then some of them."""

    AUTO = "auto"
    ALL = "all"
    ANY = "any"


Selections = dict[str, tuple[str, ...]]
"""Facet group to the values selected in it: any of a group, all of the groups."""


def no_selections() -> Selections:
    """Every facet group, with nothing selected."""
    return dict.fromkeys(FACETS, ())


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search, its values already checked. `since` and `until` are periods as typed (`2020`,
    `2020-06-09`), both included, or empty; `page` counts from 1."""

    q: str = ""
    selections: Selections = field(default_factory=no_selections)
    since: str = ""
    until: str = ""
    sort: Sort = Sort.RELEVANCE
    match: Match = Match.AUTO
    page: int = 1
    page_size: int = PAGE_SIZE

    def window(self) -> tuple[int | None, int | None]:
        """The bounds on the date in UTC seconds, `[low, high)`; `None` is no bound."""
        since, until = period(self.since), period(self.until)
        return since[0] if since else None, until[1] if until else None
