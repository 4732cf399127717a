"""Joined BM25F over the columns, from the figures of the living documents alone.

Robertson, Zaragoza, Taylor 2004 (section 3) and Robertson, Zaragoza 2009 (section 3.6): what a
posting weighs (`indexer.engines.whoosh.weights`) is summed over all parts and saturated once.

    s(t, d) = idf(t) * w(t, d) * (K1 + 1) / (w(t, d) + K1)
"""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh import weights
from indexer.fields import PARTS, B
from search_app.search import ranking
from search_app.search.engines.whoosh.matches import Numbers, Scores
from search_app.search.engines.whoosh.segment import Segment

REMEMBERED = 65_536
"""Terms of which it is remembered how many documents contain them."""


class Weighting(Protocol):
    """How documents are scored. Made for all segments of one generation, immutable."""

    spreads: list[float]
    """What a posting of each segment weighs at most, as a multiple of the floor of its bucket."""

    def containing(self, field: str, term: str) -> int:
        """How many documents of the whole index have a term in a field."""

    def norms(self, segment: int, documents: Numbers) -> Scores:
        """What one occurrence counts, its part's weight aside: for each document and part."""

    def scores(
        self, segment: int, field: str, documents: Numbers, weights: Scores, containing: int
    ) -> Scores:
        """The score of each document, from what its postings weigh."""

    def floors(self, segment: int) -> Scores | None:
        """What a posting of each bucket weighs at least in `text`; `None`: nobody knows."""


class JoinedBM25F:
    """The product's weighting."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self.items = sum(len(segment.living) for segment in segments)
        self._means = _means(segments)
        self.share = B / self._means
        drifts = [_drift(segment, self._means) for segment in segments]
        self._floors = [
            s.bounds[:-1] * least for s, (least, _) in zip(segments, drifts, strict=True)
        ]
        self.spreads = [
            float((segment.bounds[1:] / segment.bounds[:-1]).max()) * most / least
            for segment, (least, most) in zip(segments, drifts, strict=True)
        ]
        self.containing = lru_cache(REMEMBERED)(partial(_containing, segments))

    def norms(self, segment: int, documents: Numbers) -> Scores:
        """See `Weighting.norms`."""
        return weights.norms(self._segments[segment].lengths.take(documents, axis=0), self._means)

    def scores(
        self, segment: int, field: str, documents: Numbers, weights: Scores, containing: int
    ) -> Scores:
        """See `Weighting.scores`."""
        factor = ranking.idf(self.items, containing) * (ranking.K1 + 1)
        return factor * weights / (weights + ranking.K1)

    def floors(self, segment: int) -> Scores:
        """See `Weighting.floors`."""
        return self._floors[segment]


def _containing(segments: Sequence[Segment], field: str, term: str) -> int:
    return sum(segment.frequency(field, term) for segment in segments)


def _means(segments: Sequence[Segment]) -> NDArray[np.float64]:
    """The mean length of each part over all living documents that have it."""
    if len(segments) == 1 and segments[0].alive is None:
        return segments[0].means
    living = [segment.lengths[segment.living] for segment in segments]
    return weights.mean_lengths(np.concatenate(living) if living else np.zeros((0, len(PARTS))))


def _drift(segment: Segment, means: NDArray[np.float64]) -> tuple[float, float]:
    """Between which multiples of what it was a weight lies, now that the means are these: a short
    text's has hardly changed, an endless one's has as its mean."""
    ratios = (means / segment.means)[segment.lengths[segment.living].any(axis=0)]
    return float(ratios.min(initial=1.0)), float(ratios.max(initial=1.0))
