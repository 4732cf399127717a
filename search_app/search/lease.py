"""A lease of an open searcher, and whether its files are still those that were verified."""

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
    """What happened to the mapped files of a generation since they were last verified."""

    NONE = "nothing"
    TOUCHED = "a hard link was made or dropped, or a file was written to and its mtime set back"
    TAKEN_AWAY = "a file was unlinked; its content stays readable through our mapping"
    WRITTEN = "a file was written to"


class SearcherLease:
    """One open searcher, shared by the `users` requests that acquired it.

    `current_name` is what `CURRENT` held when the searcher was opened; `fault` says why that
    generation does not answer itself, `None` if it does. `retired` is set once another lease has
    replaced this one, `is_being_verified` while a thread compares the files with their checksums;
    `created` is when the generation was made, in ISO 8601, `bytes` its size. `verified_keys` are
    the stat keys that the mapped files had when they last matched. Only `IndexReader` changes
    these.
    """

    def __init__(
        self,
        current_name: str,
        generation: Generation,
        mapped: tuple[str, ...],
        searcher: Searcher,
    ) -> None:
        """`mapped` are the suffixes of the files that the searcher reads."""
        self.current_name, self.generation, self.searcher = current_name, generation.name, searcher
        self.created, self.bytes = generation.manifest.created, generation.manifest.bytes
        self.fault: IndexDamaged | None = None
        self.users = 0
        self.is_being_verified = False
        self.retired = threading.Event()
        self._opened = time.monotonic()
        files = generation.manifest.files
        self._paths = [str(generation.folder / name) for name in files if name.endswith(mapped)]
        self.verified_keys = self.file_keys()

    @property
    def warning(self) -> str:
        """What is wrong with the current generation, and which one answers instead; or empty."""
        return f"{self.fault}; answering from {self.generation} instead" if self.fault else ""

    @property
    def notes(self) -> tuple[Note, ...]:
        """The warning as a note for readers, without the names of files."""
        if not self.fault:
            return ()
        message = (
            f"the current index is damaged; generation {self.generation} answers in its stead, "
            "which may be out of date"
        )
        return (Note("stand_in", message, 0, 0),)

    def may_be_mended(self, retry_after: float) -> bool:
        """Whether the current generation could not be read when this fallback was opened, at least
        `retry_after` seconds ago, and may be readable now."""
        passing = isinstance(self.fault, IndexUnreadable)
        return passing and time.monotonic() - self._opened >= retry_after

    def difference(self) -> Difference:
        """What happened to the mapped files. Every request asks; it costs a stat of each."""
        now = self.file_keys()
        if now == self.verified_keys:
            return Difference.NONE
        before_and_now = list(zip(self.verified_keys, now, strict=True))
        if any(key and (was is None or key[:-1] != was[:-1]) for was, key in before_and_now):
            return Difference.WRITTEN
        if any(was and key is None for was, key in before_and_now):
            return Difference.TAKEN_AWAY
        return Difference.TOUCHED

    def file_keys(self) -> list[FileKey | None]:
        """The stat keys of the mapped files, as they are now."""
        return list(map(manifest.file_key, self._paths))
