"""The store over Whoosh: generations of segment files, a new segment for each batch."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError, clean_files

from indexer import fields, lock, manifest, sources
from indexer.document import Document, decode
from indexer.engines.whoosh import columns, pieces, segments
from indexer.engines.whoosh.files import NAME
from indexer.engines.whoosh.parts import Part
from indexer.engines.whoosh.pieces import Collector
from indexer.engines.whoosh.schema import schema
from indexer.engines.whoosh.writing import write
from indexer.errors import IndexDamaged, IndexMissing, IndexUnreadable
from indexer.home import Generation, Home, Verdict
from indexer.item import Item
from indexer.lock import writing
from indexer.manifest import AGAIN, Manifest
from indexer.process_pool import IN_PROCESS, ProcessPool
from indexer.sources import Sources
from indexer.store import Batch

ENGINE = "whoosh"
_OWN = {sources.NAME, sources.OUTLETS, manifest.NAME}


class WhooshStore:
    """Implements `indexer.store.Store` in an index folder."""

    def __init__(self, folder: Path) -> None:
        self._home = Home(folder)

    def exclusive(self) -> AbstractContextManager[None]:
        """See `Store.exclusive`. Makes the index folder if there is none."""
        with writing(self._home.folder):
            self._home.folder.mkdir(parents=True, exist_ok=True)
        return lock.exclusive(self._home.folder)

    def current(self) -> Manifest:
        """See `Store.current`."""
        return self._current().manifest

    def generations(self) -> list[str]:
        """See `Store.generations`."""
        try:
            return self._home.kept()
        except IndexMissing:
            return []

    def sources(self) -> Sources:
        """See `Store.sources`."""
        return sources.read(self._current().folder)

    def last_sources(self) -> Sources | None:
        """See `Store.last_sources`."""
        for name in self._home.names():
            folder = self._home.folder / name
            try:
                described = manifest.read(folder).files.get(sources.NAME)
                if described == manifest.digest(folder / sources.NAME):
                    return sources.read(folder)
            except (IndexDamaged, OSError):
                continue  # the one before it may tell
        return None

    def items(self, ids: Sequence[str]) -> Iterator[Item]:
        """See `Store.items`."""
        if not ids:
            return
        folder = self._current().folder
        with closing(_reader(folder)) as reader:
            for id in ids:
                number = segments.document_number(reader, id)
                if number is not None:
                    yield decode(segments.stored(folder, reader, number))

    @contextmanager
    def batch(self, *, full: bool, pool: ProcessPool = IN_PROCESS) -> Iterator[Batch]:
        """See `Store.batch`."""
        base = None if full else self._current()
        with writing(self._home.folder):
            folder = self._home.draft()
        try:
            with writing(self._home.folder):
                batch = WhooshBatch(self._home, folder, base, pool)
            with closing(batch):
                yield batch
        finally:
            with writing(self._home.folder):
                self._home.discard(folder)

    def clear(self) -> None:
        """See `Store.clear`."""
        with writing(self._home.folder):
            self._home.clear()

    def verify(self) -> list[Verdict]:
        """See `Store.verify`."""
        return self._home.verify_all(ENGINE)

    def rollback(self) -> Manifest:
        """See `Store.rollback`."""
        with writing(self._home.folder):
            return self._home.rollback(ENGINE).manifest

    def _current(self) -> Generation:
        return self._home.load(self._home.current_name(), ENGINE)


class WhooshBatch:
    """Implements `indexer.store.Batch`: a draft folder, and what is gathered to go into it."""

    def __init__(
        self, home: Home, folder: Path, base: Generation | None, pool: ProcessPool
    ) -> None:
        self._home, self._folder, self._base, self._pool = home, folder, base, pool
        self._storage = FileStorage(str(folder))
        self._segments, self._number = [], 0
        self._reader = None
        if base:
            home.link(base, base.manifest.files.keys() - _OWN, folder)
            with _readable(folder):
                table = TOC.read(self._storage, NAME, schema=schema())
                self._segments, self._number = table.segments, table.generation
                self._reader = self._storage.open_index(schema=schema()).reader()
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
        return Collector(path, self._home.folder)

    def take(self, piece: str) -> None:
        """See `Batch.take`."""
        if piece:
            self._pieces.append(self._folder / piece)

    def delete(self, id: str) -> None:
        """See `Batch.delete`."""
        number = None if self._reader is None else segments.document_number(self._reader, id)
        for segment in self._segments if number is not None else ():
            if number < segment.doc_count_all():
                segment.delete_document(number)
                return
            number -= segment.doc_count_all()

    def commit(self, sources: Sources) -> Manifest:
        """See `Batch.commit`."""
        with writing(self._home.folder):
            return self._commit(sources)

    def _commit(self, found: Sources) -> Manifest:
        self.take(self._own.finish())
        added = sum(columns.read(piece).documents for piece in self._pieces)
        kept, merged = segments.small(self._segments, added)
        parts = [*map(Part, self._pieces), *(segments.part(self._folder, one) for one in merged)]
        if parts:
            kept.append(write(self._storage, parts, self._pool))
        self._pool.check()
        for piece in self._pieces:
            piece.unlink()
        TOC(schema(), kept, self._number + 1).write(self._storage, NAME)
        clean_files(self._storage, NAME, self._number + 1, kept)
        sources.write(self._folder, found)
        described = Manifest(
            generation=self._folder.name,
            created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            engine=ENGINE,
            schema=fields.fingerprint(),
            items=len(found.items()),
            files=self._entries(),
            content=found.content(),
        )
        manifest.write(self._folder, described)
        self._check(described)
        self._home.publish(Generation(self._folder, described))
        return described

    def close(self) -> None:
        """Close all files; without a commit before, the folder is the store's to remove."""
        if self._reader is not None:
            self._reader.close()

    def _entries(self) -> dict[str, manifest.FileEntry]:
        """Every file's size and digest; what is linked from the base is known already."""
        known = dict(self._base.manifest.files) if self._base else {}
        return {
            path.name: known[path.name]
            if path.name in known and path.name not in _OWN
            else manifest.digest(path)
            for path in self._folder.iterdir()
            if not manifest.is_litter(path.name)
        }

    def _check(self, made: Manifest) -> None:
        """Open what was written and count: a generation that does not add up is not published."""
        with closing(_reader(self._folder)) as reader:
            if reader.doc_count() != made.items:
                raise IndexDamaged(
                    f"{self._folder} holds {reader.doc_count()} documents for {made.items} items; "
                    "nothing was switched"
                )


def _reader(folder: Path) -> Any:
    with _readable(folder):
        return FileStorage(str(folder), readonly=True).open_index(schema=schema()).reader()


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    """Whoosh takes a folder that it may not list for an empty one: as `IndexUnreadable`."""
    try:
        yield
    except EmptyIndexError as error:
        raise IndexUnreadable(f"{folder} cannot be opened: {error}; {AGAIN}") from error
