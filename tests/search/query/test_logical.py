"""The simplest forms of conjunctions and disjunctions, and what of an expression is scored."""

import pytest

from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    Exclude,
    Expression,
    Keyword,
    MatchAll,
    MatchNone,
    NumericRange,
    Phrase,
    Prefix,
    Term,
    all_of,
    any_of,
    scored,
)

A, B, C = Term("text", "a"), Term("text", "b"), Keyword("outlet", "c.com")


@pytest.mark.parametrize(
    ("members", "simplest"),
    [
        ([], MatchAll()),
        ([A], A),
        ([A, B], AllOf((A, B))),
        ([A, A], A),
        ([A, B, A], AllOf((A, B))),
        ([A, MatchNone()], MatchNone()),
        ([Exclude(A)], AllOf((MatchAll(), Exclude(A)))),
        ([Exclude(A), Exclude(B)], AllOf((MatchAll(), Exclude(A), Exclude(B)))),
        ([Exclude(A), B], AllOf((Exclude(A), B))),
        ([Exclude(A), MatchNone()], MatchNone()),
        ([Exclude(MatchNone()), A], AllOf((Exclude(MatchNone()), A))),
    ],
)
def test_a_conjunction_is_simplified(members: list[Expression], simplest: Expression) -> None:
    assert all_of(members) == simplest


@pytest.mark.parametrize(
    ("members", "simplest"),
    [
        ([], MatchNone()),
        ([A], A),
        ([A, A], A),
        ([A, B, A], AnyOf((A, B))),
        ([A, MatchNone()], A),
        ([MatchNone(), MatchNone()], MatchNone()),
        ([A, MatchAll()], AnyOf((A, MatchAll()))),
    ],
)
def test_a_disjunction_is_simplified(members: list[Expression], simplest: Expression) -> None:
    assert any_of(members) == simplest


def test_the_leaves_of_what_is_taken_away_do_not_say_why_an_item_was_found() -> None:
    row, start = Phrase("text", ("a", "b")), Prefix("text", "im")
    tree = AllOf((AnyOf((A, row)), start, C, NumericRange("date", 0, 1), MatchAll(), Exclude(B)))
    assert list(scored(tree)) == [A, row, start, C]
    assert list(scored(Exclude(A))) == []
