"""Joined BM25F over the columns, from the figures of the living documents alone.

Robertson, Zaragoza, Taylor 2004 (section 3) and Robertson, Zaragoza 2009 (section 3.6): what a
posting weighs (`indexer.segment.impacts`) is summed over all parts and saturated once.

    s(t, d) = idf(t) * w(t, d) * (K1 + 1) / (w(t, d) + K1)
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.schema import ZONES
from indexer.segment import impacts
from search_app.search import ranking
from search_app.search.engines.whoosh.segment_reader import TEXT_FIELDS, Numbers, SegmentReader

Scores = NDArray[np.float64]

ALONE = 1 + ranking.EXACT
"""What an exact form counts where no stem stands beside it."""

PART_WEIGHTS = {field.name: impacts.zone_factors(field) for field in TEXT_FIELDS}
"""What one occurrence counts in each part of a field; 0 where the field has no such part."""


class BM25F:
    """The product's formula, with the figures of all segments of one generation. Immutable."""

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self._segments = segments
        self.items = sum(len(segment.living) for segment in segments)
        self.means = _means(segments)

    def norms(self, place: int, documents: Numbers) -> Scores:
        """What one occurrence counts, its part's weight aside: a row for each document of a
        segment, a column for each part."""
        return impacts.norms(self._segments[place].lengths.take(documents, axis=0), self.means)

    def scores(
        self, place: int, field: str, documents: Numbers, weights: Scores, doc_freq: int
    ) -> Scores:
        """The score of each document of a segment, from what its postings weigh together;
        `doc_freq`: how many living documents have the term."""
        factor = ranking.idf(self.items, doc_freq) * (ranking.K1 + 1)
        return factor * weights / (weights + ranking.K1)


def _means(segments: Sequence[SegmentReader]) -> Scores:
    """The mean length of each part over all living documents that have it."""
    if len(segments) == 1 and segments[0].alive is None:
        return segments[0].columns["mean_lengths"]
    living = [segment.lengths[segment.living] for segment in segments]
    return impacts.mean_lengths(np.concatenate(living) if living else np.zeros((0, len(ZONES))))
