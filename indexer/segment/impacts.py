"""What a posting weighs in `text`, exactly and in buckets: joined BM25F before it saturates.

    w(t, d) = sum over parts p:  count(t, p, d) * weight(p) / (1 - B + B * length(p, d) / mean(p))

Robertson, Zaragoza, Taylor 2004 (section 3). The means are of all living documents and change with
every batch, so the exact weight is computed when it is asked for. What is stored is the bucket it
fell into under the means of its own segment: enough to tell which postings cannot matter.
"""

import numpy as np

from indexer.schema import ZONES, B, Field, zone_weights
from indexer.segment.column_file import Array

BUCKETS = 256


def zone_factors(field: Field) -> Array:
    """What one occurrence in each part counts in a field: 0 where the field has no such part."""
    weights = zone_weights(field)
    return np.array([weights.get(part.name, 0.0) for part in ZONES])


def mean_lengths(lengths: Array) -> Array:
    """The mean length of each part, over the documents (a row each) that have it; 1 if none has.

    Few items have a body: over all of them its mean would be nearly nothing.
    """
    having = np.count_nonzero(lengths, axis=0)
    means: Array = np.where(having, lengths.sum(axis=0, dtype=np.int64) / np.maximum(having, 1), 1)
    return means


def norms(lengths: Array, means: Array) -> Array:
    """What one occurrence counts, its part's weight aside: a row a document, a column a part."""
    return 1.0 / ((1 - B) + lengths * (B / means))


def exact(factors: Array, profiles: Array, norms: Array) -> Array:
    """The weight of each posting: `factors[profile]` are its counts times their parts' weights,
    `norms` has a row for each."""
    counts = factors.take(profiles, axis=0)
    counts *= norms
    weights: Array = np.add.reduce(counts, axis=1)
    return weights


def bounds(least: float, most: float) -> Array:
    """The least weight of each bucket, and the greatest of all: `bounds[b] <= w <= bounds[b + 1]`
    for a weight in bucket b."""
    found: Array = least * (most / least) ** (np.arange(BUCKETS + 1) / BUCKETS)
    found[0], found[-1] = least, most
    return found


def quantized(weights: Array, bounds: Array) -> Array:
    """The bucket of each weight."""
    return np.searchsorted(bounds[1:-1], weights, side="right").astype(np.uint8)
