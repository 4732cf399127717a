"""The record of sources: written, read back, and the labels it gives facet values."""

from pathlib import Path

import pytest

from indexer.errors import IndexDamaged
from indexer.facet_values import Label
from indexer.index import file_records
from indexer.index.file_records import (
    FileRecord,
    FileRecords,
    FileRecordsBuilder,
    StoredProblem,
    labels_shown,
)
from indexer.item import Problem, Severity

FLAW = StoredProblem(3, "quality", "a number is expected", Severity.WARNING)
FILES = {
    "b": FileRecord(".md", 5, 1 << 62, 9, "0:ab", "f1", (0, 1), (FLAW,)),
    "a": FileRecord(".markdown"),
}
SOURCES = FileRecords(
    labels=(Label("provider", "example.com", "Exämple"), Label("topic", "ai", "AI")), files=FILES
)


def test_sources_come_back_as_they_were(tmp_path: Path) -> None:
    file_records.write(tmp_path, SOURCES)
    assert file_records.read(tmp_path) == SOURCES
    assert file_records.read_labels(tmp_path) == {
        "topic": {"ai": "AI"},
        "provider": {"example.com": "Exämple"},
        "type": {},
        "year": {},
        "language": {},
    }
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
    assert not FileRecords().is_current(promoted_only=False, language="de")
    assert FileRecords(language="de").is_current(promoted_only=False, language="de")


def test_a_record_that_cannot_be_read_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"sources\.json is missing"):
        file_records.read(tmp_path)
    (tmp_path / file_records.NAME).write_text('{"a":')
    with pytest.raises(IndexDamaged, match=r"sources\.json cannot be read"):
        file_records.read(tmp_path)


def test_a_value_has_the_text_most_items_give_it_and_of_equals_the_first() -> None:
    builder = FileRecordsBuilder()
    rare, usual = Label("provider", "a.com", "Rare"), Label("provider", "a.com", "Usual")
    second, first = Label("topic", "ai", "ai"), Label("topic", "ai", "AI")
    for number, some in enumerate([(rare, second), (usual, first), (usual,)]):
        builder.add(str(number), FileRecord(fingerprint="f"), some)
    for number in range(9):
        builder.add(f"withdrawn {number}", FileRecord(), (second,))
    shown = labels_shown(builder.build())
    assert shown == {"topic": {"ai": "AI"}, "provider": {"a.com": "Usual"}} | {
        group: {} for group in ("type", "year", "language")
    }
