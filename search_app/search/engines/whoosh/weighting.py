"""Joined BM25F over the columns, from the figures of the living documents alone.

Robertson, Zaragoza, Taylor 2004 (section 3) and Robertson, Zaragoza 2009 (section 3.6): each
occurrence of a term counts its part's weight, divided by how long that part of the document is
against its mean; the sum over all parts is saturated once.

    w(t, d) = sum over occurrences o of t in d:  weight(part o) / (1 - B + B * length / mean)
    s(t, d) = idf(t) * w * (K1 + 1) / (w + K1)

A part's mean length is over the documents that have one, so that a part few items have does not
make theirs look endless. A field of one
part weighs it 1.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.fields import FIELDS, PARTS, Field, Kind, part_weights
from search_app.search import ranking
from search_app.search.engines.whoosh.matches import Numbers, Scores
from search_app.search.engines.whoosh.segment import Codes, Segment, parts_of


class Weighting(Protocol):
    """How documents are scored. Made for all segments of one generation, immutable."""

    def counts(self, segment: int, field: str, documents: Numbers, codes: Codes) -> Scores:
        """What each occurrence counts; document and code of each are given."""

    def scores(
        self, segment: int, field: str, documents: Numbers, weights: Scores, containing: int
    ) -> Scores:
        """The score of each document, from the sum of its counts; `containing` living documents
        of the whole index have the term in the field."""


class JoinedBM25F:
    """The product's weighting."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._items = sum(len(segment.living) for segment in segments)
        means = np.array([mean_length(segments, part.name) for part in PARTS])
        self._sizes = [segment.size for segment in segments]
        self._norms = [_norms(segment, means) for segment in segments]

    def counts(self, segment: int, field: str, documents: Numbers, codes: Codes) -> Scores:
        """See `Weighting.counts`."""
        parts = parts_of(codes)
        places = parts * np.int64(self._sizes[segment]) + documents
        counts: Scores = self._norms[segment].take(places)
        counts *= _WEIGHTS[field].take(parts)
        return counts

    def scores(
        self, segment: int, field: str, documents: Numbers, weights: Scores, containing: int
    ) -> Scores:
        """See `Weighting.scores`."""
        factor = ranking.idf(self._items, containing) * (ranking.K1 + 1)
        return factor * weights / (weights + ranking.K1)


def _weights(field: Field) -> NDArray[np.float64]:
    weights = part_weights(field)
    return np.array([weights.get(part.name, 0.0) for part in PARTS])


_WEIGHTS = {field.name: _weights(field) for field in FIELDS if field.kind is Kind.TEXT}


def mean_length(segments: Sequence[Segment], part: str) -> float:
    """The mean length of a part over the living documents that have it; 1 if none has."""
    total = documents = 0
    for segment in segments:
        lengths = segment.columns[f"lengths.{part}"][segment.living]
        total += int(lengths.sum(dtype=np.int64))
        documents += int(np.count_nonzero(lengths))
    return total / documents if documents else 1.0


def _norms(segment: Segment, means: NDArray[np.float64]) -> NDArray[np.float64]:
    """What one occurrence counts, its weight aside: all documents of one part after the other."""
    lengths = np.stack([segment.columns[f"lengths.{part.name}"] for part in PARTS])
    norms: NDArray[np.float64] = 1.0 / ((1 - ranking.B) + ranking.B * lengths / means[:, None])
    return norms.ravel()
