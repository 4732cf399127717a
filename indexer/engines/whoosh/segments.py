"""Whoosh's segments: finding a document in them, and when to merge them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError
from whoosh.reading import TermNotFound

from indexer.engines.whoosh.columns import SUFFIX, read
from indexer.engines.whoosh.deflated import inflate
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.parts import Part
from indexer.engines.whoosh.schema import schema
from indexer.errors import IndexDamaged, IndexUnreadable
from indexer.manifest import AGAIN

GROWTH = 16
"""A segment is merged once what is merged before it holds a `GROWTH`th of its documents."""

SMALL = 1000
"""A segment of so few documents is merged in any case: that takes less than a second, once, and a
segment more takes a sixth of a millisecond from every query."""


def document_number(reader: Any, id: str) -> int | None:
    """The number of the live document with this id, `None` if there is none."""
    try:
        matcher = reader.postings("id", id.encode())
    except TermNotFound:
        return None
    return int(matcher.id()) if matcher.is_active() else None


def small(segments: Sequence[Any], added: int) -> tuple[list[Any], list[Any]]:
    """The segments to leave as they are, and those to merge with one of so many documents.

    Going up in size, segments join the new one as long as it stays within `GROWTH` of the next, or
    the next is small.
    The number of segments is then logarithmic in the number of documents, and so is the number of
    times a document is rewritten. A segment more than half deleted is always rewritten, one
    without living documents dropped.
    """
    kept, merged, total = [], [], added
    for segment in sorted(segments, key=lambda s: s.doc_count()):
        live = segment.doc_count()
        if live and (live <= max(GROWTH * total, SMALL) or segment.deleted_count() > live):
            merged.append(segment)
            total += live
        elif live:
            kept.append(segment)
    if not added and len(merged) == 1 and merged[0].deleted_count() <= merged[0].doc_count():
        return [*kept, *merged], []  # it would be written for nothing
    return kept, merged


def stored(folder: Path, reader: Any, number: int) -> bytes:
    """The stored form of a document, by its number in the whole index."""
    for leaf, base in reader.leaf_readers():
        if base <= number < base + leaf.doc_count_all():
            columns = read(folder / (leaf.segment().segment_id() + SUFFIX))
            return inflate(Lexicon.of(columns, "stored")[number - base])
    raise IndexDamaged(f"{folder} has no document {number}")


def columns_of(folder: Path) -> list[tuple[str, list[int]]]:
    """The segments of a verified generation: the name of each one's columns, and its deleted
    documents. Reads Whoosh's table of contents and nothing else of its."""
    storage = FileStorage(str(folder), readonly=True)
    try:
        found = TOC.read(storage, "MAIN", schema=schema()).segments
    except (OSError, EmptyIndexError) as error:
        raise IndexUnreadable(f"{folder} cannot be opened: {error}; {AGAIN}") from error
    return [(segment.segment_id() + SUFFIX, [*segment.deleted_docs()]) for segment in found]


def part(folder: Path, segment: Any) -> Part:
    """A segment as something to merge."""
    deleted = np.fromiter(segment.deleted_docs(), np.int64)
    return Part(folder / (segment.segment_id() + SUFFIX), deleted)
