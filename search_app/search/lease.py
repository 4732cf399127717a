"""An open searcher as it is lent, and whether what it reads is still what was looked at."""

import threading
import time
from enum import Enum

from indexer.errors import IndexDamaged, IndexUnreadable
from indexer.index import manifest
from indexer.index.directory import Generation
from indexer.index.manifest import FileKey
from search_app.search.protocols import Searcher
from search_app.search.query.tree import Note


class Difference(Enum):
    """What became of the mapped files of a generation since it was opened."""

    NONE = "they are as they were"
    TOUCHED = "a link to one was made or dropped; or it was written to, and its time set back"
    TAKEN_AWAY = "one was unlinked; its content stays readable through our mapping"
    WRITTEN = "one was written to"


class SearcherLease:
    """An open searcher, why it is not that of the current generation (empty if it is), and how
    many requests use it. `asked` is what `CURRENT` said when it was opened; `is_being_verified`: a
    thread compares its files with their checksums just now."""

    def __init__(
        self, asked: str, found: Generation, mapped: tuple[str, ...], searcher: Searcher
    ) -> None:
        self.asked, self.generation, self.searcher = asked, found.name, searcher
        self.fault: IndexDamaged | None = None
        self.users = 0
        self.is_being_verified = False
        self._opened = time.monotonic()
        self.retired = threading.Event()
        self._paths = [
            str(found.folder / name) for name in found.manifest.files if name.endswith(mapped)
        ]
        self._keys = manifest.keys(self._paths)

    @property
    def warning(self) -> str:
        """What is wrong with the current generation, and what answers instead."""
        return f"{self.fault}; answering from {self.generation} instead" if self.fault else ""

    @property
    def notes(self) -> tuple[Note, ...]:
        """The same for readers, who are not concerned with files."""
        if not self.fault:
            return ()
        return (
            Note(
                "stand_in",
                f"the current index is damaged; generation {self.generation} answers in its stead, "
                "which may be out of date",
            ),
        )

    def may_be_mended(self, retry_after: float) -> bool:
        """Whether what it stands in for could only not be read, so many seconds ago or more."""
        passing = isinstance(self.fault, IndexUnreadable)
        return passing and time.monotonic() - self._opened >= retry_after

    def difference(self) -> Difference:
        """What became of the files that are mapped, in a system call each: every request asks."""
        now = manifest.keys(self._paths)
        if now == self._keys:
            return Difference.NONE
        pairs = [(key, was) for key, was in zip(now, self._keys, strict=True) if key != was]
        if any(key and (was is None or key[:-1] != was[:-1]) for key, was in pairs):
            return Difference.WRITTEN
        if any(key is None for key, _ in pairs):
            return Difference.TAKEN_AWAY
        return Difference.TOUCHED

    def file_keys(self) -> list[FileKey | None]:
        """What tells the mapped files from changed ones, now."""
        return manifest.keys(self._paths)

    def mark_verified(self, keys: list[FileKey | None]) -> None:
        """Remember that the files were whole when they had these keys."""
        self._keys = keys
