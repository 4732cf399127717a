"""The store over Whoosh: generations of segment files, a writer for each batch."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage

from indexer import fields, lock, manifest, sources
from indexer.document import Document, decode
from indexer.engines.whoosh import columns, segments
from indexer.engines.whoosh.gather import Gatherer, analysed
from indexer.engines.whoosh.merge import merge
from indexer.engines.whoosh.schema import schema, values
from indexer.errors import IndexDamaged, IndexMissing
from indexer.home import Generation, Home
from indexer.item import Item
from indexer.lock import writing
from indexer.manifest import Manifest
from indexer.sources import Records
from indexer.store import Batch, Verdict

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

    def records(self) -> Records:
        """See `Store.records`."""
        return sources.read(self._current().folder)

    def items(self, ids: Sequence[str]) -> Iterator[Item]:
        """See `Store.items`."""
        if not ids:
            return
        folder = self._current().folder
        with closing(_open(folder).reader()) as reader:
            for id in ids:
                number = segments.document_number(reader, id)
                if number is not None:
                    yield decode(segments.stored(folder, reader, number))

    @contextmanager
    def batch(self, *, full: bool) -> Iterator[Batch]:
        """See `Store.batch`."""
        base = None if full else self._current()
        with writing(self._home.folder):
            folder = self._home.draft()
        try:
            with writing(self._home.folder):
                batch = WhooshBatch(self._home, folder, base)
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
        current = self._home.current_name()
        verdicts = []
        for name in self._home.kept():
            try:
                self._home.load(name, ENGINE)
                faults: tuple[str, ...] = ()
            except IndexDamaged as error:
                faults = (str(error),)
            verdicts.append(Verdict(name, name == current, faults))
        return verdicts

    def rollback(self) -> Manifest:
        """See `Store.rollback`."""
        with writing(self._home.folder):
            return self._home.rollback(ENGINE).manifest

    def _current(self) -> Generation:
        return self._home.load(self._home.current_name(), ENGINE)


class WhooshBatch:
    """Implements `indexer.store.Batch`: a draft folder with a Whoosh writer at work in it."""

    def __init__(self, home: Home, folder: Path, base: Generation | None) -> None:
        self._home, self._folder, self._base = home, folder, base
        storage = FileStorage(str(folder))
        if base:
            _link(base, folder)
            index = storage.open_index(schema=schema())
        else:
            index = storage.create_index(schema())
        self._writer = index.writer(compound=False, limitmb=256)
        self._reader = index.reader()
        self._gatherer = Gatherer()

    def put(self, document: Document) -> None:
        """See `Batch.put`."""
        self.delete(document.id)
        with writing(self._home.folder):
            texts = analysed(document)
            self._writer.add_document(**values(document, texts))
            self._gatherer.add(document, texts)

    def delete(self, id: str) -> None:
        """See `Batch.delete`."""
        number = segments.document_number(self._reader, id)
        if number is not None:
            self._writer.delete_document(number)

    def commit(self, records: Records) -> Manifest:
        """See `Batch.commit`."""
        with writing(self._home.folder):
            return self._commit(records)

    def _commit(self, records: Records) -> Manifest:
        policy = segments.MergeSmall()
        self._writer.commit(mergetype=policy)
        (self._folder / "MAIN_WRITELOCK").unlink()
        self._write_columns(policy.merged)
        sources.write(self._folder, records)
        made = Manifest(
            generation=self._folder.name,
            created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            engine=ENGINE,
            schema=fields.fingerprint(),
            items=len(records),
            files=self._entries(),
        )
        manifest.write(self._folder, made)
        self._check(made)
        self._home.publish(Generation(self._folder, made))
        return made

    def _write_columns(self, merged: Sequence[Any]) -> None:
        """Give the new segment its columns: those gathered, then those of what was merged."""
        gathered = self._gatherer.columns()
        parts = [(gathered, np.ones(gathered.documents, bool))] if gathered.documents else []
        for segment in merged:
            if self._base:
                path = self._base.folder / (segment.segment_id() + columns.SUFFIX)
                parts.append((columns.read(path), segments.alive(segment)))
        if parts:
            made = merge(parts) if merged else gathered
            name = self._writer.newsegment.segment_id() + columns.SUFFIX
            columns.write(self._folder / name, made)

    def close(self) -> None:
        """Close all files; without a commit before, the folder is the store's to remove."""
        self._reader.close()
        if not self._writer.is_closed:
            with writing(self._home.folder):
                self._writer.cancel()

    def _entries(self) -> dict[str, manifest.FileEntry]:
        """Every file's size and digest; what is linked from the base is known already."""
        known = dict(self._base.manifest.files) if self._base else {}
        return {
            path.name: known[path.name]
            if path.name in known and path.name not in _OWN
            else manifest.digest(path)
            for path in self._folder.iterdir()
        }

    def _check(self, made: Manifest) -> None:
        """Open what was written and count: a generation that does not add up is not published."""
        with closing(_open(self._folder).reader()) as reader:
            if reader.doc_count() != made.items:
                raise IndexDamaged(
                    f"{self._folder} holds {reader.doc_count()} documents for {made.items} items; "
                    "nothing was switched"
                )


def _open(folder: Path) -> Any:
    return FileStorage(str(folder), readonly=True).open_index(schema=schema())


def _link(base: Generation, folder: Path) -> None:
    """Share the base's engine files with a new generation: by hard links, else by copies."""
    for name in base.manifest.files.keys() - _OWN:
        try:
            (folder / name).hardlink_to(base.folder / name)
        except OSError:
            shutil.copy2(base.folder / name, folder / name)
