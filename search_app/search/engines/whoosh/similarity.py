"""Joined BM25F over the columns, with statistics of the living documents only.

Robertson, Zaragoza, Taylor 2004 (section 3) and Robertson, Zaragoza 2009 (section 3.6): the weight
of a posting (`indexer.segment.impacts`) is summed over all zones, then saturated once.

    s(t, d) = idf(t) * w(t, d) * (K1 + 1) / (w(t, d) + K1)
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.schema import ZONES
from indexer.segment import impacts
from search_app.search import ranking
from search_app.search.engines.whoosh.segment_reader import TEXT_FIELDS, SegmentReader

Scores = NDArray[np.float64]

ALONE = 1 + ranking.EXACT
"""The boost of an exact form that is searched for without its stem."""

ZONE_WEIGHTS = {field.name: impacts.zone_factors(field) for field in TEXT_FIELDS}
"""For each field what one occurrence counts in each zone; 0 if the field lacks the zone."""


class BM25F:
    """The formula, with the statistics of all segments of one generation. Immutable."""

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self.items = sum(len(segment.living) for segment in segments)
        self.means = _means(segments)

    def norms(self, lengths: Scores) -> Scores:
        """What one occurrence counts before its zone's weight: `lengths` and the result have a row
        for each document and a column for each zone."""
        return impacts.norms(lengths, self.means)

    def scores(self, weights: Scores, doc_freq: int) -> Scores:
        """The scores of documents in which a term has these weights; `doc_freq` living documents
        have the term."""
        return self.factor(doc_freq) * weights / (weights + ranking.K1)

    def factor(self, doc_freq: int) -> float:
        """The most that a term scores which so many living documents have."""
        return ranking.idf(self.items, doc_freq) * (ranking.K1 + 1)


def _means(segments: Sequence[SegmentReader]) -> Scores:
    """The mean length of each zone over all living documents that have it."""
    if len(segments) == 1 and segments[0].alive.all():
        return segments[0].columns["mean_lengths"]
    living = [segment.lengths[segment.living] for segment in segments]
    return impacts.mean_lengths(np.concatenate(living) if living else np.zeros((0, len(ZONES))))


def bucket_bounds(segment: SegmentReader, means: Scores) -> tuple[Scores, float]:
    """For each bucket the least weight of its postings in `text` under these mean lengths, and the
    ratio of greatest to least weight, at most.

    A posting was put into its bucket under the means of its own segment. Its weight has changed
    since by no more than one of the means did: by almost nothing in a short text, in proportion to
    the mean in an endless one.
    """
    ratios = (means / segment.columns["mean_lengths"])[segment.lengths[segment.living].any(axis=0)]
    least, most = float(ratios.min(initial=1.0)), float(ratios.max(initial=1.0))
    edges = segment.columns["impacts.bounds"]
    return edges[:-1] * least, float((edges[1:] / edges[:-1]).max()) * most / least
