"""Problems of one kind are told once if many files have them, and each by itself if few do."""

import pytest

from indexer.console.problem_groups import MOST_FILES, grouped
from indexer.item import Problem, Severity


def told(*problems: Problem, most_files: int = 2) -> list[str]:
    return [str(group) for group in grouped(problems, most_files)]


def late(path: str, month: int, severity: Severity = Severity.WARNING) -> Problem:
    message = f"'2024-{month}-01' is not a date (there is no month {month}); use a form such as x"
    return Problem(path, month, "date", message, severity)


def test_a_kind_of_problem_in_many_files_is_told_once_where_it_came_first() -> None:
    other = Problem("b.md", 0, "", "it may not be read; allow reading it")
    assert told(late("a.md", 13), other, late("c.md", 14), late("d.md", 15), late("e.md", 16)) == [
        "warning: 4 files (a.md:13, c.md:14, d.md:15, ...): date: '2024-13-01' is not a date "
        "(there is no month 13); use a form such as x",
        "error: b.md: it may not be read; allow reading it",
    ]


def test_in_few_files_each_problem_is_told_in_the_order_given() -> None:
    problems = (late("a.md", 13), late("b.md", 14), late("b.md", 15), late("b.md", 13))
    assert told(*problems) == [f"warning: {problem}" for problem in problems]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "'a: b' is bad; put it in quotes: title: \"a: b\"",
            "'c' is bad; put it in quotes: x: 'c'",
        ),
        ("only the first 64 of 1,000 were kept", "only the first 64 of 70 were kept"),
        ("“a” is no key; remove it", "“b; c” is no key; remove it"),
    ],
)
def test_what_is_quoted_counted_or_shown_as_remedy_makes_no_kind(one: str, other: str) -> None:
    problems = [
        Problem(f"{name}.md", 1, "title", text)
        for name, text in zip("abc", (one, other, one), strict=True)
    ]
    assert len(told(*problems)) == 1


@pytest.mark.parametrize(
    "others",
    [
        (late("b.md", 13, Severity.ERROR), late("c.md", 13, Severity.ERROR)),
        (Problem("b.md", 1, "date", "'x' is not a date; y", Severity.WARNING),) * 2,
    ],
)
def test_other_problems_are_another_kind(others: tuple[Problem, ...]) -> None:
    assert len(told(late("a.md", 13), *others)) == 3


def test_one_file_with_many_problems_is_not_many_files() -> None:
    assert len(told(*(late("a.md", month) for month in range(13, 60)))) == 47


@pytest.mark.parametrize(("files", "lines"), [(MOST_FILES, MOST_FILES), (MOST_FILES + 1, 1)])
def test_more_than_twenty_files_are_many(files: int, lines: int) -> None:
    assert len(grouped([late(f"{number}.md", 13) for number in range(files)])) == lines
