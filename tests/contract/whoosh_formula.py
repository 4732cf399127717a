"""Stock Whoosh's own formula as a `Weighting`, so that stock Whoosh can judge the evaluator.

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

from indexer.fields import FIELDS, PARTS, Kind, part_weights
from search_app.search.engines.whoosh.matches import Numbers, Scores
from search_app.search.engines.whoosh.segment import Segment

B = 0.75
K1 = 1.2

_STEPS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)
_WEIGHTS = {
    field.name: np.array([part_weights(field).get(part.name, 0.0) for part in PARTS])
    for field in FIELDS
    if field.kind is Kind.TEXT
}


class WhooshBM25F:
    """Implements `Weighting` as stock Whoosh scores. `reader` is its own, of the same index."""

    def __init__(self, segments: Sequence[Segment], reader: Any) -> None:
        self._reader = reader
        self.spreads = [1.0 for _ in segments]
        self._documents = reader.doc_count_all()
        self._lengths = [
            {field: _stepped(segment, weights) for field, weights in _WEIGHTS.items()}
            for segment in segments
        ]

    def containing(self, field: str, term: str) -> int:
        """See `Weighting.containing`: those that are deleted count, too."""
        return int(self._reader.doc_frequency(field, term.encode()))

    def norms(self, segment: int, documents: Numbers) -> Scores:
        """See `Weighting.norms`: how long a part is matters once they are joined."""
        return np.ones((len(documents), len(PARTS)))

    def scores(
        self, segment: int, field: str, documents: Numbers, weights: Scores, containing: int
    ) -> Scores:
        """See `Weighting.scores`."""
        idf = log(self._documents / (containing + 1)) + 1
        mean = self._reader.field_length(field) / self._documents or 1
        weights = weights.astype(np.float32).astype(np.float64)
        length = self._lengths[segment][field][documents]
        return idf * ((weights * (K1 + 1)) / (weights + K1 * ((1 - B) + B * length / mean)))

    def floors(self, segment: int) -> None:
        """See `Weighting.floors`: buckets hold our own weights."""


def _stepped(segment: Segment, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each document's field length as it comes out of Whoosh: the next step up."""
    lengths = sum(
        weight * segment.lengths[:, place].astype(np.float64)
        for place, weight in enumerate(weights)
    )
    steps = np.minimum(np.searchsorted(_STEPS, lengths), len(_STEPS) - 1)
    return np.where(steps > 0, _STEPS[steps], 1.0)
