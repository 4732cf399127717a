"""What else Whoosh's own API does with an index of columns: parse, mark, suggest, copy, export; and
what it refuses."""

import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from whoosh import query as whoosh
from whoosh.filedb.filestore import FileStorage, copy_to_ram
from whoosh.highlight import UppercaseFormatter
from whoosh.index import open_dir
from whoosh.qparser import QueryParser
from whoosh.reading import ReaderClosed

from indexer.engines.whoosh import toc
from indexer.engines.whoosh.codec import ColumnsCodec, WritingRefused
from indexer.errors import IndexDamaged
from indexer.schema import FIELDS, Kind
from indexer.segment import column_file
from indexer.urls import url_key
from tests.contract.engines import UNMERGED, build
from tests.contract.test_whoosh_judge import ENGINE, generation
from tests.indexer.samples import item
from tests.search.samples import seed_items

IBM = "2020-06-09-ibm-gets-out-of-facial-recognition-business"
TEXTS = [field.name for field in FIELDS if field.kind is Kind.TEXT]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generation of two segments with deletions."""
    seeds = seed_items()[:40]
    more = tuple(item(f"s{n}", f"Facial surgery number {n}") for n in range(5))
    folder = tmp_path_factory.mktemp("api")
    build(ENGINE, folder, [(tuple(seeds), ()), (more, (seeds[0].id, seeds[9].id))], UNMERGED)
    return generation(folder)


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Any:
    """A copy of it, open to be written to, with the schema that its table of contents holds."""
    shutil.copytree(made, tmp_path / "copy")
    return open_dir(str(tmp_path / "copy"))


@pytest.fixture(scope="module")
def searcher(made: Path) -> Iterator[Any]:
    with open_dir(str(made), readonly=True).searcher() as opened:
        yield opened


def parsed(searcher: Any, field: str, text: str) -> Any:
    return QueryParser(field, searcher.schema).parse(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Facial Recognition", "(text:facial AND text:recognition)"),
        ("COVID-19", 'text:"covid 19"'),
        ("C++", "text:c++"),
        ('title:"police reform"', 'title:"police reform"'),
        ("type:video", "type:video"),
        ("quality:[70 to]", "quality:[70 TO ]"),
    ],
)
def test_whooshs_parser_asks_for_the_terms_the_index_has(
    searcher: Any, text: str, meant: str
) -> None:
    assert str(parsed(searcher, "text", text)) == meant


def test_what_is_parsed_is_found_and_marked(searcher: Any) -> None:
    found = searcher.search(parsed(searcher, "title", '"facial recognition" NOT surgery'))
    assert IBM in [hit["id"] for hit in found]
    found.formatter = UppercaseFormatter()
    (hit,) = (hit for hit in found if hit["id"] == IBM)
    assert hit.highlights("title") == "IBM Gets Out of FACIAL RECOGNITION"


def test_a_stem_is_found_and_marked_in_whatever_form(searcher: Any) -> None:
    found = searcher.search(whoosh.Term("title", "~en:get"))
    found.formatter = UppercaseFormatter()
    (hit,) = (hit for hit in found if hit["id"] == IBM)
    assert hit.highlights("title").startswith("IBM GETS")


def test_an_item_is_found_by_its_address(searcher: Any) -> None:
    (of,) = (one for one in seed_items() if one.id == IBM)
    (hit,) = searcher.search(parsed(searcher, "url", f'"{url_key(of.article.url)}"'))
    assert hit["id"] == IBM
    assert searcher.document(id=IBM)["title"] == of.article.title


def test_more_like_a_hit_are_those_with_its_words(searcher: Any) -> None:
    (hit,) = (hit for hit in searcher.search(whoosh.Term("title", "facial"), limit=None)
              if hit["id"] == "s3")  # fmt: skip
    assert {other["id"] for other in hit.more_like_this("title")} >= {"s0", "s1", "s2", "s4"}


def test_a_word_misspelt_is_corrected(searcher: Any) -> None:
    assert searcher.suggest("title", "facail", maxdist=2, prefix=1) == ["facial"]
    asked = "recognitoin"
    corrected = searcher.correct_query(parsed(searcher, "title", asked), asked, prefix=1)
    assert corrected.string == "recognition"


def test_a_copy_in_memory_answers_alike(made: Path, searcher: Any) -> None:
    with copy_to_ram(FileStorage(str(made))).open_index().searcher() as copied:
        asks = (whoosh.Every(), whoosh.Term("text", "~en:reform"), whoosh.Prefix("title", "re"))
        for asked in asks:
            ours, theirs = (s.search(asked, limit=None) for s in (copied, searcher))
            assert [(h.docnum, h.score, h.fields()) for h in ours] == [
                (h.docnum, h.score, h.fields()) for h in theirs
            ]


def mappings(folder: Path) -> list[str]:
    """Where in its file each part of memory begins in which files of a folder are mapped."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    of_folder = [one for one in maps if one.endswith(column_file.SUFFIX) and str(folder) in one]
    return [line.split()[2] for line in of_folder]


def descriptors(folder: Path) -> int:
    links = [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return sum(str(link).startswith(str(folder)) for link in links)


def test_a_segment_is_mapped_once_and_let_go_of_when_its_reader_is_closed(index: Any) -> None:
    folder = Path(index.storage.folder)
    searcher = index.searcher()
    for asked in (parsed(searcher, "text", "facial"), whoosh.NumericRange("quality", 5, None)):
        assert len(searcher.search(asked, limit=None, sortedby="date")) > 3
    assert len(searcher.reader().stored_fields(1)) > 5
    assert mappings(folder).count("00000000") == 2  # some parts are read in another way
    readers = [reader for reader, _ in searcher.reader().leaf_readers()]
    searcher.close()
    assert (mappings(folder), descriptors(folder)) == ([], 0)
    with pytest.raises(ReaderClosed):
        readers[0].stored_fields(0)


def test_columns_that_are_not_those_listed_are_damaged(index: Any) -> None:
    folder = Path(index.storage.folder)
    first, second = toc.read(folder).segments
    (folder / first.filename).write_bytes((folder / second.filename).read_bytes())
    with pytest.raises(IndexDamaged, match=r"holds 5 documents.*newsdex reindex --full"):
        index.reader()


CHANGES: dict[str, Callable[[Any], object]] = {
    "add text": lambda writer: writer.add_document(title="new"),
    "add a number": lambda writer: writer.add_document(quality=5),
    "add a keyword": lambda writer: writer.add_document(id="new"),
    "update": lambda writer: writer.update_document(id="new", title="new"),
    "update one that is there": lambda writer: writer.update_document(id=IBM),
    "delete by term": lambda writer: writer.delete_by_term("year", "2020"),
    "delete by query": lambda writer: writer.delete_by_query(whoosh.Every()),
    "delete by number": lambda writer: writer.delete_document(3),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whooshs_writer_is_refused_and_told_what_to_do(index: Any, change: str) -> None:
    before = index.doc_count()
    writer = index.writer()
    with pytest.raises(WritingRefused, match="newsdex reindex"):
        CHANGES[change](writer)
    writer.cancel()
    assert index.doc_count() == before
    assert {type(s).__name__ for s in index._segments()} == {"ColumnsSegment"}


def test_whooshs_writer_is_not_given_our_codec(index: Any) -> None:
    with pytest.raises(WritingRefused, match="newsdex reindex"):
        index.writer(codec=ColumnsCodec())


def postings(reader: Any, field: str, term: bytes) -> list[tuple[str, float, Any]]:
    """Id, weight and positions of each document with a term, by id."""
    found, matcher = [], reader.postings(field, term)
    while matcher.is_active():
        positions = matcher.value_as("positions") if matcher.supports("positions") else None
        id = reader.stored_fields(matcher.id())["id"]
        found.append((id, matcher.weight(), positions))
        matcher.next()
    return sorted(found)


def test_optimize_exports_a_copy_to_files_of_whooshs_own(index: Any, searcher: Any) -> None:
    """Terms, postings, positions (stems have none) and stored fields are those of the columns, but
    for what only deleted documents had."""
    index.optimize()
    folder = Path(index.storage.folder)
    assert not [*folder.glob(f"*{column_file.SUFFIX}")]
    with open_dir(str(folder), readonly=True).reader() as exported:
        columnar = searcher.reader()
        stored = {row["id"]: row for row in exported.all_stored_fields()}
        assert stored == {row["id"]: row for row in columnar.all_stored_fields()}
        assert len(stored) == exported.doc_count_all() == columnar.doc_count()
        for field in FIELDS:
            wanted = {
                term: rows
                for term in columnar.lexicon(field.name)
                if (rows := postings(columnar, field.name, term))
            }
            assert [*exported.lexicon(field.name)] == sorted(wanted)
            for term, rows in wanted.items():
                assert postings(exported, field.name, term) == rows, (field.name, term)
            if exported.has_column(field.name):
                assert sorted(exported.column_reader(field.name)) == sorted(
                    value
                    for reader, _ in columnar.leaf_readers()
                    for number, value in enumerate(reader.column_reader(field.name))
                    if not reader.is_deleted(number)
                )


def test_an_export_finds_what_the_columns_do(index: Any, searcher: Any) -> None:
    """Its scores differ a little: Whoosh's own merge adds up rounded lengths."""
    index.optimize()
    draw = random.Random(3)  # noqa: S311 - it draws examples
    with open_dir(str(index.storage.folder), readonly=True).searcher() as exported:
        for term in draw.sample([*searcher.reader().lexicon("title")], 60):
            asked = whoosh.Term("title", term.decode())
            phrase = whoosh.Phrase("text", [term.decode(), "of"])
            for one in (asked, phrase):
                assert {hit["id"] for hit in exported.search(one, limit=None)} == {
                    hit["id"] for hit in searcher.search(one, limit=None)
                }


def test_the_table_of_contents_names_these_classes_of_ours_and_no_others(made: Path) -> None:
    """Their paths are part of the format: who moves one raises `fields.DOCUMENT_VERSION`."""
    (path,) = made.glob("*.toc")
    data = path.read_bytes()
    assert {*re.findall(rb"(?:indexer|search_app)[a-z_.]*", data)} == {
        b"indexer.engines.whoosh.codec",
        b"indexer.engines.whoosh.whoosh_schema",
    }
    for name in ("ColumnsSegment", "TextField", "KeywordField", "AddressField", "NumberField"):
        assert name.encode() in data
    assert b"TextAnalyzer" in data
