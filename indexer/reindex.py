"""The story of a reindex: read every file, compare with what is there, write what differs.

    lock → walk the seeds → read, validate, fingerprint → put what is new or changed
         → delete what is gone → commit a new generation, or discard

A file that cannot be used keeps the version of its item that the index has. Where nothing
differs no generation is made, so that the one before stays within reach of `rollback`.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from indexer import plan, readers, seeds, sources
from indexer.document import Document, document
from indexer.errors import IndexDamaged, IndexMissing, IndexUnusable
from indexer.item import Item, Problem, Severity
from indexer.manifest import REMEDY
from indexer.plan import Change
from indexer.readers import Outcome
from indexer.seeds import Source
from indexer.sources import Record, Records
from indexer.store import Batch, Store

Progress = Callable[[int, int], None]
"""Called with the number of files read and the number there are."""


def silent(done: int, total: int) -> None:
    """Progress shown to nobody."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to reindex. `full`: from nothing; `dry_run`: only say what would be done; `strict`: if
    any file is rejected, change nothing; `promoted_only`: without items marked unpublished.
    `jobs`: how many processes read files, where there are many."""

    full: bool = False
    dry_run: bool = False
    strict: bool = False
    promoted_only: bool = False
    jobs: int = 1


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


@dataclass(slots=True)
class _Tally:
    """What a run has found so far. `records` will be the new generation's."""

    before: Records
    records: dict[str, Record] = field(default_factory=dict)
    changes: Counter[Change] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return any(self.changes[c] for c in (Change.ADDED, Change.CHANGED, Change.REMOVED))

    def note(self, id: str, record: Record | None) -> Change:
        """Compare one item with what was; `None`: its file was rejected."""
        was = self.before.get(id)
        found = plan.change(_print(was), _print(record))
        self.changes[found] += 1
        if found is Change.KEPT and was:
            self.kept.append(id)
            record = was
        if record:
            self.records[id] = record
        return found


def reindex(root: Path, store: Store, options: Options, progress: Progress = silent) -> Report:
    """Bring the index up to date with the seeds folder `root`.

    Raises `SeedsMissing`, `IndexLocked` and whatever the engine raises; in each case the index
    is as it was.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        if not options.dry_run:
            seeds.check(root)
            stack.enter_context(store.exclusive())
            store.clear()
        before, rebuilt = _before(store)
        full = options.full or before is None
        batch = None if options.dry_run else stack.enter_context(store.batch(full=full))
        tally = _Tally(before or {})
        _compare(root, options, tally, _Writer(batch, full), progress)
        refused = options.strict and _rejected(tally.problems) > 0
        switched = batch is not None and not refused and (full or tally.differs)
        if batch and switched:
            if full:
                _carry_over(store, tally.kept, batch)
            batch.commit(tally.records)
            store.clear()
        return _report(store, tally, switched, options.dry_run, rebuilt, began)


def examine(root: Path, progress: Progress = silent, jobs: int = 1) -> Examination:
    """Read every file below `root` and collect the problems; touches no index."""
    items, problems = 0, list[Problem]()
    files = 0
    for entry, outcome in _read(root, jobs, progress):
        files += 1
        if outcome is None:
            problems += [entry] if isinstance(entry, Problem) else []
        else:
            items += outcome.document is not None
            problems += outcome.reading.problems
    return Examination(files, items, tuple(problems))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Carries changes out in a batch; without one (a dry run) they are only counted."""

    batch: Batch | None
    full: bool

    def apply(self, change: Change, new: Document) -> None:
        if self.batch and (self.full or change is not Change.UNCHANGED):
            self.batch.put(new)

    def delete(self, id: str) -> None:
        if self.batch and not self.full:
            self.batch.delete(id)


def _before(store: Store) -> tuple[Records | None, str]:
    """The records to compare with, `None` if there are none to be had; and, then, why not."""
    try:
        return store.records(), ""
    except IndexMissing:
        return None, ""
    except IndexDamaged as error:
        return None, str(error).removesuffix(f"; {REMEDY}")


def _compare(
    root: Path, options: Options, tally: _Tally, writer: _Writer, progress: Progress
) -> None:
    """Read every file and apply what differs."""
    unreadable: list[str] = []
    for entry, outcome in _read(root, options.jobs, progress):
        if isinstance(entry, Problem):
            tally.problems.append(entry)
            unreadable.append(seeds.id_of(entry.path, root))
        elif outcome is not None:
            tally.problems += outcome.reading.problems
            _apply(outcome, entry, options, tally, writer)
    gone = plan.removed(tally.before, tally.records.keys(), unreadable)
    for id in gone:
        tally.changes[Change.REMOVED] += 1
        writer.delete(id)
    for id in tally.before.keys() - tally.records.keys() - set(gone):
        tally.note(id, None)


def _apply(
    outcome: Outcome, source: Source, options: Options, tally: _Tally, writer: _Writer
) -> None:
    """Carry out what a file that was read asks for."""
    item, new = outcome.reading.item, outcome.document
    if item is None or new is None:
        if not outcome.reading.draft:
            tally.note(source.id, None)
    elif not _left_out(item, options):
        record = Record(source.path, new.fingerprint, sources.outlets(item))
        writer.apply(tally.note(item.id, record), new)


def _read(
    root: Path, jobs: int, progress: Progress
) -> Iterator[tuple[Source | Problem, Outcome | None]]:
    """Everything below the root, in order: what was found, and what came of reading it."""
    found = list(seeds.walk(root))
    files = [entry for entry in found if isinstance(entry, Source)]
    with closing(readers.outcomes(files, jobs)) as outcomes:
        for done, entry in enumerate(found, start=1):
            yield entry, next(outcomes) if isinstance(entry, Source) else None
            progress(done, len(found))


def _left_out(item: Item, options: Options) -> bool:
    return options.promoted_only and item.promoted is False


def _carry_over(store: Store, ids: list[str], batch: Batch) -> None:
    """Put into a full batch the items whose files are unusable now, as the index has them."""
    for item in store.items(ids):
        batch.put(document(item))


def _print(record: Record | None) -> str | None:
    return record.fingerprint if record else None


def _rejected(problems: Iterable[Problem]) -> int:
    return len({problem.path for problem in problems if problem.severity is Severity.ERROR})


def _report(
    store: Store, tally: _Tally, switched: bool, dry_run: bool, rebuilt: str, began: float
) -> Report:
    try:
        manifest = store.current()
    except IndexUnusable:
        manifest = None  # a dry or refused run over no index or a damaged one: none answers
    return Report(
        generation=manifest.generation if manifest else "",
        switched=switched,
        items=len(tally.records) if dry_run else manifest.items if manifest else 0,
        bytes=manifest.bytes if manifest else 0,
        changes=tally.changes,
        problems=tuple(tally.problems),
        seconds=time.monotonic() - began,
        rebuilt=rebuilt,
    )
