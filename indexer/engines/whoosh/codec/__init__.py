"""Whoosh's segment format over our columns: `whoosh.index.open_dir` opens a generation, stock
Whoosh searches it, and every posting is stored once.

    terms_reader                  which terms there are, and in which documents
    posting_matcher               one term's postings, walked as Whoosh walks them
    text_terms · value_terms      the terms of text fields; of keywords and numbers
    document_reader               lengths, sort columns and stored fields of documents
    open_segment                  the columns, and field lengths made from them once

This module has `ColumnsSegment`, which Whoosh's table of contents lists, and `ColumnsCodec`, which
opens it: two readers share one mapping of the file.

The table of contents is a pickle that names `indexer.engines.whoosh.codec.ColumnsSegment`, so this
path is part of the format. The codec only reads; `newsdex reindex` writes the columns. Whoosh's own
writer is refused every change except `optimize()`, which exports a copy of an index to Whoosh's own
format.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn
from weakref import WeakValueDictionary

from whoosh.codec import base
from whoosh.writing import IndexingError

from indexer.engines.whoosh.codec.document_reader import DocumentReader
from indexer.engines.whoosh.codec.open_segment import OpenSegment
from indexer.engines.whoosh.codec.terms_reader import TermsReader
from indexer.errors import IndexDamaged
from indexer.index.manifest import REMEDY
from indexer.segment import column_file


class WritingRefused(IndexingError):  # type: ignore[misc]  # Whoosh ships no types
    """Whoosh's writer was asked to change an index of columns."""

    def __init__(self) -> None:
        super().__init__(
            "Whoosh's writer cannot change this index: change the seeds and run `newsdex reindex`"
        )


class ColumnsSegment(base.Segment):  # type: ignore[misc]  # Whoosh ships no types
    """A segment in Whoosh's table of contents: its name, its size, and its deleted documents."""

    def __init__(self, indexname: str, documents: int = 0) -> None:
        super().__init__(indexname)
        self._documents = documents
        self._deleted: set[int] = set()

    def codec(self, **_: object) -> "ColumnsCodec":
        """A new codec for each reader."""
        return ColumnsCodec()

    @property
    def filename(self) -> str:
        """The name of the file of its columns."""
        name: str = self.make_filename(column_file.SUFFIX)
        return name

    def doc_count_all(self) -> int:
        """How many documents there are, deleted ones included."""
        return self._documents

    def deleted_count(self) -> int:
        """How many documents are deleted."""
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        """The numbers of the deleted documents, ascending."""
        return iter(sorted(self._deleted))

    def is_deleted(self, docnum: int) -> bool:
        """Whether a document is deleted."""
        return docnum in self._deleted

    def mark_deleted(self, docnum: int) -> None:
        """Delete a document, as `newsdex reindex` does in place of `delete_document`."""
        self._deleted.add(docnum)

    def delete_document(self, docnum: int, delete: bool = True) -> NoReturn:
        """Raises `WritingRefused`: only Whoosh's writer calls this."""
        raise WritingRefused

    def should_assemble(self) -> bool:
        """False: a segment never becomes one of Whoosh's compound files."""
        return False


class ColumnsCodec(base.Codec):  # type: ignore[misc]  # Whoosh ships no types
    """Opens the columns of a segment for a reader of Whoosh's."""

    def __init__(self) -> None:
        # The readers hold the mapping, which ends with the last of them, not with the codec.
        self._opened: WeakValueDictionary[str, OpenSegment] = WeakValueDictionary()

    def terms_reader(self, storage: Any, segment: ColumnsSegment) -> TermsReader:
        """The terms of a segment and their postings."""
        return TermsReader(self._open(storage, segment))

    def per_document_reader(self, storage: Any, segment: ColumnsSegment) -> DocumentReader:
        """The documents of a segment."""
        return DocumentReader(self._open(storage, segment), segment)

    def _open(self, storage: Any, segment: ColumnsSegment) -> OpenSegment:
        name = segment.filename
        opened = self._opened.get(name)
        if opened is None:
            with storage.open_file(name) as file:
                columns = column_file.of_file(file.raw_file(), Path(name))
            if columns.documents != segment.doc_count_all():
                raise IndexDamaged(
                    f"{name} holds {columns.documents} documents, Whoosh's table of contents says "
                    f"{segment.doc_count_all()}; {REMEDY}"
                )
            opened = self._opened[name] = OpenSegment(columns)
        return opened

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise WritingRefused

    per_document_writer = field_writer = postings_writer = new_segment = _refuse
