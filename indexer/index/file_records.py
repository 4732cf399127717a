"""File records: what each seed file was and which item it gave, kept in each generation.

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
from indexer.index.manifest import REMEDY, unreadable
from indexer.item import Item, Problem, Severity

NAME = "sources.json"
OUTLETS = "outlets.json"

T = TypeVar("T")

Outlet = tuple[str, str]
"""A domain and the name an article gives it."""


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
    `outlets` are the item's, as indices into `FileRecords.outlets`.
    """

    suffix: str = ".md"
    size: int = 0
    mtime: int = 0
    inode: int = 0
    content_hash: str = ""
    fingerprint: str = ""
    outlets: tuple[int, ...] = ()
    stored_problems: tuple[StoredProblem, ...] = ()
    ctime: int = 0

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
    were left out; `outlets`: the distinct outlets of all items."""

    reader: str = VERSION
    promoted_only: bool = False
    outlets: tuple[Outlet, ...] = ()
    files: dict[str, FileRecord] = field(default_factory=dict)

    def items_hash(self) -> str:
        """32 hex digits over all items: equal items, equal digits."""
        rows = sorted(f"{id}\0{record.fingerprint}\n" for id, record in self.items().items())
        return blake2b("".join(rows).encode(), digest_size=16).hexdigest()

    def is_current(self, promoted_only: bool) -> bool:
        """Whether this version, with this setting, would read the same from the same files."""
        return (self.reader, self.promoted_only) == (VERSION, promoted_only)

    def items(self) -> dict[str, FileRecord]:
        """The records of the files that gave an item."""
        return {id: record for id, record in self.files.items() if record.fingerprint}


class FileRecordsBuilder:
    """Collects file records."""

    def __init__(self, promoted_only: bool = False, outlets: Iterable[Outlet] = ()) -> None:
        self.promoted_only = promoted_only
        self._outlets = {outlet: index for index, outlet in enumerate(outlets)}
        self.files: dict[str, FileRecord] = {}

    def add(self, id: str, record: FileRecord, outlets: Iterable[Outlet] | None = None) -> None:
        """Add a file. `outlets` are those of its item; `None`: the record lists them already."""
        if outlets is not None:
            known = self._outlets
            indices = tuple(known.setdefault(outlet, len(known)) for outlet in outlets)
            record = msgspec.structs.replace(record, outlets=indices)
        self.files[id] = record

    def build(self) -> FileRecords:
        """The records of all files that were added."""
        return FileRecords(VERSION, self.promoted_only, tuple(self._outlets), self.files)


def outlets(item: Item) -> tuple[Outlet, ...]:
    """The distinct outlets of an item."""
    pairs = ((a.provider.domain, a.provider.name) for a in item.articles() if a.provider)
    return tuple(dict.fromkeys(pairs))


def outlet_names(records: FileRecords) -> dict[str, str]:
    """For each domain the name that most items give it; the first in the alphabet if several do."""
    lists = [record.outlets for record in records.files.values() if record.fingerprint]
    counts = Counter(chain.from_iterable(lists))
    outlets = enumerate(records.outlets)
    used = [(domain, -counts[n], name) for n, (domain, name) in outlets if counts[n]]
    names: dict[str, str] = {}
    for domain, _, name in sorted(used):
        names.setdefault(domain, name)
    return names


def write(folder: Path, records: FileRecords) -> None:
    """Write the records into a generation's folder, and the names of its outlets."""
    (folder / NAME).write_bytes(msgspec.json.encode(records))
    (folder / OUTLETS).write_bytes(msgspec.json.encode(outlet_names(records)))


def read(folder: Path) -> FileRecords:
    """The records of a verified generation; `IndexDamaged` if they cannot be read."""
    return _read(folder / NAME, FileRecords)


def read_outlets(folder: Path) -> dict[str, str]:
    """The names of a verified generation's outlets, by domain; `IndexDamaged` if unreadable."""
    return _read(folder / OUTLETS, dict[str, str])


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise unreadable(path, error) from error
    except msgspec.DecodeError as error:
        raise IndexDamaged(f"{path} cannot be read: {error}; {REMEDY}") from error
