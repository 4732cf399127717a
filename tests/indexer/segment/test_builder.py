"""The columns of a segment against a plain count over `analysis.pieces`, and against Whoosh's."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.index import open_dir

from indexer.analysis import tokenizer
from indexer.analysis.tokenizer import STEM_MARK
from indexer.document import Document, decode, document
from indexer.engines.whoosh import toc
from indexer.index.directory import IndexDirectory
from indexer.item import Article, Item
from indexer.schema import FACETS, ZONE_GAP, ZONES
from indexer.segment import MISSING, NUMBERS, url_digest
from indexer.segment.builder import SegmentBuilder
from indexer.segment.column_file import Columns, read
from indexer.segment.merge_inputs import DEFAULT_LIMITS, MergeLimits
from indexer.segment.merge_policy import MergePolicy
from indexer.segment.postings import ZONE_SHIFT
from indexer.segment.stored_items import decompress
from indexer.segment.term_dictionary import TermDictionary
from tests.contract.corpora import examples, items, worlds
from tests.contract.engines import Step, build
from tests.indexer.samples import segment_of, terms_of
from tests.search.samples import seed_items

CAREFUL = settings(
    max_examples=examples(15, 600),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
LONG = 1 << ZONE_SHIFT
some_documents = st.lists(st.integers(0, 5).flatmap(items).map(document), max_size=6)

Occurrences = dict[bytes, dict[int, list[int]]]
"""Term to document number to codes."""

Counts = dict[bytes, dict[int, list[int]]]
"""Term to document number to how often in each part."""


def gathered(documents: list[Document]) -> Columns:
    gatherer = SegmentBuilder()
    for some in documents:
        gatherer.add(some)
    return gatherer.columns()


def strings(columns: Columns, name: str) -> list[bytes]:
    return list(TermDictionary(columns[f"{name}.blob"], columns[f"{name}.offsets"]))


def counted(documents: list[Document]) -> Occurrences:
    """What the columns must hold: written from the description of the format."""
    found: Occurrences = defaultdict(lambda: defaultdict(list))
    for number, some in enumerate(documents):
        for place, part in enumerate(ZONES):
            before = 0
            for text in some.zones[part.name]:
                terms = terms_of(text, some.language)
                for term, position in terms:
                    found[term.encode()][number].append(place * LONG + before + position)
                before += ZONE_GAP + max((position for _, position in terms), default=0)
    return found


def held(columns: Columns) -> Iterator[tuple[bytes, int, list[int], list[int]]]:
    """What the columns hold: term, document, how often in each part, occurrences."""
    starts, offsets = columns["postings.starts"].tolist(), columns["postings.position_offsets"]
    documents, codes = columns["postings.documents"].tolist(), columns["positions"].tolist()
    profiles = columns["postings.tf_profiles"].tolist()
    table = columns["tf_profiles"].reshape(-1, len(ZONES)).tolist()
    assert (starts[-1], offsets[-1]) == (len(documents), len(codes))
    assert len(profiles) == len(documents)
    begins, end = [], 0
    for index, term in enumerate(strings(columns, "terms")):
        for row in range(starts[index], starts[index + 1]):
            counts, own = table[profiles[row]], []
            if not term.startswith(STEM_MARK.encode()):
                begins.append(end)
                own = codes[end : (end := end + sum(counts))]
            yield term, documents[row], counts, own
    assert offsets.tolist() == [*begins[::16], end]


def occurrences(columns: Columns) -> Occurrences:
    """The occurrences of exact forms."""
    found: Occurrences = {}
    for term, number, _, codes in held(columns):
        if not term.startswith(STEM_MARK.encode()):
            found.setdefault(term, {})[number] = codes
    return found


def assert_counted(documents: list[Document]) -> None:
    columns, wanted = gathered(documents), counted(documents)
    found: Counts = defaultdict(dict)
    for term, number, counts, _ in held(columns):
        found[term][number] = counts
    assert found == {
        term: {n: parts_of(codes) for n, codes in rows.items()} for term, rows in wanted.items()
    }
    assert [*found] == sorted(found)
    assert all([*rows] == sorted(rows) for rows in found.values())
    assert occurrences(columns) == {
        term: {n: sorted(codes) for n, codes in rows.items()}
        for term, rows in wanted.items()
        if not term.startswith(STEM_MARK.encode())
    }


def parts_of(codes: list[int]) -> list[int]:
    """How many of the codes are in each part."""
    return [sum(code // LONG == place for code in codes) for place in range(len(ZONES))]


@CAREFUL
@given(some_documents)
def test_the_postings_are_what_a_plain_count_gives(documents: list[Document]) -> None:
    assert_counted(documents)


def test_the_postings_of_the_seeds_are_what_a_plain_count_gives() -> None:
    """They have more profiles than fit a byte."""
    assert_counted([document(item) for item in seed_items()])


@CAREFUL
@given(some_documents)
def test_each_posting_is_in_the_bucket_of_its_weight(documents: list[Document]) -> None:
    assert_weighed(documents)


def test_the_postings_of_the_seeds_are_in_the_buckets_of_their_weights() -> None:
    """They are weighed a range at a time."""
    assert_weighed([document(item) for item in seed_items()], MergeLimits(range_size=1000))


def assert_weighed(documents: list[Document], limits: MergeLimits = DEFAULT_LIMITS) -> None:
    columns = segment_of(gathered(documents), limits)
    lengths = [[words(some, part.name) for part in ZONES] for some in documents]
    having = [[n for n in column if n] for column in zip(*lengths, strict=True)]
    means = [sum(n) / len(n) if n else 1.0 for n in having] or [1.0] * len(ZONES)
    assert columns["lengths"].reshape(-1, len(ZONES)).tolist() == lengths
    assert columns["mean_lengths"].tolist() == pytest.approx(means, rel=1e-15)
    bounds, buckets = columns["impacts.bounds"].tolist(), columns["postings.impacts"].tolist()
    assert bounds == sorted(bounds)
    found = []
    for (_, number, counts, _), bucket in zip(held(columns), buckets, strict=True):
        found.append(weight := weighed(counts, lengths[number], means))
        assert bounds[bucket] * (1 - 1e-12) <= weight <= bounds[bucket + 1] * (1 + 1e-12)
    if found:
        assert (bounds[0], bounds[-1]) == pytest.approx((min(found), max(found)), rel=1e-12)


def weighed(counts: list[int], lengths: list[int], means: list[float]) -> float:
    """Joined BM25F's weight, part by part."""
    parts = zip(ZONES, counts, lengths, means, strict=True)
    return sum(
        count * p.weight / (1 - p.b + p.b * length / mean) for p, count, length, mean in parts
    )


def words(some: Document, part: str) -> int:
    """How many words a part has."""
    return sum(not p.overlay for text in some.zones[part] for p in tokenizer.tokenize(text))


@CAREFUL
@given(some_documents)
def test_everything_else_is_what_the_documents_say(documents: list[Document]) -> None:
    columns = gathered(documents)
    assert columns.documents == len(documents)
    for group, field in FACETS.items():
        names = [name.decode() for name in strings(columns, f"facets.{group}")]
        starts = columns[f"facets.{group}.starts"].tolist()
        values = [names[ordinal] for ordinal in columns[f"facets.{group}.values"].tolist()]
        rows = [tuple(values[a:b]) for a, b in pairwise(starts)]
        assert rows == [d.keywords[field] for d in documents]
        assert sorted(set(values), key=str.encode) == names
    for name in NUMBERS:
        wanted = [d.numbers.get(name, MISSING) for d in documents]
        assert columns[f"numbers.{name}"].tolist() == wanted
    keys = sorted(
        (url_digest(key), n) for n, d in enumerate(documents) for key in d.keywords["url"]
    )
    assert columns["urls.keys"].tolist() == [key for key, _ in keys]
    assert columns["urls.documents"].tolist() == [number for _, number in keys]


@CAREFUL
@given(some_documents)
def test_ids_dates_and_stored_items_are_by_number_and_in_order(documents: list[Document]) -> None:
    columns = gathered(documents)
    assert strings(columns, "ids") == [d.id.encode() for d in documents]
    assert [decode(decompress(stored)) for stored in strings(columns, "stored")] == [
        decode(d.stored) for d in documents
    ]
    by_id = sorted(range(len(documents)), key=lambda n: documents[n].id.encode())
    assert [documents[n].id for n in columns["ids.order"].tolist()] == [
        documents[n].id for n in by_id
    ]
    newest = sorted(by_id, key=lambda n: -documents[n].numbers.get("date", MISSING))
    assert columns["date_rank"].tolist() == [newest.index(n) for n in range(len(documents))]


chains = st.lists(
    st.lists(st.sampled_from(("京都", "京", "都京", "a", "b")), min_size=1, max_size=4).map(
        "-".join
    ),
    max_size=3,
).map(" ".join)


@CAREFUL
@given(chains, st.lists(chains, max_size=3))
def test_occurrences_ascend_within_a_posting(title: str, others: list[str]) -> None:
    """Also where a chunk has a term both among its parts and beside them: `京都-京` has `京` at 1
    and, single character of its first part, at 0."""
    related = tuple(Article(other) for other in others)
    columns = gathered([document(Item("x", Article(title), related=related))])
    for postings in occurrences(columns).values():
        for codes in postings.values():
            assert codes == sorted(codes)


@pytest.mark.parametrize("count", [1, 255, 256, 257, 65_535, 65_536])
def test_a_word_may_stand_in_a_document_any_number_of_times(count: int) -> None:
    often, once = (
        document(Item(id, Article("x"), body="w " * n)) for id, n in (("a", count), ("b", 1))
    )
    for documents in ([often, once], [once, often], [once, often, once]):
        postings = occurrences(gathered(documents))[b"w"]
        wanted = [count if some is often else 1 for some in documents]
        assert [len(codes) for codes in postings.values()] == wanted


def test_many_occurrences_in_a_zone_are_not_taken_for_one_in_another() -> None:
    """Where counts are packed into one number, a large count of one zone looks like a small one of
    the next."""
    texts = [("w " * 256, "x"), ("x", "w"), ("x", "w " * 256), ("w " * 257, "w")]
    assert_counted(
        [
            document(Item(str(number), Article(title, excerpt=excerpt)))
            for number, (title, excerpt) in enumerate(texts)
        ]
    )


@pytest.mark.parametrize(("first", "second"), [(300, 1), (1, 300), (300, 300), (128, 128)])
def test_many_occurrences_are_counted_in_the_parts_they_are_in(first: int, second: int) -> None:
    made = document(Item("x", Article("w " * first, "w " * second + "end"), body="w"))
    ((number, counts),) = [(n, c) for term, n, c, _ in held(gathered([made])) if term == b"w"]
    assert (number, counts) == (0, [first, second, 0, 0, 0, 0, 0, 1])


def test_texts_of_a_part_share_no_positions_however_long_their_chunks() -> None:
    words = [f"w{number}" for number in range(150)]
    related = (Article("-".join(words)), Article("after that"))
    codes = occurrences(gathered([document(Item("x", Article("x"), related=related))]))
    last = max(codes[word.encode()][0][0] for word in words)
    assert codes[b"after"][0][0] > last + 1


def test_no_documents_make_a_segment_of_none() -> None:
    columns = gathered([])
    assert columns.documents == 0
    assert occurrences(columns) == {}
    assert strings(columns, "ids") == strings(columns, "stored") == []


def current(folder: Path) -> Path:
    home = IndexDirectory(folder)
    return home.load(home.current_name(), "whoosh").folder


@CAREFUL
@given(worlds(), st.sampled_from((0, 1, 4, 10**6)))
def test_the_numbers_are_those_whoosh_gives_however_segments_merge(
    steps: list[Step], growth: int
) -> None:
    with TemporaryDirectory() as name:
        items = build("whoosh", Path(name), steps, MergePolicy(growth, small=0))
        folder = current(Path(name))
        living: list[str] = []
        with open_dir(str(folder), readonly=True).reader() as reader:
            assert reader.doc_count() == len(items)
            leaves = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
            for leaf, listed in zip(leaves, toc.read(folder).segments, strict=True):
                columns, deleted = read(folder / listed.filename), [*listed.deleted_docs()]
                assert columns.documents == leaf.doc_count_all()
                assert set(deleted) == set(range(columns.documents)) - set(leaf.all_doc_ids())
                stored, ids = strings(columns, "stored"), leaf.column_reader("id")
                for number, id in enumerate(strings(columns, "ids")):
                    assert ids[number] == id.decode()
                    if number not in deleted:
                        living.append(id.decode())
                        assert decode(decompress(stored[number])) == items[id.decode()]
        assert sorted(living) == sorted(items)
