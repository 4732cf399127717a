"""Compares the seeds folder with the record of the last run: what stays, is read again, or goes."""

from collections import Counter
from collections.abc import Iterable, Set
from enum import StrEnum
from pathlib import Path

from msgspec.structs import replace

from indexer.index.file_records import FileRecord, FileRecords, FileRecordsBuilder
from indexer.item import DEFAULT_LANGUAGE, Problem, Severity
from indexer.reindex import removals
from indexer.reindex.read_tasks import ReadResult
from indexer.reindex.removals import Losses
from indexer.source import change_detection, seed_file
from indexer.source.scan import Found, LinkedFolder, RefusedLink
from indexer.source.seed_file import SeedFile, StatKey


class Change(StrEnum):
    """What became of one item between the index and its file."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    KEPT = "kept"  # the file is unusable now; the item stays as it was
    REJECTED = "rejected"  # the file is unusable, and there was no item


class SourceDiff:
    """What differs between the seeds folder and the record of the last run, as far as it is known.

    `classify` takes what a scan found, `apply` what came of reading each of the files `to_read`,
    and `finish` finds the files that are gone. Then it says what became of every item.
    """

    def __init__(
        self,
        root: Path,
        before: FileRecords,
        promoted_only: bool,
        language: str = DEFAULT_LANGUAGE,
    ) -> None:
        self._root, self._before = root, before
        self._after = FileRecordsBuilder(promoted_only, before.labels, language)
        self._problems: list[tuple[str, Problem]] = []
        self._unreadable: list[str] = []
        self._refused: list[str] = []
        self._may_hold_seeds = False  # something that cannot be read or listed
        self.to_read: list[tuple[SeedFile, FileRecord | None]] = []
        """The files to read, each with its record as far as that can be trusted."""
        self.changes: Counter[Change] = Counter()
        self.to_delete: list[str] = []
        """The items to delete from the index: their files changed, are gone, or give none now."""
        self.kept: list[str] = []
        """The items that stay although their files cannot be used."""
        self.files = 0
        self.touched = 0
        """How many files were read although nothing that is indexed differs."""
        self.links: dict[str, StatKey | None] = {}
        """Each path that is a link, and the `seed_file.stat_key` of its target (`None`: none)."""

    def classify(self, found: Iterable[Found], trusting: bool) -> None:
        """Sort what a scan found into unchanged files, files to read, and problems. Unless
        `trusting`, every file is read, whatever its record says."""
        records, after = self._before.files, self._after
        current = self._before.is_current(after.promoted_only, after.language)
        trusting = trusting and current
        for entry in found:
            if isinstance(entry, SeedFile):
                self.files += 1
                if entry.is_link:
                    self.links[entry.path] = entry.stat_key
                record = records.get(entry.id)
                if trusting and record and change_detection.stat_matches(entry, record):
                    self._stay(entry, record)
                    continue
                if record and not current:
                    record = replace(record, content_hash="")
                self.to_read.append((entry, record))
            elif isinstance(entry, LinkedFolder):
                self.links[entry.path] = entry.stat_key
            else:
                self._set_aside(entry)

    def _set_aside(self, found: Problem | RefusedLink) -> None:
        """Note a path that gives no item. What cannot be read may be as it was; what a setting
        refuses counts as gone."""
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
        """Whether anything may differ: a file is to be read, or one is not there any more."""
        return bool(self.to_read) or self._before.files.keys() != self._after.files.keys()

    def apply(self, source: SeedFile, result: ReadResult) -> None:
        """Take what came of reading a file."""
        id, record = source.id, result.record
        before = self._before.files.get(id)
        if record is None:
            if result.problem:  # without one the file is gone, which `finish` finds
                self._problems.append((id, result.problem))
                self._keep(id, before)
        elif result.bytes_match:
            self.touched += 1
            self._stay(source, record)
        else:
            self._problems += [(id, problem) for problem in record.problems(source.path)]
            if record.rejected:
                self._keep(id, before, record)
            else:
                self._accept(id, before, record, result)

    def finish(self) -> None:
        """Find the files that are gone; one that cannot be looked at is taken to be as it was."""
        gone = set(missing(self._before.files, self._after.files.keys(), self._unreadable))
        for id in sorted(self._before.files.keys() - self._after.files.keys()):
            record = self._before.files[id]
            if id not in gone:
                self._keep(id, record if record.fingerprint else None)
            elif record.fingerprint:
                self._withdraw(id)

    def losses(self, known: FileRecords) -> Losses:
        """The items of `known` that lost their files: neither moved nor refused nor unreadable."""
        items, files = known.items(), self._after.files
        gone = missing(items, files.keys(), [*self._unreadable, *self._refused])
        identities = {id: _identity(items[id]) for id in gone}
        new = [r for id, r in files.items() if (r.fingerprint or r.draft) and id not in known.files]
        moved = removals.moved(identities, map(_identity, new)) if gone else set()
        lost = tuple(id for id in gone if id not in moved)
        return Losses(lost, len(items), self.is_empty)

    @property
    def is_empty(self) -> bool:
        """Whether there is no seed at all, usable or not."""
        return not self._after.files and not self._may_hold_seeds

    @property
    def differs(self) -> bool:
        """Whether there is an item to write or to delete."""
        return any(self.changes[c] for c in (Change.ADDED, Change.CHANGED, Change.REMOVED))

    def problems(self) -> tuple[Problem, ...]:
        """All problems, in the order of the walk."""
        return tuple(problem for _, problem in sorted(self._problems, key=lambda found: found[0]))

    def records(self) -> FileRecords:
        """The record of all files, for the next run to compare with."""
        return self._after.build()

    def _stay(self, source: SeedFile, record: FileRecord) -> None:
        """A file is as it was."""
        if record.stored_problems:
            self._problems += [(source.id, problem) for problem in record.problems(source.path)]
            if record.rejected:
                self._keep(source.id, record)
                return
        if record.fingerprint:
            self.changes[Change.UNCHANGED] += 1
        self._after.add(source.id, record)

    def _keep(self, id: str, before: FileRecord | None, record: FileRecord | None = None) -> None:
        """A file cannot be used: its item, if there is one, stays as it was."""
        if before and before.fingerprint:
            self.changes[Change.KEPT] += 1
            self.kept.append(id)
            if record:
                record = replace(
                    record,
                    fingerprint=before.fingerprint,
                    labels=before.labels,
                    undated=before.undated,
                )
        else:
            self.changes[Change.REJECTED] += 1
        if latest := record or before:
            self._after.add(id, latest)

    def _accept(
        self, id: str, before: FileRecord | None, record: FileRecord, result: ReadResult
    ) -> None:
        """A file can be used; it need not give an item."""
        was = before.fingerprint if before else ""
        if record.fingerprint and was == record.fingerprint:
            self.changes[Change.UNCHANGED] += 1
            self.touched += 1
        elif record.fingerprint and was:
            self.changes[Change.CHANGED] += 1
            self.to_delete.append(id)
        elif record.fingerprint:
            self.changes[Change.ADDED] += 1
        elif was:
            self._withdraw(id)
        self._after.add(id, record, result.labels)

    def _withdraw(self, id: str) -> None:
        self.changes[Change.REMOVED] += 1
        self.to_delete.append(id)


def missing(before: Iterable[str], found: Set[str], unreadable: Iterable[str] = ()) -> list[str]:
    """The ids of `before` whose files are gone, in order.

    `unreadable` are the ids of files that are there but cannot be read, and folders that cannot be
    listed, which end in `/` or are empty for the whole. Nothing below those is known to be gone.
    """
    unknown = set(unreadable)
    folders = tuple(id for id in unknown if not id or id.endswith("/"))
    return sorted(
        id
        for id in before
        if id not in found and id not in unknown and not (folders and id.startswith(folders))
    )


def _identity(record: FileRecord) -> str:
    """What stays the same if a file is moved: the digest of its bytes, or else inode and size."""
    return record.content_hash or f"{record.inode}:{record.size}"
