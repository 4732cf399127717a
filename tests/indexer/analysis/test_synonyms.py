"""The file of synonyms: what a line says, and what is said of one that cannot be read."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.synonyms import Limits, Synonym, parse_synonyms
from indexer.item import Severity

FILE = Path("synonyms.txt")


@pytest.mark.parametrize(
    ("text", "synonyms"),
    [
        ("", []),
        ("# ai = artificial intelligence", []),
        ("  \t\n\n", []),
        ("ai = art", [("ai", "art"), ("art", "ai")]),
        ("ai=art # so people say", [("ai", "art"), ("art", "ai")]),
        ("c# = c sharp", [("c#", "c sharp"), ("c sharp", "c#")]),
        ("bbc > british  broadcasting", [("bbc", "british  broadcasting")]),
        ("a = b = c", [("a", "b", "c"), ("b", "a", "c"), ("c", "a", "b")]),
        ("a > b\r\nb > a\r\n", [("a", "b"), ("b", "a")]),
        ("a > b\rb > a", [("a", "b"), ("b", "a")]),
        ("人工知能 = ai", [("人工知能", "ai"), ("ai", "人工知能")]),
    ],
)
def test_a_line_says_what_finds_what(text: str, synonyms: list[tuple[str, ...]]) -> None:
    found, problems = parse_synonyms(text, FILE)
    assert found == tuple(Synonym(typed, tuple(others)) for typed, *others in synonyms)
    assert not problems


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ai", "has neither `=` nor `>`"),
        ("ai =", "nothing to search for on one side"),
        ("> ai", "nothing to search for on one side"),
        ("ai = …", "nothing to search for on one side"),
        ("ai = AI", "the same words stand there twice"),
        ("uk = united kingdom = U.K.", "the same words stand there twice"),
        ("a > b > c", "a line with `>` has two sides"),
        ("a = b > c", "a line with `>` has two sides"),
        ("a = " + "b " * 9, "9 words in a text; write at most 8"),
        ("=".join(f"w{n}" for n in range(17)), "17 texts in a line; write at most 16"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_the_others_count(line: str, message: str) -> None:
    found, (problem,) = parse_synonyms(f"# one\n\n{line}\nx > y", FILE)
    assert found == (Synonym("x", ("y",)),)
    assert (problem.path, problem.line) == ("synonyms.txt", 3)
    assert problem.severity is Severity.WARNING
    assert message in problem.message


def test_more_lines_than_count_are_named_once() -> None:
    text = "a > b\nc\nc > d\n#\ne > f\ng > h"
    found, problems = parse_synonyms(text, FILE, Limits(lines=2))
    assert [one.text for one in found] == ["a", "c"]
    assert [problem.line for problem in problems] == [2, 5]
    assert problems[1].message == "only the first 2 lines of synonyms count"


def test_a_text_has_so_many_synonyms_in_all_lines_together() -> None:
    text = "a > b\nA = c\n# a\nd = a\nd > e\na > f"
    found, problems = parse_synonyms(text, FILE, Limits(synonyms=2))
    kept = [("a", "b"), ("A", "c"), ("c", "A"), ("d", "e")]
    assert found == tuple(Synonym(typed, (other,)) for typed, other in kept)
    assert [(problem.line, problem.message) for problem in problems] == [
        (line, "'a' may have at most 2 synonyms, those of the lines above included")
        for line in (4, 6)
    ]


def test_what_a_text_finds_one_way_is_no_synonym_of_the_other() -> None:
    found, problems = parse_synonyms("a > z\nb > z\nc > z\nz > a", FILE, Limits(synonyms=1))
    assert (len(found), problems) == (4, ())


def test_as_much_counts_as_the_limits_say() -> None:
    line = " = ".join(["w " * 8, *(f"w{n}" for n in range(15))])
    found, problems = parse_synonyms(line, FILE)
    assert (len(found), problems) == (16, ())
    limits = Limits()
    found, problems = parse_synonyms("a = b\n" * limits.synonyms, FILE)
    assert (len(found), problems) == (2 * limits.synonyms, ())


words = st.lists(st.sampled_from(("a", "b", "=", ">", "#", "\n", "é"))).map(" ".join)


@given(st.text(st.characters(codec="utf-8")) | words)
def test_any_text_gives_synonyms_or_problems_of_its_lines(text: str) -> None:
    found, problems = parse_synonyms(text, FILE)
    lines = len(re.split("\r\n|\r|\n", text))
    assert all(1 <= problem.line <= lines for problem in problems)
    assert len({problem.line for problem in problems}) == len(problems)
    assert all(one.text not in one.finds for one in found)
