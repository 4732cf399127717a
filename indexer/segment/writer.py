"""Writes a new segment, made of others.

Each step is cut into tasks, for as many processes as there are: first ranges of terms are merged;
then every posting is weighed, twice: to find the least and the greatest weight, which the buckets
follow from, and to put it into its bucket.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from indexer.process_pool import IN_PROCESS, ProcessPool
from indexer.schema import ZONES
from indexer.segment import column_file, impacts, merger
from indexer.segment.column_file import Array, ColumnFileWriter
from indexer.segment.merge_inputs import MergeLimits, SegmentRef


def write(path: Path, parts: Sequence[SegmentRef], pool: ProcessPool, limits: MergeLimits) -> None:
    """Write the living documents of several segments to a file, as the columns of one. The caller
    syncs it to disk."""
    plan = merger.plan(parts, path, limits)
    pool = pool if plan.postings >= limits.shared_from else IN_PROCESS
    for _ in pool.map(merger.merge_range, plan.ranges):
        pass
    begins = range(0, plan.postings, limits.range_size)
    ranges = [(begin, min(begin + limits.range_size, plan.postings)) for begin in begins]
    extremes = list(pool.map(partial(_extremes, path), ranges)) or [(1.0, 1.0)]
    bounds = impacts.bounds(min(least for least, _ in extremes), max(most for _, most in extremes))
    plan.output.write("impacts.bounds", bounds)
    for _ in pool.map(partial(_quantize, plan.output, bounds), ranges):
        pass


def _extremes(path: Path, postings: tuple[int, int]) -> tuple[float, float]:
    """The least and the greatest weight in a range of postings."""
    weights = _weights(path, *postings)
    return float(weights.min()), float(weights.max())


def _quantize(output: ColumnFileWriter, bounds: Array, postings: tuple[int, int]) -> None:
    """Write the buckets of a range of postings; `bounds`: see `impacts.bounds`."""
    buckets = impacts.quantized(_weights(output.path, *postings), bounds)
    output.write("postings.impacts", buckets, postings[0])


def _weights(path: Path, begin: int, end: int) -> Array:
    """What the postings `[begin, end)` of a segment weigh in `text`: see `impacts`."""
    columns = column_file.read(path)
    documents = columns.read_slice("postings.documents", begin, end)
    return impacts.exact(
        columns["tf_profiles"].reshape(-1, len(ZONES)) * np.array([zone.weight for zone in ZONES]),
        columns.read_slice("postings.tf_profiles", begin, end),
        impacts.norms(
            columns["lengths"].reshape(-1, len(ZONES))[documents], columns["mean_lengths"]
        ),
    )
