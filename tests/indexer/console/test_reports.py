"""What the commands say, in sentences and as JSON."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from indexer.console import reports
from indexer.console.reports import count, size
from indexer.index.directory import Verdict
from indexer.index.manifest import FileEntry, Manifest
from indexer.item import Problem, Severity
from indexer.reindex.diff import Change
from indexer.reindex.report import CheckReport, Options, Report

MADE = Manifest(
    "g000002-bbbbbb", "2020-01-01T00:00:00Z", "whoosh", "01", 1, {"f": FileEntry(9, "", "")}
)
ERROR = Problem("seeds/a.md", 4, "title", "the title is empty")
WARNING = Problem("seeds/b.md", 0, "", "strange", Severity.WARNING)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0 items"), (1, "1 item"), (2, "2 items"), (2000, "2,000 items")],
)
def test_numbers_agree_with_their_noun(number: int, expected: str) -> None:
    assert count(number, "item") == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (1_234_567, "1.2 MB"),
        (5_000_000_000, "5.0 GB"),
        (7 * 10**15, "7000.0 TB"),
    ],
)
def test_sizes_have_the_unit_that_suits_them(number: int, expected: str) -> None:
    assert size(number) == expected


def report(
    changes: dict[Change, int] | None = None,
    problems: tuple[Problem, ...] = (),
    *,
    switched: bool = True,
    rebuilt: str = "",
    undated: int = 0,
    drafts: int = 0,
) -> Report:
    found = Counter(changes or {Change.ADDED: 2000, Change.KEPT: 0})
    return Report(
        *("g1", switched, 2000, 12_000, found, problems, 1.23456, rebuilt),
        undated=undated,
        drafts=drafts,
    )


def told(report: Report, **options: Any) -> list[str]:
    text = reports.report_text(report, Options(**options), Path("seeds"), Path("index"))
    return text.splitlines()


DONE = "2,000 items from seeds in 1.2 s: 2,000 added, 0 changed, 0 removed, 0 unchanged."


def test_a_run_is_told_in_two_lines() -> None:
    assert told(report()) == [DONE, "Generation g1 answers now, 12.0 kB in index."]
    assert told(report(switched=False))[1:] == ["Generation g1 is up to date."]


def test_a_dry_or_refused_run_says_that_nothing_changed() -> None:
    dry = report(switched=False)
    assert told(dry, dry_run=True)[1:] == ["This was a dry run: the index is as it was."]
    refused = report(problems=(ERROR,), switched=False)
    assert told(refused, strict=True)[1:] == [
        "1 file could not be used.",
        "Because of --strict the index is as it was.",
    ]
    assert told(dry, strict=True)[1:] == ["Generation g1 is up to date."]


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (0, "1 file could not be used."),
        (1, "1 file could not be used; of these, 1 item stays as last indexed."),
        (2, "1 file could not be used; of these, 2 items stay as last indexed."),
    ],
)
def test_rejected_files_and_kept_items_are_counted(kept: int, said: str) -> None:
    one = report({Change.ADDED: 2000, Change.KEPT: kept}, (ERROR, ERROR, WARNING))
    assert told(one)[1] == said


@pytest.mark.parametrize(
    ("undated", "drafts", "said"),
    [
        (1, 0, "1 item has no date."),
        (1200, 0, "1,200 items have no date."),
        (0, 1, "1 draft was left out."),
        (2, 3, "2 items have no date; 3 drafts were left out."),
    ],
)
def test_items_without_a_date_and_drafts_are_told(undated: int, drafts: int, said: str) -> None:
    assert told(report(undated=undated, drafts=drafts))[1] == said
    checked = CheckReport(3, 2, (), undated, drafts)
    assert reports.check_text(checked, Path("seeds")).splitlines()[1:] == [said]


def test_a_rebuilt_index_says_why_first() -> None:
    assert told(report(rebuilt="f is missing"))[0] == (
        "The index could not be updated and was built anew: f is missing"
    )


def told_again(found: Report, before: Report, **options: Any) -> list[str]:
    return reports.round_text(found, before, Options(**options)).splitlines()


def test_a_later_run_is_told_in_a_line_of_what_changed() -> None:
    changes = {Change.ADDED: 1, Change.REMOVED: 1200, Change.UNCHANGED: 3}
    assert told_again(report(changes), report()) == [
        "1 added, 1,200 removed in 1.2 s: 2,000 items, generation g1."
    ]
    assert told_again(report({Change.UNCHANGED: 3}, rebuilt="f is missing"), report()) == [
        "The index was built anew: f is missing",
        "All written in 1.2 s: 2,000 items, generation g1.",
    ]


def test_a_later_run_that_finds_nothing_new_says_nothing() -> None:
    assert told_again(report(switched=False), report()) == []
    broken = report(problems=(ERROR, WARNING), switched=False)
    assert told_again(broken, broken, strict=True) == []


def test_a_later_run_tells_of_problems_that_are_new() -> None:
    broken = report(problems=(ERROR, WARNING), switched=False)
    assert reports.new_problems(broken, None) == (ERROR, WARNING)
    assert reports.new_problems(broken, report(problems=(ERROR,))) == (WARNING,)
    assert told_again(broken, report()) == ["1 file could not be used."]
    assert told_again(broken, report(), strict=True)[1:] == [
        "Because of --strict the index is as it was."
    ]


def test_the_json_of_a_run_has_the_keys_of_the_contract() -> None:
    assert reports.report_json(report(problems=(ERROR, WARNING), undated=7, drafts=8)) == {
        "generation": "g1",
        "items": 2000,
        "added": 2000,
        "changed": 0,
        "removed": 0,
        "unchanged": 0,
        "rejected": 1,
        "undated": 7,
        "drafts": 8,
        "problems": [
            {
                "path": "seeds/a.md",
                "line": 4,
                "field": "title",
                "message": "the title is empty",
                "severity": "error",
            },
            {
                "path": "seeds/b.md",
                "line": None,
                "field": "",
                "message": "strange",
                "severity": "warning",
            },
        ],
        "seconds": 1.235,
        "bytes": 12_000,
    }


def test_a_check_tells_files_items_and_problems() -> None:
    found = CheckReport(3, 2, (ERROR, WARNING))
    assert reports.check_text(found, Path("seeds")) == (
        "3 files in seeds: 2 items, 1 rejected, 1 warning."
    )
    row = reports.check_json(found)
    assert (row["files"], row["items"], row["rejected"], len(row["problems"])) == (3, 2, 1, 2)
    row = reports.check_json(CheckReport(3, 2, (), 7, 8))
    assert (row["undated"], row["drafts"]) == (7, 8)


def test_warnings_are_counted_by_problem_and_rejections_by_file() -> None:
    found = CheckReport(3, 2, (ERROR, ERROR, WARNING))
    assert "1 rejected, 1 warning." in reports.check_text(found, Path("seeds"))


def test_a_status_tells_what_answers_and_what_else_is_kept() -> None:
    kept = ["g000002-bbbbbb", "g000001-aaaaaa"]
    assert reports.manifest_text(MADE, kept).splitlines() == [
        "1 item, 9 bytes, engine whoosh.",
        "Generation g000002-bbbbbb, made 2020-01-01T00:00:00Z.",
        "Also kept: g000001-aaaaaa.",
    ]
    assert reports.manifest_text(MADE, kept[:1]).endswith("No other generation is kept.")
    assert reports.manifest_json(MADE, kept) == {
        "generation": "g000002-bbbbbb",
        "created": "2020-01-01T00:00:00Z",
        "engine": "whoosh",
        "schema": "01",
        "items": 1,
        "bytes": 9,
        "kept": kept,
    }


def test_a_verification_tells_each_generation_and_fault() -> None:
    verdicts = [Verdict("g2", True, ()), Verdict("g1", False, ("f is missing",))]
    assert reports.verdicts_text(verdicts).splitlines() == [
        "g2 (current): whole",
        "g1 (kept): 1 fault",
        "  f is missing",
    ]
    assert reports.verdicts_json(verdicts) == {
        "ok": False,
        "faults": [],
        "generations": [
            {"generation": "g2", "current": True, "faults": (), "other_version": ""},
            {
                "generation": "g1",
                "current": False,
                "faults": ("f is missing",),
                "other_version": "",
            },
        ],
    }
    assert reports.verdicts_json(verdicts[:1])["ok"]


def test_a_generation_of_an_older_format_is_no_fault_unless_it_would_have_to_answer() -> None:
    old, new = Verdict("g1", False, (), "schema b, this one has a"), Verdict("g2", True, ())
    assert reports.verdicts_text([new, old]).splitlines() == [
        "g2 (current): whole",
        "g1 (kept): older format",
        "  schema b, this one has a",
    ]
    assert reports.is_well([new, old])
    assert not reports.is_well([Verdict("g1", True, (), "schema b, this one has a")])


def test_a_verification_tells_why_no_generation_is_the_current_one() -> None:
    verdicts = [Verdict("g2", False, ())]
    assert reports.verdicts_text(verdicts, "CURRENT is missing").splitlines() == [
        "CURRENT is missing",
        "g2 (kept): whole",
    ]
    row = reports.verdicts_json(verdicts, "CURRENT is missing")
    assert (row["ok"], row["faults"]) == (False, ["CURRENT is missing"])
