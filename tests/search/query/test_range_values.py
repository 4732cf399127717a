"""The value of a range field, as bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.search.query.range_values import Bounds, parse_range

YEAR_2019, YEAR_2020, YEAR_2021 = 1546300800, 1577836800, 1609459200
JUNE, JULY = 1590969600, 1593561600

VALUES = [
    ("date", "2020", Bounds(YEAR_2020, YEAR_2021)),
    ("date", ">2020", Bounds(YEAR_2021, None)),
    ("date", ">=2020", Bounds(YEAR_2020, None)),
    ("date", "<2020", Bounds(None, YEAR_2020)),
    ("date", "<=2020", Bounds(None, YEAR_2021)),
    ("date", "2019..2020", Bounds(YEAR_2019, YEAR_2021)),
    ("date", "2020..2020", Bounds(YEAR_2020, YEAR_2021)),
    ("date", "2020-06..2020", Bounds(JUNE, YEAR_2021)),
    ("date", "2020-06..", Bounds(JUNE, None)),
    ("date", "..2020-06", Bounds(None, JULY)),
    ("date", "2020-06..2019", Bounds(YEAR_2019, JULY, swapped=True)),
    ("date", "2020-06..2020-05-31", Bounds(JUNE - 86400, JULY, swapped=True)),
    ("date", "1970", Bounds(0, 365 * 86400)),
    ("date", "1970..", Bounds(0, None)),
    ("quality", "70", Bounds(70, 71)),
    ("quality", ">70", Bounds(71, None)),
    ("quality", ">=70", Bounds(70, None)),
    ("quality", "<70", Bounds(None, 70)),
    ("quality", "<=70", Bounds(None, 71)),
    ("outlets", "50..70", Bounds(50, 71)),
    ("outlets", "5..5", Bounds(5, 6)),
    ("outlets", "6..5", Bounds(5, 7, swapped=True)),
    ("quality", "-5..-1", Bounds(-5, 0)),
    ("quality", ">-1", Bounds(0, None)),
    ("quality", "0..", Bounds(0, None)),
    ("quality", "999999999999", Bounds(999999999999, 1000000000000)),
]

NO_VALUES = [
    ("date", "abc"), ("date", ""), ("date", ".."), ("date", ">"), ("date", ">="), ("date", "2020."),
    ("date", "2020...2021"), ("date", "2020..abc"), ("date", "abc..2020"), ("date", ">2020..2021"),
    ("date", "=2020"), ("date", ">>2020"), ("date", "2020..2021..2022"), ("date", "70"),
    ("quality", "high"), ("quality", "7.5"), ("quality", "+7"), ("quality", "1000000000000"),
    ("quality", "\uff17"), ("quality", "--7"), ("quality", "-"), ("quality", ".."),
    ("quality", "2020-06"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text", "expected"), VALUES)
def test_a_value_is_its_bounds(field: str, text: str, expected: Bounds) -> None:
    assert parse_range(field, text) == expected


@pytest.mark.parametrize(("field", "text"), NO_VALUES)
def test_what_is_no_value_has_no_bounds(field: str, text: str) -> None:
    assert parse_range(field, text) is None


@given(st.integers(-999, 999), st.integers(-999, 999), st.integers(-1001, 1001))
def test_an_interval_holds_both_its_ends_in_either_order(one: int, other: int, value: int) -> None:
    found = parse_range("quality", f"{one}..{other}")
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert (found.low <= value < found.high) == (min(one, other) <= value <= max(one, other))
    assert found.swapped == (one > other)
