"""The files of a Whoosh segment, written from its columns: whole blocks of postings at a time.

Whoosh's own writer is told one posting after the other, sorts them all once more, and asks the
format to encode each. The columns have them in order already. What is written is what stock Whoosh
reads: the same terms, documents, weights, positions, lengths and column values.

    terms       of every field: its postings in blocks, and what is known of all of them (`.trm`)
    documents   stored ids, field lengths, sort columns (`.col`)

A position is that within a part, with the part in the bits above: `part << width | position`, with
just enough bits that no phrase reaches from one part into the next.
"""

from collections.abc import Iterator
from pickle import dumps
from typing import Any
from zlib import compress

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3TermInfo
from whoosh.system import pack_ushort
from whoosh.util.numeric import byte_to_length

from indexer.engines.whoosh.columns import Array, Columns
from indexer.engines.whoosh.gather import MISSING
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.lists import PostingLists, of_field
from indexer.engines.whoosh.schema import schema
from indexer.engines.whoosh.weights import part_factors
from indexer.fields import FIELDS, PARTS, Field, Kind

BLOCK = 512
"""Postings in a block: Whoosh's own 128 are quicker to skip in and slower to write."""

LARGE, LEVEL = 128, 1
"""From so many bytes on a block is compressed, as little as zlib can: half the size."""

PROTOCOL = 2
NAME = "MAIN"


def write(storage: Any, columns: Columns) -> Any:
    """Write the files of a new segment into a Whoosh storage; the segment, for its table of
    contents. The caller syncs them to disk."""
    codec = W3Codec(compression=0)
    segment = codec.new_segment(storage, NAME)
    lengths = {field.name: _lengths(columns, field) for field in FIELDS if field.kind is Kind.TEXT}
    _write_documents(codec.per_document_writer(storage, segment), columns, lengths)
    writer = codec.field_writer(storage, segment)
    for name in sorted(field.name for field in FIELDS):
        bytes_of = _length_bytes(lengths[name]) if name in lengths else None
        writer.start_field(name, schema()[name])
        for lists in of_field(columns, name):
            _write_terms(writer, lists, bytes_of)
        writer.finish_field()
    writer.close()
    storage.temp_storage(f"{NAME}.tmp").destroy()  # where columns were while they grew
    segment.set_doc_count(columns.documents)
    return segment


def _lengths(columns: Columns, field: Field) -> Array:
    """How long a field is in each document, its words counted by the weights of their parts."""
    lengths: Array = columns["lengths"].reshape(-1, len(PARTS)) @ part_factors(field)
    return lengths


def _length_bytes(lengths: Array) -> Array:
    """Lengths as Whoosh's 256 steps."""
    steps = np.array([byte_to_length(step) for step in range(256)])
    return np.minimum(np.searchsorted(steps, lengths), 255).astype(np.uint8)


def _write_documents(writer: Any, columns: Columns, lengths: dict[str, Array]) -> None:
    """Ids, lengths and sort columns, document by document."""
    fields = schema()
    ids = [id.decode() for id in Lexicon.of(columns, "ids")]
    listed = {name: column.tolist() for name, column in lengths.items()}
    numbers = {
        field.name: columns[f"numbers.{field.name}"].tolist()
        for field in FIELDS
        if field.kind is Kind.NUMBER
    }
    for number, id in enumerate(ids):
        writer.start_doc(number)
        writer.add_field("id", fields["id"], id, 0)
        writer.add_column_value("id", fields["id"].column_type, id.encode())
        for name, column in listed.items():
            writer.add_field(name, fields[name], None, column[number])
        for name, values in numbers.items():
            if values[number] != MISSING:
                kind = fields[name]
                value = kind.to_column_value(values[number])
                writer.add_column_value(name, kind.column_type, value)
        writer.finish_doc()
    writer.close()


def _write_terms(writer: Any, lists: PostingLists, length_bytes: Array | None) -> None:
    """Write posting lists, each in blocks, and add their terms to the table."""
    file, table, prefix = writer._postfile, writer._tindex, pack_ushort(writer._fieldid)
    for term, blocks, info in _blocks(lists, length_bytes):
        offset = file.tell()
        file.write(WHOOSH3_HEADER_MAGIC)
        for place, (head, data) in enumerate(blocks, start=1):
            size = len(head) + len(data)
            file.write_int(-size if place == len(blocks) else size)
            file.write(head)
            file.write(data)
        info.set_extent(offset, file.tell() - offset)
        table.add(prefix + term, info.to_bytes())


def _blocks(
    lists: PostingLists, length_bytes: Array | None
) -> Iterator[tuple[bytes, list[tuple[bytes, bytes]], W3TermInfo]]:
    """Each term with its blocks, and what Whoosh keeps of it."""
    counts = -(-np.diff(lists.starts) // BLOCK)
    firsts = np.cumsum(counts) - counts
    begins = np.repeat(lists.starts[:-1] - firsts * BLOCK, counts) + np.arange(counts.sum()) * BLOCK
    stats = _Statistics(lists, begins, length_bytes)
    ids = lists.documents.tolist()
    deltas = np.diff(lists.documents, prepend=np.int32(0))
    deltas[begins] = lists.documents[begins]
    steps = deltas.tolist()
    bounds = [*begins.tolist(), len(ids)]
    block = 0
    for place, (term, count) in enumerate(zip(lists.terms, counts.tolist(), strict=True)):
        made = []
        for number in range(block, block + count):
            begin, end = bounds[number], bounds[number + 1]
            values = None if lists.values is None else tuple(lists.values[begin:end])
            content = (tuple(steps[begin:end]), stats.weights(number, begin, end), values)
            data, level = dumps(content, PROTOCOL), 0
            if len(data) >= LARGE:
                data, level = compress(data, LEVEL), LEVEL
            most, low, high = stats.of_block(number)
            head = (end - begin, ids[end - 1], most, level, low, high)
            made.append((dumps(head, PROTOCOL), data))
        yield term, made, stats.info(place, ids[bounds[block]], ids[bounds[block + count] - 1])
        block += count


class _Statistics:
    """What Whoosh keeps of blocks and of terms: the greatest weight, the shortest and the longest
    field, the sum of weights. Computed for all of them at once."""

    def __init__(self, lists: PostingLists, begins: Array, length_bytes: Array | None) -> None:
        starts, size = lists.starts[:-1], len(lists.documents)
        self._sizes = np.diff(lists.starts).tolist()
        weights = np.ones(size, np.float32) if lists.weights is None else lists.weights
        self._listed = weights.tolist()
        self._least = np.minimum.reduceat(weights, begins).tolist() if size else []
        self._most = np.maximum.reduceat(weights, begins).tolist() if size else []
        self._sums = np.add.reduceat(weights, starts, dtype=np.float64).tolist() if size else []
        self._greatest = np.maximum.reduceat(weights, starts).tolist() if size else []
        lengths = np.zeros(size, np.uint8)
        if length_bytes is not None:
            lengths = length_bytes[lists.documents]
        present = np.where(lengths > 0, lengths, 255)
        self._low, self._high = _extremes(present, lengths, begins)
        self._shortest, self._longest = _extremes(present, lengths, starts)

    def of_block(self, block: int) -> tuple[float, int, int]:
        """Greatest weight, shortest and longest length."""
        return self._most[block], self._low[block], self._high[block]

    def weights(self, block: int, begin: int, end: int) -> float | tuple[float, ...] | None:
        """The weights of a block: `None` if all are 1, one if all are the same."""
        least = self._least[block]
        if least != self._most[block]:
            return tuple(self._listed[begin:end])
        return None if least == 1.0 else least

    def info(self, term: int, first: int, last: int) -> W3TermInfo:
        """What is kept of a term, but for where its blocks are."""
        info = W3TermInfo()
        info._weight, info._df = self._sums[term], self._sizes[term]
        info._maxweight, info._minid, info._maxid = self._greatest[term], first, last
        longest = self._longest[term]
        info._minlength = byte_to_length(self._shortest[term]) if longest else None
        info._maxlength = byte_to_length(longest) if longest else 0
        return info


def _extremes(present: Array, lengths: Array, begins: Array) -> tuple[list[int], list[int]]:
    """The least length that is none, and the greatest, from each of these places to the next; 0
    where there is no length at all."""
    if not len(lengths):
        return [], []
    high = np.maximum.reduceat(lengths, begins)
    low = np.where(high > 0, np.minimum.reduceat(present, begins), 0)
    return low.tolist(), high.tolist()
