"""Dates: which texts name a moment, and what is said of the others."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.item import instant
from indexer.source.validate.dates import read_date


def utc(*parts: int) -> datetime:
    naive = datetime(*parts)  # type: ignore[arg-type]
    return naive.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-06-09T00:47:00Z", utc(2020, 6, 9, 0, 47)),
        ("2020-06-09t00:47:00z", utc(2020, 6, 9, 0, 47)),
        ("2020-06-09 00:47:00 -0500", utc(2020, 6, 9, 5, 47)),
        ("2020-06-09 00:47:00+02:00", utc(2020, 6, 8, 22, 47)),
        ("2020-06-09 0:47 +02", utc(2020, 6, 8, 22, 47)),
        ("2020-03-20 9:00:00 -0500", utc(2020, 3, 20, 14)),
        ("2020-06-09 00:47:00 UTC", utc(2020, 6, 9, 0, 47)),
        ("2020-06-09T00:47:00.1239999Z", utc(2020, 6, 9, 0, 47, 0, 123999)),
        ("2016-12-31T23:59:60Z", utc(2016, 12, 31, 23, 59, 59)),
        ("2020-06-09T24:00:00Z", utc(2020, 6, 10)),
        ("2020-06-09", utc(2020, 6, 9)),
        ("2020-6-9", utc(2020, 6, 9)),
        ("  2020-06-09\n", utc(2020, 6, 9)),
        ("2999-01-01T00:00:00Z", utc(2999, 1, 1)),
        ("Tue, 09 Jun 2020 00:47:00 GMT", utc(2020, 6, 9, 0, 47)),
        ("9 Jun 2020 00:47:00 -0500", utc(2020, 6, 9, 5, 47)),
    ],
)
def test_a_date_names_its_moment_in_utc(text: str, moment: datetime) -> None:
    assert read_date(text) == (moment, "")


@pytest.mark.parametrize("text", ["2020-06-09T00:47:00", "Tue, 09 Jun 2020 00:47:00 -0000"])
def test_a_time_without_a_zone_is_utc_with_a_remark(text: str) -> None:
    moment, remark = read_date(text)
    assert moment == utc(2020, 6, 9, 0, 47)
    assert remark.endswith("taken as UTC; write 2020-06-09T00:47:00Z")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024-13-01", "there is no month 13"),
        ("2022-03-39", "there is no day 39"),
        ("2023-02-29", "2023-02 has no day 29"),
        ("0000-01-01", "there is no year 0"),
        ("2020-06-09 25:00:00Z", "there is no hour 25"),
        ("2020-06-09 24:00:01Z", "there is no hour 24"),
        ("2020-06-09 10:61:00Z", "there is no minute 61"),
        ("2020-06-09 10:59:61Z", "there is no second 61"),
        ("0001-01-01T00:00:00+01:00", "outside the years 1 to 9999"),
        ("9999-12-31T23:00:00-02:00", "outside the years 1 to 9999"),
        ("9999-12-31T24:00:00Z", "outside the years 1 to 9999"),
    ],
)
def test_an_impossible_date_says_what_is_impossible(text: str, why: str) -> None:
    moment, remark = read_date(text)
    assert moment is None
    assert remark.startswith(f"is not a date ({why}")
    assert remark.endswith("; write 2024-12-31T18:00:00Z")


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "2022-02-XX", "2020-06-10 14:000:00 -0500", "1591663620", "२०२०-०६-०९"),
        *("2020-06-09T00:00:00+99:00", "2020-06-09T00:00:00+01:60", "9 Abc 2020 00:47:00"),
    ],
)
def test_what_is_no_date_shows_how_to_write_one(text: str) -> None:
    assert read_date(text) == (None, "is not a date; write 2024-12-31T18:00:00Z")


@given(st.datetimes(timezones=st.timezones()))
def test_iso_format_comes_back_as_the_same_moment(moment: datetime) -> None:
    offset = moment.utcoffset()
    if offset is not None and offset.seconds % 60 == 0:
        found, _ = read_date(moment.isoformat())
        assert found is None or found == moment.astimezone(UTC)


@given(st.text(max_size=40) | st.from_regex(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)? ?[+-]?\d*)?"))
def test_no_text_raises_and_without_a_moment_there_is_a_remark(text: str) -> None:
    moment, remark = read_date(text)
    assert remark if moment is None else moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2020, 6, 9, 0, 47, 0, 999_999, tzinfo=UTC), "2020-06-09T00:47:00Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "9999-12-31T23:59:59Z"),
    ],
)
def test_an_instant_is_written_in_full(moment: datetime, text: str) -> None:
    assert instant(moment) == text
    assert read_date(text) == (moment.replace(microsecond=0), "")
