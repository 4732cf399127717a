"""Stock Whoosh over our columns answers as over files of its own, written by its own writer.

Of fifteen kinds of query, over several segments with deletions: the same hits, scores bit for bit,
orders, groups and matching terms; and the documents are those of a plain look at each of them.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from whoosh import query as whoosh
from whoosh.filedb.filestore import FileStorage
from whoosh.index import open_dir
from whoosh.sorting import FieldFacet

from indexer.analysis import tokenizer
from indexer.document import Document, decode, document
from indexer.engines.whoosh import toc
from indexer.schema import FIELDS
from indexer.segment import column_file
from indexer.segment.stored_items import StoredItems
from tests.bench import stock_writer
from tests.contract.corpora import examples
from tests.contract.engines import UNMERGED, Step, build
from tests.contract.plain_whoosh import TEXTS, PlainDocument
from tests.contract.test_whoosh_judge import ENGINE, generation
from tests.indexer.samples import item
from tests.search.samples import seed_items

SEED = 11


@dataclass(frozen=True, slots=True)
class Twins:
    """Stock Whoosh over the columns, and over files of its own; the documents by number, `None`
    for deleted ones."""

    ours: Any
    theirs: Any
    documents: Sequence[PlainDocument | None]


def steps() -> list[Step]:
    """Three segments, of seeds and of short items; some of the first two are put again or go."""
    seeds = seed_items()
    words = ("red", "reds", "green", "blue", "new", "york")
    short = [item(f"s{n}", " ".join(words[n % k] for k in range(1, 7))) for n in range(150)]
    again = [item(f"s{n}", f"blue {n % 7} reds") for n in range(0, 60, 7)]
    return [
        ((*seeds[:50], *short[:140]), ()),
        ((*seeds[50:], *short[140:], *again), ()),
        ((seeds[3], again[0]), tuple(one.id for one in (*seeds[5:30:6], *seeds[55:70:4]))),
    ]


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    place = tmp_path_factory.mktemp("twins")
    build(ENGINE, place / "index", steps(), UNMERGED)
    folder = generation(place / "index")
    documents = write_twin(folder, place / "twin")
    twin = FileStorage(str(place / "twin")).open_index(schema=stock_writer.schema())
    with open_dir(str(folder), readonly=True).searcher() as ours, twin.searcher() as theirs:
        assert len(ours.leaf_searchers()) == 3
        assert any(one is None for one in documents)
        yield Twins(ours, theirs, documents)


def write_twin(folder: Path, target: Path) -> list[PlainDocument | None]:
    """Have Whoosh's own writer write the documents of each segment of a generation; those."""
    target.mkdir()
    index = FileStorage(str(target)).create_index(stock_writer.schema())
    found: list[PlainDocument | None] = []
    for listed in toc.read(folder).segments:
        made = column_file.read(folder / listed.filename)
        writer = index.writer(compound=False)
        for number in range(made.documents):
            one: Document = document(decode(StoredItems(made).read(number)))
            writer.add_document(**stock_writer.values(one))
            found.append(None if listed.is_deleted(number) else PlainDocument(one))
        writer.commit(merge=False)
    writer = index.writer()
    for number, kept in enumerate(found):
        if kept is None:
            writer.delete_document(number)
    writer.commit(merge=False)
    return found


class Draw:
    """Draws queries whose words the documents have."""

    def __init__(self, twins: Twins, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it draws examples
        self._documents = [one for one in twins.documents if one]
        self._texts = [name for name in TEXTS if any(one.terms[name] for one in self._documents)]
        self._titles = [row["title"] for row in twins.ours.reader().all_stored_fields()]

    def some(self) -> PlainDocument:
        return self._random.choice(self._documents)

    def field(self) -> str:
        return self._random.choice(["text", "text", *self._texts])

    def word(self, field: str) -> str:
        """A word of a field, a stem now and then."""
        while True:
            if terms := sorted(self.some().terms[field]):
                return self._random.choice(terms)

    def term(self, field: str = "") -> Any:
        field = field or self.field()
        return whoosh.Term(field, self.word(field))

    def terms(self, most: int) -> list[Any]:
        return [self.term() for _ in range(self._random.randint(2, most))]

    def together(self, *fields: str) -> list[Any]:
        """A term of each field, of one and the same document."""
        while True:
            held = self.some().terms
            if all(held[field] for field in fields):
                return [whoosh.Term(f, self._random.choice(sorted(held[f]))) for f in fields]

    def keyword_field(self) -> str:
        return self._random.choice(["label", "outlet", "type", "year", "id"])

    def phrase(self) -> Any:
        while True:
            words = tokenizer.phrase(self._random.choice(self._titles))
            size = self._random.randint(2, 3)
            at = self._random.randrange(max(1, len(words) - size))
            if len(set(words[at : at + size])) == size:
                field, slop = self._random.choice(["text", "title"]), self._random.choice([1, 1, 2])
                return whoosh.Phrase(field, list(words[at : at + size]), slop=slop)

    def range(self) -> Any:
        field = self._random.choice(["date", "quality", "heat", "outlets"])
        values = [one.numbers[field] for one in self._documents if field in one.numbers]
        low, high = sorted(self._random.choices(values, k=2))
        excluded = [self._random.random() < 0.3 for _ in range(2)]
        return whoosh.NumericRange(
            field, self.choice([low, None]), self.choice([high, high, None]), *excluded
        )

    def ascii_word(self) -> str:
        while True:
            word = self.word("title")
            if len(word) > 2 and word.isascii() and word.isalpha():
                return word

    def choice(self, values: Sequence[Any]) -> Any:
        return self._random.choice(values)

    def term_range(self) -> Any:
        return whoosh.TermRange("title", *sorted([self.ascii_word(), self.ascii_word()]))


KINDS: dict[str, Callable[[Draw], Any]] = {
    "term": lambda draw: draw.term(),
    "and": lambda draw: whoosh.And(draw.together("text", draw.field(), draw.field())),
    "or": lambda draw: whoosh.Or(draw.terms(4)),
    "not": lambda draw: whoosh.And([draw.term("text"), whoosh.Not(draw.term("text"))]),
    "phrase": Draw.phrase,
    "prefix": lambda draw: whoosh.Prefix("title", draw.ascii_word()[:2]),
    "range": Draw.range,
    "range and term": lambda draw: whoosh.And([draw.term("text"), draw.range()]),
    "filter": lambda draw: whoosh.Require(*draw.together("text", draw.keyword_field())),
    "keyword": lambda draw: draw.term(draw.keyword_field()),
    "and maybe": lambda draw: whoosh.AndMaybe(*draw.together("text", "text")),
    "wildcard": lambda draw: whoosh.Wildcard("title", f"{draw.ascii_word()[:2]}*"),
    "term range": Draw.term_range,
    "fuzzy": lambda draw: whoosh.FuzzyTerm("title", draw.ascii_word(), maxdist=1, prefixlength=1),
    "every": lambda draw: whoosh.Every(draw.choice([None, "heat", "excerpt", "label"])),
    "best of": lambda draw: whoosh.DisjunctionMax([draw.term(), draw.term()]),
}


def hits(found: Any) -> list[tuple[int, float]]:
    return [(hit.docnum, hit.score) for hit in found]


def best(searcher: Any, asked: Any) -> Any:
    """The best ten, with the terms each was found by; or that Whoosh fails, as its `Require` does
    when a block is skipped."""
    try:
        found = searcher.search(asked, limit=10, terms=True)
    except AssertionError:
        return "fails"
    return hits(found), [sorted(hit.matched_terms()) for hit in found]


def answers(searcher: Any, asked: Any, by: str, is_reversed: bool) -> dict[str, Any]:
    """All that there is to be asked with a query."""
    found = searcher.search(asked, limit=None)
    ordered = searcher.search(asked, limit=20, sortedby=FieldFacet(by, is_reversed))
    facet = FieldFacet("label", allow_overlap=True)
    return {
        "all": sorted(hits(found)),
        "total": len(found),
        "best": best(searcher, asked),
        "ordered": [hit.docnum for hit in ordered],
        "groups": searcher.search(asked, limit=5, groupedby=facet).groups(),
        "documents": sorted(searcher.docs_for_query(asked)),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_whoosh_answers_over_columns_as_over_files_of_its_own(twins: Twins, kind: str) -> None:
    draw, found = Draw(twins, f"{SEED} {kind}"), 0
    for _ in range(examples(8, 1000)):
        asked = KINDS[kind](draw)
        by = draw.choice(["date", "quality", "heat", "outlets", "id"])
        is_reversed = draw.choice([False, True])
        ours = answers(twins.ours, asked, by, is_reversed)
        assert ours == answers(twins.theirs, asked, by, is_reversed), asked
        plain = [n for n, one in enumerate(twins.documents) if one and one.has(asked)]
        assert ours["documents"] == plain, asked
        found += len(plain)
    assert found > 10, "queries that find nothing prove nothing"


@pytest.mark.parametrize("field", sorted(field.name for field in FIELDS))
def test_terms_postings_lengths_and_columns_are_those_of_whooshs_own_files(
    twins: Twins, field: str
) -> None:
    readers = [twin.reader().leaf_readers() for twin in (twins.ours, twins.theirs)]
    for (ours, _), (theirs, _) in zip(*readers, strict=True):
        assert [*ours.lexicon(field)] == [*theirs.lexicon(field)]
        assert [*ours.all_doc_ids()] == [*theirs.all_doc_ids()]
        for term in ours.lexicon(field):
            assert postings(ours, field, term) == postings(theirs, field, term)
            one, other = ours.term_info(field, term), theirs.term_info(field, term)
            for name in ("doc_frequency", "max_weight", "min_length", "max_length", "weight"):
                assert getattr(one, name)() == getattr(other, name)(), (term, name)
            assert (one.min_id(), one.max_id()) == (other.min_id(), other.max_id())
        assert ours.field_length(field) == pytest.approx(theirs.field_length(field))
        for number in range(ours.doc_count_all()):
            length = theirs.doc_field_length(number, field) or 0
            assert ours.doc_field_length(number, field) == length
        assert ours.has_column(field) == theirs.has_column(field)
        if ours.has_column(field):
            one, other = ours.column_reader(field), theirs.column_reader(field)
            assert [*one] == [*other]


def postings(reader: Any, field: str, term: bytes) -> list[tuple[int, float, int]]:
    """Document, weight and number of positions of each."""
    found, matcher = [], reader.postings(field, term)
    while matcher.is_active():
        has_positions = matcher.supports("positions")
        places = matcher.value_as("positions") if has_positions else ()
        found.append((matcher.id(), matcher.weight(), len(places)))
        matcher.next()
    return found
