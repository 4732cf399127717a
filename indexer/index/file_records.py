"""File records: what each seed file was and which item it gave, kept in each generation; and the
labels of facet values, which follow from them.

They are `msgspec` structs, so that a hundred thousand are read in a fifth of a second.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from indexer import VERSION
from indexer.errors import IndexDamaged
from indexer.facet_values import Label
from indexer.index.manifest import REMEDY, unreadable
from indexer.item import DEFAULT_LANGUAGE, Problem, Severity
from indexer.schema import FACETS

NAME = "sources.json"
LABELS = "labels.json"

T = TypeVar("T")

Labels = dict[str, dict[str, str]]
"""Facet group to its values, each with the text it is shown as."""


class StoredProblem(NamedTuple):
    """A `Problem` without its path, which follows from the id of the file."""

    line: int
    field: str
    message: str
    severity: Severity


class FileRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a run found out about a seed file. `suffix` follows the id in its path. The next run
    compares `size` in bytes, `mtime` and `ctime` in nanoseconds since 1970, `inode` and
    `content_hash`: see `change_detection`.

    `fingerprint` is that of its item's document, empty if the index holds no item of this file;
    `labels` are the item's, as indices into `FileRecords.labels`; `undated`: the item has no date.
    `draft`: the file is a draft.
    """

    suffix: str = ".md"
    size: int = 0
    mtime: int = 0
    inode: int = 0
    content_hash: str = ""
    fingerprint: str = ""
    labels: tuple[int, ...] = ()
    stored_problems: tuple[StoredProblem, ...] = ()
    ctime: int = 0
    undated: bool = False
    draft: bool = False

    @property
    def rejected(self) -> bool:
        """Whether the file could not be used."""
        return any(problem.severity is Severity.ERROR for problem in self.stored_problems)

    def problems(self, path: str) -> Iterator[Problem]:
        """The problems of the file, which messages call `path`."""
        return (Problem(path, *stored) for stored in self.stored_problems)


@dataclass(frozen=True, slots=True)
class FileRecords:
    """The records of all seed files, by id. `reader`: the version of Newsdex that read them,
    because another may read them differently; `promoted_only`: whether items marked unpublished
    were left out; `labels`: the distinct labels of all items; `language`: that of items which
    state none."""

    reader: str = VERSION
    promoted_only: bool = False
    labels: tuple[Label, ...] = ()
    files: dict[str, FileRecord] = field(default_factory=dict)
    language: str = DEFAULT_LANGUAGE

    def items_hash(self) -> str:
        """32 hex digits over all items: equal items, equal digits."""
        rows = sorted(f"{id}\0{record.fingerprint}\n" for id, record in self.items().items())
        return blake2b("".join(rows).encode(), digest_size=16).hexdigest()

    def is_current(self, promoted_only: bool, language: str = DEFAULT_LANGUAGE) -> bool:
        """Whether this version, with these settings, would read the same from the same files."""
        settings = (self.reader, self.promoted_only, self.language)
        return settings == (VERSION, promoted_only, language)

    def items(self) -> dict[str, FileRecord]:
        """The records of the files that gave an item."""
        return {id: record for id, record in self.files.items() if record.fingerprint}

    def undated(self) -> int:
        """How many items have no date."""
        return sum(record.undated for record in self.files.values())

    def drafts(self) -> int:
        """How many files are drafts."""
        return sum(record.draft for record in self.files.values())


class FileRecordsBuilder:
    """Collects file records."""

    def __init__(
        self,
        promoted_only: bool = False,
        labels: Iterable[Label] = (),
        language: str = DEFAULT_LANGUAGE,
    ) -> None:
        self.promoted_only, self.language = promoted_only, language
        self._labels = {label: index for index, label in enumerate(labels)}
        self.files: dict[str, FileRecord] = {}

    def add(self, id: str, record: FileRecord, labels: Iterable[Label] | None = None) -> None:
        """Add a file. `labels` are those of its item; `None`: the record lists them already."""
        if labels is not None:
            known = self._labels
            indices = tuple([known.setdefault(label, len(known)) for label in labels])
            record = msgspec.structs.replace(record, labels=indices)
        self.files[id] = record

    def build(self) -> FileRecords:
        """The records of all files that were added."""
        labels = tuple(self._labels)
        return FileRecords(VERSION, self.promoted_only, labels, self.files, self.language)


def labels_shown(records: FileRecords) -> Labels:
    """For each value the text that most items give it; the first in the alphabet if several do."""
    lists = [record.labels for record in records.files.values() if record.fingerprint]
    counts = Counter(chain.from_iterable(lists))
    used = [(-counts[n], label.text, label) for n, label in enumerate(records.labels) if counts[n]]
    shown: Labels = {group: {} for group in FACETS}
    for _, text, label in sorted(used):
        shown[label.group].setdefault(label.value, text)
    return shown


def write(folder: Path, records: FileRecords) -> None:
    """Write the records into a generation's folder, and the labels that follow from them."""
    (folder / NAME).write_bytes(msgspec.json.encode(records))
    (folder / LABELS).write_bytes(msgspec.json.encode(labels_shown(records)))


def read(folder: Path) -> FileRecords:
    """The records of a verified generation; `IndexDamaged` if they cannot be read."""
    return _read(folder / NAME, FileRecords)


def read_labels(folder: Path) -> Labels:
    """The labels of a verified generation's facet values; `IndexDamaged` if unreadable."""
    return _read(folder / LABELS, Labels)


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise unreadable(path, error) from error
    except msgspec.DecodeError as error:
        raise IndexDamaged(f"{path} cannot be read: {error}; {REMEDY}") from error
