"""The simplest forms of conjunctions and disjunctions, and what of an expression is scored."""

import pytest

from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    Everything,
    Expression,
    Keyword,
    Nothing,
    Sequence,
    Span,
    Start,
    Term,
    Without,
    all_of,
    any_of,
    scored,
)

A, B, C = Term("text", "a"), Term("text", "b"), Keyword("outlet", "c.com")


@pytest.mark.parametrize(
    ("members", "simplest"),
    [
        ([], Everything()),
        ([A], A),
        ([A, B], AllOf((A, B))),
        ([A, A], A),
        ([A, B, A], AllOf((A, B))),
        ([A, Nothing()], Nothing()),
        ([Without(A)], AllOf((Everything(), Without(A)))),
        ([Without(A), Without(B)], AllOf((Everything(), Without(A), Without(B)))),
        ([Without(A), B], AllOf((Without(A), B))),
        ([Without(A), Nothing()], Nothing()),
        ([Without(Nothing()), A], AllOf((Without(Nothing()), A))),
    ],
)
def test_a_conjunction_is_simplified(members: list[Expression], simplest: Expression) -> None:
    assert all_of(members) == simplest


@pytest.mark.parametrize(
    ("members", "simplest"),
    [
        ([], Nothing()),
        ([A], A),
        ([A, A], A),
        ([A, B, A], AnyOf((A, B))),
        ([A, Nothing()], A),
        ([Nothing(), Nothing()], Nothing()),
        ([A, Everything()], AnyOf((A, Everything()))),
    ],
)
def test_a_disjunction_is_simplified(members: list[Expression], simplest: Expression) -> None:
    assert any_of(members) == simplest


def test_the_leaves_of_what_is_taken_away_do_not_say_why_an_item_was_found() -> None:
    row, start = Sequence("text", ("a", "b")), Start("text", "im")
    tree = AllOf((AnyOf((A, row)), start, C, Span("date", 0, 1), Everything(), Without(B)))
    assert list(scored(tree)) == [A, row, start, C]
    assert list(scored(Without(A))) == []
