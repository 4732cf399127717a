"""The files of a Whoosh segment, as stock Whoosh reads them, against a plain count of documents."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as whoosh
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.util.numeric import byte_to_length, length_to_byte

from indexer import analysis
from indexer.analysis import STEM_MARK
from indexer.document import Document, document
from indexer.engines.whoosh import blocks, columns, lists, parts, tables
from indexer.engines.whoosh.columns import Columns
from indexer.engines.whoosh.files import NAME
from indexer.engines.whoosh.gather import Gatherer
from indexer.engines.whoosh.parts import Part
from indexer.engines.whoosh.schema import schema
from indexer.engines.whoosh.writing import write
from indexer.fields import FIELDS, Field, Kind, part_weights
from indexer.process_pool import IN_PROCESS
from tests.contract.corpora import examples, items
from tests.search.samples import seed_items

CAREFUL = settings(
    max_examples=examples(12, 500),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
some_documents = st.lists(st.integers(0, 5).flatmap(items).map(document), min_size=1, max_size=6)
block_sizes = st.sampled_from((1, 2, 3, 512))
TEXTS = [field for field in FIELDS if field.kind is Kind.TEXT]
KEYWORDS = [field.name for field in FIELDS if field.kind is Kind.KEYWORD]
NUMBERS = [field.name for field in FIELDS if field.kind is Kind.NUMBER]


def gathered(documents: list[Document]) -> Columns:
    gatherer = Gatherer()
    for some in documents:
        gatherer.add(some)
    return gatherer.columns()


@contextmanager
def read(documents: list[Document], block: int) -> Iterator[Any]:
    """A stock searcher over a segment of these documents."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", block)
        for module, name in ((parts, "RANGE"), (lists, "SOME"), (tables, "SOME")):
            patch.setattr(module, name, 3 * block)
        storage = FileStorage(folder)
        piece = Path(folder) / "piece"
        columns.write(piece, gathered(documents))
        segment = write(storage, [Part(piece)], IN_PROCESS)
        piece.unlink()
        TOC(schema(), [segment], 1).write(storage, NAME)
        assert {path.suffix for path in Path(folder).iterdir()} == {
            ".toc",
            ".trm",
            ".pst",
            ".col",
            columns.SUFFIX,
        }
        with storage.open_index(schema=schema()).searcher() as searcher:
            yield searcher


Rows = dict[bytes, dict[int, tuple[float, list[int]]]]
"""Term to document to weight and positions."""


def counted(documents: list[Document], field: Field) -> Rows:
    """What a text field must hold. Positions are numbered as if each text began far away."""
    rows: Rows = defaultdict(dict)
    weights = part_weights(field)
    for number, some in enumerate(documents):
        base = 0
        for part in field.parts:
            for text in some.parts[part]:
                for piece in analysis.pieces(text):
                    for term in filter(None, (piece.term, analysis.stem(piece.term))):
                        weight, places = rows[term.encode()].get(number, (0.0, []))
                        stands = [] if term.startswith(STEM_MARK) else [base + piece.position]
                        rows[term.encode()][number] = weight + weights[part], [*places, *stands]
                base += 1 << 40
    return rows


def held(reader: Any, field: str) -> Rows:
    """What stock Whoosh finds in a field."""
    rows: Rows = defaultdict(dict)
    for term in reader.lexicon(field):
        matcher = reader.postings(field, term)
        while matcher.is_active():
            positions = matcher.value_as("positions")
            rows[bytes(term)][matcher.id()] = matcher.weight(), positions
            matcher.next()
    return rows


def assert_texts(documents: list[Document], block: int) -> None:
    with read(documents, block) as searcher:
        reader = searcher.reader()
        for field in TEXTS:
            found, wanted = held(reader, field.name), counted(documents, field)
            assert [*found] == sorted(wanted)
            for term, rows in wanted.items():
                assert [*found[term]] == sorted(rows)
                for number, (weight, places) in rows.items():
                    assert found[term][number][0] == weight
                    assert len(found[term][number][1]) == len(places)
            assert_in_order(found, wanted)
            assert_lengths(reader, field, documents)


def assert_in_order(found: Rows, wanted: Rows) -> None:
    """Successive places stay successive, and no others become so."""
    for number in {number for rows in wanted.values() for number in rows}:
        pairs = [
            (place, position)
            for term, rows in wanted.items()
            if number in rows
            for place, position in zip(sorted(rows[number][1]), found[term][number][1], strict=True)
        ]
        pairs.sort()
        for (place, position), (next_place, next_position) in pairwise(pairs):
            assert (next_position - position) == (next_place - place) or (
                next_place - place > 1000 and next_position - position > 1
            )


def assert_lengths(reader: Any, field: Field, documents: list[Document]) -> None:
    weights = part_weights(field)
    lengths = [
        sum(
            weights[part]
            for part in field.parts
            for text in some.parts[part]
            for piece in analysis.pieces(text)
            if not piece.extra
        )
        for some in documents
    ]
    assert reader.field_length(field.name) == pytest.approx(sum(lengths))
    for number, length in enumerate(lengths):
        step = byte_to_length(length_to_byte(length)) if length else 0
        assert (reader.doc_field_length(number, field.name) or 0) == step


@CAREFUL
@given(some_documents, block_sizes)
def test_stock_whoosh_reads_the_texts_that_the_documents_have(
    documents: list[Document], block: int
) -> None:
    assert_texts(documents, block)


def test_stock_whoosh_reads_the_texts_of_the_seeds() -> None:
    assert_texts([document(item) for item in seed_items()], 16)


@CAREFUL
@given(some_documents, block_sizes)
def test_stock_whoosh_finds_every_keyword_and_no_other(
    documents: list[Document], block: int
) -> None:
    with read(documents, block) as searcher:
        for name in KEYWORDS:
            values: dict[str, set[int]] = defaultdict(set)
            for number, some in enumerate(documents):
                for value in some.keywords[name]:
                    values[value].add(number)
            for value, numbers in values.items():
                assert set(searcher.docs_for_query(whoosh.Term(name, value))) == numbers
            assert len([*searcher.reader().lexicon(name)]) == len(values)


bounds = st.sampled_from((-(1 << 62), -(10**11), -1, 0, 1, 70, 189, 10**9, 1591663620, 2**62))


@CAREFUL
@given(some_documents, st.sampled_from(NUMBERS), bounds, bounds)
def test_stock_whoosh_finds_the_numbers_within_any_bounds(
    documents: list[Document], name: str, low: int, high: int
) -> None:
    low, high = sorted((low, high))
    with read(documents, 512) as searcher:
        found = set(searcher.docs_for_query(whoosh.NumericRange(name, low, high)))
        column = searcher.reader().column_reader(name)
        for number, some in enumerate(documents):
            value = some.numbers.get(name)
            assert (number in found) == (value is not None and low <= value <= high)
            if value is not None:
                assert column[number] == value


def test_ids_can_be_read_back_by_number() -> None:
    documents = [document(item) for item in seed_items()]
    with read(documents, 512) as searcher:
        reader = searcher.reader()
        assert reader.doc_count() == len(documents)
        column = reader.column_reader("id")
        for number, some in enumerate(documents):
            assert reader.stored_fields(number) == {"id": some.id}
            assert column[number] == some.id
