"""The seam between a reindex and the engine that keeps the index.

A store says what the index holds and opens a batch; a batch puts and deletes documents, and is
committed or discarded. Whoever reads files, perhaps in another process, collects documents, and
hands them to the batch in pieces. Domain types go in and out; an engine's own objects and errors
stay inside it.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from indexer.document import Document
from indexer.index.directory import Verdict
from indexer.index.file_records import FileRecords
from indexer.index.manifest import Manifest
from indexer.item import Item
from indexer.process_pool import IN_PROCESS, ProcessPool


class Collector(Protocol):
    """Takes documents for a batch. While it is empty it can be sent to another process."""

    def put(self, document: Document) -> None:
        """Take a document."""

    def finish(self) -> str:
        """Close it, and return what `Batch.take` wants; empty if nothing was put."""


class Batch(Protocol):
    """Changes that become visible together, or not at all."""

    def put(self, document: Document) -> None:
        """Add a document; one with the same id in the previous generation is replaced."""

    def collector(self) -> Collector:
        """A collector. None of its documents may be in the previous generation, unless it is
        deleted from there."""

    def take(self, piece: str) -> None:
        """Add what a collector was given, after what was added before."""

    def delete(self, id: str) -> None:
        """Delete the previous generation's document of this id."""

    def commit(self, sources: FileRecords) -> Manifest:
        """Write, verify and publish the new generation, made from these files."""


class Store(Protocol):
    """An index that can be written to."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the write lock; raises `IndexLocked` if another process does."""

    def current(self) -> Manifest:
        """The generation that answers; raises `IndexUnusable` if none can be used."""

    def generations(self) -> list[str]:
        """The names of all generations that are kept, newest first."""

    def file_records(self) -> FileRecords:
        """The files of the current generation; raises `IndexUnusable` if there is none."""

    def items(self, ids: Sequence[str]) -> Iterator[Item]:
        """The current generation's items of these ids, in no particular order."""

    def last_file_records(self) -> FileRecords | None:
        """The files of the newest generation whose record of them can still be read, even if the
        generation is damaged; `None` if there is none."""

    def batch(self, *, full: bool, pool: ProcessPool = IN_PROCESS) -> AbstractContextManager[Batch]:
        """A batch on top of the current generation, or with `full` on nothing. It may give work to
        the pool. If it is left without a commit, it is discarded and leaves nothing behind."""

    def remove_leftovers(self) -> None:
        """Remove what crashed runs left, which takes room, but no generation that could answer."""

    def collect_garbage(self) -> None:
        """Remove what crashed runs left and the generations that are no longer kept."""

    def verify(self) -> list[Verdict]:
        """Check every kept generation byte for byte, newest first: see
        `IndexDirectory.verify_all`."""

    def rollback(self) -> Manifest:
        """Make the generation before the current one answer again."""
