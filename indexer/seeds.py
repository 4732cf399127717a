"""The seeds folder: which files there are, and what is in them.

Files end in `.md` or `.markdown`; hidden ones are none. A file's id is its path below the folder
without the suffix, with `/` between its parts. Names are read as UTF-8 whatever the locale says.

Links are followed to wherever they lead, also out of the folder, unless the walk is told not to.
What goes while the walk is on its way is as if it had never been there.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from indexer.errors import SeedsMissing
from indexer.item import Problem, Severity

MAX_FILE_BYTES = 4 * 1024 * 1024

_SUFFIXES = (".md", ".markdown")
_NAMES = "utf-8"
_UNCLEAN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Source(NamedTuple):
    """A file of the seeds folder, as it was when the folder was walked: a tuple, since there are
    hundreds of thousands.

    `path` is how problems show it: below the folder as the user named it. `suffix` is what comes
    after the id; `size` is in bytes, `mtime_ns` and `ctime_ns` in nanoseconds since 1970;
    `is_link`: the path is a link to the file.
    """

    id: str
    path: str
    suffix: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    is_link: bool = False

    @property
    def stat_key(self) -> "StatKey":
        """What tells this file from a changed one."""
        return self.size, self.mtime_ns, self.ctime_ns, self.inode


StatKey = tuple[int, int, int, int]
"""Size, times of change of content and of anything, in nanoseconds, and inode."""


class RefusedLink(NamedTuple):
    """A link that leads out of the folder and may not: nothing behind it is a seed."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder that is still to be walked."""

    path: bytes
    prefix: str


Found: TypeAlias = Source | Problem | RefusedLink


def check(root: Path) -> None:
    """Raise SeedsMissing where the seeds folder is not there or cannot be listed."""
    try:
        with os.scandir(root):
            return
    except FileNotFoundError:
        message = f"there is no seeds folder {root}; create it, or name another with --seeds"
    except NotADirectoryError:
        message = f"{root} is not a folder; name the folder of news items with --seeds"
    except OSError as error:
        message = f"the seeds folder {root} cannot be listed ({error.strerror}); allow reading it"
    raise SeedsMissing(message)


def walk(root: Path, *, follow_links: bool = True) -> Iterator[Found]:
    """The sources below a folder in the order of their ids, and what cannot be one.

    A problem's path ends in `/` where it is a folder's, or a link's that leads nowhere: what lies
    below is then unknown, not gone. Without `follow_links` a link that leads out of the folder is
    a `RefusedLink`. Raises SeedsMissing before the first step.
    """
    check(root)
    return _Walk(root, follow_links).found()


def id_of(path: str, root: Path) -> str:
    """The id that goes with the path of a source or problem; a folder's ends in `/`."""
    below = path.removeprefix(_below(root, ""))
    return below if below.endswith("/") else _stem(below)


def stat_key(path: str) -> StatKey | None:
    """What tells the file at a path, or behind the link there, from a changed one; `None` if there
    is none to be seen."""
    try:
        found = os.stat(_bytes(path))  # noqa: PTH116 - names are bytes
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def shown(root: Path) -> str:
    """The folder as problems name it."""
    return _printable(_below(root, "") or "./")


def is_seed(path: str) -> bool:
    """Whether a file is named as a source is."""
    return _stem(path) != path


def read(source: Source) -> bytes | Problem | None:
    """A source's bytes, or why it cannot be read; `None` if it is gone since the walk. Opens
    nothing but regular files."""
    # A pipe put in the file's place after the walk must not make us wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    path = _bytes(source.path)
    try:
        with open(path, "rb", opener=lambda path, _: os.open(path, flags)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return Problem(source.path, 0, "", "it is not a file any more; reindex again")
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        return None if _is_gone(path) else _unreadable(source.path, error)
    if len(data) > MAX_FILE_BYTES:
        size = MAX_FILE_BYTES // (1024 * 1024)
        message = f"the file is larger than {size} MiB; shorten it or move it elsewhere"
        return Problem(source.path, 0, "", message)
    return data


class _Walk:
    """One walk; it knows the links it followed, so that they lead in no circle."""

    def __init__(self, root: Path, follow_links: bool) -> None:
        self._below = _below(root, "")
        self._root, self._follow_links = root, follow_links
        self._real_root = os.path.realpath(root)
        self._linked: set[tuple[int, int]] = set()

    def found(self) -> Iterator[Found]:
        """The sources and problems, folder by folder, each in its place among the ids."""
        last = ""
        waiting: list[Iterator[Found | _Folder]] = [self._folder(os.fsencode(self._root), "")]
        while waiting:
            found = next(waiting[-1], None)
            if found is None:
                waiting.pop()
            elif isinstance(found, _Folder):
                waiting.append(self._folder(found.path, found.prefix))
            elif isinstance(found, Source) and found.id == last:
                message = f"another file has the id {found.id}, too; rename one"
                yield Problem(found.path, 0, "", message)
            else:
                last = found.id if isinstance(found, Source) else last
                yield found

    def _folder(self, path: bytes, prefix: str) -> Iterator[Found | _Folder]:
        """What lies in a folder; `prefix` is its part of the ids."""
        try:
            with os.scandir(path) as entries:
                ordered = sorted(map(_ordered, entries))
        except OSError as error:
            if not (prefix and _is_gone(path)):
                yield _unreadable(_printable(self._shown(prefix)), error)
            return
        for stem, _, name, entry in ordered:
            if name.startswith("."):
                continue
            if stem.endswith("/") or stem == name:
                found = self._other(entry, name, prefix)
            else:
                found = self._file(entry, name, stem, prefix)
            if found:
                yield found

    def _file(self, entry: os.DirEntry[bytes], name: str, stem: str, prefix: str) -> Found | None:
        """What an entry is that is named as a seed is; `None` if it is gone."""
        path = self._below + prefix + name
        try:
            status = entry.stat()
        except OSError as error:
            return None if _is_gone(entry.path) else _unreadable(_printable(path), error)
        if self._is_refused(entry):
            return _refused(_printable(path))
        if not _is_clean(name):
            return self._misnamed(path)
        if not stat.S_ISREG(status.st_mode):
            return Problem(path, 0, "", "it is a pipe or device, not a file; remove it")
        return Source(
            prefix + stem,
            path,
            name[len(stem) :],
            status.st_size,
            status.st_mtime_ns,
            status.st_ctime_ns,
            status.st_ino,
            entry.is_symlink(),
        )

    def _other(self, entry: os.DirEntry[bytes], name: str, prefix: str) -> Found | _Folder | None:
        """What an entry is that is no seed: a folder, or no business of ours."""
        path = self._shown(prefix + name)
        try:
            status = entry.stat()
        except OSError as error:
            if not entry.is_symlink() or _is_gone(entry.path):
                return None
            return _unreadable(_printable(path + "/"), error)  # a folder, for all that is known
        if not stat.S_ISDIR(status.st_mode):
            return None
        if self._is_refused(entry):
            return _refused(_printable(path + "/"))
        if not _is_clean(name):
            return self._misnamed(path + "/")
        return self._subfolder(entry, f"{prefix}{name}/", status)

    def _misnamed(self, path: str) -> Problem:
        message = "the name has control characters or is not UTF-8; rename it"
        return Problem(_printable(path), 0, "", message)

    def _subfolder(
        self, entry: os.DirEntry[bytes], prefix: str, status: os.stat_result
    ) -> Found | _Folder:
        """A folder to walk; one behind a link only if it would not be walked anyway."""
        if entry.is_symlink():
            key = (status.st_dev, status.st_ino)
            if key in self._linked or self._is_walked(_real(entry)):
                message = "the link leads to a folder that is read anyway; it was not followed"
                return Problem(self._shown(prefix), 0, "", message, Severity.WARNING)
            self._linked.add(key)
        return _Folder(entry.path, prefix)

    def _is_refused(self, entry: os.DirEntry[bytes]) -> bool:
        """Whether it is a link that leads where it may not."""
        if self._follow_links or not entry.is_symlink():
            return False
        return not _real(entry).is_relative_to(self._real_root)

    def _is_walked(self, folder: Path) -> bool:
        """Whether a folder is the root, above it, or below it and not hidden."""
        root = Path(self._real_root)
        if root.is_relative_to(folder):
            return True
        if not folder.is_relative_to(root):
            return False
        return not any(part.startswith(".") for part in folder.relative_to(root).parts)

    def _shown(self, below: str) -> str:
        return _below(self._root, below)


def _ordered(entry: os.DirEntry[bytes]) -> tuple[str, bool, str, os.DirEntry[bytes]]:
    """By id, a folder as the ids below it are; of two files with one id, `.md` first. No two names
    are alike, so that entries are never compared."""
    name = entry.name.decode(_NAMES, "surrogateescape")
    stem = f"{name}/" if _is_folder(entry) else _stem(name)
    return stem, not name.endswith(".md"), name, entry


def _is_folder(entry: os.DirEntry[bytes]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads nowhere; the walk reports it
        return False


def _stem(name: str) -> str:
    """A name without its suffix, if it has one of ours."""
    if name.endswith(".md"):
        return name[:-3]
    lower = name.lower()
    for suffix in _SUFFIXES:
        if lower.endswith(suffix):
            return name[: -len(suffix)]
    return name


def _below(root: Path, below: str) -> str:
    """A path below the root, as the user would write it."""
    shown = os.fsencode(root.as_posix()).decode(_NAMES, "surrogateescape")
    return below if shown == "." else f"{shown.rstrip('/')}/{below}"


def _bytes(path: str) -> bytes:
    """The path of a source as the system has it."""
    return path.encode(_NAMES, "surrogateescape")


def _real(entry: os.DirEntry[bytes]) -> Path:
    """Where a link leads."""
    return Path(os.fsdecode(os.path.realpath(entry.path)))


def _is_gone(path: bytes) -> bool:
    """Whether nothing stands at a path, not even a link that leads nowhere."""
    return not os.path.lexists(path)


def _refused(path: str) -> RefusedLink:
    message = (
        "the link leads out of the seeds folder, which NEWSDEX_FOLLOW_LINKS=0 forbids; put what it "
        "leads to in its place, or allow such links"
    )
    return RefusedLink(Problem(path, 0, "", message))


def _is_clean(name: str) -> bool:
    return _UNCLEAN.search(name) is None


def _printable(path: str) -> str:
    """A path that can be shown: what cannot be is written as an escape."""
    text = path.encode("utf-8", "backslashreplace").decode()
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def _unreadable(path: str, error: OSError) -> Problem:
    """What the system refused, in words that say what to do."""
    if isinstance(error, FileNotFoundError):
        return Problem(path, 0, "", "it leads nowhere or is gone; restore it or remove the link")
    if isinstance(error, PermissionError):
        return Problem(path, 0, "", "it may not be read; allow reading it")
    if isinstance(error, IsADirectoryError):
        return Problem(path, 0, "", "it is a folder, not a file; rename it")
    return Problem(
        path, 0, "", f"it cannot be read: {error.strerror or error}; repair or remove it"
    )
