"""What evaluating a query would cost, told before it is done, and the limit on it.

Cost is counted in postings: those that a leaf reads, weighed by what becomes of each, and for a
phrase the occurrences that have to be compared, which a document may have any number of. Of the
leaves of a query, in the order they stand in it, those that would exceed the limit are taken out,
as if they had held no word; who asked is told. The limit grows with the index: fifteen of the
most frequent words are within it in any, and hundreds of others.
"""

from collections.abc import Sequence as Several
from dataclasses import dataclass
from math import inf

from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.protocols import EngineRequest
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    Exclude,
    Expression,
    MatchNone,
    Phrase,
    Prefix,
    Scored,
    Term,
    all_of,
    any_of,
    leaves,
)


@dataclass(frozen=True, slots=True)
class Costs:
    """What a query may cost: so many postings for each document, but at least so many. And what
    things cost: `filtered`, a posting where it has to be looked at whether it is of the field, as
    against one of `text`; `in_a_row`, for each term of a phrase, to read and compare its
    occurrences in one document; so many `occurrences` are compared in the time of a posting (each
    place in the phrase goes through all occurrences of its term, also where the term was gone
    through before)."""

    at_least: int = 1_000_000
    per_document: int = 30
    filtered: int = 3
    in_a_row: int = 5
    occurrences: int = 5

    def of(self, segment: SegmentReader, leaf: Scored) -> int:
        """What a leaf costs in a segment."""
        match leaf:
            case Term(field, exact, stem):
                read = segment.doc_freq_with_deleted(exact) + segment.doc_freq_with_deleted(stem)
                return self._in(field) * read
            case Phrase(field, terms):
                found = [segment.doc_freq_with_deleted(term) for term in terms]
                compared = self.in_a_row * len(terms) * min(found)
                if len(terms) > 1 and compared:
                    compared += sum(map(segment.occurrence_count, terms)) // self.occurrences
                return self._in(field) * sum(found) + compared
            case Prefix("type", _):
                return 0
            case Prefix(field, prefix):
                return self._in(field) * (segment.size + segment.posting_count(prefix))

    def at_most(self, expression: Expression) -> float:
        """For each document, what an expression costs at most whatever its words are."""
        match expression:
            case AllOf(members) | AnyOf(members):
                return sum([self.at_most(member) for member in members])
            case Term(field, _, stem):
                return (2 if stem else 1) * self._in(field)
            case Phrase(field, terms) if len(terms) == 1:
                return (1 + self.in_a_row) * self._in(field)
            case Prefix() | Phrase():
                return inf
            case Exclude(child):
                return self.at_most(child)
        return 0

    def _in(self, field: str) -> int:
        return 1 if field == "text" else self.filtered


DEFAULT_COSTS = Costs()


class CostLimit:
    """The limit on the cost of one query, and what of it is used up."""

    def __init__(
        self, segments: Several[SegmentReader], query: EngineRequest, costs: Costs
    ) -> None:
        self._segments, self._costs = segments, costs
        size = sum([segment.size for segment in segments])
        self._room = max(costs.at_least, costs.per_document * size)
        self._admitted: dict[Scored, bool] = {}
        most = costs.at_most(query.full)
        if query.partial is not None:
            most += costs.at_most(query.partial)
        self._is_little = most <= costs.per_document

    @property
    def skipped(self) -> tuple[Scored, ...]:
        """The leaves that were taken out, in order."""
        return tuple([leaf for leaf, admitted in self._admitted.items() if not admitted])

    def admit(self, expression: Expression) -> Expression:
        """The expression without what would cost too much; `MatchNone` if nothing is left."""
        if self._is_little or all(self._admits(leaf) for leaf in leaves(expression)):
            return expression
        return self._affordable(expression) or MatchNone()

    def _affordable(self, expression: Expression) -> Expression | None:
        match expression:
            case Term() | Phrase() | Prefix():
                return expression if self._admits(expression) else None
            case Exclude(child):  # with less inside, more would be taken away
                admitted = [self._admits(leaf) for leaf in leaves(child)]
                return expression if all(admitted) else None
            case AllOf(members) | AnyOf(members):
                some = [kept for member in members if (kept := self._affordable(member))]
                if not some:
                    return None
                return all_of(some) if isinstance(expression, AllOf) else any_of(some)
        return expression

    def _admits(self, leaf: Scored) -> bool:
        if leaf not in self._admitted:
            cost = sum([self._costs.of(segment, leaf) for segment in self._segments])
            self._admitted[leaf] = cost <= self._room
            self._room -= cost if self._admitted[leaf] else 0
        return self._admitted[leaf]
