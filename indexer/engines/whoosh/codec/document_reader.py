"""What Whoosh asks of a segment's documents: lengths, sort columns, stored fields."""

from collections.abc import Callable
from typing import Any

from whoosh.codec import base
from whoosh.columns import ColumnReader

from indexer.document import Document, decode, document
from indexer.engines.whoosh.codec.open_segment import TEXT_FIELDS, OpenSegment
from indexer.engines.whoosh.codec.value_terms import SIGN
from indexer.segment import MISSING, NUMBERS
from indexer.segment.document_ids import DocumentIds
from indexer.segment.stored_items import StoredItems

ONE_VALUE = ("id", "type", "year", "language")
"""Keyword fields with one value, which is stored as text; the others are stored as lists."""


class DocumentReader(base.PerDocumentReader):  # type: ignore[misc]  # Whoosh ships no types
    """See `whoosh.codec.base.PerDocumentReader`."""

    def __init__(self, opened: OpenSegment, segment: Any) -> None:
        self._opened, self._items = opened, StoredItems(opened.columns)
        self.doc_count, self.doc_count_all = segment.doc_count, segment.doc_count_all
        self.has_deletions, self.is_deleted = segment.has_deletions, segment.is_deleted
        self.deleted_docs = segment.deleted_docs

    def close(self) -> None:
        """Let go of the columns for good."""
        self.__dict__.clear()

    def supports_columns(self) -> bool:
        """True: hits can be sorted by ids and numbers."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Whether hits can be sorted by a field."""
        return fieldname == "id" or fieldname in NUMBERS

    def column_reader(self, fieldname: str, column: Any) -> ColumnReader:
        """The value of a field in each document, as in Whoosh's own columns."""
        columns = self._opened.columns
        if fieldname == "id":
            return _Column(DocumentIds(columns).__getitem__, columns.documents)
        values, default = columns[f"numbers.{fieldname}"], column.default_value()

        def sortable(docnum: int) -> int:
            value = int(values[docnum])
            return int(default) if value == MISSING else value + SIGN

        return _Column(sortable, columns.documents)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """The length of a field in a document, in Whoosh's steps; `default` where it is empty."""
        if fieldname not in TEXT_FIELDS:
            return default
        return self._opened.lengths(fieldname).stepped.item(docnum) or default

    def field_length(self, fieldname: str) -> float:
        """The length of a field in all documents together."""
        return self._opened.lengths(fieldname).total if fieldname in TEXT_FIELDS else 0.0

    def min_field_length(self, fieldname: str) -> int:
        """The least length of a field in any document, in steps."""
        return int(self._opened.lengths(fieldname).stepped.min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        """The greatest length of a field in any document, in steps."""
        return int(self._opened.lengths(fieldname).stepped.max(initial=0))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """The value of each field of a document: see `stored_fields`."""
        return stored_fields(document(decode(self._items.read(docnum))))


def stored_fields(of: Document) -> dict[str, Any]:
    """The value of each field that a document has, by name: a text field's texts, each on a line of
    its own; the keywords as a list, or as text for the fields in `ONE_VALUE`; the number."""
    fields: dict[str, Any] = {**of.numbers}
    for name, field in TEXT_FIELDS.items():
        texts = (text for zone in field.zones for text in of.zones[zone])
        fields[name] = "\n".join(filter(None, texts))
    for name, values in of.keywords.items():
        if values:
            fields[name] = values[0] if name in ONE_VALUE else list(values)
    return fields


class _Column(ColumnReader):  # type: ignore[misc]  # Whoosh ships no types
    """A value for each document: ids in UTF-8; or numbers with the sign turned round, as `NUMERIC`
    stores them. Only numbers can be sorted in reverse."""

    def __init__(self, value: Callable[[int], Any], count: int) -> None:
        self._value, self._doccount, self._is_reversed = value, count, False

    def set_reverse(self) -> None:
        """Have `sort_key` put the greatest first."""
        self._is_reversed = True

    def __getitem__(self, docnum: int) -> Any:
        return self._value(docnum)

    def sort_key(self, docnum: int) -> Any:
        """The value that documents are ordered by."""
        return -self[docnum] if self._is_reversed else self[docnum]
