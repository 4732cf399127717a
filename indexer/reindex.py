"""The story of a reindex: see what changed, read that, write what differs.

    lock → walk the seeds → set aside what is as it was → read, validate, fingerprint the rest
         → delete what is gone → commit a new generation, or discard

A file that cannot be used keeps the version of its item that the index has. Where no item differs
no generation is made, unless many files had to be read to see that: their record is then renewed.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from indexer import reading, seeds
from indexer.comparing import Comparison
from indexer.document import document
from indexer.errors import IndexDamaged, IndexMissing, IndexUnreadable, IndexUnusable
from indexer.item import Problem, Severity
from indexer.manifest import AGAIN, REMEDY, Manifest
from indexer.plan import Change
from indexer.reading import Task
from indexer.sources import Sources
from indexer.store import Batch, Store
from indexer.workers import Workers

Progress = Callable[[int, int], None]
"""Called with the number of files done with and the number there are."""

RENEWED = 100
"""So many files read in vain are worth a new record of what they were."""


def silent(done: int, total: int) -> None:
    """Progress shown to nobody."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to reindex. `full`: from nothing; `dry_run`: only say what would be done; `strict`: if
    any file is rejected, change nothing; `promoted_only`: without items marked unpublished;
    `checksum`: read every file, whatever its folder says of it. `jobs`: how many processes work,
    where there is much to do; 0: one for each core. `memory`: what each that reads files may need,
    in megabytes."""

    full: bool = False
    dry_run: bool = False
    strict: bool = False
    promoted_only: bool = False
    jobs: int = 1
    checksum: bool = False
    memory: int = 256


@dataclass(frozen=True, slots=True)
class Report:
    """What a reindex did, or with `dry_run` would do.

    `generation` is the one that answers now, empty if none does, and `bytes` its size; `items`
    are those in it, with `dry_run` those that would be. `switched`: a new generation was made.
    `rebuilt`: why the index there was could not be built upon; empty if it could.
    """

    generation: str
    switched: bool
    items: int
    bytes: int
    changes: Counter[Change]
    problems: tuple[Problem, ...]
    seconds: float
    rebuilt: str = ""

    @property
    def rejected(self) -> int:
        """How many files could not be used."""
        return _rejected(self.problems)


@dataclass(frozen=True, slots=True)
class Examination:
    """What `check` found: files read, items in them, and every problem."""

    files: int
    items: int
    problems: tuple[Problem, ...]

    @property
    def rejected(self) -> int:
        """How many files could not be used."""
        return _rejected(self.problems)


def reindex(root: Path, store: Store, options: Options, progress: Progress = silent) -> Report:
    """Bring the index up to date with the seeds folder `root`.

    Raises `SeedsMissing`, `IndexLocked`, `WorkersLost` and whatever the engine raises; in each
    case the index is as it was.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        if not options.dry_run:
            seeds.check(root)
            stack.enter_context(store.exclusive())
            store.clear()
        began_looking = time.time_ns()
        with ThreadPoolExecutor(1) as beside:  # the index is checked while the seeds are walked
            known = beside.submit(_before, store, options)
            found = list(seeds.walk(root))
        before, rebuilt = known.result()
        full = options.full or before is None
        look = _Look(began_looking, options.promoted_only, full, options.memory)
        comparison = Comparison(root, before or Sources(), options.promoted_only)
        comparison.sort(found, trusting=not full and not options.checksum)
        del found
        workers, batch = Workers(options.jobs), None
        if not options.dry_run and (full or comparison.is_open()):
            batch = stack.enter_context(store.batch(full=full, workers=workers))
        stack.enter_context(workers)  # they end before the batch does, in whose folder they write
        _read(comparison, batch, workers, look, progress)
        made: Manifest | None = None
        if batch and _is_worthwhile(comparison, full, options.strict):
            for id in comparison.outdated:
                batch.delete(id)
            if full:
                _carry_over(store, comparison.kept, batch)
            made = batch.commit(comparison.sources())
            store.clear()
        return _report(store, comparison, made, options.dry_run, rebuilt, began)


def examine(root: Path, progress: Progress = silent, options: Options = Options()) -> Examination:
    """Read every file below `root` and collect the problems; touches no index."""
    comparison = Comparison(root, Sources(), promoted_only=False)
    comparison.sort(seeds.walk(root), trusting=False)
    with Workers(options.jobs) as workers:
        _read(comparison, None, workers, _Look(0, False, True, options.memory), progress)
    items = len(comparison.sources().items())
    return Examination(comparison.files, items, comparison.problems())


@dataclass(frozen=True, slots=True)
class _Look:
    """When the folder was looked at, and what becomes of what is read."""

    began: int
    promoted_only: bool
    full: bool
    memory: int


def _before(store: Store, options: Options) -> tuple[Sources | None, str]:
    """The files to compare with, `None` if there are none to be had; and, then, why not.

    What could not be read, but may be whole, is built anew only when that is asked for: the items
    of rejected files would be lost.
    """
    try:
        return store.sources(), ""
    except IndexMissing:
        return None, ""
    except IndexUnreadable as error:
        if not options.full:
            raise
        return None, str(error).removesuffix(f"; {AGAIN}")
    except IndexDamaged as error:
        return None, str(error).removesuffix(f"; {REMEDY}")


def _read(
    comparison: Comparison,
    batch: Batch | None,
    workers: Workers,
    look: _Look,
    progress: Progress,
) -> None:
    """Read what has to be read; what differs is collected for the batch, if there is one."""
    total, waiting = comparison.files, comparison.waiting
    done = total - len(waiting)
    if look.full:
        waiting = [(source, None) for source, _ in waiting]
    tasks = [
        Task(files, look.began, look.promoted_only, batch.collector() if batch else None)
        for files in reading.tasks(waiting, look.memory)
    ]
    if done:
        progress(done, total)
    for task, came in zip(tasks, workers.map(reading.carry_out, tasks), strict=True):
        for (source, _), finding in zip(task.files, came.findings, strict=True):
            comparison.take(source, finding)
        if batch:
            batch.take(came.piece)
        done += len(task.files)
        progress(done, total)
    comparison.finish()


def _is_worthwhile(comparison: Comparison, full: bool, strict: bool) -> bool:
    """Whether what was found makes a new generation."""
    if strict and _rejected(comparison.problems()):
        return False
    return full or comparison.differs or comparison.renewed >= RENEWED


def _carry_over(store: Store, ids: list[str], batch: Batch) -> None:
    """Put into a full batch the items whose files are unusable now, as the index has them."""
    for item in store.items(ids):
        batch.put(document(item))


def _rejected(problems: Iterable[Problem]) -> int:
    return len({problem.path for problem in problems if problem.severity is Severity.ERROR})


def _report(
    store: Store,
    comparison: Comparison,
    made: Manifest | None,
    dry_run: bool,
    rebuilt: str,
    began: float,
) -> Report:
    try:
        manifest = made or store.current()
    except IndexUnreadable:
        raise
    except IndexUnusable:
        manifest = None  # a dry or refused run over no index or a damaged one: none answers
    items = manifest.items if manifest else 0
    return Report(
        generation=manifest.generation if manifest else "",
        switched=made is not None,
        items=len(comparison.sources().items()) if dry_run else items,
        bytes=manifest.bytes if manifest else 0,
        changes=comparison.changes,
        problems=comparison.problems(),
        seconds=time.monotonic() - began,
        rebuilt=rebuilt,
    )
