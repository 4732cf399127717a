"""The exact scores of a few documents, straight from the definitions in `expression`."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from search_app.search import ranking
from search_app.search.engines.whoosh.evaluate import ALONE, Evaluation, within
from search_app.search.engines.whoosh.matches import Mask, Numbers, Scores, contains, located
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.expression import (
    AllOf,
    AnyOf,
    Expression,
    Sequence,
    Span,
    Start,
    Term,
    Without,
)


@dataclass(frozen=True, slots=True)
class _Few:
    """Documents of a segment to be scored exactly, ascending, and their norms."""

    place: int
    segment: Segment
    numbers: Numbers
    norms: Scores


class Scoring:
    """Scores documents that an evaluation has found."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation

    def scores(self, expression: Expression, place: int, numbers: Numbers) -> Scores:
        """The scores of documents of a segment, ascending, that match."""
        norms = self._evaluation.weighting.norms(place, numbers)
        few = _Few(place, self._evaluation.segments[place], numbers, norms)
        return self._scores(few, expression)[1]

    def _scores(self, few: _Few, expression: Expression) -> tuple[Mask, Scores]:
        """Which of the documents match, and what each scores; 0 where it does not."""
        match expression:
            case Term(field, exact, ""):
                return self._weighed(few, field, exact, ALONE)
            case Term(field, exact, stem):
                there, scores = self._weighed(few, field, stem, 1.0)
                scores += self._weighed(few, field, exact, ranking.EXACT)[1] * there
                return there, scores
            case Sequence():
                return self._row_scores(few, expression)
            case Start(field, _) if field != "type":
                return self._start_scores(few, expression)
            case AllOf(members):
                wanted = [self._scores(few, m) for m in members if not isinstance(m, Without)]
                there = np.logical_and.reduce([mask for mask, _ in wanted])
                for member in members:
                    if isinstance(member, Without):
                        there &= ~self._scores(few, member.child)[0]
                return there, reduce(np.add, [scores for _, scores in wanted]) * there
            case AnyOf(members):
                found = [self._scores(few, member) for member in members]
                there = np.logical_or.reduce([mask for mask, _ in found])
                return there, reduce(np.add, [scores for _, scores in found])
            case Span():
                inside = within(few.segment, expression, few.numbers)
                return contains(inside, few.numbers, few.segment.size), np.zeros(len(few.numbers))
        return self._in(few, expression), np.zeros(len(few.numbers))

    def _in(self, few: _Few, expression: Expression) -> Mask:
        """Which of the documents match."""
        found = self._evaluation.found(expression, few.place)
        return contains(found, few.numbers, few.segment.size)

    def _weighed(self, few: _Few, field: str, term: str, boost: float) -> tuple[Mask, Scores]:
        found = few.segment.postings(field, term)
        if found is None or not len(found.documents):
            return np.zeros(len(few.numbers), bool), np.zeros(len(few.numbers))
        rows, there = located(found.documents, few.numbers)
        weights = few.segment.weights(field, found.profiles.take(rows, mode="clip"), few.norms)
        weights *= there
        containing = self._evaluation.weighting.containing(field, term)
        scores = self._evaluation.weighting.scores(
            few.place, field, few.numbers, weights, containing
        )
        return there, boost * scores

    def _row_scores(self, few: _Few, row: Sequence) -> tuple[Mask, Scores]:
        there = self._in(few, row)
        terms = dict.fromkeys(row.terms)
        scores = [self._weighed(few, row.field, term, ALONE)[1] for term in terms]
        return there, reduce(np.add, scores) * there

    def _start_scores(self, few: _Few, start: Start) -> tuple[Mask, Scores]:
        found = few.segment.starting(start.field, start.prefix)
        found = found.at(np.flatnonzero(contains(few.numbers, found.documents, few.segment.size)))
        rows = few.numbers.searchsorted(found.documents)
        weights = few.segment.weights(start.field, found.profiles, few.norms[rows])
        summed: Scores = np.bincount(rows, weights, len(few.numbers)).astype(np.float64)
        return summed > 0, self._evaluation.weighting.scores(
            few.place, start.field, few.numbers, summed, self._evaluation.containing(start)
        )
