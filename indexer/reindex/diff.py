"""The seeds as they are beside the seeds as they were: what stays, what is read, what goes."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from indexer.index.file_records import FileRecord, FileRecords, FileRecordsBuilder
from indexer.item import Problem, Severity
from indexer.reindex import plan, removals
from indexer.reindex.plan import Change
from indexer.reindex.read_tasks import ReadResult
from indexer.reindex.removals import Losses
from indexer.source import change_detection, seed_file
from indexer.source.scan import Found, LinkedFolder, RefusedLink
from indexer.source.seed_file import SeedFile, StatKey


class SourceDiff:
    """What a run has found so far: `sort` what was walked, `take` what came of reading what is
    `waiting`, `finish`; then it says what became of every item."""

    def __init__(self, root: Path, before: FileRecords, promoted_only: bool) -> None:
        self._root, self._before = root, before
        self._ledger = FileRecordsBuilder(promoted_only, before.outlets)
        self._problems: list[tuple[str, Problem]] = []
        self._unreadable: list[str] = []
        self._refused: list[str] = []
        self._may_hold_seeds = False  # what cannot be read, or listed
        self.to_read: list[tuple[SeedFile, FileRecord | None]] = []
        """Files to read, with what is recorded of them as far as it can be trusted."""
        self.changes: Counter[Change] = Counter()
        self.to_delete: list[str] = []
        """The items that were there and are to be deleted: changed, withdrawn or gone."""
        self.kept: list[str] = []
        """The items that stay although their files cannot be used."""
        self.files = 0
        self.touched = 0
        """How many files were read for nothing but a record of what they are now."""
        self.links: dict[str, StatKey | None] = {}
        """Each path that is a link, and what it led to (see `seeds.stat_key`); `None`: nowhere."""

    def classify(self, found: Iterable[Found], trusting: bool) -> None:
        """Set aside what is as it was, if what is recorded is trusted."""
        before, is_same = self._before.files.get, change_detection.stat_matches
        current = self._before.is_current(self._ledger.promoted_only)
        for entry in found:
            if isinstance(entry, LinkedFolder):
                self.links[entry.path] = entry.stat_key
                continue
            if not isinstance(entry, SeedFile):
                self._set_aside(entry)
                continue
            self.files += 1
            if entry.is_link:
                self.links[entry.path] = entry.stat_key
            record = before(entry.id)
            if record is None:
                self.to_read.append((entry, None))
            elif trusting and current and is_same(entry, record):
                self._stay(entry, record)
            else:
                self.to_read.append(
                    (entry, record if current else replace(record, content_hash=""))
                )

    def _set_aside(self, found: Problem | RefusedLink) -> None:
        """What is there and cannot be read may be as it was; what may not be read is not."""
        problem = found.problem if isinstance(found, RefusedLink) else found
        id = seed_file.id_of(problem.path, self._root)
        if self._is_foreign(problem.path, id):
            return
        self.files += 1
        self._problems.append((id, problem))
        if isinstance(found, RefusedLink):
            self._refused.append(id)
        else:
            self._may_hold_seeds |= problem.severity is Severity.ERROR
            self._unreadable.append(id)
            if seed_file.stat_key(problem.path) is None:
                self.links[problem.path] = None

    def _is_foreign(self, path: str, id: str) -> bool:
        """Whether it is a link that leads nowhere and, as `picture.jpg`, never led to seeds."""
        if not id.endswith("/") or "." not in id.rpartition("/")[0].rpartition("/")[2]:
            return False
        return seed_file.stat_key(path) is None and not any(
            known.startswith(id) for known in self._before.files
        )

    def is_open(self) -> bool:
        """Whether there is anything to find out: a file to read, or one that is not there."""
        return bool(self.to_read) or self._before.files.keys() != self._ledger.files.keys()

    def apply(self, source: SeedFile, finding: ReadResult) -> None:
        """Take what came of reading a file."""
        id, record = source.id, finding.record
        before = self._before.files.get(id)
        if finding.problem:
            self._problems.append((id, finding.problem))
        if record is None and finding.problem is None:
            return  # it is gone: `finish` finds it missing
        if record is None:
            self._keep(id, before)
        elif finding.alike:
            self.touched += 1
            self._stay(source, record)
        else:
            self._show(source, record)
            if record.rejected:
                self._keep(id, before, record)
            else:
                self._accept(id, before, record, finding)

    def finish(self) -> None:
        """Find what is gone; what cannot be told of is taken to be as it was."""
        gone = set(plan.removed(self._before.files, self._ledger.files.keys(), self._unreadable))
        for id in sorted(self._before.files.keys() - self._ledger.files.keys()):
            record = self._before.files[id]
            if id not in gone:
                self._keep(id, record if record.fingerprint else None)
            elif record.fingerprint:
                self._withdraw(id)

    def losses(self, known: FileRecords) -> Losses:
        """The items of `known` that lost their files: neither moved nor refused nor unreadable."""
        items, files = known.items(), self._ledger.files
        missing = [id for id in items if id not in files]
        missing = plan.removed(missing, set(), [*self._unreadable, *self._refused])
        gone = {id: _identity(items[id]) for id in missing}
        new = [r for id, r in files.items() if r.fingerprint and id not in known.files]
        moved = removals.moved(gone, map(_identity, new)) if gone else set()
        lost = tuple(id for id in missing if id not in moved)
        return Losses(lost, len(items), self.is_empty)

    @property
    def is_empty(self) -> bool:
        """Whether there is no seed at all, usable or not."""
        return not self._ledger.files and not self._may_hold_seeds

    @property
    def differs(self) -> bool:
        """Whether there is an item to write or to delete."""
        return any(self.changes[c] for c in (Change.ADDED, Change.CHANGED, Change.REMOVED))

    def problems(self) -> tuple[Problem, ...]:
        """All problems, in the order of the walk."""
        return tuple(problem for _, problem in sorted(self._problems, key=_id))

    def records(self) -> FileRecords:
        """The record of all files."""
        return self._ledger.build()

    def _stay(self, source: SeedFile, record: FileRecord) -> None:
        """A file is as it was."""
        if record.stored_problems:
            self._show(source, record)
        if record.rejected:
            self._keep(source.id, record)
            return
        if record.fingerprint:
            self.changes[Change.UNCHANGED] += 1
        self._ledger.add(source.id, record)

    def _keep(self, id: str, before: FileRecord | None, record: FileRecord | None = None) -> None:
        """A file cannot be used: its item, if there is one, stays as it was."""
        if before and before.fingerprint:
            self.changes[Change.KEPT] += 1
            self.kept.append(id)
            if record:
                record = replace(record, fingerprint=before.fingerprint, outlets=before.outlets)
        else:
            self.changes[Change.REJECTED] += 1
        if found := record or before:
            self._ledger.add(id, found)

    def _accept(
        self, id: str, before: FileRecord | None, record: FileRecord, finding: ReadResult
    ) -> None:
        """A file can be used; it need not give an item."""
        was = before.fingerprint if before and before.fingerprint else None
        if record.fingerprint:
            change = plan.change(was, record.fingerprint)
            self.changes[change] += 1
            self.touched += change is Change.UNCHANGED
            if change is Change.CHANGED:
                self.to_delete.append(id)
        elif was:
            self._withdraw(id)
        self._ledger.add(id, record, finding.outlets)

    def _withdraw(self, id: str) -> None:
        self.changes[Change.REMOVED] += 1
        self.to_delete.append(id)

    def _show(self, source: SeedFile, record: FileRecord) -> None:
        self._problems += [(source.id, problem) for problem in record.problems(source.path)]


def _id(found: tuple[str, Problem]) -> str:
    return found[0]


def _identity(record: FileRecord) -> str:
    """What a file that was moved has in both places: its content; where there is no digest of
    that, its inode and size."""
    return record.content_hash or f"{record.inode}:{record.size}"
