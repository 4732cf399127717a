"""How templates show values to people."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from indexer.item import Article
from search_app.template_filters import (
    archive_url,
    calendar_day,
    counted,
    day,
    day_and_clock,
    days_ago,
    duration,
    initial,
    sentence,
    thousands,
    time_value,
)


def test_values_are_shown_as_people_write_them() -> None:
    moment = datetime(2020, 6, 9, 0, 47, tzinfo=UTC)
    assert day(moment) == "9 June 2020"
    assert day_and_clock(moment) == "9 June 2020, 00:47 UTC"
    assert [initial(name) for name in ("The Ledger", "the wire", "The", "")] == ["L", "T", "T", ""]
    assert thousands(1234567) == "1,234,567"
    assert sentence("there is no page 9") == "There is no page 9"
    assert sentence("“date:2020-13” was searched") == "“date:2020-13” was searched"


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (timedelta(0), ""),
        (timedelta(seconds=59), ""),
        (timedelta(seconds=60), "1 minute"),
        (HOUR - timedelta(microseconds=1), "59 minutes"),
        (HOUR, "1 hour"),
        (47 * HOUR, "1 day"),
        (timedelta(days=13), "1 week"),
        (timedelta(days=31), "1 month"),
        (timedelta(days=365), "11 months"),
        (timedelta(days=366), "1 year"),
        (timedelta(days=3 * 366), "3 years"),
        (-HOUR, ""),
    ],
)
def test_how_long_is_told_in_whole_units_of_the_greatest(time: timedelta, shown: str) -> None:
    assert duration(time) == shown


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (timedelta(seconds=59), ""),
        (HOUR, "1 hour"),
        (HOUR + timedelta(microseconds=1), "2 hours"),
        (timedelta(minutes=89), "2 hours"),
        (timedelta(hours=122, minutes=42), "6 days"),
    ],
)
def test_a_bound_is_not_less_than_the_time_itself(time: timedelta, shown: str) -> None:
    assert duration(time, is_bound=True) == shown


def test_a_day_is_told_from_today_by_whole_days() -> None:
    today = date(2020, 6, 9)
    late = datetime(2020, 6, 9, 23, 59, tzinfo=UTC)
    told = [days_ago(late - timedelta(days=days), today) for days in (-40, -1, 0, 1, 2, 13, 400)]
    assert told == [
        *("in 1 month", "tomorrow", "today", "yesterday", "2 days ago", "1 week ago", "1 year ago"),
    ]
    abroad = datetime(2020, 6, 10, 1, 0, tzinfo=timezone(2 * HOUR))
    assert days_ago(abroad, today) == "today"
    assert days_ago(datetime.min.replace(tzinfo=UTC), today) == "2019 years ago"


def test_a_moment_is_shown_in_the_zone_asked_for() -> None:
    zone = timezone(-5 * HOUR, "EST")
    moment = datetime(2020, 6, 9, 0, 47, tzinfo=UTC)
    assert day(moment, zone) == "8 June 2020"
    assert day_and_clock(moment, zone) == "8 June 2020, 19:47 EST"
    assert time_value(moment) == "2020-06-09T00:47:00Z"
    first = datetime(1, 1, 1, 0, 1, tzinfo=UTC)  # there is no day before it
    assert day_and_clock(first, zone) == "1 January 1, 00:01 UTC"


@pytest.mark.parametrize("zone", [UTC, timezone(-5 * HOUR, "EST"), timezone(14 * HOUR, "X")])
def test_a_date_without_a_time_is_the_same_day_in_all_zones(zone: timezone) -> None:
    read = datetime(2020, 6, 9, tzinfo=UTC)
    assert day(read, zone) == day_and_clock(read, zone) == "9 June 2020"
    assert day(read.astimezone(zone), zone) == "9 June 2020"
    assert calendar_day(read, zone) == date(2020, 6, 9)
    assert time_value(read) == "2020-06-09"


def test_the_archives_copy_is_that_of_the_day_the_article_was_published() -> None:
    archive = "https://web.archive.org/web"
    url = "https://a.example/?b=1&c"
    moment = datetime(2020, 6, 9, 0, 47, tzinfo=UTC)
    assert archive_url(Article("T", url=url, published=moment)) == f"{archive}/20200609004700/{url}"
    early = Article("T", url=url, published=moment.replace(year=7))
    assert archive_url(early) == f"{archive}/00070609004700/{url}"
    assert archive_url(Article("T", url=url)) == f"{archive}/{url}"
    assert archive_url(Article("T")) == ""


def test_things_are_counted_in_the_plural_unless_there_is_one() -> None:
    assert [counted(number, "item") for number in (0, 1, 2_000)] == [
        "0 items",
        "1 item",
        "2,000 items",
    ]
