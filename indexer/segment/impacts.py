"""What a posting weighs in `text`, exactly and in buckets: joined BM25F before saturation.

    w(t, d) = sum over zones z:  count(t, z, d) * weight(z) / norm(z, d)
    norm(z, d) = 1 - b(z) + b(z) * length(z, d) / mean(z)

Robertson, Zaragoza, Taylor 2004 (section 3). The means are those of all living documents and change
with every batch, so a query computes the exact weight. Stored is the bucket of the weight under the
means of its own segment, which tells a query the postings that cannot matter.
"""

import numpy as np

from indexer.schema import ZONES, Field, zone_weights
from indexer.segment.column_file import Array

BUCKETS = 256

B = np.array([zone.b for zone in ZONES])


def zone_factors(field: Field) -> Array:
    """What one occurrence in each zone counts in a field, 0 if the zone is none of the field's."""
    weights = zone_weights(field)
    return np.array([weights.get(zone.name, 0.0) for zone in ZONES])


def mean_lengths(lengths: Array) -> Array:
    """The mean length of each zone over the documents (a row each) that have it; 1 if none has.

    Few items have a body, so over all items its mean length would be close to 0.
    """
    counts = np.count_nonzero(lengths, axis=0)
    means: Array = np.where(counts, lengths.sum(axis=0, dtype=np.int64) / np.maximum(counts, 1), 1)
    return means


def norms(lengths: Array, means: Array) -> Array:
    """What one occurrence counts before its zone's weight: a row for each document, a column for
    each zone."""
    return 1.0 / ((1 - B) + lengths * (B / means))


def exact(factors: Array, profiles: Array, norms: Array) -> Array:
    """The weight of each posting. `factors`: the table of profiles, its counts multiplied by the
    zones' weights; `profiles`: each posting's row in it; `norms`: a row for each posting."""
    counts = factors.take(profiles, axis=0)
    counts *= norms
    weights: Array = np.add.reduce(counts, axis=1)
    return weights


def bounds(least: float, most: float) -> Array:
    """The least weight of each bucket, and the greatest of all, in equal ratios:
    `bounds[b] <= w <= bounds[b + 1]` for a weight w in bucket b."""
    edges: Array = least * (most / least) ** (np.arange(BUCKETS + 1) / BUCKETS)
    edges[0], edges[-1] = least, most
    return edges


def quantized(weights: Array, bounds: Array) -> Array:
    """The bucket of each weight."""
    return np.searchsorted(bounds[1:-1], weights, side="right").astype(np.uint8)
