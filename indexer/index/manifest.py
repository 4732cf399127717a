"""The manifest of a generation: what it consists of, byte for byte, and whether it still does.

Two checksums vouch for each file. SHA-256 is what is trusted before anything is unpickled, and what
`verify` compares. XXH3 finds whatever a disk, a copy or a crash does to a file just as surely, at
the speed of memory, but not what a forger does: it is for large files of plain arrays, which have
to be read whole before the first answer.
"""

import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import xxhash

from indexer.errors import IndexDamaged, IndexUnreadable

FORMAT = 2
NAME = "manifest.json"
PIECE = 1 << 20
"""Bytes of a file that are read and digested at a time."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a generation: its size in bytes, its SHA-256 and its XXH3 (128 bits) in hex."""

    size: int
    sha256: str
    xxh3: str


@dataclass(frozen=True, slots=True)
class VerifyPolicy:
    """How closely a generation is looked at, by how its files' names end: those that end as in
    `sized` by their size alone, as in `quick` by size and XXH3, all others by size and SHA-256."""

    xxh3: tuple[str, ...] = ()
    size_only: tuple[str, ...] = ()

    def of_all(self) -> "VerifyPolicy":
        """The same with no file looked at by its size alone."""
        return VerifyPolicy(xxh3=self.xxh3 + self.size_only)


FULL = VerifyPolicy()
"""Every byte by SHA-256."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself. `created` is UTC in ISO 8601, `schema` the fingerprint of
    the field table it was written under, `files` everything in its folder but the manifest;
    `content_hash` a digest of its items: equal digests, equal items."""

    generation: str
    created: str
    engine: str
    schema: str
    items: int
    files: Mapping[str, FileEntry]
    content: str = ""
    format: int = FORMAT

    @property
    def bytes(self) -> int:
        """The size of the generation's files, in bytes."""
        return sum(entry.size for entry in self.files.values())


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into its generation's folder. The caller syncs it to disk."""
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    (folder / NAME).write_bytes(f"{text}\n{_seal(text)}\n".encode())


def read(folder: Path) -> Manifest:
    """The manifest of a generation; `IndexDamaged` if it is missing, torn or of another format."""
    path = folder / NAME
    try:
        with regular(path) as descriptor, open(descriptor, "rb", closefd=False) as file:
            row = json.loads(_unsealed(file.read()))
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


def is_torn(folder: Path) -> bool:
    """Whether a generation's manifest is not as any version would have written it, so that none can
    use it: it was never finished, or was damaged."""
    path = folder / NAME
    try:
        with regular(path) as descriptor, open(descriptor, "rb", closefd=False) as file:
            _unsealed(file.read())
    except (*_WRONG, ValueError):  # nothing there, or no file
        return True
    except OSError as error:
        raise unreadable(path, error) from error
    return False


def _unsealed(whole: bytes) -> str:
    """The text of a manifest without its checksum; `ValueError` if that does not fit."""
    text, _, digest = whole.decode().removesuffix("\n").rpartition("\n")
    if whole.decode() != f"{text}\n{digest}\n" or digest != _seal(text):
        raise ValueError("its own checksum does not fit")
    return text


def _seal(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


REMEDY = "run `newsdex reindex --full` to build the index anew"
AGAIN = f"see to that and try again, or {REMEDY}"


class Refused(str):
    """A fault that may be none of the files: the system refused to read them."""


def unreadable(path: Path, error: OSError, remedy: str = REMEDY) -> IndexDamaged:
    """What to raise where a file of a generation cannot be read: `IndexUnreadable` if it may be
    whole all the same; `remedy`: what to do if not."""
    if isinstance(error, _WRONG):
        return IndexDamaged(f"{path} cannot be read: {error.strerror}; {remedy}")
    return IndexUnreadable(f"{path} cannot be read: {error.strerror}; {AGAIN}")


class NoFile(OSError):
    """What stands in the place of a file is something else."""


_WRONG = (FileNotFoundError, IsADirectoryError, NotADirectoryError, NoFile)


def _refusal(what: str, error: OSError) -> str:
    said = f"{what}: {error.strerror}"
    return said if isinstance(error, _WRONG) else Refused(said)


@contextmanager
def regular(path: Path) -> Iterator[int]:
    """A descriptor of a regular file, to read. Whatever else stands in its place is `NoFile` at
    once, be it a link or something that would make its reader wait."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NoFile(error.errno, "it is a link, not a file", str(path)) from None
        raise
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NoFile(errno.EINVAL, "it is no file", str(path))
        yield descriptor
    finally:
        os.close(descriptor)


def digest(path: Path) -> FileEntry:
    """Size and checksums of a file, as they stand in a manifest."""
    sha, quick = hashlib.sha256(), xxhash.xxh3_128()
    with regular(path) as descriptor:
        size = 0
        for piece in _pieces(descriptor):
            size += len(piece)
            sha.update(piece)
            quick.update(piece)
    return FileEntry(size, sha.hexdigest(), quick.hexdigest())


def _pieces(descriptor: int) -> Iterator[memoryview]:
    """The bytes of a file, piece by piece; each is gone when the next is asked for."""
    buffer = memoryview(bytearray(min(PIECE, os.fstat(descriptor).st_size)))
    while count := os.readv(descriptor, [buffer]):
        yield buffer[:count]


FileKey = tuple[int, int, int, int, int]
"""Device, inode, size, and times of change of content and of anything, in nanoseconds: what tells a
file from a changed one. Whoever sets the first time back moves the second; but so does a hard link
that is made or dropped, which changes no byte."""

ChecksumCache = dict[tuple[tuple[int, ...], str], str]
"""Checksums computed before, by file and kind of checksum; the key of XXH3 lacks the last time."""

REMEMBERED = 4096
"""Checksums that are remembered at most."""


def key(of: os.stat_result) -> FileKey:
    """What tells this file from a changed one."""
    return of.st_dev, of.st_ino, of.st_size, of.st_mtime_ns, of.st_ctime_ns


def keys(paths: Iterable[Path | str]) -> list[FileKey | None]:
    """What tells these files from changed ones, `None` for each that is not to be found."""
    found: list[FileKey | None] = []
    for path in paths:
        try:
            found.append(key(os.lstat(path)))
        except OSError:
            found.append(None)
    return found


def is_litter(name: str) -> bool:
    """Whether a file is one that systems leave in folders they show or share: nobody's damage."""
    return name.startswith(".") or name.lower() in _LITTER


_LITTER = frozenset(("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "@eadir", "lost+found"))


@contextmanager
def same_bytes(folder: Path, names: Iterable[str], known: ChecksumCache) -> Iterator[None]:
    """While links to files of a folder are made or dropped, which changes nothing but a time: what
    is known of them stays known."""
    paths = [folder / name for name in names]
    before = keys(paths)
    yield
    for was, now in zip(before, keys(paths), strict=True):
        if was and now and was[:-1] == now[:-1] and (was, "sha256") in known:
            known[now, "sha256"] = known[was, "sha256"]


def faults(
    folder: Path,
    manifest: Manifest,
    known: ChecksumCache | None = None,
    policy: VerifyPolicy = FULL,
) -> Iterator[str]:
    """What does not fit the manifest, a line each: missing and changed files, and uninvited ones
    that an engine might take for its own, ending as those do. Whatever else lies there, as systems
    and editors leave it, nobody reads.

    `known` remembers checksums between calls. Generations share files by hard links, so a server
    that moves from one to the next digests only what is new.
    """
    known = {} if known is None else known
    if folder.name != manifest.generation:
        yield f"{folder} holds the generation {manifest.generation}, which does not belong there"
    try:
        present = {path.name for path in folder.iterdir()} - {NAME}
    except OSError as error:
        yield _refusal(f"{folder} cannot be listed", error)
        return
    for name, expected in sorted(manifest.files.items()):
        if name not in present:
            yield f"{folder / name} is missing"
        elif fault := _fault(folder / name, expected, known, policy):
            yield fault
    suffixes = {Path(name).suffix for name in manifest.files} - {Path(NAME).suffix}
    for name in sorted(present - manifest.files.keys()):
        if not is_litter(name) and Path(name).suffix in suffixes:
            yield f"{folder / name} does not belong there"


def _fault(path: Path, expected: FileEntry, known: ChecksumCache, policy: VerifyPolicy) -> str:
    try:
        with regular(path) as descriptor:
            found = os.fstat(descriptor)
            if found.st_size != expected.size:
                return f"{path} has {found.st_size} bytes instead of {expected.size}"
            if path.name.endswith(policy.size_only):
                return ""
            if path.name.endswith(policy.xxh3):
                whole = expected.xxh3 == _checksum(descriptor, "xxh3", known)
            else:
                whole = expected.sha256 == _checksum(descriptor, "sha256", known)
    except OSError as error:
        return _refusal(f"{path} cannot be read", error)
    return "" if whole else f"{path} has changed: its checksum is not the one it was written with"


def _checksum(descriptor: int, kind: str, known: ChecksumCache) -> str:
    found = key(os.fstat(descriptor))
    # What is looked at quickly, by XXH3, is looked at again by SHA-256 off the request's path: it
    # may be known by all but the time that each hard link to the file moves.
    file = found[:-1] if kind == "xxh3" else found
    if (file, kind) not in known:
        made = xxhash.xxh3_128() if kind == "xxh3" else hashlib.sha256()
        for piece in _pieces(descriptor):
            made.update(piece)
        if len(known) >= REMEMBERED:
            known.clear()
        known[file, kind] = made.hexdigest()
    return known[file, kind]
