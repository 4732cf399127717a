"""A new segment, made of others: columns for us, and the files stock Whoosh reads.

The work is cut into tasks, for as many processes as there are: a range of terms to be merged and
put into blocks, a field of values to be put into blocks, what is kept of the documents.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from indexer.engines.whoosh import columns, files, merge, weighing, weights
from indexer.engines.whoosh.files import Encoded
from indexer.engines.whoosh.merge import Plan, Range
from indexer.engines.whoosh.parts import Part
from indexer.engines.whoosh.weighing import Bucketing
from indexer.process_pool import IN_PROCESS, ProcessPool

MUCH = 1 << 20
"""Postings from which on the work is shared."""

Task = Callable[[], list[Encoded]]


def write(storage: FileStorage, parts: Sequence[Part], pool: ProcessPool) -> Any:
    """Write the living documents of several segments as one; the segment, for Whoosh's table of
    contents. The caller syncs the files to disk."""
    segment = files.new_segment(storage)
    folder = Path(storage.folder)
    plan = merge.plan(parts, folder / (segment.segment_id() + columns.SUFFIX))
    pool = pool if plan.postings >= MUCH else IN_PROCESS
    table = files.write_postings(folder, segment, _postings(folder, segment, plan, pool))
    files.write_terms(folder, segment, table)
    _buckets(plan, pool)
    segment.set_doc_count(plan.documents)
    return segment


def _postings(folder: Path, segment: Any, plan: Plan, pool: ProcessPool) -> Iterator[Encoded]:
    """Carry out all tasks but the last step; the posting lists of each."""
    path = plan.sink.path
    tasks: list[Task] = [
        partial(_documents, folder, segment, path),
        *(partial(_values, path, name) for name in files.VALUES),
        *(partial(_texts, one, plan.furthest) for one in plan.ranges),
    ]
    for made in pool.map(_carry_out, tasks):
        yield from made


def _carry_out(task: Task) -> list[Encoded]:
    return task()


def _documents(folder: Path, segment: Any, path: Path) -> list[Encoded]:
    files.write_documents(FileStorage(str(folder)), segment, columns.read(path))
    return []


def _values(path: Path, name: str) -> list[Encoded]:
    return files.of_values(columns.read(path), name)


def _texts(wanted: Range, furthest: int) -> list[Encoded]:
    return files.of_texts(merge.make(wanted), furthest, columns.read(wanted.sink.path))


def _buckets(plan: Plan, pool: ProcessPool) -> None:
    """Put every posting into the bucket of its weight, once all weights are known."""
    weighings = weighing.weighings(plan)
    found = list(pool.map(weighing.extremes, weighings)) or [weights.NONE]
    bounds = weights.bounds(min(least for least, _ in found), max(most for _, most in found))
    plan.sink.put("buckets.bounds", bounds)
    for _ in pool.map(weighing.bucket, [Bucketing(plan.sink, one, bounds) for one in weighings]):
        pass
