"""The coverage of a story: in which order it is told, and how long after the first."""

from datetime import UTC, datetime, timedelta

from indexer.item import Article, Item, Provider
from search_app.coverage import timeline
from search_app.search.results import Hit, RelatedHit

START = datetime(2020, 6, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def article(title: str, hours: int | None = None) -> Article:
    when = None if hours is None else START + hours * HOUR
    return Article(title, published=when, provider=Provider("A", "a.com"))


def told(own: Article, *others: Article) -> list[tuple[str, bool, timedelta | None]]:
    related = tuple(RelatedHit(one, one.provider, False, "", "") for one in others)
    entries = timeline(Hit(Item("x", own), None, 0, 1, "", "", related))
    return [(entry.article.title, entry.own, entry.delay) for entry in entries]


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


def test_all_of_time_is_no_delay_too_long() -> None:
    first = Article("first", published=datetime.min.replace(tzinfo=UTC))
    last = Article("last", published=datetime.max.replace(tzinfo=UTC))
    assert told(last, first)[1][2] == datetime.max - datetime.min
