"""The query as a tree: what a person asked for, before any engine sees it.

    Group          words side by side at the top; `match` says whether all or any must be there
    And Or Not     what was written with AND, OR, NOT, `-` and parentheses
    Word           one typed word, not yet analysed: `COVID-19`
    Phrase         words in a row: `"police reform"`
    Prefix         the beginning of a word: `immuni*`
    Address        a web address: `https://zdnet.com/a`, `www.zdnet.com/a`
    Range          a bound on a number or a date: `quality:>70`, `date:2020-06`
    Everything     matches every item: the empty query, and `*`

Each leaf carries the span of the text it came from (`start`, `end`: offsets into the query as
typed), so that a note can point at it. Trees are immutable and compare by value.
"""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

WORD_FIELDS = ("title", "excerpt", "related", "provider", "topic", "author", "type", "language")
RANGE_FIELDS = ("date", "quality", "outlets")
WORD_ALIASES = {"outlet": "provider", "source": "provider", "site": "provider"} | {
    "kind": "type",
    "intitle": "title",
    "year": "date",
    "lang": "language",
}
"""Names by which other products know a field, to ours."""

DATE_ALIASES = {"after": ">", "since": ">=", "before": "<", "until": "<="}
"""Names that mean a bound on the date, to its sign: `since:2020` is `date:>=2020`."""


class Typed(Struct, frozen=True):
    """Text to search for. `field` is one of `WORD_FIELDS`, or empty for all searched text."""

    text: str
    field: str = ""
    start: int = 0
    end: int = 0


class Word(Typed, frozen=True):
    """A word as typed."""


class Phrase(Typed, frozen=True):
    """Words that must follow each other, as typed between quotes."""


class Prefix(Typed, frozen=True):
    """The beginning of a word, without its `*`."""


class Address(Typed, frozen=True):
    """A web address as pasted. `tail`: signs after it that may end the address or a sentence."""

    tail: str = ""


class Range(Struct, frozen=True):
    """`low <= value < high` of one of `RANGE_FIELDS`; `None` is no bound.

    Dates are whole seconds since 1970-01-01T00:00Z. An item without the value never matches.
    """

    field: str
    low: int | None
    high: int | None
    start: int = 0
    end: int = 0


class Everything(Struct, frozen=True):
    """Every item matches."""


class Not(Struct, frozen=True):
    """Items that `child` does not match."""

    child: "Node"


class And(Struct, frozen=True):
    """Items that every child matches. At least two children."""

    children: "tuple[Node, ...]"


class Or(Struct, frozen=True):
    """Items that some child matches. At least two children."""

    children: "tuple[Node, ...]"


class Group(Struct, frozen=True):
    """The children written side by side at the top of a query; none if nothing in it can be looked
    for."""

    children: "tuple[Node, ...]"


Leaf: TypeAlias = Word | Phrase | Prefix | Address | Range | Everything
Node: TypeAlias = Leaf | Not | And | Or | Group


class Note(Struct, frozen=True):
    """Something to know of an answer, as a stable word and as a sentence; start and end span the
    part of the query it is about, in characters (0, 0: the whole)."""

    kind: str
    message: str
    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=0)]
