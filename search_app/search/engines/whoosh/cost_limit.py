"""Estimates what evaluating a query would cost, and limits it.

Cost is counted in postings: those that a leaf reads, weighted by what is done with each, and for a
phrase also the occurrences to compare, of which a document may have any number. The leaves of a
query are admitted in order; a leaf that would exceed the limit is taken out, as if it had not been
typed, and the user is told. The limit grows with the index: fifteen of the most frequent words, or
hundreds of others, are within it in any index.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.filters import Worded
from search_app.search.protocols import EngineRequest
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    BestOf,
    Exclude,
    Expression,
    MatchNone,
    Phrase,
    Prefix,
    Scored,
    Should,
    Term,
    all_of,
    any_of,
    best_of,
    in_window,
    leaves,
)


@dataclass(frozen=True, slots=True)
class Costs:
    """The limit on a query: `per_document` postings for each document, but no less than `at_least`.

    And what things cost: `filtered`, a posting in a field other than `text`, as it has to be
    checked for the field; `phrase_term`, reading and comparing the positions of one term of a
    phrase in one document; `occurrences`, how many of these are compared in the time of one posting
    (each index of the phrase goes through all occurrences of its term, also if it repeats a term).
    """

    at_least: int = 1_000_000
    per_document: int = 30
    filtered: int = 3
    phrase_term: int = 5
    occurrences: int = 5

    def of(self, segment: SegmentReader, leaf: Scored) -> int:
        """What a leaf costs in a segment."""
        match leaf:
            case Term(field, exact):
                terms = (exact, *leaf.stems)
                return self._in(field) * sum([segment.counts(term)[0] for term in terms])
            case Phrase(field, terms):
                counts = [segment.counts(term) for term in terms]
                doc_freqs = [doc_freq for doc_freq, _ in counts]
                compared = self.phrase_term * len(terms) * min(doc_freqs)
                if len(terms) > 1 and compared:
                    compared += sum([total for _, total in counts]) // self.occurrences
                return self._in(field) * sum(doc_freqs) + compared
            case Prefix("type", _):
                return 0
            case Prefix(field, prefix):
                rows = segment.terms.rows_starting(prefix)
                postings = sum([int(some.stop - some.start) for some in rows])
                return self._in(field) * (segment.size + postings)

    def max_per_document(self, leaf: Scored) -> float:
        """The most that a leaf can cost for each document, whatever its words are."""
        match leaf:
            case Term(field):
                return (1 + len(leaf.stems)) * self._in(field)
            case Phrase(field, (_,)):
                return (1 + self.phrase_term) * self._in(field)
        return inf

    def _in(self, field: str) -> int:
        return 1 if field == "text" else self.filtered


DEFAULT_COSTS = Costs()


class CostLimit:
    """The limit on the cost of one query, and how much of it is left."""

    def __init__(
        self, segments: Sequence[SegmentReader], query: EngineRequest, costs: Costs
    ) -> None:
        self._segments, self._query, self._costs = segments, query, costs
        size = sum([segment.size for segment in segments])
        self._left = max(costs.at_least, costs.per_document * size)
        self._admitted: dict[Scored, bool] = {}
        asked = [query.full] if query.partial is None else [query.full, query.partial]
        asked += [one for values in query.worded.values() for one in values.values()]
        most = sum([costs.max_per_document(leaf) for part in asked for leaf in leaves(part)])
        self._is_cheap = most <= costs.per_document  # then no leaf needs to be looked up

    @property
    def skipped(self) -> tuple[Scored, ...]:
        """The leaves that were taken out so far, in order."""
        return tuple([leaf for leaf, admitted in self._admitted.items() if not admitted])

    def tiers(self) -> Iterator[Expression]:
        """What to evaluate: `full`, then `partial` if there is one, each in the query's window and
        without the leaves that would cost too much. `partial` costs nothing until it is taken."""
        yield self._in_window(self._query.full)
        if self._query.partial is not None:
            yield self._in_window(self._query.partial)

    def worded(self) -> Worded:
        """The request's `worded` values; those that would cost too much match nothing."""
        return {
            group: {
                value: one if all(map(self._admits, leaves(one))) else MatchNone()
                for value, one in values.items()
            }
            for group, values in self._query.worded.items()
        }

    def _in_window(self, expression: Expression) -> Expression:
        if not self._is_cheap and not all(map(self._admits, leaves(expression))):
            expression = self._affordable(expression) or MatchNone()
        return in_window(expression, self._query.window)

    def _affordable(self, expression: Expression) -> Expression | None:
        match expression:
            case Term() | Phrase() | Prefix():
                return expression if self._admits(expression) else None
            case Should(child):
                kept = self._affordable(child)
                return Should(kept) if kept else None
            case Exclude(child):  # with fewer leaves inside, it would exclude more
                return expression if all(map(self._admits, leaves(child))) else None
            case AllOf(members) | AnyOf(members) | BestOf(members):
                some = [kept for member in members if (kept := self._affordable(member))]
                if all(isinstance(member, Should) for member in some):
                    return None
                return {AllOf: all_of, AnyOf: any_of, BestOf: best_of}[type(expression)](some)
        return expression

    def _admits(self, leaf: Scored) -> bool:
        if leaf not in self._admitted:
            cost = sum([self._costs.of(segment, leaf) for segment in self._segments])
            self._admitted[leaf] = cost <= self._left
            self._left -= cost if self._admitted[leaf] else 0
        return self._admitted[leaf]
