"""The columns of a segment as stock Whoosh reads them, against a plain count of documents."""

import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as whoosh
from whoosh.formats import Positions
from whoosh.index import open_dir
from whoosh.matching import ReadTooFar
from whoosh.util.numeric import byte_to_length, length_to_byte

from indexer.analysis import tokenizer
from indexer.analysis.tokenizer import STEM_MARK
from indexer.document import Document, document
from indexer.engines.whoosh import toc
from indexer.engines.whoosh.codec.posting_matcher import (
    PostingList,
    PostingMatcher,
    without_positions,
)
from indexer.engines.whoosh.toc import Contents
from indexer.process_pool import IN_PROCESS, ProcessPool
from indexer.schema import FIELDS, Field, Kind, zone_weights
from indexer.segment import column_file
from indexer.segment.builder import SegmentBuilder
from indexer.segment.merge_inputs import MergeLimits, SegmentRef
from indexer.segment.writer import write
from tests.conditions import CAMPAIGN, examples
from tests.contract.corpora import items
from tests.indexer.samples import item, terms_of
from tests.search.samples import seed_items

CAREFUL = settings(
    max_examples=examples(30, 500),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
some_documents = st.lists(st.integers(0, 5).flatmap(items).map(document), min_size=1, max_size=6)
range_sizes = st.sampled_from((3, 6, 9, 1 << 18))
TEXTS = [field for field in FIELDS if field.kind is Kind.TEXT]
KEYWORDS = [field.name for field in FIELDS if field.kind is Kind.KEYWORD]
NUMBERS = [field.name for field in FIELDS if field.kind is Kind.NUMBER]


@contextmanager
def read(
    documents: Sequence[Document], range_size: int = 1 << 18, pool: ProcessPool = IN_PROCESS
) -> Iterator[Any]:
    """A stock searcher over a segment of these documents, opened as anybody would."""
    gatherer = SegmentBuilder()
    for some in documents:
        gatherer.add(some)
    with TemporaryDirectory() as name:
        folder, piece = Path(name), Path(name, "piece")
        column_file.write(piece, gatherer.columns())
        segment = toc.new_segment(len(documents))
        write(folder / segment.filename, [SegmentRef(piece)], pool, MergeLimits(range_size))
        piece.unlink()
        toc.write(folder, Contents([segment]))
        assert {path.suffix for path in folder.iterdir()} == {".toc", column_file.SUFFIX}
        with open_dir(name, readonly=True).searcher() as searcher:
            yield searcher


Rows = dict[bytes, dict[int, tuple[float, list[int]]]]
"""Term to document to weight and positions."""


def counted(documents: list[Document], field: Field) -> Rows:
    """What a text field must hold. Positions are numbered as if each text began far away."""
    rows: Rows = defaultdict(dict)
    weights = zone_weights(field)
    for number, some in enumerate(documents):
        base = 0
        for part in field.zones:
            for text in some.zones[part]:
                for term, position in terms_of(text, some.language):
                    weight, places = rows[term.encode()].get(number, (0.0, []))
                    stands = [] if term.startswith(STEM_MARK) else [base + position]
                    rows[term.encode()][number] = weight + weights[part], [*places, *stands]
                base += 1 << 40
    return rows


def held(reader: Any, field: str) -> Rows:
    """What stock Whoosh finds in a text field."""
    return {bytes(term): held_of(reader, field, term) for term in reader.lexicon(field)}


def held_of(reader: Any, field: str, term: bytes) -> dict[int, tuple[float, list[int]]]:
    """What stock Whoosh finds of a term."""
    rows = {}
    matcher = reader.postings(field, term)
    while matcher.is_active():
        positions = matcher.value_as("positions") if matcher.supports("positions") else []
        rows[matcher.id()] = matcher.weight(), positions
        matcher.next()
    return rows


def assert_texts(documents: list[Document], range_size: int) -> None:
    with read(documents, range_size) as searcher:
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
    weights = zone_weights(field)
    lengths = [
        sum(
            weights[part]
            for part in field.zones
            for text in some.zones[part]
            for piece in tokenizer.tokenize(text)
            if not piece.overlay
        )
        for some in documents
    ]
    assert reader.field_length(field.name) == pytest.approx(sum(lengths))
    for number, length in enumerate(lengths):
        step = byte_to_length(length_to_byte(length)) if length else 0
        assert (reader.doc_field_length(number, field.name) or 0) == step


@CAREFUL
@given(some_documents, range_sizes)
def test_stock_whoosh_reads_the_texts_that_the_documents_have(
    documents: list[Document], range_size: int
) -> None:
    assert_texts(documents, range_size)


def test_stock_whoosh_reads_the_texts_of_the_seeds() -> None:
    assert_texts([document(item) for item in seed_items()], 1000)


@CAREFUL
@given(some_documents, range_sizes)
def test_stock_whoosh_finds_every_keyword_and_no_other(
    documents: list[Document], range_size: int
) -> None:
    with read(documents, range_size) as searcher:
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
    with read(documents) as searcher:
        found = set(searcher.docs_for_query(whoosh.NumericRange(name, low, high)))
        column = searcher.reader().column_reader(name)
        for number, some in enumerate(documents):
            value = some.numbers.get(name)
            assert (number in found) == (value is not None and low <= value <= high)
            if value is not None:
                assert column[number] == value


def test_ids_and_stored_fields_can_be_read_back_by_number() -> None:
    documents = [document(one) for one in seed_items()]
    with read(documents) as searcher:
        reader = searcher.reader()
        assert reader.doc_count() == len(documents)
        column = reader.column_reader("id")
        for number, some in enumerate(documents):
            stored = reader.stored_fields(number)
            assert column[number] == stored["id"] == some.id
            assert stored["title"] == some.zones["title"][0]
            assert stored["outlet"] == list(some.keywords["outlet"])
            related = (*some.zones["related_title"], *some.zones["related_excerpt"])
            assert stored["related"] == "\n".join(filter(None, related))
            assert {name: stored.get(name) for name in NUMBERS} == {
                name: some.numbers.get(name) for name in NUMBERS
            }


def test_what_is_known_of_a_term_is_what_its_postings_say() -> None:
    with read([document(one) for one in seed_items()]) as searcher:
        reader = searcher.reader()
        for field in FIELDS:
            for term in [*reader.lexicon(field.name)][:: 1 if CAMPAIGN else 20]:
                found = held_of(reader, field.name, term)
                info = reader.term_info(field.name, term)
                weights = [weight for weight, _ in found.values()]
                lengths = [reader.doc_field_length(n, field.name) or 0 for n in found]
                assert info.doc_frequency() == reader.doc_frequency(field.name, term) == len(found)
                assert info.weight() == reader.frequency(field.name, term) == sum(weights)
                assert (info.min_length(), info.max_length()) == (min(lengths), max(lengths))
                assert info.max_weight() == max(weights)
                assert (info.min_id(), info.max_id()) == (min(found), max(found))
            assert reader.doc_frequency(field.name, b"none such") == 0
            assert reader.frequency(field.name, b"none such") == 0


class Blocks:
    """Scores a block by its greatest weight, and a posting by its weight."""

    def supports_block_quality(self) -> bool:
        return True

    def block_quality(self, matcher: Any) -> float:
        return float(matcher.block_max_weight())


@pytest.mark.parametrize("number", range(examples(100, 5000)))
def test_a_walk_over_postings_goes_where_it_is_told(number: int) -> None:
    """In steps and leaps, over blocks of 128, against the plain lists."""
    draw = random.Random(number)  # noqa: S311 - it draws examples
    documents = sorted(draw.sample(range(3000), draw.choice((1, 2, 127, 128, 129, 256, 600))))
    walk = Walk(documents, draw)
    while walk.at < len(documents):
        walk.look()
        walk.go()
    walk.end()


class Walk:
    """A walk over postings with weights and lengths drawn at random; `at`: where it must be."""

    def __init__(self, documents: list[int], draw: random.Random) -> None:
        self.documents, self.draw, self.at = documents, draw, 0
        self.weights = [float(draw.randint(1, 9)) for _ in documents]
        self.lengths = [draw.randint(1, 50) for _ in range(3000)]
        postings = PostingList(
            np.array(documents, np.int32),
            np.array(self.weights, np.float32),
            np.array(self.lengths, np.int32)[documents],
            without_positions,
        )
        self.matcher: Any = PostingMatcher(("text", b"term"), postings, Positions(), Blocks())

    def block(self) -> slice:
        return slice(self.at // 128 * 128, self.at // 128 * 128 + 128)

    def look(self) -> None:
        """All that can be asked of a posting, and of its block."""
        matcher, documents = self.matcher, self.documents[self.block()]
        lengths = [self.lengths[number] for number in documents]
        assert matcher.is_active()
        assert matcher.id() == self.documents[self.at]
        assert matcher.weight() == self.weights[self.at]
        assert (matcher.value_as("positions"), matcher.value_as("frequency")) == ([], 0)
        assert [*matcher.all_ids()] == self.documents[self.at :]
        assert (matcher.block_min_id(), matcher.block_max_id()) == (documents[0], documents[-1])
        assert matcher.block_max_weight() == max(self.weights[self.block()])
        assert matcher.block_min_length() == min(lengths)
        assert matcher.block_max_length() == max(lengths)

    def go(self) -> None:
        """Somewhere, in one of the ways there are."""
        match self.draw.randrange(4):
            case 0:
                self.at += 1
                is_other = self.at % 128 == 0 or self.at == len(self.documents)
                assert self.matcher.next() is is_other
            case 1:
                target = self.documents[self.at] + self.draw.choice((-3, 0, 1, 40, 900))
                self.matcher.skip_to(target)
                self.at = max(self.at, bisect_left(self.documents, target))
            case 2:
                least, passed = self.draw.randint(1, 9), 0
                skipped = self.matcher.skip_to_quality(least)
                while self.at < len(self.documents) and max(self.weights[self.block()]) <= least:
                    self.at, passed = self.block().stop, passed + 1
                assert skipped == passed
            case 3:
                self.matcher = self.matcher.copy()

    def end(self) -> None:
        """Past the last posting."""
        assert not self.matcher.is_active()
        assert self.matcher.block_max_weight() in self.weights  # Whoosh asks then, too
        for beyond in (self.matcher.next, lambda: self.matcher.skip_to(5000)):
            with pytest.raises(ReadTooFar):
                beyond()
        self.matcher.reset()
        assert self.matcher.id() == self.documents[0]


def test_a_segment_merged_by_two_processes_can_be_scored() -> None:
    """Above 2^20 postings, from which on they share the work."""
    draw = random.Random(5)  # noqa: S311 - it draws examples
    words = ["".join(some) + "ed" for some in product("bdfglmnprt", "aeiou", "bdfglmnprt", "aeiou")]
    words += [word + "ly" for word in words]
    bodies = [draw.choices(words, k=550) for _ in range(1150)]
    documents = [
        document(item(str(n), "same", body=" ".join(body))) for n, body in enumerate(bodies)
    ]
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for number, body in enumerate(bodies):
        for word in body:
            counts[word][number] += 1
            counts[tokenizer.stem(word)][number] += 1
    with ProcessPool(2) as pool, read(documents, pool=pool) as searcher:
        assert pool._processes, "the work was not shared"
        reader, length = searcher.reader(), 2 + 0.25 * 550
        assert reader.field_length("text") == len(documents) * length
        steps = {reader.doc_field_length(number, "text") for number in range(len(documents))}
        assert steps == {byte_to_length(length_to_byte(length))}
        for term in draw.sample(sorted(counts), 100):
            found = held_of(reader, "text", term.encode())
            assert {n: weight for n, (weight, _) in found.items()} == {
                n: 0.25 * count for n, count in counts[term].items()
            }
            hits = searcher.search(whoosh.Term("text", term), limit=None)
            assert {hit.docnum for hit in hits} == found.keys()
            assert all(hit.score > 0 for hit in hits)
