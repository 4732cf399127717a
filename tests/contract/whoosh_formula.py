"""Stock Whoosh's own formula, so that stock Whoosh can judge the plain evaluator.

`whoosh.scoring.BM25F` with B and K1 as it has them:

    idf(t)  = log(N / (df(t) + 1)) + 1          N and df with the deleted documents
    s(t, d) = idf * (w * (K1 + 1)) / (w + K1 * (1 - B + B * length / mean))

`w` is the sum of part weights in single precision; `length` one of 256 steps, 1 where there is
none; `mean` the field's total as Whoosh keeps it (merged segments add steps, not lengths) over N.
Weights and lengths are made from the columns; N, df and the totals are asked of Whoosh.
"""

from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from indexer.schema import FIELDS, ZONES, Kind, zone_weights
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import BM25F, Scores
from search_app.search.engines.whoosh.vectorized.matcher import DocSet, Matcher

B = 0.75
K1 = 1.2

_STEPS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)
_WEIGHTS = {
    field.name: np.array([zone_weights(field).get(part.name, 0.0) for part in ZONES])
    for field in FIELDS
    if field.kind is Kind.TEXT
}


class WhooshBM25F(BM25F):
    """Scores as stock Whoosh does. `reader` is its own, of the same index."""

    def __init__(self, segments: Sequence[SegmentReader], reader: Any) -> None:
        super().__init__(segments)
        self._reader = reader
        self._documents = reader.doc_count_all()
        self._lengths = [
            {field: _stepped(segment, weights) for field, weights in _WEIGHTS.items()}
            for segment in segments
        ]

    def norms(self, lengths: Scores) -> Scores:
        """See `BM25F.norms`: how long a zone is matters once they are joined."""
        return np.ones(lengths.shape)

    def scored(self, place: int, field: str, weights: Scores, doc_freq: int) -> Scores:
        """The scores of a segment's documents, by the weights of a term in a field."""
        idf = log(self._documents / (doc_freq + 1)) + 1
        mean = self._reader.field_length(field) / self._documents or 1
        weights = weights.astype(np.float32).astype(np.float64)
        length = self._lengths[place][field]
        return idf * ((weights * (K1 + 1)) / (weights + K1 * ((1 - B) + B * length / mean)))


class WhooshMatcher(Matcher):
    """The plain evaluator's matcher, under Whoosh's own formula."""

    similarity: WhooshBM25F

    def scored(self, field: str, weights: Sequence[Scores], boost: float) -> list[DocSet]:
        """See `Matcher.scored`; documents that are deleted count, too."""
        doc_freq = sum(int(np.count_nonzero(some)) for some in weights)
        return [
            DocSet(some > 0, boost * self.similarity.scored(place, field, some, doc_freq))
            for place, some in enumerate(weights)
        ]


def _stepped(segment: SegmentReader, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each document's field length as it comes out of Whoosh: the next step up."""
    lengths = sum(
        weight * segment.lengths[:, place].astype(np.float64)
        for place, weight in enumerate(weights)
    )
    steps = np.minimum(np.searchsorted(_STEPS, lengths), len(_STEPS) - 1)
    return np.where(steps > 0, _STEPS[steps], 1.0)
