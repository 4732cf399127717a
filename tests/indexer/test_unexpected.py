"""An exception nobody foresaw rejects one file, is logged without its words, and ends nothing."""

import logging
import pickle
from functools import partial
from pathlib import Path

import pytest

from indexer.console.output import logs_to_stderr
from indexer.engines.whoosh.store import WhooshStore
from indexer.item import Severity
from indexer.reindex.read_tasks import ReadTask, run_task
from indexer.reindex.report import Options
from indexer.reindex.run import check, reindex
from indexer.source.frontmatter.diagnosis.lines import FaultContext, Fix
from indexer.source.scan import scan
from indexer.source.seed_file import SeedFile
from indexer.source.validate.item_parser import Reading, parse_item
from indexer.unexpected import UnexpectedError, unexpected
from tests.indexer.samples import run, seed

BLOB = "BLOBBLOBBLOBBLOB"
BROKEN = f"---\ntitle: A\nsecured: {BLOB}\nx: [\n"


def broken_rule(case: FaultContext) -> list[Fix]:
    raise IndexError(f"among {case.lines}")


def starving_rule(case: FaultContext) -> list[Fix]:
    raise MemoryError


def failing_parse(data: bytes, path: str, id: str, language: str) -> Reading:
    """Fails on one file of many."""
    if b"Unlucky" in data:
        raise ValueError(f"cannot read {data!r}")
    return parse_item(data, path, id, language)


def starving_parse(data: bytes, path: str, id: str, language: str) -> Reading:
    raise MemoryError


without_rules = partial(parse_item, rules=(broken_rule,))


def deeper(levels: int) -> None:
    if levels:
        deeper(levels - 1)
    raise ValueError(BLOB)


def caught(levels: int, **options: int) -> UnexpectedError:
    try:
        deeper(levels)
    except ValueError as error:
        return unexpected(error, **options)
    raise AssertionError


def test_of_an_exception_type_and_calls_are_kept_and_no_words() -> None:
    found = caught(2)
    lines = found.calls.splitlines()
    assert found.kind == "ValueError"
    assert found.place.startswith(f"{__name__}:")
    assert len(lines) == 4
    assert f"{found.place} in deeper" in lines[-1]
    assert BLOB not in repr(found) + str(found)


def test_of_many_calls_the_last_are_kept() -> None:
    assert len(caught(200).calls.splitlines()) == 20
    assert len(caught(200, last_calls=3).calls.splitlines()) == 3


def test_what_is_kept_goes_to_another_process() -> None:
    found = caught(0)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 (what was pickled here)
    assert (again.kind, again.place, again.calls) == (found.kind, found.place, found.calls)


def test_a_rule_that_fails_leaves_the_parsers_words_and_the_line() -> None:
    reading = without_rules(BROKEN.encode(), "a.md", "a")
    unclosed, problem = reading.problems
    assert reading.item is None
    assert (unclosed.line, problem.line, problem.severity) == (4, 4, Severity.ERROR)
    assert "cannot be read as YAML (did not find expected node content)" in problem.message
    assert reading.unexpected
    assert reading.unexpected.kind == "IndexError"
    assert reading.unexpected.place.startswith(f"{__name__}:")
    assert BLOB not in f"{problem} {reading.unexpected} {reading.unexpected!r}"


def test_memory_that_runs_out_is_no_fault_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(MemoryError):
        parse_item(BROKEN.encode(), "a.md", "a", rules=(starving_rule,))
    seed(tmp_path)
    with pytest.raises(MemoryError):
        check(tmp_path, parse=starving_parse)


def test_a_file_that_cannot_be_understood_is_rejected_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    for name, title in (("a", "One"), ("b", f"Unlucky {BLOB}"), ("c", "Three")):
        seed(tmp_path, name, title)
    files = tuple((found, None) for found in scan(tmp_path) if isinstance(found, SeedFile))
    one, other, three = run_task(ReadTask(files, 0, False, None, failing_parse)).results
    assert one.record
    assert three.record
    assert (one.record.rejected, three.record.rejected) == (False, False)
    assert other.record
    assert other.unexpected
    (flaw,) = other.record.stored_problems
    assert (flaw.line, flaw.severity) == (0, Severity.ERROR)
    assert "ValueError at tests.indexer.test_unexpected:" in flaw.message
    assert BLOB not in f"{flaw.message} {other.unexpected}"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_reindex_goes_on_keeps_the_item_and_logs_the_failure_once(
    tmp_path: Path, jobs: int, caplog: pytest.LogCaptureFixture
) -> None:
    seeds, index = tmp_path / "seeds", tmp_path / "index"
    for number in range(1100):
        seed(seeds, f"{number:04d}")
    run(seeds, index)
    seed(seeds, "0500", f"Unlucky {BLOB}")
    seed(seeds, "0501", "Another title")
    options = Options(jobs=jobs, checksum=True, min_tasks=2)
    report = reindex(seeds, WhooshStore(index), options, parse=failing_parse)
    assert (report.items, report.rejected) == (1100, 1)
    assert [problem.path for problem in report.problems] == [str(seeds / "0500.md")]
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("indexer.reindex.run", logging.ERROR)
    assert str(seeds / "0500.md") in record.getMessage()
    assert "ValueError at tests.indexer.test_unexpected:" in record.getMessage()
    assert record.exc_info
    assert "in failing_parse" in logging.Formatter().formatException(record.exc_info)
    assert BLOB not in caplog.text
    assert (
        reindex(seeds, WhooshStore(index), Options(), parse=failing_parse).problems
        == report.problems
    )
    seed(seeds, "0500", "Mended")
    assert run(seeds, index).rejected == 0


def test_on_a_terminal_a_failure_is_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_text(BROKEN)
    seed(tmp_path, "b")
    with logs_to_stderr():
        found = check(tmp_path, parse=without_rules)
    assert (found.items, found.rejected) == (1, 1)
    said = capsys.readouterr().err
    assert said.startswith(f"newsdex: {tmp_path / 'a.md'}: an error of Newsdex itself")
    assert len(said.splitlines()) == 1
