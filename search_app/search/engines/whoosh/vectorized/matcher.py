"""From an expression to the documents it matches, as arrays: one call of NumPy where stock
Whoosh takes a step of Python for every posting."""

from collections.abc import Sequence as Several

import numpy as np

from indexer.engines.whoosh.gather import MISSING
from search_app.search import ranking
from search_app.search.engines.whoosh.matches import (
    NONE,
    Leaf,
    Matches,
    Numbers,
    Scores,
    estimates,
    intersection,
    located,
    union,
    without,
)
from search_app.search.engines.whoosh.segment import Places, PostingList, Segment
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
        self.segments, self.weighting = segments, weighting
        self._found: dict[Scored | Keyword | Span, list[Matches]] = {}
        self._containing: dict[Start, int] = {}

    def matches(self, expression: Expression) -> list[Matches]:
        """For each segment the living documents that match."""
        found = self._matches(expression)
        return [
            matches if segment.alive is None else matches.where(segment.alive.take(matches.numbers))
            for segment, matches in zip(self.segments, found, strict=True)
        ]

    def found(self, expression: Expression, place: int) -> Numbers:
        """What matches in one segment, deleted documents included."""
        return self._matches(expression)[place].numbers

    def containing(self, start: Start) -> int:
        """How many living documents of all segments have a form that begins so."""
        self._matches(start)
        return self._containing[start]

    def _matches(self, expression: Expression) -> list[Matches]:
        match expression:
            case Term() | Sequence() | Start() | Keyword() | Span():
                if expression not in self._found:
                    self._found[expression] = self._leaf(expression)
                return self._found[expression]
            case Everything():
                return [Matches(segment.living) for segment in self.segments]
            case Nothing() | Without():  # what takes away matches nothing by itself
                return [NONE for _ in self.segments]
            case AllOf(members):
                return self._all_of(members)
            case AnyOf(members):
                return self._any_of(members)

    def _leaf(self, leaf: Scored | Keyword | Span) -> list[Matches]:
        places = range(len(self.segments))
        match leaf:
            case Keyword(field, value):
                return [Matches(segment.valued(field, value)) for segment in self.segments]
            case Span():
                return [Matches(within(s, leaf, s.living)) for s in self.segments]
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
        found = self.segments[place].postings(field, term)
        if found is None:
            return None
        containing = self.weighting.containing(field, term)
        return self._estimated(place, field, found, containing, boost)

    def _estimated(
        self, place: int, field: str, found: PostingList, containing: int, boost: float
    ) -> Leaf:
        """What postings of a term add at least: by their buckets where these are of the field."""
        floors = self.weighting.floors(place) if field == "text" else None
        if floors is not None:
            scores = self.weighting.scores(place, field, found.documents, floors, containing)
            return Leaf(found.documents, found.buckets, (boost * scores).astype(np.float32))
        norms = self.weighting.norms(place, found.documents)
        weights = self.segments[place].weights(field, found.profiles, norms)
        scores = self.weighting.scores(place, field, found.documents, weights, containing)
        return Leaf(found.documents, (boost * scores).astype(np.float32))

    def _sequence(self, place: int, row: Sequence) -> Matches:
        """Where the terms stand in a row; each distinct one adds its score."""
        leaves = [self._term(place, row.field, term, ALONE) for term in dict.fromkeys(row.terms)]
        known = [leaf for leaf in leaves if leaf]
        if len(known) < len(leaves):
            return NONE
        segment = self.segments[place]
        common = intersection([leaf.documents for leaf in known], segment.size)
        return Matches(_in_a_row(segment, row, common), tuple(known))

    def _start(self, start: Start) -> list[Matches]:
        """All forms that begin so, as one term that stands wherever one of them does."""
        if start.field == "type":
            return [
                Matches(s.with_ordinals("type", s.names["type"].starting(start.prefix.encode())))
                for s in self.segments
            ]
        found = []
        for place, segment in enumerate(self.segments):
            postings = segment.starting(start.field, start.prefix)
            floors = self.weighting.floors(place) if start.field == "text" else None
            if floors is None:
                norms = self.weighting.norms(place, postings.documents)
                weights = segment.weights(start.field, postings.profiles, norms)
            else:
                weights = floors.take(postings.buckets)
            summed: Scores = np.bincount(postings.documents, weights, segment.size).astype(float)
            documents = np.flatnonzero(summed > 0).astype(np.int32)
            found.append((documents, summed.take(documents)))
        containing = self._containing[start] = sum(
            len(segment.only_living(documents))
            for segment, (documents, _) in zip(self.segments, found, strict=True)
        )
        matches = []
        for place, (documents, weights) in enumerate(found):
            scores = self.weighting.scores(place, start.field, documents, weights, containing)
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
        for place, segment in enumerate(self.segments):
            common = intersection([found[place].numbers for found in wanted], segment.size)
            for span in spans:
                common = within(segment, span, common)
            for taken in unwanted:
                common = without(common, taken[place].numbers, segment.size)
            leaves = (leaf for found in wanted for leaf in found[place].leaves)
            results.append(Matches(common, tuple(leaves)))
        return results

    def _any_of(self, members: tuple[Expression, ...]) -> list[Matches]:
        """A document that one member does not match is not raised by what stands in it."""
        found = [self._matches(member) for member in members]
        results = []
        for place, segment in enumerate(self.segments):
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


def _alone(*leaves: Leaf | None) -> Matches:
    """The documents of the first leaf; the others, if they are there, add to it."""
    if leaves[0] is None:
        return NONE
    return Matches(leaves[0].documents, tuple(leaf for leaf in leaves if leaf))


def within(segment: Segment, span: Span, numbers: Numbers) -> Numbers:
    """The documents whose number lies within the bounds."""
    values = segment.columns[f"numbers.{span.field}"].take(numbers)
    keep = values != MISSING
    if span.low is not None:
        keep &= values >= span.low
    if span.high is not None:
        keep &= values < span.high
    inside: Numbers = numbers[keep]
    return inside


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
