"""`CURRENT`, the file that names the generation that answers; and what is forced to disk.

It is replaced all at once: its new content is written beside it, forced to disk, and renamed to its
place. Where that cannot be made to last, it is given back what it held.
"""

import os
import re
import time
from pathlib import Path

from indexer.errors import IndexUnusable
from indexer.index import manifest

CURRENT = "CURRENT"
TEMPORARY = f"{CURRENT}.new"

GENERATION = re.compile(r"g(\d{6,})-[0-9a-f]{6}")
"""What a generation is called: `CURRENT` holds one such name."""

StatKey = tuple[int, int, int, int, int]
"""Device, inode, size, and times of change of content and of anything, in nanoseconds."""


class CurrentFile:
    """The file in an index folder. `set_names`: the names it was made to hold, or nearly."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / CURRENT
        self._name = str(self._path)
        self.set_names: set[str] = set()

    def read(self) -> bytes:
        """The beginning of the file, in a few system calls."""
        with manifest.regular(self._path) as descriptor:
            return os.read(descriptor, 256)

    def stat_key(self, tick: int = 2_000_000_000) -> StatKey | None:
        """What tells the file from one that was put in its place or written to, in one system
        call, since every request asks; `None` where that cannot be told: it is not there, or
        changed so lately that it may change again unseen. `tick`: nanoseconds within which some
        file systems give two changes of a file the same time."""
        try:
            found = os.stat(self._name)  # noqa: PTH116 (for every request: the quickest)
        except OSError:
            return None
        if time.time_ns() - max(found.st_ctime_ns, found.st_mtime_ns) < tick:
            return None
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def set(self, name: str) -> None:
        """Have it hold a name, for good; on an `OSError` it holds what it did before."""
        if not self._path.exists():
            sync_above(self._folder)
        before = self._held()
        self.set_names.add(name)
        self._replace(f"{name}\n".encode())
        try:
            sync(self._folder, [])
        except OSError as error:
            self._restore(before, name, error)
            raise

    def _held(self) -> bytes | OSError | None:
        """What it holds, whatever that is; `None`: it is not there."""
        try:
            return self.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            return error

    def _restore(self, before: bytes | OSError | None, name: str, cause: OSError) -> None:
        try:
            if isinstance(before, OSError):
                raise before
            if before is None:
                self._path.unlink()
            else:
                self._replace(before)
        except OSError as error:
            raise IndexUnusable(
                f"{self._folder} cannot be synced: {cause.strerror}, nor restored: "
                f"{error.strerror}; {name} answers already but may be lost with the next power "
                "failure; see to the disk and reindex again"
            ) from cause

    def _replace(self, text: bytes) -> None:
        """Give it other content, all at once."""
        temporary = self._folder / TEMPORARY
        if self._path.is_dir() and not self._path.is_symlink():
            self._path.rmdir()  # nothing can be renamed to its name
        temporary.unlink(missing_ok=True)
        temporary.write_bytes(text)
        sync(self._folder, [TEMPORARY])
        temporary.replace(self._path)


def sync(folder: Path, names: list[str]) -> None:
    """Force files and then the folder itself to disk."""
    for path in [*(folder / name for name in names), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_above(folder: Path) -> None:
    """Force to disk that a folder is there, and those above it that may be as new."""
    for above in folder.absolute().parents:
        try:
            sync(above, [])
        except PermissionError:
            return  # a folder that we may not read is none that we made
