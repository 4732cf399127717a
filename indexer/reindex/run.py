"""The story of a reindex: see what changed, read that, write what differs.

    lock → walk the seeds → set aside what is as it was → read, validate, fingerprint the rest
         → delete what is gone → commit a new generation, or discard

A file that cannot be used keeps the version of its item that the index has. Where most items lost
their files nothing is done, unless that is said to be meant: see `removals`. Where no item differs
no generation is made, unless many files had to be read to see that: their record is then renewed.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from indexer.document import document
from indexer.errors import IndexDamaged, IndexMissing, IndexUnreadable, IndexUnusable
from indexer.index.file_records import FileRecords
from indexer.index.manifest import AGAIN, REMEDY, Manifest
from indexer.process_pool import ProcessPool
from indexer.reindex import read_tasks
from indexer.reindex.diff import SourceDiff
from indexer.reindex.protocols import Batch, Store
from indexer.reindex.read_tasks import Parse, ReadResult, ReadTask
from indexer.reindex.removals import Losses
from indexer.reindex.report import (
    DEFAULTS,
    CheckReport,
    Options,
    Progress,
    Report,
    rejected_files,
    silent,
)
from indexer.signals import NEVER, Stop
from indexer.source import seed_file
from indexer.source.scan import Found, check_folder, scan
from indexer.source.seed_file import SeedFile
from indexer.source.validate.item_parser import parse_item

log = logging.getLogger(__name__)

T = TypeVar("T")


def reindex(
    root: Path,
    store: Store,
    options: Options,
    progress: Progress = silent,
    stop: Stop = NEVER,
    parse: Parse = parse_item,
) -> Report:
    """Bring the index up to date with the seeds folder `root`; `parse` reads each file.

    Raises `SeedsMissing`, `IndexLocked`, `WorkersLost`, `RemovalsRefused` and whatever the engine
    raises, and `KeyboardInterrupt` once told to stop; in each case the index is as it was.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        if not options.dry_run:
            check_folder(root)
            stack.enter_context(store.exclusive())
            store.collect_garbage()
        look, before, found = _look(root, store, options, stop, parse)
        comparison = SourceDiff(root, before.files or FileRecords(), options.promoted_only)
        comparison.classify(found, trusting=not look.full and not options.checksum)
        del found
        pool, batch = _pool(options, stop), None
        if not options.dry_run and (look.full or comparison.is_open()):
            batch = stack.enter_context(store.batch(full=look.full, pool=pool))
        stack.enter_context(pool)  # it ends before the batch does, in whose folder it writes
        _read(comparison, batch, pool, look, progress)
        losses = _losses(root, comparison, before, options)
        made: Manifest | None = None
        if batch and _is_worthwhile(comparison, look.full, options):
            stop.check()
            made = _commit(store, comparison, batch, look.full)
        return _report(root, store, comparison, made, options.dry_run, before, losses, began)


def check(
    root: Path,
    progress: Progress = silent,
    options: Options = DEFAULTS,
    parse: Parse = parse_item,
) -> CheckReport:
    """Read every file below `root`, by `parse`, and collect the problems; touches no index."""
    comparison = SourceDiff(root, FileRecords(), promoted_only=False)
    comparison.classify(scan(root, follow_links=options.follow_links), trusting=False)
    with _pool(options, NEVER) as pool:
        _read(comparison, None, pool, _Look(0, True, options, parse), progress)
    items = len(comparison.records().items())
    return CheckReport(comparison.files, items, comparison.problems())


@dataclass(frozen=True, slots=True)
class _Look:
    """When the folder was looked at, and what becomes of what is read."""

    began: int
    full: bool
    options: Options
    parse: Parse


@dataclass(frozen=True, slots=True)
class _Before:
    """The files to compare with, `None` if there are none to be had, and, then, `why` not; `last`:
    the files whose loss would be noticed all the same, `None` if there never were any."""

    files: FileRecords | None
    last: FileRecords | None
    why: str = ""


def _look(
    root: Path, store: Store, options: Options, stop: Stop, parse: Parse
) -> tuple[_Look, _Before, list[Found]]:
    """What is in the seeds folder, and what was: one is walked while the other is checked."""
    began = time.time_ns()
    asked = _in_background(partial(_before, store, options))
    with stop.at_once():
        found = list(scan(root, follow_links=options.follow_links))
        before = asked.result()
    full = options.full or before.files is None
    return _Look(began, full, options, parse), before, found


def _pool(options: Options, stop: Stop) -> ProcessPool:
    return ProcessPool(options.jobs, stop=stop, min_tasks=options.min_tasks)


def _in_background(work: Callable[[], T]) -> "Future[T]":
    """Run `work` in a daemon thread; the future holds its result. Once the run is to stop, nobody
    waits for it. Where the system starts no thread, it is done here."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # it is raised where the result is asked for
            future.set_exception(error)

    try:
        threading.Thread(target=run, daemon=True).start()
    except RuntimeError:
        run()
    return future


def _before(store: Store, options: Options) -> _Before:
    """See `_Before`.

    What could not be read, but may be whole, is built anew only when that is asked for: the items
    of rejected files would be lost.
    """
    try:
        files = store.file_records()
        return _Before(files, files)
    except IndexMissing:
        return _Before(
            None, store.last_file_records()
        )  # one that lost its `CURRENT` looks like none
    except IndexUnreadable as error:
        if not options.full:
            raise
        return _Before(None, store.last_file_records(), str(error).removesuffix(f"; {AGAIN}"))
    except IndexDamaged as error:
        return _Before(None, store.last_file_records(), str(error).removesuffix(f"; {REMEDY}"))


def _read(
    comparison: SourceDiff,
    batch: Batch | None,
    pool: ProcessPool,
    look: _Look,
    progress: Progress,
) -> None:
    """Read what has to be read; what differs is collected for the batch, if there is one."""
    total, waiting = comparison.files, comparison.to_read
    done = total - len(waiting)
    if look.full:
        waiting = [(source, None) for source, _ in waiting]
    options = look.options
    tasks = [
        ReadTask(files, look.began, options.promoted_only, collector, look.parse)
        for files in read_tasks.tasks(waiting, options.memory, options.files_per_task)
        for collector in [batch.collector() if batch else None]
    ]
    if done:
        progress(done, total)
    for task, came in zip(tasks, pool.map(read_tasks.run_task, tasks), strict=True):
        for (source, _), finding in zip(task.files, came.findings, strict=True):
            comparison.apply(source, finding)
            _log(source, finding)
        if batch:
            batch.take(came.piece)
        done += len(task.files)
        progress(done, total)
    comparison.finish()


def _log(source: SeedFile, finding: ReadResult) -> None:
    """Log what should not have happened while a file was read. It is done here, not where it
    happened, which may be a process whose log nobody reads."""
    if found := finding.unexpected:
        log.error(
            "%s: an error of Newsdex itself, please report it: %s at %s; the file was rejected, "
            "the others were read",
            source.path,
            found.kind,
            found.place,
            exc_info=found,
        )


def _is_worthwhile(comparison: SourceDiff, full: bool, options: Options) -> bool:
    """Whether what was found makes a new generation."""
    if options.strict and rejected_files(comparison.problems()):
        return False
    return full or comparison.differs or comparison.touched >= options.renew_after


def _losses(root: Path, comparison: SourceDiff, before: _Before, options: Options) -> Losses:
    """The items that lost their files, unless they are meant to go; `RemovalsRefused` where that
    looks like a wrong folder."""
    if options.allow_removals:
        return Losses()
    if before.last:
        losses = comparison.losses(before.last)
    else:
        losses = Losses(is_empty=comparison.is_empty, is_known=not before.why)
    losses.check(seed_file.shown(root))
    return losses


def _commit(store: Store, comparison: SourceDiff, batch: Batch, full: bool) -> Manifest:
    """Take out what is not as it was, and make the new generation."""
    for id in comparison.to_delete:
        batch.delete(id)
    if full:
        _carry_over(store, comparison.kept, batch)
    made = batch.commit(comparison.records())
    store.collect_garbage()
    return made


def _carry_over(store: Store, ids: list[str], batch: Batch) -> None:
    """Put into a full batch the items whose files are unusable now, as the index has them."""
    for item in store.items(ids):
        batch.put(document(item))


def _report(
    root: Path,
    store: Store,
    comparison: SourceDiff,
    made: Manifest | None,
    dry_run: bool,
    before: _Before,
    losses: Losses,
    began: float,
) -> Report:
    try:
        manifest = made or store.current()
    except IndexUnreadable:
        raise
    except IndexUnusable:
        manifest = None  # a dry or refused run over no index or a damaged one: none answers
    items = manifest.items if manifest else 0
    is_told = losses.is_large and (made is not None or dry_run)
    told = [losses.problem(seed_file.shown(root))] if is_told else []
    return Report(
        generation=manifest.generation if manifest else "",
        switched=made is not None,
        items=len(comparison.records().items()) if dry_run else items,
        bytes=manifest.bytes if manifest else 0,
        changes=comparison.changes,
        problems=(*told, *comparison.problems()),
        seconds=time.monotonic() - began,
        rebuilt=before.why,
        links=comparison.links,
    )
