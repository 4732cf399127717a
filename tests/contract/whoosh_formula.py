"""Stock Whoosh's own formula as a `Weighting`, so that stock Whoosh can judge the evaluator.

`whoosh.scoring.BM25F` with B and K1 as it has them:

    idf(t)  = log(N / (df(t) + 1)) + 1          N and df with the deleted documents
    s(t, d) = idf * (w * (K1 + 1)) / (w + K1 * (1 - B + B * length / mean))

`w` is the sum of part weights in single precision; `length` one of 256 steps, 1 where there is
none; `mean` the field's total as Whoosh keeps it (merged segments add steps, not lengths) over N.
Weights and lengths are made from the columns; N, df and the totals are asked of Whoosh.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from indexer.fields import FIELDS, PARTS, Kind, part_weights
from search_app.search.engines.whoosh.matches import Numbers, Scores
from search_app.search.engines.whoosh.segment import Codes, Postings, Segment, parts_of

B = 0.75
K1 = 1.2

_STEPS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)
_WEIGHTS = {
    field.name: np.array([part_weights(field).get(part.name, 0.0) for part in PARTS])
    for field in FIELDS
    if field.kind is Kind.TEXT
}


class Named(np.ndarray[Any, Any]):
    """Document numbers that know whose they are: a weighting is told how many living documents
    have a term, Whoosh counts the deleted too and needs the term itself."""

    term: str | None

    def __array_finalize__(self, whole: object) -> None:
        """What is taken from an array is of the same term."""
        self.term = getattr(whole, "term", None)


class NamingSegment(Segment):
    """A segment whose postings are named."""

    def postings(self, field: str, term: str) -> Postings | None:
        """See `Segment.postings`."""
        found = super().postings(field, term)
        if found is None:
            return None
        documents = found.documents.view(Named)
        documents.term = term
        return replace(found, documents=documents)


class WhooshBM25F:
    """Implements `Weighting` as stock Whoosh scores. `reader` is its own, of the same index."""

    def __init__(self, segments: Sequence[Segment], reader: Any) -> None:
        self._reader = reader
        self._documents = reader.doc_count_all()
        self._lengths = [
            {field: _stepped(segment, weights) for field, weights in _WEIGHTS.items()}
            for segment in segments
        ]

    def counts(self, segment: int, field: str, documents: Numbers, codes: Codes) -> Scores:
        """See `Weighting.counts`."""
        counts: Scores = _WEIGHTS[field][parts_of(codes)]
        return counts

    def scores(
        self, segment: int, field: str, documents: Numbers, weights: Scores, containing: int
    ) -> Scores:
        """See `Weighting.scores`. What has no name (a beginning, which to Whoosh is no one term)
        is taken to be in as many documents as are `containing` it."""
        term = getattr(documents, "term", None)
        if term is not None:
            containing = self._reader.doc_frequency(field, term.encode())
        idf = log(self._documents / (containing + 1)) + 1
        mean = self._reader.field_length(field) / self._documents or 1
        weights = weights.astype(np.float32).astype(np.float64)
        length = self._lengths[segment][field][documents]
        return idf * ((weights * (K1 + 1)) / (weights + K1 * ((1 - B) + B * length / mean)))


def _stepped(segment: Segment, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each document's field length as it comes out of Whoosh: the next step up."""
    lengths = sum(
        weight * segment.columns[f"lengths.{part.name}"]
        for weight, part in zip(weights, PARTS, strict=True)
    )
    steps = np.minimum(np.searchsorted(_STEPS, lengths), len(_STEPS) - 1)
    return np.where(steps > 0, _STEPS[steps], 1.0)
