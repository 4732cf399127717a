"""What documents score by two words that stand together in them: see `ranking`."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.segment.postings import ZONE_SHIFT
from search_app.search import ranking
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import ALONE, BM25F, ZONE_WEIGHTS
from search_app.search.query.logical import Term

Pair = tuple[Term, Term]


class Proximity:
    """Scores single documents by the pairs of one query."""

    def __init__(
        self, segments: Sequence[SegmentReader], similarity: BM25F, pairs: Sequence[Pair]
    ) -> None:
        self._segments, self._similarity, self.pairs = segments, similarity, pairs

    def score(self, place: int, document: int) -> float:
        """What a document of a segment scores by all pairs."""
        return sum((self._pair(place, document, *pair) for pair in self.pairs), 0.0)

    def _pair(self, place: int, document: int, first: Term, second: Term) -> float:
        ones = self._occurrences(place, document, first.exact)
        others = self._occurrences(place, document, second.exact)
        since = np.searchsorted(others, ones - ranking.NEAR, "right")
        is_near = np.searchsorted(others, ones + ranking.NEAR) > since
        zones, is_adjacent = ones[is_near] >> ZONE_SHIFT, np.isin(ones + 1, others)[is_near]
        weights = {
            zone: self._weight(place, document, first.field, zone)
            for zone in np.unique(zones).tolist()
        }
        adjacent = near = 0.0
        for zone, counts in zip(zones.tolist(), is_adjacent.tolist(), strict=True):
            near += weights[zone]
            adjacent += weights[zone] if counts else 0.0
        return (
            ranking.PROXIMITY
            * (self._factor(first) + self._factor(second))
            * (adjacent / (adjacent + ranking.K1) + near / (near + ranking.K1))
        )

    def _occurrences(self, place: int, document: int, term: str) -> NDArray[np.int64]:
        segment = self._segments[place]
        rows = segment.terms.rows_of(term)
        at = int(np.searchsorted(segment.columns["postings.documents"][rows], document))
        if at == rows.stop - rows.start:
            return np.zeros(0, np.int64)
        if segment.columns["postings.documents"][rows.start + at] != document:
            return np.zeros(0, np.int64)
        begin, end = segment.terms.offsets.bounds(rows.start + at, rows.start + at + 1).tolist()
        return segment.columns["positions"][begin:end].astype(np.int64)

    def _weight(self, place: int, document: int, field: str, zone: int) -> float:
        """What one occurrence in a zone weighs."""
        lengths = self._segments[place].lengths[document : document + 1]
        return float(ZONE_WEIGHTS[field][zone] * self._similarity.norms(lengths)[0, zone])

    def _factor(self, term: Term) -> float:
        """The most that a term scores."""
        doc_freq = 0
        for segment in self._segments:
            documents = segment.columns["postings.documents"][segment.terms.rows_of(term.exact)]
            doc_freq += int(np.count_nonzero(segment.alive[documents]))
        return term.boost * ALONE * self._similarity.factor(doc_freq)
