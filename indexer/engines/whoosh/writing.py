"""A new segment, made of others: columns for us, and the files stock Whoosh reads.

Ranges of terms are merged and put into blocks by several processes at once, each range by one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from indexer.engines.whoosh import columns, files, merge, weights
from indexer.engines.whoosh.files import Encoded
from indexer.engines.whoosh.merge import Bucketing, Part, Plan, Range
from indexer.workers import Workers


@dataclass(frozen=True, slots=True)
class _Task:
    range: Range
    furthest: int


def write(storage: FileStorage, parts: Sequence[Part], workers: Workers) -> Any:
    """Write the living documents of several segments as one; the segment, for Whoosh's table of
    contents. The caller syncs the files to disk."""
    segment = files.new_segment(storage)
    folder = Path(storage.folder)
    plan = merge.plan(parts, folder / (segment.segment_id() + columns.SUFFIX))
    made = columns.read(plan.sink.path)
    table = files.write_postings(folder, segment, made, _texts(plan, workers))
    files.write_terms(folder, segment, table)
    _buckets(plan, workers)
    files.write_documents(storage, segment, made)
    return segment


def _texts(plan: Plan, workers: Workers) -> Iterator[dict[str, Encoded]]:
    """Make all ranges, and the posting lists of each."""
    return workers.map(_made, [_Task(one, plan.furthest) for one in plan.ranges])


def _made(task: _Task) -> dict[str, Encoded]:
    made = merge.make(task.range)
    return files.of_texts(made, task.furthest, columns.read(task.range.sink.path))


def _buckets(plan: Plan, workers: Workers) -> None:
    """Put every posting into the bucket of its weight, once all weights are known."""
    weighings = merge.weighings(plan)
    found = list(workers.map(merge.extremes, weighings)) or [weights.NONE]
    bounds = weights.bounds(min(least for least, _ in found), max(most for _, most in found))
    plan.sink.put("buckets.bounds", bounds)
    for _ in workers.map(merge.bucket, [Bucketing(plan.sink, one, bounds) for one in weighings]):
        pass
