"""The manifest of a generation: lists its files byte for byte, and verifies that they still fit.

It holds two checksums of each file. SHA-256 must fit before anything is unpickled, and `newsdex
verify` compares it. XXH3 finds whatever a disk, a copy or a crash does to a file as surely, at the
speed of memory, but not what a forger does. It is for large files of plain arrays, which have to be
read whole before the first answer.
"""

import errno
import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path
from typing import Any

import xxhash

from indexer.errors import IndexDamaged, IndexUnreadable, OtherVersion

FORMAT = 2
NAME = "manifest.json"

REMEDY = "run `newsdex reindex --full` to build the index anew"
AGAIN = f"see to that and try again, or {REMEDY}"
REBUILD = "`newsdex reindex` builds it anew"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a generation: its size in bytes, its SHA-256 and its XXH3 (128 bits) in hex."""

    size: int
    sha256: str
    xxh3: str


@dataclass(frozen=True, slots=True)
class VerifyPolicy:
    """How closely files are verified, by the ends of their names: those with an end in `size_only`
    by their size alone, in `xxh3` by size and XXH3, all others by size and SHA-256."""

    xxh3: tuple[str, ...] = ()
    size_only: tuple[str, ...] = ()

    def of_all(self) -> "VerifyPolicy":
        """The same, but with XXH3 in place of the size alone."""
        return VerifyPolicy(xxh3=self.xxh3 + self.size_only)


FULL = VerifyPolicy()
"""Every byte by SHA-256."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Describes a generation. `created` is UTC in ISO 8601, `schema` the fingerprint of the field
    table it was written under, `files` everything in its folder but the manifest, `content` a
    digest of its items: equal digests, equal items."""

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
    (folder / NAME).write_bytes(_sealed(text.encode()))


def read(folder: Path) -> Manifest:
    """The manifest of a generation; `IndexDamaged` if it is missing or torn, `OtherVersion` if it
    is of another format."""
    path = folder / NAME
    text = _text(path)
    try:
        row = json.loads(text)
        if row["format"] != FORMAT:
            raise other_version(folder, f"format {row['format']}, this one reads {FORMAT}")
        files = {name: FileEntry(**entry) for name, entry in row.pop("files").items()}
        return Manifest(files=files, **row)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{path} cannot be used: {error}; {REMEDY}") from error


def is_torn(folder: Path) -> bool:
    """Whether a generation has no manifest as any version would have written it: its run was cut
    off, or it was damaged. Raises `IndexUnreadable` if the system refuses to read it."""
    try:
        _text(folder / NAME)
    except IndexUnreadable:
        raise
    except IndexDamaged:
        return True
    return False


def _text(path: Path) -> bytes:
    """The JSON of a manifest whose own checksum fits; raises `IndexDamaged` otherwise."""
    try:
        with regular(path) as file:
            whole = file.read()
    except OSError as error:
        raise unreadable(path, error) from error
    text = whole.rsplit(b"\n", 2)[0]
    if whole != _sealed(text):
        raise IndexDamaged(f"{path} cannot be used: its own checksum does not fit; {REMEDY}")
    return text


def _sealed(text: bytes) -> bytes:
    """A manifest as it is written: its JSON, and in the last line the SHA-256 of that."""
    return b"%s\n%s\n" % (text, hashlib.sha256(text).hexdigest().encode())


def other_version(folder: Path, what: str) -> OtherVersion:
    """What to raise for a generation that this version of Newsdex cannot use; `what` differs."""
    return OtherVersion(f"{folder} was written by another version of Newsdex ({what}); {REBUILD}")


def unreadable(path: Path, error: OSError, remedy: str = REMEDY) -> IndexDamaged:
    """What to raise if the system does not read a file or folder of the index: `IndexUnreadable`
    if that may be whole, or else `IndexDamaged`, with this remedy."""
    if error.errno == errno.ENOENT:
        return IndexDamaged(f"{path} is missing; {remedy}")
    if error.errno in (errno.EISDIR, errno.ENOTDIR, errno.ELOOP):
        return IndexDamaged(f"{path} cannot be read: {error.strerror}; {remedy}")
    return IndexUnreadable(f"{path} cannot be read: {error.strerror}; {AGAIN}")


@contextmanager
def regular(path: Path) -> Iterator[FileIO]:
    """A regular file, opened to read. Anything else in its place raises an `OSError` at once, be it
    a link or something that would make its reader wait."""
    more = os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        file = FileIO(path, opener=lambda name, flags: os.open(name, flags | more))
    except OSError as error:
        if error.errno == errno.ELOOP:
            error.strerror = "it is a link, not a file"
        raise
    with file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.ELOOP, "it is no file", str(path))
        yield file


HASHES: Mapping[str, Callable[[], Any]] = {"sha256": hashlib.sha256, "xxh3": xxhash.xxh3_128}


def digest(path: Path) -> FileEntry:
    """Size and checksums of a file, as a manifest lists them."""
    with regular(path) as file:
        sha256 = hashlib.file_digest(file, HASHES["sha256"]).hexdigest()
        size = file.tell()
        file.seek(0)
        return FileEntry(size, sha256, hashlib.file_digest(file, HASHES["xxh3"]).hexdigest())


FileKey = tuple[int, int, int, int, int]
"""Device, inode, size, mtime and ctime in nanoseconds: differs if the file was changed. Setting the
mtime back changes the ctime; but so does making or dropping a hard link, which changes no byte."""

ChecksumCache = dict[tuple[tuple[int, ...], str], str]
"""Checksums computed before, by `FileKey` (for XXH3 without the ctime) and kind of checksum."""

REMEMBERED = 4096
"""Checksums that a cache holds at most."""


def key(status: os.stat_result) -> FileKey:
    """The key of the file with this status."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def file_key(path: Path | str) -> FileKey | None:
    """The key of the file at a path, `None` if it cannot be found."""
    try:
        return key(os.lstat(path))
    except OSError:
        return None


def is_litter(name: str) -> bool:
    """Whether a file is one that systems leave in folders they show or share: no damage."""
    return name.startswith(".") or name.lower() in _LITTER


_LITTER = frozenset(("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "@eadir", "lost+found"))


@contextmanager
def same_bytes(paths: Iterable[Path], known: ChecksumCache) -> Iterator[None]:
    """While entered, hard links to these files are made or dropped, which changes only their ctime:
    afterwards their checksums are still known."""
    before = {path: file_key(path) for path in paths}
    yield
    for path, was in before.items():
        now = file_key(path)
        if was and now and was[:-1] == now[:-1] and (was, "sha256") in known:
            known[now, "sha256"] = known[was, "sha256"]


def verify(
    folder: Path, manifest: Manifest, known: ChecksumCache, policy: VerifyPolicy = FULL
) -> None:
    """Raise `IndexDamaged`, naming the first fault, if a generation does not fit its manifest: if a
    file is missing or changed, or an additional one has the suffix of an engine's file, so that the
    engine might read it. Other additional files, as systems and editors leave them, nobody reads.

    `known` remembers checksums between calls. Generations share files by hard links, so a server
    that moves from one to the next digests only what is new.
    """
    if folder.name != manifest.generation:
        raise IndexDamaged(
            f"{folder} holds the generation {manifest.generation}, which does not belong there; "
            f"{REMEDY}"
        )
    path = folder
    try:
        additional = {path.name for path in folder.iterdir()} - manifest.files.keys() - {NAME}
        for name, expected in sorted(manifest.files.items()):
            path = folder / name
            _verify_file(path, expected, known, policy)
    except OSError as error:
        raise unreadable(path, error) from error
    suffixes = {Path(name).suffix for name in manifest.files} - {Path(NAME).suffix}
    for name in sorted(additional):
        if not is_litter(name) and Path(name).suffix in suffixes:
            raise IndexDamaged(f"{folder / name} does not belong there; {REMEDY}")


def _verify_file(
    path: Path, expected: FileEntry, known: ChecksumCache, policy: VerifyPolicy
) -> None:
    with regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size != expected.size:
            raise IndexDamaged(f"{path} has {size} bytes instead of {expected.size}; {REMEDY}")
        if path.name.endswith(policy.size_only):
            return
        kind = "xxh3" if path.name.endswith(policy.xxh3) else "sha256"
        if _checksum(file, kind, known) != getattr(expected, kind):
            raise IndexDamaged(
                f"{path} has changed: its checksum is not the one it was written with; {REMEDY}"
            )


def _checksum(file: FileIO, kind: str, known: ChecksumCache) -> str:
    file_key = key(os.fstat(file.fileno()))
    # A reindex that makes or drops a hard link changes the ctime. By XXH3 a server checks before it
    # answers, so it ignores that; it checks by SHA-256 while it answers.
    place = (file_key[:-1] if kind == "xxh3" else file_key), kind
    if place not in known:
        if len(known) >= REMEMBERED:
            known.clear()
        known[place] = hashlib.file_digest(file, HASHES[kind]).hexdigest()
    return known[place]
