"""`CURRENT`, the file that names the generation that answers; and forcing files to disk.

It is replaced all at once: its new content is written beside it, synced, and renamed to its place.
If the rename cannot be synced, its old content is put back.
"""

import os
import re
import time
from pathlib import Path

from indexer.errors import IndexUnusable
from indexer.index import manifest
from indexer.index.manifest import FileKey

CURRENT = "CURRENT"
TEMPORARY = f"{CURRENT}.new"

GENERATION = re.compile(r"g(\d{6,})-[0-9a-f]{6}")
"""The name of a generation, as `CURRENT` holds it."""


class CurrentFile:
    """The file in an index folder. `set_names`: the names that `set` wrote, or tried to write."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / CURRENT
        self._name = str(self._path)
        self.set_names: set[str] = set()

    def read(self) -> bytes:
        """The first 256 bytes, more than any name has."""
        with manifest.regular(self._path) as file:
            return file.read(256)

    def stat_key(self, tick: int = 2_000_000_000) -> FileKey | None:
        """Differs if the file was replaced or written to; `None` if it is missing, or if the next
        change might not show, because it changed less than `tick` nanoseconds ago: some file
        systems give two changes within that the same time. One system call: every request asks."""
        try:
            status = os.stat(self._name)  # noqa: PTH116 (for every request: the quickest)
        except OSError:
            return None
        if time.time_ns() - max(status.st_ctime_ns, status.st_mtime_ns) < tick:
            return None
        return manifest.key(status)

    def set(self, name: str) -> None:
        """Write a name and sync it. If that raises an `OSError`, the file holds what it did before;
        raises `IndexUnusable` if that cannot be put back."""
        if not self._path.exists():
            sync_above(self._folder)
        before: bytes | OSError | None = None
        try:
            before = self.read()
        except FileNotFoundError:
            pass
        except OSError as error:
            before = error
        self.set_names.add(name)
        self._replace(f"{name}\n".encode())
        try:
            sync(self._folder, [])
        except OSError as error:
            self._restore(before, name, error)
            raise

    def _restore(self, before: bytes | OSError | None, name: str, cause: OSError) -> None:
        """Put back what the file held; `None`: there was none."""
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

    def _replace(self, content: bytes) -> None:
        """Replace the file by one with this content, all at once."""
        temporary = self._folder / TEMPORARY
        if self._path.is_dir() and not self._path.is_symlink():
            self._path.rmdir()  # nothing can be renamed to its name
        temporary.unlink(missing_ok=True)
        temporary.write_bytes(content)
        sync(self._folder, [TEMPORARY])
        temporary.replace(self._path)


def sync(folder: Path, names: list[str]) -> None:
    """Sync files to disk, and then the folder itself."""
    for path in [*(folder / name for name in names), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_above(folder: Path) -> None:
    """Sync all folders above a folder, because they may be as new as it is."""
    for above in folder.absolute().parents:
        try:
            sync(above, [])
        except PermissionError:
            return  # a folder that we may not read is none that we made
