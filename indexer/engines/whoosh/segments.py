"""Whoosh's segments: finding a document in them, and when to merge them."""

from typing import Any

from whoosh.reading import SegmentReader, TermNotFound

GROWTH = 4
"""A segment is merged once what is merged before it holds a `GROWTH`th of its documents."""


def document_number(reader: Any, id: str) -> int | None:
    """The number of the live document with this id, `None` if there is none."""
    try:
        matcher = reader.postings("id", id.encode())
    except TermNotFound:
        return None
    return int(matcher.id()) if matcher.is_active() else None


def merge_small(writer: Any, segments: list[Any]) -> list[Any]:
    """A merge policy for Whoosh: the segments to leave as they are.

    Going up in size, segments join the new one as long as it stays within `GROWTH` of the next.
    The number of segments is then logarithmic in the number of documents, and so is the number of
    times a document is rewritten. A segment more than half deleted is always rewritten.
    """
    total = writer.doc_count()
    kept = []
    for segment in sorted(segments, key=lambda s: s.doc_count()):
        live = segment.doc_count()
        if not live:
            continue
        if live <= GROWTH * total or segment.deleted_count() > live:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
            total += live
        else:
            kept.append(segment)
    return kept
