"""A seed file: its name, its id, and its bytes.

Seed files end in `.md` or `.markdown` and are not hidden. A file's id is its path below the seeds
folder without the suffix, with `/` between its parts. Names are UTF-8, whatever the locale says.
"""

import os
from pathlib import Path

import msgspec

from indexer.item import Problem
from indexer.source.regular_file import read_start

SUFFIXES = ("md", "markdown")
MAX_FILE_BYTES = 4 * 1024 * 1024

NAMES = "utf-8"


class SeedFile(msgspec.Struct, frozen=True, gc=False):
    """A file of the seeds folder at the time of the scan. There may be hundreds of thousands, so
    `gc=False` keeps the garbage collector from visiting each.

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
        """Differs if the file was changed."""
        return self.size, self.mtime_ns, self.ctime_ns, self.inode


StatKey = tuple[int, ...]
"""For a file: size, mtime and ctime in nanoseconds, inode. For a folder: device and inode."""


def id_of(path: str, root: Path) -> str:
    """The id for the path of a seed file or a problem; for a folder it ends in `/`."""
    below = path.removeprefix(path_below(root, ""))
    return below if below.endswith("/") else stem_of(below)


def stat_key(path: str) -> StatKey | None:
    """The stat key of the file at a path, or of the folder if the path ends in `/`; links are
    followed. `None` if the system tells nothing about it."""
    try:
        status = os.stat(path_bytes(path))  # noqa: PTH116 - names are bytes
    except OSError:
        return None
    if path.endswith("/"):
        return status.st_dev, status.st_ino
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def shown(root: Path) -> str:
    """The folder as problems name it."""
    return printable(path_below(root, "") or "./")


def is_seed(path: str) -> bool:
    """Whether a path ends as the names of seed files do."""
    return stem_of(path) != path


def read(source: SeedFile) -> bytes | Problem | None:
    """A file's bytes, or why it cannot be read; `None` if it is gone since the scan. Only regular
    files are opened."""
    path = path_bytes(source.path)
    try:
        data = read_start(path, MAX_FILE_BYTES + 1)
    except OSError as error:
        return None if is_gone(path) else unreadable(source.path, error)
    if len(data) > MAX_FILE_BYTES:
        size = MAX_FILE_BYTES // (1024 * 1024)
        message = f"the file is larger than {size} MiB; shorten it or move it elsewhere"
        return Problem(source.path, 0, "", message)
    return data


def stem_of(name: str) -> str:
    """A name without `.md` or `.markdown`."""
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and suffix.lower() in SUFFIXES else name


def path_below(root: Path, below: str) -> str:
    """A path below the root, as the user would write it."""
    shown = os.fsencode(root.as_posix()).decode(NAMES, "surrogateescape")
    return below if shown == "." else f"{shown.rstrip('/')}/{below}"


def path_bytes(path: str) -> bytes:
    """The bytes by which the system knows a path."""
    return path.encode(NAMES, "surrogateescape")


def is_gone(path: bytes) -> bool:
    """Whether nothing is at a path, not even a broken link."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:  # it may not be looked at, or the disk does not answer
        return False
    return False


def printable(path: str) -> str:
    """A path with escapes in place of characters that cannot be printed."""
    text = path.encode("utf-8", "backslashreplace").decode()
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def unreadable(path: str, error: OSError) -> Problem:
    """The problem to report for a path that the system refuses to read."""
    message = f"it cannot be read: {error.strerror or error}; repair or remove it"
    if isinstance(error, FileNotFoundError):
        message = "it leads nowhere or is gone; restore it or remove the link"
    elif isinstance(error, PermissionError):
        message = "it may not be read; allow reading it"
    elif isinstance(error, IsADirectoryError):
        message = "it is not a file any more; reindex again"
    return Problem(path, 0, "", message)
