"""The store over Whoosh: generations of segment files, a new segment for each batch."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import numpy as np

from indexer import schema
from indexer.document import Document, decode
from indexer.engines.whoosh import toc
from indexer.engines.whoosh.codec import ColumnsSegment
from indexer.engines.whoosh.toc import Contents
from indexer.errors import IndexDamaged, IndexMissing
from indexer.index import file_records, lock, manifest
from indexer.index.directory import Generation, IndexDirectory, Verdict
from indexer.index.file_records import FileRecords
from indexer.index.lock import writing
from indexer.index.manifest import FileEntry, Manifest
from indexer.item import Item
from indexer.process_pool import IN_PROCESS, ProcessPool
from indexer.reindex.protocols import Batch
from indexer.segment import column_file, pieces
from indexer.segment.document_ids import DocumentIds
from indexer.segment.merge_inputs import DEFAULT_LIMITS, MergeLimits, SegmentRef
from indexer.segment.merge_policy import DEFAULT_POLICY, MergePolicy
from indexer.segment.pieces import Collector
from indexer.segment.stored_items import StoredItems
from indexer.segment.writer import write
from indexer.stories import story_file
from indexer.stories.finder import find_stories
from indexer.stories.story_file import Stories
from indexer.suggestions import suggestion_file
from indexer.suggestions.finder import find_suggestions

ENGINE = "whoosh"
_UNSHARED = {
    file_records.NAME,
    file_records.LABELS,
    manifest.NAME,
    story_file.NAME,
    suggestion_file.NAME,
}
"""The files that each generation writes for itself, whatever it shares with the one before."""


class WhooshStore:
    """Implements `indexer.reindex.protocols.Store` in an index folder."""

    def __init__(
        self,
        folder: Path,
        merge_policy: MergePolicy = DEFAULT_POLICY,
        merge_limits: MergeLimits = DEFAULT_LIMITS,
        find_stories: Callable[[Sequence[SegmentRef]], Stories] = find_stories,
    ) -> None:
        self.directory = IndexDirectory(folder)
        self.merge_policy, self.merge_limits = merge_policy, merge_limits
        self.find_stories = find_stories

    def exclusive(self) -> AbstractContextManager[None]:
        """See `Store.exclusive`. Makes the index folder if there is none."""
        with writing(self.directory.folder):
            self.directory.folder.mkdir(parents=True, exist_ok=True)
        return lock.exclusive(self.directory.folder)

    def current(self) -> Manifest:
        """See `Store.current`."""
        return self._current().manifest

    def generations(self) -> list[str]:
        """See `Store.generations`."""
        try:
            return self.directory.retained()
        except IndexMissing:
            return []

    def file_records(self) -> FileRecords:
        """See `Store.file_records`."""
        return file_records.read(self._current().folder)

    def last_file_records(self) -> FileRecords | None:
        """See `Store.last_file_records`."""
        for name in self.directory.names():
            folder = self.directory.folder / name
            try:
                described = manifest.read(folder).files.get(file_records.NAME)
                if described == manifest.digest(folder / file_records.NAME):
                    return file_records.read(folder)
            except (IndexDamaged, OSError):
                continue  # the one before it may be whole
        return None

    def items(self, ids: Sequence[str]) -> Iterator[Item]:
        """See `Store.items`."""
        if not ids:
            return
        segments = _opened(self._current().folder)
        for id in ids:
            for segment in segments:
                number = segment.number(id)
                if number is not None:
                    yield decode(segment.items.read(number))

    @contextmanager
    def batch(self, *, full: bool, pool: ProcessPool = IN_PROCESS) -> Iterator[Batch]:
        """See `Store.batch`."""
        base = None if full else self._current()
        with writing(self.directory.folder):
            folder = self.directory.new_generation()
        try:
            with writing(self.directory.folder):
                batch = WhooshBatch(self, folder, base, pool)
            yield batch
        finally:
            with writing(self.directory.folder):
                self.directory.discard(folder)

    def remove_leftovers(self) -> None:
        """See `Store.remove_leftovers`."""
        with writing(self.directory.folder):
            self.directory.remove_leftovers()

    def collect_garbage(self) -> None:
        """See `Store.collect_garbage`."""
        with writing(self.directory.folder):
            self.directory.collect_garbage()

    def verify(self) -> list[Verdict]:
        """See `Store.verify`."""
        return self.directory.verify_all(ENGINE)

    def rollback(self) -> Manifest:
        """See `Store.rollback`."""
        with writing(self.directory.folder):
            return self.directory.rollback(ENGINE).manifest

    def _current(self) -> Generation:
        return self.directory.load(self.directory.current_name(), ENGINE)


class WhooshBatch:
    """Implements `indexer.reindex.protocols.Batch`: the folder of a new generation, on top of
    `base` if there is one, and the pieces that become its new segment."""

    def __init__(
        self, store: WhooshStore, folder: Path, base: Generation | None, pool: ProcessPool
    ) -> None:
        self._store, self._folder, self._pool = store, folder, pool
        self._contents = Contents()
        self._shared: dict[str, FileEntry] = {}
        if base:
            files = base.manifest.files
            self._shared = {name: files[name] for name in files.keys() - _UNSHARED}
            store.directory.link(base, self._shared, folder)
            self._contents = toc.read(folder)
        self._segments = [_OpenSegment(folder, listed) for listed in self._contents.segments]
        self._pieces: list[Path] = []
        self._collectors = count()
        self._own = self.collector()

    def put(self, document: Document) -> None:
        """See `Batch.put`."""
        self.delete(document.id)
        self._own.put(document)

    def collector(self) -> Collector:
        """See `Batch.collector`."""
        path = self._folder / f"{next(self._collectors)}{pieces.SUFFIX}"
        return Collector(path, self._store.directory.folder)

    def take(self, piece: str) -> None:
        """See `Batch.take`."""
        if piece:
            self._pieces.append(self._folder / piece)

    def delete(self, id: str) -> None:
        """See `Batch.delete`."""
        for segment in self._segments:
            number = segment.number(id)
            if number is not None:
                segment.listed.mark_deleted(number)
                return

    def commit(self, sources: FileRecords) -> Manifest:
        """See `Batch.commit`."""
        with writing(self._store.directory.folder):
            self.take(self._own.finish())
            segments = self._merge()
            toc.write(self._folder, Contents(segments, self._contents.number + 1))
            refs = [self._ref(listed) for listed in segments]
            names = [ref.path.name for ref in refs]
            story_file.write(self._folder, self._store.find_stories(refs), names)
            suggestion_file.write(self._folder, find_suggestions(refs))
            file_records.write(self._folder, sources)
            made = Manifest(
                generation=self._folder.name,
                created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                engine=ENGINE,
                schema=schema.fingerprint(),
                items=len(sources.items()),
                files=self._entries(),
                content=sources.items_hash(),
            )
            self._check(made)
            self._store.directory.publish(Generation(self._folder, made))
            return made

    def _merge(self) -> list[ColumnsSegment]:
        """Write the new segment, unless there is nothing to write; the segments there are then."""
        added = sum(column_file.read(piece).documents for piece in self._pieces)
        kept, merged = self._store.merge_policy.choose(self._contents.segments, added)
        parts = [*map(SegmentRef, self._pieces)]
        parts += map(self._ref, merged)
        if parts:
            made = toc.new_segment(added + sum(segment.doc_count() for segment in merged))
            write(self._folder / made.filename, parts, self._pool, self._store.merge_limits)
            kept.append(made)
        self._pool.check()
        for piece in self._pieces:
            piece.unlink()
        return kept

    def _ref(self, listed: ColumnsSegment) -> SegmentRef:
        deleted = np.fromiter(listed.deleted_docs(), np.int64)
        return SegmentRef(self._folder / listed.filename, deleted)

    def _entries(self) -> dict[str, FileEntry]:
        """The size and digest of every file; those of shared files are known already."""
        return {
            path.name: self._shared.get(path.name) or manifest.digest(path)
            for path in self._folder.iterdir()
            if not manifest.is_litter(path.name)
        }

    def _check(self, made: Manifest) -> None:
        """Open what was written and count: a generation that does not add up is not published."""
        documents = sum(
            segment.columns.documents - segment.listed.deleted_count()
            for segment in _opened(self._folder)
        )
        if documents != made.items:
            raise IndexDamaged(
                f"{self._folder} holds {documents} documents for {made.items} items; "
                "nothing was switched"
            )


class _OpenSegment:
    """A segment of a generation, as it is listed, with its columns."""

    def __init__(self, folder: Path, listed: ColumnsSegment) -> None:
        self.listed, self.columns = listed, column_file.read(folder / listed.filename)
        self._ids, self.items = DocumentIds(self.columns), StoredItems(self.columns)

    def number(self, id: str) -> int | None:
        """The number of the living document with an id, `None` if there is none."""
        return self._ids.number(id, self.listed.is_deleted)


def _opened(folder: Path) -> list[_OpenSegment]:
    """The segments of a generation; `IndexDamaged` if they cannot be opened."""
    return [_OpenSegment(folder, listed) for listed in toc.read(folder).segments]
