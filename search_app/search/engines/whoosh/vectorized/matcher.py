"""Evaluates a logical query: which documents match and what each scores, straight from the
definitions in `query.logical`, in dense arrays with one element for each document of a segment.

Every match is scored. Sums are formed in the same order as in `native`, member by member, so that
both evaluators give the same bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from indexer.schema import FACETS
from indexer.segment import MISSING
from indexer.segment.postings import ZONE_SHIFT, flat
from search_app.search import ranking
from search_app.search.engines.whoosh.segment_reader import Mask, Numbers, SegmentReader
from search_app.search.engines.whoosh.similarity import ALONE, BM25F, ZONE_WEIGHTS, Scores
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    BestOf,
    Exclude,
    Expression,
    Keyword,
    MatchAll,
    MatchNone,
    NumericRange,
    Phrase,
    Prefix,
    Scored,
    Should,
    Term,
)

Occurrences = NDArray[np.int64]
"""Occurrences of a term, ascending: the document in the high 32 bits, its position in the low."""

GROUPS = {field: group for group, field in FACETS.items()}


@dataclass(frozen=True, slots=True)
class DocSet:
    """Documents of a segment: whether each matches, and its score, which is 0 if it does not."""

    mask: Mask
    scores: Scores


class Matcher:
    """Evaluates the expressions of one query. Leaves that occur again are evaluated once."""

    def __init__(self, segments: Sequence[SegmentReader], similarity: BM25F) -> None:
        self.segments, self.similarity = segments, similarity
        self._known: dict[Scored, list[DocSet]] = {}

    def matches(self, expression: Expression) -> list[DocSet]:
        """For each segment the living documents that match."""
        found = [self._matches(place, expression) for place in range(len(self.segments))]
        return [
            DocSet(some.mask & segment.alive, some.scores * segment.alive)
            for some, segment in zip(found, self.segments, strict=True)
        ]

    def scored(self, field: str, weights: Sequence[Scores], boost: float) -> list[DocSet]:
        """For each segment the documents in which a term has a weight in a field, each with its
        score."""
        pairs = zip(weights, self.segments, strict=True)
        doc_freq = sum(int(np.count_nonzero(some[segment.alive])) for some, segment in pairs)
        return [
            DocSet(some > 0, boost * self.similarity.scores(some, doc_freq)) for some in weights
        ]

    def weights(self, place: int, field: str, rows: Sequence[slice]) -> Scores:
        """The weight in a field of these rows of postings, summed for each document of a segment;
        0 if the term is not in the field. Zone by zone, as in `native.segment.weight_of`."""
        segment = self.segments[place]
        indices = np.concatenate(
            [np.arange(0), *(np.arange(some.start, some.stop) for some in rows)]
        )
        profiles = segment.columns["postings.tf_profiles"][indices]
        documents = segment.columns["postings.documents"][indices]
        norms = self.similarity.norms(segment.lengths.take(documents, axis=0))
        weights = np.zeros(len(indices))
        for zone in np.flatnonzero(ZONE_WEIGHTS[field]):
            counts = segment.profiles[:, zone] * ZONE_WEIGHTS[field][zone]
            weights += counts.take(profiles) * norms[:, zone]
        return np.bincount(documents, weights, segment.size).astype(np.float64, copy=False)

    def _matches(self, place: int, expression: Expression) -> DocSet:
        segment = self.segments[place]
        mask, scores = np.zeros(segment.size, bool), np.zeros(segment.size)
        match expression:
            case Prefix("type", prefix):
                ordinals = segment.names["type"].starting(prefix.encode())
                mask[_having(segment, "type", ordinals)] = True
            case Term() | Phrase() | Prefix():
                if expression not in self._known:
                    self._known[expression] = self._leaf(expression)
                return self._known[expression][place]
            case Keyword("url" | "id" | "story" as field, value, score):
                mask[segment.having(field, value)] = True
                scores += mask * score
            case Keyword(field, value):
                ordinal = segment.names[GROUPS[field]].find(value.encode())
                ordinals = range(ordinal, ordinal + (ordinal >= 0))
                mask[_having(segment, GROUPS[field], ordinals)] = True
            case NumericRange():
                mask = _within(segment, expression)
            case MatchAll():
                mask[:] = True
            case AllOf(members):
                mask[:] = True
                for member in members:
                    if isinstance(member, Exclude):
                        mask &= ~self._matches(place, member.child).mask
                    elif isinstance(member, Should):
                        scores += self._matches(place, member.child).scores
                    else:
                        found = self._matches(place, member)
                        mask &= found.mask
                        scores += found.scores
                scores *= mask
            case AnyOf(members):
                for member in members:
                    found = self._matches(place, member)
                    mask |= found.mask
                    scores += found.scores
            case BestOf(members):
                for member in members:
                    found = self._matches(place, member)
                    mask |= found.mask
                    scores = np.maximum(scores, found.scores)
            case MatchNone() | Exclude() | Should():  # these two match only in `AllOf`
                pass
        return DocSet(mask, scores)

    def _leaf(self, leaf: Scored) -> list[DocSet]:
        match leaf:
            case Term(field, exact, "", boost):
                return self._term(field, (exact,), boost * ALONE)
            case Term(field, exact, _, boost):
                both = zip(
                    self._term(field, leaf.stems, boost),
                    self._term(field, (exact,), boost * ranking.EXACT),
                    strict=True,
                )
                return [DocSet(some.mask, some.scores + more.scores) for some, more in both]
            case Phrase(field, terms, boost):
                distinct = dict.fromkeys(terms)
                known = [self._term(field, (term,), boost * ALONE) for term in distinct]
                return [
                    self._phrase(p, leaf, some) for p, some in enumerate(zip(*known, strict=True))
                ]
            case Prefix(field, prefix, boost):
                rows = [segment.terms.rows_starting(prefix) for segment in self.segments]
                weights = [self.weights(place, field, some) for place, some in enumerate(rows)]
                return self.scored(field, weights, boost)

    def _term(self, field: str, terms: Sequence[str], boost: float) -> list[DocSet]:
        """For each segment the documents with one of these stems or exact forms in a field; each
        weighs what the first does that it has."""
        weights = []
        for place, segment in enumerate(self.segments):
            of_each = [self.weights(place, field, [segment.terms.rows_of(t)]) for t in terms]
            weights.append(reduce(lambda first, then: np.where(first > 0, first, then), of_each))
        return self.scored(field, weights, boost)

    def _phrase(self, place: int, phrase: Phrase, terms: Sequence[DocSet]) -> DocSet:
        """The documents in which the terms stand at successive positions of one text; each distinct
        term adds its score. Of each occurrence of the rarest term the others around it are looked
        for, in the documents that are left."""
        segment = self.segments[place]
        common = np.flatnonzero(np.logical_and.reduce([some.mask for some in terms]))
        (anchor, rarest), *others = sorted(
            enumerate(phrase.terms), key=lambda step: segment.counts(step[1])[0]
        )
        left = _occurrences(segment, phrase.field, rarest, common)
        for step, term in others:
            around = _occurrences(segment, phrase.field, term, np.unique(left >> 32))
            left = left[np.isin(left + (step - anchor), around, assume_unique=True)]
        mask = np.zeros(segment.size, bool)
        mask[left >> 32] = True
        return DocSet(mask, reduce(np.add, [some.scores for some in terms]) * mask)


def _having(segment: SegmentReader, group: str, ordinals: range) -> Numbers:
    """The documents with any of these values of a facet group, by the segment's own ordinals; a
    document may be there more than once."""
    values = segment.columns[f"facets.{group}.values"]
    found = np.flatnonzero((values >= ordinals.start) & (values < ordinals.stop))
    starts = segment.columns[f"facets.{group}.starts"]
    return (np.searchsorted(starts, found, side="right") - 1).astype(np.int32)


def _within(segment: SegmentReader, wanted: NumericRange) -> Mask:
    """The documents whose number lies within the bounds."""
    values = segment.columns[f"numbers.{wanted.field}"]
    inside: Mask = values != MISSING
    if wanted.low is not None:
        inside &= values >= wanted.low
    if wanted.high is not None:
        inside &= values < wanted.high
    return inside


def _occurrences(
    segment: SegmentReader, field: str, term: str, documents: NDArray[np.int64]
) -> Occurrences:
    """The occurrences of an exact form in a field of these documents, all of which have it."""
    rows = segment.terms.rows_of(term)
    bounds = segment.terms.offsets.bounds(rows.start, rows.stop)
    at = segment.columns["postings.documents"][rows].searchsorted(documents)
    starts = bounds.take(at)
    sizes = bounds.take(at + 1) - starts
    positions = segment.columns["positions"][flat(starts, sizes)]
    found: Occurrences = np.repeat(documents, sizes) << 32 | positions
    inside: Occurrences = found[(ZONE_WEIGHTS[field] > 0)[positions >> np.uint32(ZONE_SHIFT)]]
    return inside
