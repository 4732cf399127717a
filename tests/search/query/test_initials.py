"""Which words of a query are one word that was typed apart."""

import pytest

from search_app.search.query.initials import with_initials
from search_app.search.query.parser import parse
from search_app.search.query.tree import Word


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("J. R. R. Tolkien", [("J.R.R.", 0, 8), ("Tolkien", 9, 16)]),
        ("by J R R Tolkien", [("by", 0, 2), ("J.R.R.", 3, 8), ("Tolkien", 9, 16)]),
        ("U.S. R. x", [("U.S.R.x.", 0, 9)]),
        ("Q and A", [("Q&A", 0, 7)]),
        ("the R & D of X", [("the", 0, 3), ("R&D", 4, 9), ("of", 10, 12), ("X", 13, 14)]),
        ("PR and R", [("PR&R", 0, 8)]),
        ("PR and DC", [("PR", 0, 2), ("and", 3, 6), ("DC", 7, 9)]),
        ("R. U.S.", [("R.U.S.", 0, 7)]),
        ("R and DC", [("R&DC", 0, 8)]),
        ("R And D", [("R&D", 0, 7)]),
        ("b and D", [("b", 0, 1), ("and", 2, 5), ("D", 6, 7)]),
        ("AB of C", [("AB", 0, 2), ("of", 3, 5), ("C", 6, 7)]),
        ("Q and a", [("Q", 0, 1), ("and", 2, 5), ("a", 6, 7)]),
        ("plan a b", [("plan", 0, 4), ("a", 5, 6), ("b", 7, 8)]),
        ("b", [("b", 0, 1)]),
        ("bc d", [("bc", 0, 2), ("d", 3, 4)]),
    ],
)
def test_initials_side_by_side_are_one_word(typed: str, words: list[tuple[str, int, int]]) -> None:
    nodes = with_initials(parse(typed).tree.children)
    assert nodes == [Word(text, "", start, end) for text, start, end in words]


def test_of_two_fields_none_are() -> None:
    nodes = parse("title:J. R.").tree.children
    assert with_initials(nodes) == list(nodes)
    both = [Word("J.", "title", 0, 8), Word("R.", "title", 9, 17)]
    assert with_initials(both) == [Word("J.R.", "title", 0, 17)]


def test_what_is_no_word_parts_them() -> None:
    for typed in ('J. "x" R.', "J. (x y) R."):
        nodes = parse(typed).tree.children
        assert with_initials(nodes) == list(nodes)
