"""The story of a reindex: find the files that changed, read those, write what differs.

    lock → remove what crashed runs left
         → scan the seeds → leave out unchanged files → read, validate, fingerprint the others
         → delete what is gone → commit a new generation, or discard it
         → remove generations that are no longer kept

If a file cannot be used, its item stays in the index as it was. If most items lost their files,
nothing is done unless the removals are meant: see `removals`. If no item differs, no generation is
made, unless many files had to be read to find that out: a new one then stores their new times.

What crashed runs left takes room that the run needs. A generation that could answer goes only once
the run has ended well: one that is refused or fails leaves the index as it was.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from indexer.document import document
from indexer.errors import IndexUnreadable, IndexUnusable
from indexer.index.file_records import FileRecords
from indexer.index.manifest import Manifest
from indexer.item import Problem
from indexer.process_pool import ProcessPool
from indexer.reindex import read_tasks
from indexer.reindex.before import Before, before
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
    run = _Run(root, options, progress, stop, parse)
    if options.dry_run:
        return _carry_out(run, store)
    check_folder(root)
    with store.exclusive():
        store.remove_leftovers()
        report = _carry_out(run, store)
        if not _is_too_strict(report.problems, options):
            store.collect_garbage()
        return report


def check(
    root: Path,
    progress: Progress = silent,
    options: Options = DEFAULTS,
    parse: Parse = parse_item,
) -> CheckReport:
    """Read every file below `root`, by `parse`, and collect the problems; touches no index."""
    run = _Run(root, options, progress, NEVER, parse)
    diff = SourceDiff(root, FileRecords(), promoted_only=False)
    diff.classify(run.scan(), trusting=False)
    with run.pool() as pool:
        run.read(diff, None, pool, full=True)
    records = diff.records()
    return CheckReport(
        diff.files, len(records.items()), diff.problems(), records.undated(), records.drafts()
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run was asked for, and when it began: by a clock that never goes back, in seconds,
    and by that of the files, in nanoseconds since 1970."""

    root: Path
    options: Options
    progress: Progress
    stop: Stop
    parse: Parse
    began: float = field(default_factory=time.monotonic)
    looked: int = field(default_factory=time.time_ns)

    def scan(self) -> list[Found]:
        """What is in the seeds folder."""
        return list(scan(self.root, follow_links=self.options.follow_links))

    def pool(self) -> ProcessPool:
        """The processes that read files."""
        return ProcessPool(self.options.jobs, stop=self.stop, min_tasks=self.options.min_tasks)

    def read(self, diff: SourceDiff, batch: Batch | None, pool: ProcessPool, full: bool) -> None:
        """Read the files that the diff wants read, and collect what differs for the batch, if there
        is one; with `full`, everything."""
        options, total, to_read = self.options, diff.files, diff.to_read
        done = total - len(to_read)
        if full:
            to_read = [(source, None) for source, _ in to_read]
        tasks = [
            ReadTask(
                files,
                self.looked,
                options.promoted_only,
                batch.collector() if batch else None,
                self.parse,
                options.language,
            )
            for files in read_tasks.tasks(
                to_read,
                options.memory,
                options.files_per_task,
                max_tasks=options.tasks_per_process * pool.jobs,
            )
        ]
        if done:
            self.progress(done, total)
        for task, came in zip(tasks, pool.map(read_tasks.run_task, tasks), strict=True):
            for (source, _), result in zip(task.files, came.results, strict=True):
                diff.apply(source, result)
                _log(source, result)
            if batch:
                batch.take(came.piece)
            done += len(task.files)
            self.progress(done, total)
        diff.finish()


def _carry_out(run: _Run, store: Store) -> Report:
    """Find what differs and, unless it is a dry run, make a new generation if that is worth it."""
    options = run.options
    with ExitStack() as stack:
        diff, held = _compare(run, store)
        full = held.demands_full(options)
        pool, batch = run.pool(), None
        if not options.dry_run and (full or diff.is_open()):
            batch = stack.enter_context(store.batch(full=full, pool=pool))
        stack.enter_context(pool)  # it ends before the batch does, in whose folder it writes
        run.read(diff, batch, pool, full)
        losses = _losses(run, diff, held)
        made: Manifest | None = None
        if batch and _is_worthwhile(diff, full, options):
            run.stop.check()
            made = _commit(store, diff, batch, full)
        return _report(run, store, diff, made, held, losses)


def _compare(run: _Run, store: Store) -> tuple[SourceDiff, Before]:
    """What is in the seeds folder against what the index holds, and that."""
    options = run.options
    background = _in_background(partial(before, store, options))
    with run.stop.at_once():
        found = run.scan()
        held = background.result()
    records = held.files or FileRecords()
    diff = SourceDiff(run.root, records, options.promoted_only, options.language)
    diff.classify(found, trusting=not held.demands_full(options) and not options.checksum)
    return diff, held


def _in_background(work: Callable[[], T]) -> "Future[T]":
    """Run `work` in a daemon thread, for which nobody waits once the run is to stop; the future
    holds its result. If the system starts no thread, it is done here."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # raised by whoever asks for the result
            future.set_exception(error)

    try:
        threading.Thread(target=run, daemon=True).start()
    except RuntimeError:
        run()
    return future


def _log(source: SeedFile, result: ReadResult) -> None:
    """Log an error of ours that a file met. It is logged here, because the process that read the
    file may be one whose log nobody reads."""
    if fault := result.unexpected:
        log.error(
            "%s: an error of Newsdex itself, please report it: %s at %s; the file was rejected, "
            "the others were read",
            source.path,
            fault.kind,
            fault.place,
            exc_info=fault,
        )


def _is_too_strict(problems: Iterable[Problem], options: Options) -> bool:
    """Whether the run is to change nothing, because files were rejected."""
    return options.strict and rejected_files(problems) > 0


def _is_worthwhile(diff: SourceDiff, full: bool, options: Options) -> bool:
    """Whether what was found is worth a new generation."""
    if _is_too_strict(diff.problems(), options):
        return False
    return full or diff.differs or diff.touched >= options.renew_after


def _losses(run: _Run, diff: SourceDiff, held: Before) -> Losses:
    """The items that lost their files, unless removals are allowed. Raises `RemovalsRefused` if
    they are so many that the folder looks like a wrong one."""
    if run.options.allow_removals:
        return Losses()
    if held.last:
        losses = diff.losses(held.last)
    else:
        losses = Losses(is_empty=diff.is_empty, is_known=not held.why)
    losses.check(seed_file.shown(run.root))
    return losses


def _commit(store: Store, diff: SourceDiff, batch: Batch, full: bool) -> Manifest:
    """Delete the old versions of items, and make the new generation."""
    for id in diff.to_delete:
        batch.delete(id)
    if full:  # it starts from nothing: the items whose files are unusable are copied
        for item in store.items(diff.kept):
            batch.put(document(item))
    return batch.commit(diff.records())


def _current(store: Store) -> Manifest | None:
    """The generation that answers; none after a dry or refused run over no index, or a damaged
    one."""
    try:
        return store.current()
    except IndexUnreadable:
        raise
    except IndexUnusable:
        return None


def _report(
    run: _Run,
    store: Store,
    diff: SourceDiff,
    made: Manifest | None,
    held: Before,
    losses: Losses,
) -> Report:
    dry_run = run.options.dry_run
    manifest = made or _current(store)
    items, records = manifest.items if manifest else 0, diff.records()
    is_warned = losses.is_large and (made is not None or dry_run)
    warning = [losses.problem(seed_file.shown(run.root))] if is_warned else []
    return Report(
        generation=manifest.generation if manifest else "",
        switched=made is not None,
        items=len(records.items()) if dry_run else items,
        bytes=manifest.bytes if manifest else 0,
        changes=diff.changes,
        problems=(*warning, *diff.problems()),
        seconds=time.monotonic() - run.began,
        rebuilt=held.why,
        links=diff.links,
        undated=records.undated(),
        drafts=records.drafts(),
    )
