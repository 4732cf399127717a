"""From an expression to the documents it matches, as arrays: one call of NumPy where stock
Whoosh takes a step of Python for every posting."""

from collections.abc import Sequence as Several
from dataclasses import dataclass
from functools import reduce

import numpy as np

from indexer.engines.whoosh.gather import MISSING
from indexer.engines.whoosh.weights import exact as weigh
from search_app.search import ranking
from search_app.search.engines.whoosh.matches import (
    NONE,
    Leaf,
    Mask,
    Matches,
    Numbers,
    Scores,
    contains,
    estimates,
    intersection,
    located,
    union,
    without,
)
from search_app.search.engines.whoosh.segment import Places, PostingList, Profiles, Segment
from search_app.search.engines.whoosh.weighting import Weighting
from search_app.search.expression import (
    AllOf,
    AnyOf,
    Everything,
    Expression,
    Keyword,
    Nothing,
    Scored,
    Sequence,
    Span,
    Start,
    Term,
    Without,
)

ALONE = 1 + ranking.EXACT
"""What an exact form counts where no stem stands beside it."""


class Evaluation:
    """The evaluation of one query over the segments of a generation; what it has found of a leaf
    it remembers. Each query has its own; segments and weighting are shared."""

    def __init__(self, segments: Several[Segment], weighting: Weighting) -> None:
        self._segments, self._weighting = segments, weighting
        self._found: dict[Scored | Keyword | Span, list[Matches]] = {}
        self._containing: dict[Start, int] = {}

    def matches(self, expression: Expression) -> list[Matches]:
        """For each segment the living documents that match."""
        found = self._matches(expression)
        return [
            matches if segment.alive is None else matches.where(segment.alive.take(matches.numbers))
            for segment, matches in zip(self._segments, found, strict=True)
        ]

    def scores(self, expression: Expression, place: int, numbers: Numbers) -> Scores:
        """The exact scores of documents of a segment that match: meant for few."""
        norms = self._weighting.norms(place, numbers)
        return self._scores(_Few(place, numbers, norms), expression)[1]

    def _matches(self, expression: Expression) -> list[Matches]:
        match expression:
            case Term() | Sequence() | Start() | Keyword() | Span():
                if expression not in self._found:
                    self._found[expression] = self._leaf(expression)
                return self._found[expression]
            case Everything():
                return [Matches(segment.living) for segment in self._segments]
            case Nothing() | Without():  # what takes away matches nothing by itself
                return [NONE for _ in self._segments]
            case AllOf(members):
                return self._all_of(members)
            case AnyOf(members):
                return self._any_of(members)

    def _leaf(self, leaf: Scored | Keyword | Span) -> list[Matches]:
        places = range(len(self._segments))
        match leaf:
            case Keyword(field, value):
                return [Matches(segment.valued(field, value)) for segment in self._segments]
            case Span():
                return [Matches(_within(s, leaf, s.living)) for s in self._segments]
            case Term(field, exact, ""):
                return [_alone(self._term(place, field, exact, ALONE)) for place in places]
            case Term(field, exact, stem):
                return [
                    _alone(
                        self._term(place, field, stem, 1.0),
                        self._term(place, field, exact, ranking.EXACT),
                    )
                    for place in places
                ]
            case Sequence():
                return [self._sequence(place, leaf) for place in places]
            case Start():
                return self._start(leaf)

    def _term(self, place: int, field: str, term: str, boost: float) -> Leaf | None:
        found = self._segments[place].postings(field, term)
        if found is None:
            return None
        containing = self._weighting.containing(field, term)
        return self._estimated(place, field, found, containing, boost)

    def _estimated(
        self, place: int, field: str, found: PostingList, containing: int, boost: float
    ) -> Leaf:
        """What postings of a term add at least: by their buckets where these are of the field."""
        floors = self._weighting.floors(place) if field == "text" else None
        if floors is not None:
            scores = self._weighting.scores(place, field, found.documents, floors, containing)
            return Leaf(found.documents, found.buckets, (boost * scores).astype(np.float32))
        norms = self._weighting.norms(place, found.documents)
        weights = self._weights(place, field, found.profiles, norms)
        scores = self._weighting.scores(place, field, found.documents, weights, containing)
        return Leaf(found.documents, (boost * scores).astype(np.float32))

    def _sequence(self, place: int, row: Sequence) -> Matches:
        """Where the terms stand in a row; each distinct one adds its score."""
        leaves = [self._term(place, row.field, term, ALONE) for term in dict.fromkeys(row.terms)]
        known = [leaf for leaf in leaves if leaf]
        if len(known) < len(leaves):
            return NONE
        segment = self._segments[place]
        common = intersection([leaf.documents for leaf in known], segment.size)
        return Matches(_in_a_row(segment, row, common), tuple(known))

    def _start(self, start: Start) -> list[Matches]:
        """All forms that begin so, as one term that stands wherever one of them does."""
        if start.field == "type":
            return [
                Matches(s.with_ordinals("type", s.names["type"].starting(start.prefix.encode())))
                for s in self._segments
            ]
        found = []
        for place, segment in enumerate(self._segments):
            postings = segment.starting(start.field, start.prefix)
            floors = self._weighting.floors(place) if start.field == "text" else None
            if floors is None:
                norms = self._weighting.norms(place, postings.documents)
                weights = self._weights(place, start.field, postings.profiles, norms)
            else:
                weights = floors.take(postings.buckets)
            summed: Scores = np.bincount(postings.documents, weights, segment.size).astype(float)
            documents = np.flatnonzero(summed > 0).astype(np.int32)
            found.append((documents, summed.take(documents)))
        containing = self._containing[start] = sum(
            len(segment.only_living(documents))
            for segment, (documents, _) in zip(self._segments, found, strict=True)
        )
        matches = []
        for place, (documents, weights) in enumerate(found):
            scores = self._weighting.scores(place, start.field, documents, weights, containing)
            matches.append(Matches(documents, (Leaf(documents, scores.astype(np.float32)),)))
        return matches

    def _all_of(self, members: tuple[Expression, ...]) -> list[Matches]:
        """What is cheap to test of a document, a bound on a number, is tested last."""
        spans = [m for m in members if isinstance(m, Span)]
        unwanted = [self._matches(m.child) for m in members if isinstance(m, Without)]
        wanted = [
            self._matches(m) for m in members if not isinstance(m, Span | Without | Everything)
        ] or [self._matches(Everything())]
        results = []
        for place, segment in enumerate(self._segments):
            common = intersection([found[place].numbers for found in wanted], segment.size)
            for span in spans:
                common = _within(segment, span, common)
            for taken in unwanted:
                common = without(common, taken[place].numbers, segment.size)
            leaves = (leaf for found in wanted for leaf in found[place].leaves)
            results.append(Matches(common, tuple(leaves)))
        return results

    def _any_of(self, members: tuple[Expression, ...]) -> list[Matches]:
        """A document that one member does not match is not raised by what stands in it."""
        found = [self._matches(member) for member in members]
        results = []
        for place, segment in enumerate(self._segments):
            sets = [matches[place] for matches in found]
            numbers = union([matches.numbers for matches in sets], segment.size)
            leaves: list[Leaf] = []
            for member, matches in zip(members, sets, strict=True):
                if isinstance(member, AllOf | Sequence) and matches.leaves:
                    leaves.append(Leaf(matches.numbers, estimates(matches, segment.size)))
                else:
                    leaves += matches.leaves
            results.append(Matches(numbers, tuple(leaves)))
        return results

    def _scores(self, few: "_Few", expression: Expression) -> tuple[Mask, Scores]:
        """Which of the documents match, and what each scores; 0 where it does not."""
        segment = self._segments[few.place]
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
                inside = _within(segment, expression, few.numbers)
                return contains(inside, few.numbers, segment.size), np.zeros(len(few.numbers))
        return self._in(few, expression), np.zeros(len(few.numbers))

    def _in(self, few: "_Few", expression: Expression) -> Mask:
        """Which of the documents match."""
        found = self._matches(expression)[few.place].numbers
        return contains(found, few.numbers, self._segments[few.place].size)

    def _weighed(self, few: "_Few", field: str, term: str, boost: float) -> tuple[Mask, Scores]:
        found = self._segments[few.place].postings(field, term)
        if found is None or not len(found.documents):
            return np.zeros(len(few.numbers), bool), np.zeros(len(few.numbers))
        rows, there = located(found.documents, few.numbers)
        weights = self._weights(few.place, field, found.profiles.take(rows, mode="clip"), few.norms)
        weights *= there
        containing = self._weighting.containing(field, term)
        scores = self._weighting.scores(few.place, field, few.numbers, weights, containing)
        return there, boost * scores

    def _row_scores(self, few: "_Few", row: Sequence) -> tuple[Mask, Scores]:
        there = self._in(few, row)
        terms = dict.fromkeys(row.terms)
        scores = [self._weighed(few, row.field, term, ALONE)[1] for term in terms]
        return there, reduce(np.add, scores) * there

    def _start_scores(self, few: "_Few", start: Start) -> tuple[Mask, Scores]:
        self._matches(start)  # counts how many documents contain it
        found = self._segments[few.place].starting(start.field, start.prefix)
        size = self._segments[few.place].size
        found = found.at(np.flatnonzero(contains(few.numbers, found.documents, size)))
        rows = few.numbers.searchsorted(found.documents)
        weights = self._weights(few.place, start.field, found.profiles, few.norms[rows])
        summed: Scores = np.bincount(rows, weights, len(few.numbers)).astype(np.float64)
        return summed > 0, self._weighting.scores(
            few.place, start.field, few.numbers, summed, self._containing[start]
        )

    def _weights(self, place: int, field: str, profiles: Profiles, norms: Scores) -> Scores:
        """What postings weigh in a field, from the norms of their documents."""
        return weigh(self._segments[place].factors[field], profiles, norms)


@dataclass(frozen=True, slots=True)
class _Few:
    """Documents of a segment to be scored exactly, ascending, and their norms."""

    place: int
    numbers: Numbers
    norms: Scores


def _alone(*leaves: Leaf | None) -> Matches:
    """The documents of the first leaf; the others, if they are there, add to it."""
    if leaves[0] is None:
        return NONE
    return Matches(leaves[0].documents, tuple(leaf for leaf in leaves if leaf))


def _within(segment: Segment, span: Span, numbers: Numbers) -> Numbers:
    """The documents whose number lies within the bounds."""
    values = segment.columns[f"numbers.{span.field}"].take(numbers)
    keep = values != MISSING
    if span.low is not None:
        keep &= values >= span.low
    if span.high is not None:
        keep &= values < span.high
    within: Numbers = numbers[keep]
    return within


def _in_a_row(segment: Segment, row: Sequence, common: Numbers) -> Numbers:
    """Of documents that have all the terms those in which they stand at successive positions of
    one text. A place is a document and a code in one integer: each place of the rarest term is
    looked at for the others around it, of which only what is in documents still left is read."""
    if len(row.terms) == 1:
        return common
    (anchor, rarest), *others = sorted(
        enumerate(row.terms), key=lambda step: segment.commonness(step[1])
    )
    places = segment.occurrences(row.field, rarest, common)
    for step, term in others:
        if len(places):
            around = segment.occurrences(row.field, term, _documents(places))
            places = places[located(around, places + (step - anchor))[1]]
    return _documents(places)


def _documents(places: Places) -> Numbers:
    """The documents of ascending places, each once."""
    documents = places >> 32
    return documents[np.diff(documents, prepend=-1) > 0].astype(np.int32)
