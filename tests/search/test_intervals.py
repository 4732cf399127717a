"""Days, weeks, months and longer: every day is in one of each, and they follow each other."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.search.intervals import (
    EPOCH,
    Interval,
    edges,
    first_day,
    fitting,
    number,
    written,
)
from search_app.search.period import period
from search_app.search.signals import DAY

FIRST, LAST = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH

intervals = st.sampled_from(Interval)
days = st.integers(FIRST, LAST) | st.sampled_from((FIRST, -1, 0, LAST))


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal() - EPOCH


@given(intervals, days)
def test_every_day_is_in_the_interval_of_its_number(interval: Interval, day: int) -> None:
    own = number(interval, day)
    begin, end = first_day(interval, own), first_day(interval, own + 1)
    assert begin <= day < end
    assert number(interval, begin) == own
    assert number(interval, min(end - 1, LAST)) == own


@given(days)
def test_a_week_is_that_of_iso_8601(day: int) -> None:
    begin = date.fromordinal(first_day(Interval.WEEK, number(Interval.WEEK, day)) + EPOCH)
    then = date.fromordinal(day + EPOCH)
    assert begin.isoweekday() == 1
    assert begin.isocalendar()[:2] == then.isocalendar()[:2]


@pytest.mark.parametrize(
    ("interval", "first", "last", "starts"),
    [
        ("day", "2020-02-28", "2020-03-01", "2020-02-28 2020-02-29 2020-03-01 2020-03-02"),
        ("week", "2020-12-31", "2021-01-04", "2020-12-28 2021-01-04 2021-01-11"),
        ("month", "2019-11-30", "2020-01-01", "2019-11-01 2019-12-01 2020-01-01 2020-02-01"),
        ("year", "1999-12-31", "2000-01-01", "1999-01-01 2000-01-01 2001-01-01"),
        ("decade", "1999-12-31", "2000-01-01", "1990-01-01 2000-01-01 2010-01-01"),
        ("century", "1899-12-31", "1900-01-01", "1800-01-01 1900-01-01 2000-01-01"),
        ("century", "0001-01-01", "0001-01-01", "0001-01-01 0100-01-01"),
    ],
)
def test_the_edges_are_the_first_days(interval: str, first: str, last: str, starts: str) -> None:
    assert edges(Interval(interval), day(first), day(last)) == (*map(day, starts.split()),)


@pytest.mark.parametrize("interval", Interval)
def test_nothing_ends_after_the_last_date(interval: Interval) -> None:
    assert edges(interval, LAST, LAST)[-1] == LAST + 1


@given(intervals, days, st.integers(0, 800), st.integers(1, 70))
def test_the_first_interval_is_taken_of_which_few_enough_hold_all(
    finest: Interval, first: int, more: int, most: int
) -> None:
    last = min(first + more, LAST)
    found = fitting(finest, most, first, last)
    order = list(Interval)
    finer = order[order.index(finest) : order.index(found)]
    assert all(len(edges(one, first, last)) - 1 > most for one in finer)
    assert len(edges(found, first, last)) - 1 <= most or found is Interval.CENTURY


@given(intervals, days)
def test_an_interval_is_written_as_the_dates_that_select_it(interval: Interval, day: int) -> None:
    start, end = edges(interval, day, day)
    since, until = map(period, written(interval, start, end))
    assert since
    assert until
    assert (since[0], until[1]) == (start * DAY, end * DAY)


@pytest.mark.parametrize("day", [FIRST - 1, LAST + 1, 10**12, -(1 << 62)])
def test_a_day_of_no_year_is_refused(day: int) -> None:
    with pytest.raises((ValueError, OverflowError)):
        number(Interval.DAY, day)
