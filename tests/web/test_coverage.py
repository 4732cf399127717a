"""The coverage of a story: in which order it is told, and how long after the first."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from indexer.item import Article, Item, Provider
from search_app.coverage import CoverageEntry, timeline
from search_app.search.results import Hit, RelatedHit

START = datetime(2020, 6, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def article(title: str, hours: int | None = None) -> Article:
    when = None if hours is None else START + hours * HOUR
    return Article(title, published=when, provider=Provider("A", "a.com"))


def of_day(title: str, day: int) -> Article:
    """An article of a day in June 2020, of which the time is not known."""
    return Article(title, published=datetime(2020, 6, day, tzinfo=UTC))


def told(own: Article, *others: Article) -> list[tuple[str, bool, timedelta | None]]:
    related = tuple(RelatedHit(one, one.provider, False, "", "") for one in others)
    entries = timeline(Hit(Item("x", own), None, 0, 1, "", "", related))
    return [(entry.article.title, entry.own, entry.delay) for entry in entries]


Rank = str | timedelta | int | None


def ranked(*articles: Article, zone: tzinfo = UTC) -> list[tuple[str, Rank]]:
    """Each article's title, and that it is the first, or how long after that, or how many days."""
    own, *others = articles
    related = tuple(RelatedHit(one, one.provider, False, "", "") for one in others)
    entries = timeline(Hit(Item("x", own), None, 0, 1, "", "", related), zone)
    return [(entry.article.title, rank(entry)) for entry in entries]


def rank(entry: CoverageEntry) -> Rank:
    if entry.is_first:
        return "first"
    return entry.days if entry.delay is None else entry.delay


def test_a_story_is_told_oldest_first_and_undated_articles_last() -> None:
    others = (article("later", 9), article("undated"), article("earlier", -2))
    assert told(article("own", 0), *others) == [
        ("earlier", False, None),
        ("own", True, 2 * HOUR),
        ("later", False, 11 * HOUR),
        ("undated", False, None),
    ]


def test_of_articles_of_one_moment_the_items_own_comes_first() -> None:
    assert told(article("own", 1), article("other", 1)) == [
        ("own", True, None),
        ("other", False, timedelta(0)),
    ]


def test_without_a_date_nothing_is_later_than_anything() -> None:
    assert told(article("own"), article("other")) == [("own", True, None), ("other", False, None)]
    assert ranked(article("own"), article("other")) == [
        ("own", None),
        ("other", None),
    ]


def test_all_of_time_is_no_delay_too_long() -> None:
    first = Article("first", published=datetime.min.replace(tzinfo=UTC) + HOUR)
    last = Article("last", published=datetime.max.replace(tzinfo=UTC))
    assert told(last, first)[1][2] == datetime.max - datetime.min - HOUR


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")])
def test_of_an_article_without_a_time_only_whole_days_are_told(zone: tzinfo) -> None:
    assert ranked(article("own", 0), of_day("next", 10), article("last", 30), zone=zone) == [
        ("own", "first"),
        ("next", 1),
        ("last", 30 * HOUR),
    ]
    assert ranked(article("own", 0), of_day("before", 7), of_day("after", 11), zone=zone) == [
        ("before", "first"),
        ("own", 2),
        ("after", 4),
    ]


def test_nobody_is_first_of_a_day_of_which_a_time_is_not_known() -> None:
    found = ranked(article("own", 0), article("earlier", -3), of_day("day", 9), article("last", 24))
    assert found == [
        ("day", 0),
        ("earlier", 0),
        ("own", 0),
        ("last", 1),
    ]
    assert ranked(of_day("own", 9), of_day("other", 9)) == [
        ("own", 0),
        ("other", 0),
    ]


def test_an_article_with_a_time_is_of_the_day_that_it_has_in_the_zone_of_the_page() -> None:
    late = article("late", 11)  # 23:00 in UTC, on the next day in Berlin, on the same in New York
    assert ranked(of_day("day", 9), late)[1] == ("late", 0)
    assert ranked(of_day("day", 10), late, zone=ZoneInfo("Europe/Berlin")) == [
        ("late", 0),
        ("day", 0),
    ]
    early = article("early", -10)  # 02:00 in UTC, on the day before in New York
    assert ranked(of_day("day", 9), early, zone=ZoneInfo("America/New_York")) == [
        ("early", "first"),
        ("day", 1),
    ]
    tokyo = ZoneInfo("Asia/Tokyo")
    assert ranked(of_day("day", 9), article("evening", 4), zone=tokyo)[1] == ("evening", 1)
