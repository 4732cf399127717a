"""A written date is the span of seconds it names, or nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.search.period import period


def _at(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[arg-type, misc]


SPANS = [
    ("2020", _at(2020, 1, 1), _at(2021, 1, 1)),
    ("1970", 0, 365 * 86400),
    ("2020-06", _at(2020, 6, 1), _at(2020, 7, 1)),
    ("2020-6", _at(2020, 6, 1), _at(2020, 7, 1)),
    ("2020-12", _at(2020, 12, 1), _at(2021, 1, 1)),
    ("2020-02", _at(2020, 2, 1), _at(2020, 3, 1)),
    ("2020-06-09", _at(2020, 6, 9), _at(2020, 6, 10)),
    ("2020-6-9", _at(2020, 6, 9), _at(2020, 6, 10)),
    ("2020-02-29", _at(2020, 2, 29), _at(2020, 3, 1)),
    ("2020-06-09T10:30", _at(2020, 6, 9, 10, 30), _at(2020, 6, 9, 10, 31)),
    ("2020-06-09T10:30Z", _at(2020, 6, 9, 10, 30), _at(2020, 6, 9, 10, 31)),
    ("2020-06-09T10:30:00Z", _at(2020, 6, 9, 10, 30), _at(2020, 6, 9, 10, 30, 1)),
    ("2020-06-09t10:30:59z", _at(2020, 6, 9, 10, 30, 59), _at(2020, 6, 9, 10, 31)),
    ("2020-06-09T10:30:00.999Z", _at(2020, 6, 9, 10, 30), _at(2020, 6, 9, 10, 30, 1)),
    ("2020-06-09T10:30:00+02:00", _at(2020, 6, 9, 8, 30), _at(2020, 6, 9, 8, 30, 1)),
    ("2020-06-09T23:30:00-0530", _at(2020, 6, 10, 5), _at(2020, 6, 10, 5, 0, 1)),
    ("0001", _at(1, 1, 1), _at(2, 1, 1)),
    ("9999", _at(9999, 1, 1), _at(9999, 12, 31) + 86400),
    ("9999-12", _at(9999, 12, 1), _at(9999, 12, 31) + 86400),
    ("9999-12-31", _at(9999, 12, 31), _at(9999, 12, 31) + 86400),
    ("0001-01-01T00:00:00+23:59", _at(1, 1, 1) - 86340, _at(1, 1, 1) - 86339),
    ("9999-12-31T23:59:59-23:59", _at(9999, 12, 31) + 172739, _at(9999, 12, 31) + 172740),
]

NOT_DATES = [
    "", "2", "202", "20200", "99999", "0000", "0000-01-01", "-2020", "+2020", "20-06",
    "2020-", "2020-00", "2020-13", "2020-006", "2020-06-", "2020-06-00", "2020-06-31",
    "2021-02-29", "2020-02-30", "2020-06-009", "20200609", "2020/06/09", "2020-06-09T",
    "2020-06-09 10:30", "2020-06-09T10", "2020-06-09T24:00", "2020-06-09T10:60",
    "2020-06-09T10:30:60", "2020-06-09T1:30", "2020-06-09T10:30:00.", "2020-06T10:30",
    "2020-06-09Z", "2020-06-09T10:30+24:00", "2020-06-09T10:30+02:60", "2020-06-09T10:30+2",
    " 2020", "2020 ", "2020\n", "\uff12\uff10\uff12\uff10", "٢٠٢٠", "2020-\uff106", "²020", "today",
    "2020-W23",
]  # fmt: skip


@pytest.mark.parametrize(("text", "start", "end"), SPANS)
def test_a_date_names_its_whole_span(text: str, start: int, end: int) -> None:
    assert period(text) == (start, end)


@pytest.mark.parametrize("text", NOT_DATES)
def test_what_is_no_date_names_nothing(text: str) -> None:
    assert period(text) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_any_second_lies_at_the_start_of_its_own_span(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    start = (whole - datetime(1970, 1, 1, tzinfo=UTC)) // (datetime.resolution * 1_000_000)
    assert period(whole.isoformat()) == (start, start + 1)


@given(st.dates())
def test_day_month_and_year_nest_and_days_touch(day: datetime) -> None:
    text = day.isoformat()
    a_day, month, year = period(text), period(text[:7]), period(text[:4])
    assert a_day is not None
    assert month is not None
    assert year is not None
    assert year[0] <= month[0] <= a_day[0] < a_day[1] <= month[1] <= year[1]
    assert a_day[1] - a_day[0] == 86400


@given(st.integers(1, 9998), st.integers(1, 12))
def test_a_month_ends_where_the_next_begins(year: int, month: int) -> None:
    after = (year, month + 1) if month < 12 else (year + 1, 1)
    this, following = period(f"{year:04}-{month:02}"), period("{:04}-{:02}".format(*after))
    assert this is not None
    assert following is not None
    assert this[1] == following[0]


@given(st.text() | st.text("0123456789-:TZ+."))
def test_any_text_is_a_span_or_nothing(text: str) -> None:
    span = period(text)
    assert span is None or span[0] < span[1]
