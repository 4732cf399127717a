"""From an expression to the documents it matches and what each of them scores, straight from the
definitions in `expression`: dense arrays, one place for each document of a segment.

Every match is scored. Sums are formed in the order that `native` forms them in, member by member,
so that both give the same bits.
"""

from collections.abc import Sequence as Several
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from indexer.schema import FACETS
from indexer.segment import MISSING
from indexer.segment.postings import ZONE_SHIFT, flat
from search_app.search import ranking
from search_app.search.engines.whoosh.segment_reader import Mask, Numbers, SegmentReader
from search_app.search.engines.whoosh.similarity import ALONE, BM25F, PART_WEIGHTS, Scores
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    Exclude,
    Expression,
    Keyword,
    MatchAll,
    MatchNone,
    NumericRange,
    Phrase,
    Prefix,
    Scored,
    Term,
)

Places = NDArray[np.int64]
"""Occurrences, each its document and its code in one integer."""

GROUPS = {field: group for group, field in FACETS.items()}


@dataclass(frozen=True, slots=True)
class DocSet:
    """Documents of a segment: whether each is among them, and what it scores if so; else 0."""

    mask: Mask
    scores: Scores


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings of a segment: their documents, and what each weighs."""

    documents: Numbers
    weights: Scores


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a leaf that scores adds to each of its documents, which ascend."""

    documents: Numbers
    scores: Scores


class Matcher:
    """Evaluates one query. What it finds of a leaf it remembers; each query has its own."""

    def __init__(self, segments: Several[SegmentReader], similarity: BM25F) -> None:
        self.segments, self.similarity = segments, similarity
        self._known: dict[Scored, list[Contribution]] = {}

    def matches(self, expression: Expression) -> list[DocSet]:
        """For each segment the living documents that match."""
        found = []
        for place, segment in enumerate(self.segments):
            some = self._matches(place, expression)
            if segment.alive is not None:
                some = DocSet(some.mask & segment.alive, some.scores * segment.alive)
            found.append(some)
        return found

    def doc_freq(self, field: str, term: str) -> int:
        """How many living documents have a term in a field."""
        return sum(
            self._living(place, self._postings(place, field, [self._rows(place, term)]).documents)
            for place in range(len(self.segments))
        )

    def _matches(self, place: int, expression: Expression) -> DocSet:
        segment = self.segments[place]
        mask, scores = np.zeros(segment.size, bool), np.zeros(segment.size)
        match expression:
            case Prefix("type", prefix):
                values = segment.names["type"].starting(prefix.encode())
                mask[having(segment, "type", values)] = True
            case Term() | Phrase() | Prefix():
                leaf = self._leaf(expression)[place]
                mask[leaf.documents], scores[leaf.documents] = True, leaf.scores
            case Keyword(field, value):
                mask[_valued(segment, field, value)] = True
            case NumericRange():
                mask = _within(segment, expression)
            case MatchAll():
                mask[:] = True
            case AllOf(members):
                mask[:] = True
                for member in members:
                    if isinstance(member, Exclude):
                        mask &= ~self._matches(place, member.child).mask
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
            case MatchNone() | Exclude():  # what takes away matches nothing by itself
                pass
        return DocSet(mask, scores)

    def _leaf(self, leaf: Scored) -> list[Contribution]:
        if leaf not in self._known:
            places = range(len(self.segments))
            match leaf:
                case Term(field, exact, stem):
                    self._known[leaf] = [self._term(p, field, exact, stem) for p in places]
                case Phrase():
                    self._known[leaf] = [self._phrase(place, leaf) for place in places]
                case Prefix(field, prefix):
                    self._known[leaf] = self._prefix(field, prefix)
        return self._known[leaf]

    def _term(self, place: int, field: str, exact: str, stem: str) -> Contribution:
        """By the stem, and by the exact form once more; without a stem, by the exact form alone."""
        if not stem:
            return self._scored(place, field, exact, ALONE)
        found = self._scored(place, field, stem, 1.0)
        more = self._scored(place, field, exact, ranking.EXACT)
        rows = found.documents.searchsorted(more.documents)
        found.scores[rows] += more.scores
        return found

    def _scored(self, place: int, field: str, term: str, boost: float) -> Contribution:
        found = self._postings(place, field, [self._rows(place, term)])
        scores = self.similarity.scores(
            place, field, found.documents, found.weights, self.doc_freq(field, term)
        )
        return Contribution(found.documents, boost * scores)

    def _phrase(self, place: int, phrase: Phrase) -> Contribution:
        """Where the terms stand in a row; each distinct one adds its score."""
        known = [self._term(place, phrase.field, t, "") for t in dict.fromkeys(phrase.terms)]
        documents = reduce(np.intersect1d, [one.documents for one in known])
        documents = self._in_a_row(place, phrase, documents)
        scores = [one.scores[one.documents.searchsorted(documents)] for one in known]
        return Contribution(documents, reduce(np.add, scores))

    def _prefix(self, field: str, prefix: str) -> list[Contribution]:
        """All forms that begin so, as one term that stands wherever one of them does."""
        found = []
        for place, segment in enumerate(self.segments):
            terms, stems = segment.lexicon.starting(prefix.encode()), segment.terms.stems
            before = range(terms.start, max(terms.start, min(terms.stop, stems.start)))
            after = range(min(terms.stop, max(terms.start, stems.stop)), terms.stop)
            runs = [segment.terms.rows(before), segment.terms.rows(after)]
            postings = self._postings(place, field, runs)
            weights = np.bincount(postings.documents, postings.weights, segment.size)
            documents = np.flatnonzero(weights > 0).astype(np.int32)
            found.append((documents, weights.astype(np.float64)[documents]))
        doc_freq = sum(self._living(place, some) for place, (some, _) in enumerate(found))
        return [
            Contribution(some, self.similarity.scores(place, field, some, weights, doc_freq))
            for place, (some, weights) in enumerate(found)
        ]

    def _rows(self, place: int, term: str) -> slice:
        return self.segments[place].terms.rows_of(term)

    def _postings(self, place: int, field: str, runs: list[slice]) -> Postings:
        """Those of the postings in these rows that are of a field, and what they weigh there: part
        by part, as `native.segment.weight_of` does."""
        segment, held = self.segments[place], PART_WEIGHTS[field] > 0
        rows = np.concatenate([np.arange(run.start, run.stop) for run in runs])
        profiles = segment.columns["postings.tf_profiles"][rows]
        if not held.all():
            inside = segment.profiles[:, held].any(axis=1).take(profiles)
            rows, profiles = rows[inside], profiles[inside]
        documents = segment.columns["postings.documents"][rows]
        norms = self.similarity.norms(place, documents)
        weights = np.zeros(len(rows))
        for part in np.flatnonzero(held):
            counts = segment.profiles[:, part] * PART_WEIGHTS[field][part]
            weights += counts.take(profiles) * norms[:, part]
        return Postings(documents, weights)

    def _living(self, place: int, documents: Numbers) -> int:
        alive = self.segments[place].alive
        return len(documents) if alive is None else int(np.count_nonzero(alive[documents]))

    def _in_a_row(self, place: int, phrase: Phrase, common: Numbers) -> Numbers:
        """Of documents that have all the terms those in which they stand at successive positions of
        one text. A place is a document and a code in one integer: each place of the rarest term is
        looked at for the others around it, of which only what is in documents still left is read.
        """
        if len(phrase.terms) == 1 or not len(common):
            return common
        segment = self.segments[place]
        (anchor, rarest), *others = sorted(
            enumerate(phrase.terms), key=lambda step: segment.doc_freq_with_deleted(step[1])
        )
        places = _occurrences(segment, phrase.field, rarest, common)
        for step, term in others:
            if len(places):
                around = _occurrences(segment, phrase.field, term, _documents(places))
                wanted = places + (step - anchor)
                rows = around.searchsorted(wanted)
                places = places[around.take(rows, mode="clip") == wanted]
        return _documents(places)


def having(segment: SegmentReader, group: str, ordinals: range) -> Numbers:
    """The documents with any of these values of a facet group, by place among the segment's own; a
    document may be there more than once."""
    values = segment.columns[f"facets.{group}.values"]
    found = np.flatnonzero((values >= ordinals.start) & (values < ordinals.stop))
    starts = segment.columns[f"facets.{group}.starts"]
    return (np.searchsorted(starts, found, side="right") - 1).astype(np.int32)


def _valued(segment: SegmentReader, field: str, value: str) -> Numbers:
    """The documents with a value of a keyword field."""
    if field in ("url", "id"):
        return segment.having(field, value)
    ordinal = segment.names[GROUPS[field]].find(value.encode())
    return having(segment, GROUPS[field], range(ordinal, ordinal + (ordinal >= 0)))


def _within(segment: SegmentReader, span: NumericRange) -> Mask:
    """The documents whose number lies within the bounds."""
    values = segment.columns[f"numbers.{span.field}"]
    inside: Mask = values != MISSING
    if span.low is not None:
        inside &= values >= span.low
    if span.high is not None:
        inside &= values < span.high
    return inside


def _occurrences(segment: SegmentReader, field: str, term: str, documents: Numbers) -> Places:
    """Where an exact form stands in a field of these documents, ascending; all have it."""
    rows = segment.terms.rows_of(term)
    bounds = segment.terms.occurrence_bounds(rows.start, rows.stop)
    at = segment.columns["postings.documents"][rows].searchsorted(documents)
    starts = bounds.take(at)
    sizes = bounds.take(at + 1) - starts
    codes = segment.columns["positions"][flat(starts, sizes)]
    places: Places = np.repeat(documents, sizes).astype(np.int64) << 32 | codes
    inside: Places = places[(PART_WEIGHTS[field] > 0)[codes >> np.uint32(ZONE_SHIFT)]]
    return inside


def _documents(places: Places) -> Numbers:
    """The documents of ascending places, each once."""
    documents = places >> 32
    return documents[np.diff(documents, prepend=-1) > 0].astype(np.int32)
