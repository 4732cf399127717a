"""The benchmarks of writing, at a small size: that they measure what they say, not how fast."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import open_dir

from indexer.document import Document, document
from indexer.engines.whoosh import toc
from indexer.engines.whoosh.toc import Contents
from indexer.process_pool import IN_PROCESS
from indexer.schema import FIELDS, Kind
from indexer.segment import column_file
from indexer.segment.builder import SegmentBuilder
from indexer.segment.merge_inputs import DEFAULT_LIMITS, SegmentRef
from indexer.segment.writer import write
from tests.bench import edits, memory, stock_writer, usage, writing
from tests.bench.building import Built
from tests.bench.conftest import BUILDS, ITEMS
from tests.bench.corpus import Corpus, Unavailable
from tests.bench.engines import PEERS
from tests.bench.figures import Table
from tests.bench.processes import newsdex
from tests.bench.results import Results
from tests.bench.stock_writer import Stock, text_bytes
from tests.bench.traffic import our_server
from tests.bench.usage import Peak, Running, Usage
from tests.bench.writing import Change, Secured, Writing
from tests.bench.writing_bars import writing_bars
from tests.search.samples import seed_items

MEGABYTE = 1_000_000


def measured(work: Path) -> dict[str, Any]:
    """What the run of the benchmarks says of writing."""
    report = json.loads((work / "bench.json").read_text(encoding="utf-8"))
    (only,) = report["results"]
    done: dict[str, Any] = only["writing"]
    return done


def test_every_step_is_measured_as_often_as_wanted(work: Path) -> None:
    done = measured(work)
    for step in ("full", "unchanged", "one", "some", "secured"):
        assert len(done[step]) == BUILDS
    assert done["full"][0]["cpu"] > 0
    assert [change["files"] for change in done["one"] + done["some"]] == [1, ITEMS // 100]
    assert all(change["searchable"] > 0 for change in done["one"] + done["some"])
    assert done["secured"][0]["files"] == ITEMS
    assert done["peak"]["pss"] >= done["peak"]["uss"] > 10 * MEGABYTE
    assert not (work / str(ITEMS) / "writing").exists()


def test_the_stock_writer_is_measured_with_all_documents(work: Path) -> None:
    stock = measured(work)["stock"]
    documents = Corpus(work / str(ITEMS) / "items").documents()
    assert len(documents) == ITEMS
    assert stock["text"] == sum(map(text_bytes, documents))
    assert stock["size"] > 100_000
    assert all(stock[name]["cpu"] > stock["analysing"] / 2 > 0 for name in ("one", "two"))


def test_every_row_of_writing_is_printed(work: Path) -> None:
    printed = (work / "bench.md").read_text(encoding="utf-8")
    (table,) = (part for part in printed.split("\n\n") if part.startswith("| writing |"))
    rows = [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines()[2:]]
    assert rows == [
        "full reindex",
        "nothing changed",
        "one file changed (1)",
        "… until a server finds it",
        f"one of each hundred changed ({ITEMS // 100})",
        "… until a server finds it",
        f"secured alone changed in {ITEMS} files",
        "Whoosh's own writer, one process, one run",
        "Whoosh's own writer, two processes, one run",
        *(f"{name}, one run" for name in PEERS),
    ]


def test_measuring_leaves_the_items_as_they_were(work: Path) -> None:
    items = work / str(ITEMS) / "items"
    assert not [path for path in items.rglob("*.md") if "bench" in path.read_text().split()[-1]]


ITEM = '---\ntitle: "Ferries"\n{}---\n'


def fingerprint(folder: Path) -> str:
    (only,) = Corpus(folder).documents()
    return only.fingerprint


@pytest.mark.parametrize("line", ['secured: "abc"\n', ""])
def test_an_edit_of_a_copy_leaves_the_original_alone(tmp_path: Path, line: str) -> None:
    original = tmp_path / "items" / "a.md"
    original.parent.mkdir()
    original.write_text(ITEM.format(line))
    (copied,) = edits.copy(original.parent, tmp_path / "copy")
    assert copied.read_bytes() == original.read_bytes()
    before = fingerprint(copied.parent)

    edits.change_secured([copied], "xyz")
    assert copied.read_text() == '---\nsecured: "xyz"\ntitle: "Ferries"\n---\n' or line
    assert copied.read_text().count("secured") == 1
    assert "xyz" in copied.read_text()
    assert fingerprint(copied.parent) == before

    edits.add_word([copied], "benchword")
    (changed,) = Corpus(copied.parent).documents()
    assert changed.zones["body"] == ("benchword",)
    assert original.read_text() == ITEM.format(line)
    assert [path.name for path in copied.parent.iterdir()] == ["a.md"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("b.md", "no item", "ended with 1"),
        (".b.md", ITEM.format(""), "'added': 1, .* should have {'added': 2}"),
    ],
)
def test_a_folder_that_the_command_takes_otherwise_is_not_measured(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    items = tmp_path / "items"
    items.mkdir()
    (items / "a.md").write_text(ITEM.format(""))
    (items / name).write_text(text)
    with pytest.raises(Unavailable, match=message):
        writing.measure(tmp_path / "work", items, 1, lambda said: None)


CHILD = "import time; held = bytes(64_000_000).replace(b'\\0', b'1'); time.sleep(0.5)"
GRANDPARENT = """
import subprocess, sys
child = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]], check=True)"
subprocess.run([sys.executable, "-c", child, sys.argv[1]], check=True)
print('{"done": true}')
"""


def test_the_memory_of_short_lived_descendants_is_seen() -> None:
    command = [sys.executable, "-c", GRANDPARENT, CHILD]
    peak, printed = usage.peak(command)
    assert printed == {"done": True}
    assert peak.samples > 1
    assert peak.pss >= peak.uss >= 64 * MEGABYTE
    assert peak.pss < 128 * MEGABYTE


def test_the_processor_time_of_descendants_is_counted() -> None:
    work = "import time\nwhile time.process_time() < 0.4: pass"
    spent, _ = usage.run([sys.executable, "-c", GRANDPARENT, work])
    assert spent.cpu >= 0.4


def test_a_command_that_fails_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Unavailable, match=r"import sys; sys.exit\(7\).* ended with 7"):
        usage.run([sys.executable, "-c", "import sys; sys.exit(7)"])


def test_a_process_that_has_ended_has_no_memory() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    with pytest.raises(Unavailable, match=f"process {process.pid} has ended"):
        memory.of(process.pid)


def test_a_change_that_no_server_finds_is_no_time(work: Path, tmp_path: Path) -> None:
    index = work / str(ITEMS) / "newsdex"
    with our_server(index, tmp_path / "log") as server:
        running = Running(newsdex("status", "--index", str(index), "--json"))
        with pytest.raises(Unavailable, match="has not found a change"):
            writing._searchable(server, "benchnowhere", running, patience=0.1)
        running.finish()


Postings = dict[tuple[str, bytes], dict[int, tuple[float, int]]]
"""Field and term to documents to weight and number of positions."""


def postings(reader: Any) -> Postings:
    found: Postings = {}
    for field in FIELDS:
        for term in reader.lexicon(field.name):
            matcher = reader.postings(field.name, term)
            rows: dict[int, tuple[float, int]] = {}
            while matcher.is_active():
                places = matcher.value_as("positions") if field.kind is Kind.TEXT else []
                rows[matcher.id()] = matcher.weight(), len(places)
                matcher.next()
            found[field.name, bytes(term)] = rows
    return found


@contextmanager
def ours(folder: Path, documents: list[Document]) -> Iterator[Any]:
    """Stock Whoosh's reader over the columns that we write."""
    gatherer = SegmentBuilder()
    for one in documents:
        gatherer.add(one)
    column_file.write(folder / "piece", gatherer.columns())
    segment = toc.new_segment(len(documents))
    write(folder / segment.filename, [SegmentRef(folder / "piece")], IN_PROCESS, DEFAULT_LIMITS)
    toc.write(folder, Contents([segment]))
    with open_dir(str(folder)).reader() as reader:
        yield reader


def test_the_stock_writer_makes_the_index_that_we_make(tmp_path: Path) -> None:
    documents = [document(item) for item in seed_items()]
    stock_writer.write(tmp_path / "stock", documents)
    index = FileStorage(str(tmp_path / "stock")).open_index(schema=stock_writer.schema())
    with index.reader() as stock, ours(tmp_path, documents) as reader:
        assert postings(stock) == postings(reader)
        assert stock.doc_count() == len(documents)
        for field in FIELDS:
            assert stock.field_length(field.name) == pytest.approx(reader.field_length(field.name))


def test_two_processes_make_the_same_terms(tmp_path: Path) -> None:
    documents = [document(item) for item in seed_items()]
    stock_writer.write(tmp_path / "two", documents, procs=2, multisegment=True)
    index = FileStorage(str(tmp_path / "two")).open_index(schema=stock_writer.schema())
    with index.reader() as stock, ours(tmp_path, documents) as reader:
        assert stock.doc_count() == len(documents)
        assert {*stock.all_terms()} == {*reader.all_terms()}


def test_text_is_counted_in_bytes_of_all_parts_and_of_what_is_stored() -> None:
    made = Document("a", {"title": ("é",), "topic": ("ab", "c")}, {}, {}, b"stored")
    assert text_bytes(made) == 2 + 2 + 1 + 6


def result(items: int, done: Writing | None) -> Results:
    built = (Built("sqlite", "3", 7.0, 6.0, 1),)
    return Results(items, None, built, Table(()), (), (), None, done, ())


DONE = Writing(
    full=(Usage(50, 90), Usage(70, 95), Usage(60, 99)),
    peak=Peak(800 * MEGABYTE, 600 * MEGABYTE, 9),
    size=250,
    unchanged=(Usage(2, 2),),
    one=(Change(1, 1.5, Usage(1.9, 2)),),
    some=(Change(10, 3.5, Usage(4, 4)),),
    secured=(Secured(1000, False, Usage(5, 5)),),
    stock=Stock(80, 40, Usage(240, 240), Usage(150, 280), 300, 100),
)


def test_writing_is_judged_by_medians_at_the_most_items() -> None:
    fewest = replace(DONE, full=(Usage(5.8, 9),))
    rows = writing_bars(result(10_000, fewest), result(100_000, DONE))
    assert [(row.value, row.verdict) for row in rows] == [
        (60, "goal"),
        (4, "bar"),
        (800, "bar"),
        (2, "bar"),
        (1.5, "goal"),
        (2.5, "bar"),
        (pytest.approx(60 / 5.8), "bar"),
    ]
    assert "sqlite 7.0 s" in rows[0].detail
    assert "150.0 s, 2.5 ×" in rows[1].detail
    assert "1,000 files: 5.00 s" in rows[3].detail
    assert "new generation" not in rows[3].detail
    assert "10 files: 3.50 s" in rows[4].detail
    assert (rows[6].bar, rows[6].goal) == (11, 10)


def test_a_generation_made_for_secured_alone_is_told() -> None:
    done = replace(DONE, secured=(Secured(1000, True, Usage(5, 5)),))
    rows = writing_bars(result(100, done), result(100, done))
    assert "new generation" in rows[3].detail


def test_what_was_not_measured_is_said_to_be_so() -> None:
    rows = writing_bars(result(10, None), result(100, None))
    assert {row.verdict for row in rows} == {"not measured"}
    assert len(rows) == 7
