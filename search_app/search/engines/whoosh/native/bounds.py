"""Between which bounds the weight of a posting lies, from the one byte that is stored of it."""

import numpy as np
from numpy.typing import NDArray

from search_app.search.engines.whoosh.segment_reader import SegmentReader


def bucket_bounds(
    segment: SegmentReader, means: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """What a posting of each bucket weighs at least in all text, now that the mean lengths are
    these, and how many times that at most.

    A weight was put into its bucket under the means of its own segment. Since then it has changed
    by no more than one of these did: a short text's hardly, an endless one's as its mean.
    """
    ratios = (means / segment.columns["mean_lengths"])[segment.lengths[segment.living].any(axis=0)]
    least, most = float(ratios.min(initial=1.0)), float(ratios.max(initial=1.0))
    edges = segment.columns["impacts.bounds"]
    return edges[:-1] * least, float((edges[1:] / edges[:-1]).max()) * most / least
