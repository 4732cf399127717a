"""What evaluating a query would take, told before it is done, and the bound on it.

Effort is counted in postings: those that a leaf reads, weighed by what becomes of each, and for a
phrase the occurrences that have to be compared, which a document may have any number of. Of the
leaves of a query, in the order they stand in it, those that would exceed the bound are taken out,
as if they had held no word; who asked is told. The bound grows with the index: fifteen of the
most frequent words are within it in any, and hundreds of others.
"""

from collections.abc import Sequence as Several
from math import inf

from search_app.search.engine import Query
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.expression import (
    AllOf,
    AnyOf,
    Expression,
    Nothing,
    Scored,
    Sequence,
    Start,
    Term,
    Without,
    all_of,
    any_of,
    leaves,
)

PER_DOCUMENT = 30
AT_LEAST = 1_000_000
"""The bound: so many postings for each document, but at least this many."""

FILTERED = 3
"""What a posting takes where it has to be looked at whether it is of the field, as against one of
`text`."""

IN_A_ROW = 5
"""What it takes, for each term of a row, to read and compare its occurrences in one document."""

OCCURRENCES = 5
"""So many occurrences of terms of a row are compared in the time of a posting. Each place in the
row goes through all occurrences of its term, also where the term was gone through before."""


class Effort:
    """The effort of one query. `left_out`: the leaves that it was too much for."""

    def __init__(self, segments: Several[Segment], query: Query) -> None:
        self._segments = segments
        self._room = max(AT_LEAST, PER_DOCUMENT * sum(segment.size for segment in segments))
        self._granted: dict[Scored, bool] = {}
        most = at_most(query.full) + (at_most(query.partial) if query.partial else 0)
        self._is_little = most <= PER_DOCUMENT

    @property
    def left_out(self) -> tuple[Scored, ...]:
        """The leaves that were taken out, in order."""
        return tuple(leaf for leaf, granted in self._granted.items() if not granted)

    def within(self, expression: Expression) -> Expression:
        """The expression without what would take too much; `Nothing` if nothing is left."""
        if self._is_little or all(self._grants(leaf) for leaf in leaves(expression)):
            return expression
        return self._within(expression) or Nothing()

    def _within(self, expression: Expression) -> Expression | None:
        match expression:
            case Term() | Sequence() | Start():
                return expression if self._grants(expression) else None
            case Without(child):  # with less inside, more would be taken away
                granted = [self._grants(leaf) for leaf in leaves(child)]
                return expression if all(granted) else None
            case AllOf(members) | AnyOf(members):
                some = [kept for member in members if (kept := self._within(member))]
                if not some:
                    return None
                return all_of(some) if isinstance(expression, AllOf) else any_of(some)
        return expression

    def _grants(self, leaf: Scored) -> bool:
        if leaf not in self._granted:
            wanted = sum(effort(segment, leaf) for segment in self._segments)
            self._granted[leaf] = wanted <= self._room
            self._room -= wanted if self._granted[leaf] else 0
        return self._granted[leaf]


def at_most(expression: Expression) -> float:
    """For each document, how many postings an expression reads whatever its words are."""
    match expression:
        case AllOf(members) | AnyOf(members):
            return sum([at_most(member) for member in members])
        case Term(field, _, stem):
            return (2 if stem else 1) * (1 if field == "text" else FILTERED)
        case Sequence(field, terms) if len(terms) == 1:
            return (1 + IN_A_ROW) * (1 if field == "text" else FILTERED)
        case Start() | Sequence():
            return inf
        case Without(child):
            return at_most(child)
    return 0


def effort(segment: Segment, leaf: Scored) -> int:
    match leaf:
        case Term(field, exact, stem):
            read = segment.commonness(exact) + segment.commonness(stem)
        case Sequence(field, terms):
            found = [segment.commonness(term) for term in terms]
            filtered = 1 if field == "text" else FILTERED
            compared = IN_A_ROW * len(terms) * min(found)
            if len(terms) > 1 and compared:
                compared += sum(map(segment.occurrence_count, terms)) // OCCURRENCES
            return filtered * sum(found) + compared
        case Start("type", _):
            return 0
        case Start(field, prefix):
            read = segment.size + segment.commonness_of_all(prefix)
    return read if field == "text" else FILTERED * read
