"""The manifest of a generation: what it consists of, byte for byte, and whether it still does."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.errors import IndexDamaged, IndexUnreadable

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a generation: its size in bytes and SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself. `created` is UTC in ISO 8601, `schema` the fingerprint of
    the field table it was written under, `files` everything in its folder but the manifest."""

    generation: str
    created: str
    engine: str
    schema: str
    items: int
    files: Mapping[str, FileEntry]
    format: int = FORMAT

    @property
    def bytes(self) -> int:
        """The size of the generation's files, in bytes."""
        return sum(entry.size for entry in self.files.values())


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into its generation's folder. The caller syncs it to disk."""
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / NAME).write_text(f"{text}\n{digest}\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a generation; `IndexDamaged` if it is missing, torn or of another format."""
    path = folder / NAME
    try:
        text, _, digest = path.read_text(encoding="utf-8").removesuffix("\n").rpartition("\n")
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            raise ValueError("its own checksum does not fit")
        row = json.loads(text)
        if row["format"] != FORMAT:
            raise ValueError(f"it has format {row['format']}, this version reads {FORMAT}")
        files = {name: FileEntry(**entry) for name, entry in row.pop("files").items()}
        return Manifest(files=files, **row)
    except FileNotFoundError:
        raise IndexDamaged(f"{path} is missing; {REMEDY}") from None
    except OSError as error:
        raise unreadable(path, error) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{path} cannot be used: {error}; {REMEDY}") from error


REMEDY = "run `newsdex reindex --full` to build the index anew"
AGAIN = f"see to that and try again, or {REMEDY}"


class Refused(str):
    """A fault that may be none of the files: the system refused to read them."""

    __slots__ = ()


def unreadable(path: Path, error: OSError) -> IndexDamaged:
    """What to raise where a file of a generation cannot be read: `IndexUnreadable` if it may be
    whole all the same."""
    if isinstance(error, _WRONG):
        return IndexDamaged(f"{path} cannot be read: {error.strerror}; {REMEDY}")
    return IndexUnreadable(f"{path} cannot be read: {error.strerror}; {AGAIN}")


_WRONG = (FileNotFoundError, IsADirectoryError, NotADirectoryError)


def _refusal(what: str, error: OSError) -> str:
    said = f"{what}: {error.strerror}"
    return said if isinstance(error, _WRONG) else Refused(said)


def digest(path: Path) -> FileEntry:
    """Size and SHA-256 of a file, read in pieces of a mebibyte."""
    total, sha = 0, hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            total += len(piece)
            sha.update(piece)
    return FileEntry(total, sha.hexdigest())


FileKey = tuple[int, int, int, int]
"""Device, inode, size and change time in nanoseconds: what tells a file from a changed one."""


def faults(
    folder: Path,
    manifest: Manifest,
    known: dict[FileKey, FileEntry] | None = None,
    digested: int | None = None,
) -> Iterator[str]:
    """What does not fit the manifest, a line each: missing, changed and uninvited files.

    Files of more than `digested` bytes are compared by their size alone; `None`: none is.

    `known` remembers digests between calls. Generations share files by hard links, so a server
    that moves from one to the next hashes only what is new.
    """
    known = {} if known is None else known
    try:
        present = {path.name for path in folder.iterdir()} - {NAME}
    except OSError as error:
        yield _refusal(f"{folder} cannot be listed", error)
        return
    for name, expected in sorted(manifest.files.items()):
        if name not in present:
            yield f"{folder / name} is missing"
        elif fault := _fault(folder / name, expected, known, digested):
            yield fault
    for name in sorted(present - manifest.files.keys()):
        yield f"{folder / name} does not belong there"


def _fault(
    path: Path, expected: FileEntry, known: dict[FileKey, FileEntry], digested: int | None
) -> str:
    try:
        stat = path.stat()
        if stat.st_size != expected.size:
            return f"{path} has {stat.st_size} bytes instead of {expected.size}"
        if digested is not None and stat.st_size > digested:
            return ""
        key = (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)
        if key not in known:
            known[key] = digest(path)
        if known[key] != expected:
            return f"{path} has changed: its checksum is not the one it was written with"
    except OSError as error:
        return _refusal(f"{path} cannot be read", error)
    return ""
