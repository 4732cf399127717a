"""The files of a Whoosh segment besides the columns they are made from.

    terms       of every field: its postings in blocks (`.pst`), what is known of them (`.trm`)
    documents   stored ids, field lengths, sort columns (`.col`)

Stock Whoosh reads them as its own: the same terms, documents, weights, positions, lengths and
column values.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Codec
from whoosh.system import pack_ushort
from whoosh.util.numeric import byte_to_length

from indexer.engines.whoosh import blocks, lists, tables
from indexer.engines.whoosh.blocks import Terms
from indexer.engines.whoosh.columns import Array, Columns
from indexer.engines.whoosh.gather import MISSING
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.merge import Made
from indexer.engines.whoosh.schema import schema
from indexer.engines.whoosh.weights import part_factors
from indexer.fields import FIELDS, PARTS, Field, Kind

NAME = "MAIN"
NUMBERS = {name: number for number, name in enumerate(sorted(field.name for field in FIELDS))}
"""The number of each field in the table of terms."""

TEXTS = tuple(field for field in FIELDS if field.kind is Kind.TEXT)
VALUES = tuple(field.name for field in FIELDS if field.kind is not Kind.TEXT)

Encoded = tuple[str, Terms, bytes]
"""A field, some of its terms, and the blocks of their postings."""

Table = dict[str, list[tuple[Terms, int]]]
"""Field to the terms it has, some at a time, each with where their blocks begin."""


def new_segment(storage: Any) -> Any:
    """A segment to be written, with a name that no other has."""
    return W3Codec(compression=0).new_segment(storage, NAME)


def of_texts(made: Made, furthest: int, columns: Columns) -> list[Encoded]:
    """The text fields' posting lists in a range of terms; `columns` need to hold the lengths."""
    found = []
    for field in TEXTS:
        some = lists.of_texts(made, field, furthest)
        lengths = _length_bytes(_lengths(columns, field))
        found.append((field.name, *blocks.encoded(some, _prefix(field.name), lengths)))
    return found


def of_values(columns: Columns, name: str) -> list[Encoded]:
    """The posting lists of a field that is no text."""
    prefix = _prefix(name)
    return [(name, *blocks.encoded(some, prefix, None)) for some in lists.of_field(columns, name)]


def write_postings(folder: Path, segment: Any, made: Iterable[Encoded]) -> Table:
    """Write blocks, which come in the order of terms within each field; the terms they are of."""
    table: Table = {name: [] for name in NUMBERS}
    with (folder / segment.make_filename(W3Codec.POSTS_EXT)).open("wb") as file:
        for name, terms, data in made:
            table[name].append((terms, file.tell()))
            file.write(data)
    return table


def write_terms(folder: Path, segment: Any, table: Table) -> None:
    """Write the table of all terms."""
    with (folder / segment.make_filename(W3Codec.TERMS_EXT)).open("wb") as file:
        tables.write(file, NUMBERS, (some for name in NUMBERS for some in table[name]))


def write_documents(storage: Any, segment: Any, columns: Columns) -> None:
    """Write ids, lengths and sort columns, document by document."""
    writer = W3Codec(compression=0).per_document_writer(storage, segment)
    fields = schema()
    ids = [id.decode() for id in Lexicon.of(columns, "ids")]
    listed = {field.name: _lengths(columns, field).tolist() for field in TEXTS}
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
    shutil.rmtree(Path(storage.folder) / f"{NAME}.tmp")  # where columns were while they grew


def _prefix(name: str) -> bytes:
    prefix: bytes = pack_ushort(NUMBERS[name])
    return prefix


def _lengths(columns: Columns, field: Field) -> Array:
    """How long a field is in each document, its words counted by the weights of their parts."""
    lengths: Array = columns["lengths"].reshape(-1, len(PARTS)) @ part_factors(field)
    return lengths


def _length_bytes(lengths: Array) -> Array:
    """Lengths as Whoosh's 256 steps."""
    steps = np.array([byte_to_length(step) for step in range(256)])
    return np.minimum(np.searchsorted(steps, lengths), 255).astype(np.uint8)
