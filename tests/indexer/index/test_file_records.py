"""The record of sources: written, read back, and the names it gives outlets."""

from pathlib import Path

import pytest

from indexer.errors import IndexDamaged
from indexer.index import file_records
from indexer.index.file_records import (
    FileRecord,
    FileRecords,
    FileRecordsBuilder,
    Outlet,
    StoredProblem,
    outlet_names,
    outlets,
)
from indexer.item import Article, Problem, Provider, Severity
from tests.indexer.samples import item

FLAW = StoredProblem(3, "quality", "a number is expected", Severity.WARNING)
FILES = {
    "b": FileRecord(".md", 5, 1 << 62, 9, "0:ab", "f1", (0, 1), (FLAW,)),
    "a": FileRecord(".markdown"),
}
SOURCES = FileRecords(outlets=(("example.com", "Exämple"), ("other.org", "Other")), files=FILES)


def test_sources_come_back_as_they_were(tmp_path: Path) -> None:
    file_records.write(tmp_path, SOURCES)
    assert file_records.read(tmp_path) == SOURCES
    assert file_records.read_outlets(tmp_path) == {"example.com": "Exämple", "other.org": "Other"}
    assert [*SOURCES.items()] == ["b"]


def test_a_flaw_is_a_problem_of_its_file() -> None:
    (problem,) = FILES["b"].problems("seeds/b.md")
    assert problem == Problem("seeds/b.md", *FLAW)
    assert not FILES["b"].rejected
    assert FileRecord(stored_problems=(FLAW._replace(severity=Severity.ERROR),)).rejected


def test_what_another_version_read_or_was_told_otherwise_is_not_current() -> None:
    assert FileRecords().is_current(promoted_only=False)
    assert not FileRecords().is_current(promoted_only=True)
    assert not FileRecords("0.0").is_current(promoted_only=False)


def test_a_record_that_cannot_be_read_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"sources\.json is missing"):
        file_records.read(tmp_path)
    (tmp_path / file_records.NAME).write_text('{"a":')
    with pytest.raises(IndexDamaged, match=r"sources\.json cannot be read"):
        file_records.read(tmp_path)


def test_outlets_are_the_distinct_pairs_of_domain_and_name() -> None:
    one = item(
        provider=Provider("A", "a.com"),
        related=(
            Article("1", provider=Provider("A", "a.com")),
            Article("2"),
            Article("3", provider=Provider("B", "a.com")),
        ),
    )
    assert outlets(one) == (("a.com", "A"), ("a.com", "B"))


def test_an_outlet_has_the_name_most_items_give_it_and_of_equals_the_first() -> None:
    ledger = FileRecordsBuilder()
    lists: list[tuple[Outlet, ...]] = [
        (("a.com", "Rare"), ("b.com", "Second")),
        (("a.com", "Usual"), ("b.com", "First")),
        (("a.com", "Usual"),),
    ]
    for number, some in enumerate(lists):
        ledger.add(str(number), FileRecord(fingerprint="f"), some)
    for number in range(9):
        ledger.add(f"withdrawn {number}", FileRecord(), (("b.com", "Second"),))
    assert outlet_names(ledger.build()) == {"a.com": "Usual", "b.com": "First"}
