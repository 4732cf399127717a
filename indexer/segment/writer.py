"""A new segment, made of others.

The work is cut into tasks, for as many processes as there are: a range of terms to be merged; some
of the postings to be weighed, once all are there, and put into buckets once all are weighed.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from indexer.process_pool import IN_PROCESS, ProcessPool
from indexer.segment import impacts, merge_impacts, merger
from indexer.segment.merge_inputs import MergeLimits, SegmentRef
from indexer.segment.merger import Plan


def write(path: Path, parts: Sequence[SegmentRef], pool: ProcessPool, limits: MergeLimits) -> None:
    """Write the living documents of several segments to a file, as the columns of one. The caller
    syncs it to disk."""
    plan = merger.plan(parts, path, limits)
    pool = pool if plan.postings >= limits.shared_from else IN_PROCESS
    for _ in pool.map(merger.merge_range, plan.ranges):
        pass
    _weigh(plan, pool, limits.range_size)


def _weigh(plan: Plan, pool: ProcessPool, at_a_time: int) -> None:
    """Put every posting into the bucket of its weight."""
    weighings = merge_impacts.weighings(plan, at_a_time)
    found = list(pool.map(merge_impacts.extremes, weighings)) or [impacts.NONE]
    bounds = impacts.bounds(min(least for least, _ in found), max(most for _, most in found))
    plan.output.write("impacts.bounds", bounds)
    for _ in pool.map(partial(merge_impacts.quantize, plan.output, bounds), weighings):
        pass
