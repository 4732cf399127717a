"""The query as a tree: what a person asked for, before any engine sees it.

    Group          words side by side at the top; `match` says whether all or any must be there
    And Or Not     what was written with AND, OR, NOT, `-` and parentheses
    Word           one typed word, not yet analysed: `COVID-19`
    Phrase         words in a row: `"police reform"`
    Prefix         the beginning of a word: `immuni*`
    Range          a bound on a number or a date: `quality:>70`, `date:2020-06`
    Everything     matches every item: the empty query, and `*`

Each leaf carries the span of the text it came from (`start`, `end`: offsets into the query as
typed), so that a note can point at it. Trees are immutable and compare by value.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

WORD_FIELDS = ("title", "excerpt", "related", "provider", "topic", "type")
RANGE_FIELDS = ("date", "quality", "outlets")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed. `field` is one of `WORD_FIELDS`, or empty for all searched text."""

    text: str
    field: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand in a row, as typed between quotes."""

    text: str
    field: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, without its `*`."""

    text: str
    field: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """`low <= value < high` of one of `RANGE_FIELDS`; `None` is no bound.

    Dates are whole seconds since 1970-01-01T00:00Z. An item without the value never matches.
    """

    field: str
    low: int | None
    high: int | None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Everything:
    """Every item matches."""


@dataclass(frozen=True, slots=True)
class Not:
    """Items that `child` does not match."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """Items that every child matches. At least two children."""

    children: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Items that some child matches. At least two children."""

    children: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Group:
    """The children written side by side at the top of a query; none for a query without a word."""

    children: "tuple[Node, ...]"


Leaf: TypeAlias = Word | Phrase | Prefix | Range | Everything
Node: TypeAlias = Leaf | Not | And | Or | Group


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know of an answer, such as how the query was understood.

    `kind` is a stable word for programs, `message` a sentence for people; `start` and `end` span
    the part of the query it is about (0, 0: the whole).
    """

    kind: str
    message: str
    start: int = 0
    end: int = 0


def leaves(node: Node, *, positive: bool = True) -> Iterator[Leaf]:
    """The leaves in the order they were typed; with `positive`, none from below a `Not`."""
    if isinstance(node, Not):
        if not positive:
            yield from leaves(node.child, positive=False)
    elif isinstance(node, And | Or | Group):
        for child in node.children:
            yield from leaves(child, positive=positive)
    else:
        yield node
