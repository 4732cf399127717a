"""What the search page shows: every choice with the address it leads to."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from indexer.item import Article
from search_app.page_model import OPEN_VALUES, Page, page
from search_app.search.query.rewrite import Match
from search_app.search.request import FACET_SIZE, SearchRequest, Sort
from search_app.search.results import Corrected, FacetValue, Results
from search_app.template_filters import (
    archive_url,
    clock,
    day,
    duration,
    relative,
    sentence,
    thousands,
)
from tests.search.samples import selected


def facets(*values: FacetValue, group: str = "topic") -> dict[str, tuple[FacetValue, ...]]:
    empty: Mapping[str, tuple[FacetValue, ...]] = dict.fromkeys(
        ("topic", "provider", "type", "year"), ()
    )
    return {**empty, group: values}


def shown(
    request: SearchRequest,
    found: Mapping[str, tuple[FacetValue, ...]] | None = None,
    total: int = 0,
) -> Page:
    return page(
        Results(request, total, False, total, (), "g000001-abcdef", 1.0, (), found or facets()), ""
    )


def value(name: str, *, count: int = 1, chosen: bool = False) -> FacetValue:
    return FacetValue(name, name.title(), count, chosen)


def test_a_value_not_selected_leads_to_the_search_with_it_and_a_selected_one_without() -> None:
    request = SearchRequest("tram", selected(topic="ai"), page=3)
    (group, *_) = shown(request, facets(value("ai", chosen=True), value("cars", count=7))).groups
    one, other = group.shown
    assert (one.label, one.url, one.selected) == ("Ai", "/search?q=tram", True)
    assert (other.url, other.selected, other.count) == (
        "/search?q=tram&topic=ai&topic=cars",
        False,
        7,
    )


def test_of_many_values_the_rest_is_folded_away_but_never_a_selected_one() -> None:
    values = [value(f"t{n}", chosen=n == OPEN_VALUES + 3) for n in range(OPEN_VALUES + 5)]
    (group, *_) = shown(SearchRequest(), facets(*values)).groups
    assert [choice.label for choice in group.shown] == [
        *(f"T{n}" for n in range(OPEN_VALUES)),
        f"T{OPEN_VALUES + 3}",
    ]
    assert len(group.shown) + len(group.rest) == len(values)
    assert not any(choice.selected for choice in group.rest)


def test_each_selection_has_a_chip_that_takes_it_away() -> None:
    request = SearchRequest("tram", selected(topic="ai"), since="2019", until="2020", page=2)
    chips = shown(request, facets(value("ai", chosen=True))).chips
    assert [chip.url for chip in chips] == [
        "/search?q=tram&since=2019&until=2020",
        "/search?q=tram&topic=ai&until=2020",
        "/search?q=tram&topic=ai&since=2019",
    ]
    assert [chip.label.lower() for chip in chips] == ["ai", "since 2019", "until 2020"]


def test_clearing_keeps_the_query_and_its_order() -> None:
    request = SearchRequest("tram", selected(topic="ai"), "2019", "", Sort.OLDEST, Match.ANY, 2)
    assert shown(request).clear_url == "/search?q=tram&sort=oldest&match=any"


def test_the_orders_lead_to_the_first_page_and_one_is_selected() -> None:
    sorts = shown(SearchRequest("tram", sort=Sort.NEWEST, page=4)).sorts
    assert [choice.selected for choice in sorts] == [False, True, False, False]
    assert [choice.url for choice in sorts] == [
        "/search?q=tram",
        "/search?q=tram&sort=newest",
        "/search?q=tram&sort=oldest",
        "/search?q=tram&sort=coverage",
    ]


def test_without_a_query_there_is_no_best_match() -> None:
    sorts = shown(SearchRequest("  ")).sorts
    assert [(choice.label, choice.selected) for choice in sorts] == [
        ("Newest", True),
        ("Oldest", False),
        ("Widest coverage", False),
    ]


def test_the_ways_to_match_keep_all_else() -> None:
    request = SearchRequest("tram", since="2020", match=Match.ALL, page=2)
    matches = list(shown(request).matches.values())
    assert [choice.url for choice in matches] == [
        "/search?q=tram&since=2020",
        "/search?q=tram&since=2020&match=all",
        "/search?q=tram&since=2020&match=any",
    ]
    assert [choice.selected for choice in matches] == [False, True, False]
    assert shown(request).matches[Match.ANY].url == matches[2].url


def test_what_was_typed_and_what_may_be_meant_keep_all_else() -> None:
    request = SearchRequest("trma", since="2020", match=Match.ALL, page=2)
    results = shown(request).results
    corrected = page(replace(results, corrected=Corrected("tram", "trma")), "")
    assert corrected.as_typed_url == "/search?q=trma&since=2020&match=all&spelling=off"
    assert corrected.did_you_mean_url == ""
    offered = page(replace(results, did_you_mean="tram"), "")
    assert offered.did_you_mean_url == "/search?q=tram&since=2020&match=all"
    assert offered.as_typed_url == ""


def test_a_form_carries_all_but_the_query_and_the_page() -> None:
    request = SearchRequest("tram", selected(year="2020"), "2019", "", Sort.NEWEST, page=3)
    assert shown(request).hidden_fields == (("year", "2020"), ("since", "2019"), ("sort", "newest"))


@pytest.mark.parametrize(
    ("here", "total", "numbers"),
    [
        (1, 0, ""),
        (1, 10, "[1]"),
        (1, 20, "[1] 2"),
        (1, 100, "[1] 2 3 … 10"),
        (5, 100, "1 … 3 4 [5] 6 7 … 10"),
        (4, 100, "1 2 3 [4] 5 6 … 10"),
        (10, 100, "1 … 8 9 [10]"),
        (99, 100, "1 … 10"),
        (3, 41, "1 2 [3] 4 5"),
    ],
)
def test_the_page_links_are_the_ends_and_those_around(here: int, total: int, numbers: str) -> None:
    links = shown(SearchRequest("tram", page=here), total=total).numbers
    written = [f"[{c.label}]" if c and c.selected else c.label if c else "…" for c in links]
    assert " ".join(written) == numbers


def test_the_first_and_the_last_page_lead_no_further() -> None:
    first, last = (shown(SearchRequest("tram", page=n), total=20) for n in (1, 2))
    assert (first.previous_url, first.next_url) == ("", "/search?q=tram&page=2")
    assert (last.previous_url, last.next_url) == ("/search?q=tram", "")
    assert (first.first, last.first) == (1, 11)
    beyond = shown(SearchRequest("tram", page=9), total=20)
    assert (beyond.previous_url, beyond.next_url) == ("", "")


def test_how_many_outlets_is_told_only_where_the_facets_tell() -> None:
    def outlets(*values: FacetValue) -> int:
        return shown(SearchRequest(), facets(*values, group="provider")).outlets

    assert outlets(value("a.com"), value("b.com")) == 2
    assert outlets(value("a.com", chosen=True), value("b.com")) == 0
    assert outlets(*(value(f"{n}.com") for n in range(FACET_SIZE))) == 0


def test_a_topic_of_a_hit_narrows_the_search() -> None:
    wide, narrow = SearchRequest("tram", page=2), SearchRequest("tram", selected(topic="AI"))
    assert shown(wide).topic("AI").url == "/search?q=tram&topic=AI"
    assert shown(narrow).topic("AI").url == "/search?q=tram"
    assert shown(narrow).topic("AI").selected


def test_a_topic_of_a_hit_that_is_written_otherwise_takes_the_selected_one_away() -> None:
    narrow = SearchRequest("tram", selected(topic="AI"))
    link = shown(narrow).topic("ai")
    assert (link.label, link.url, link.selected) == ("ai", "/search?q=tram", True)
    assert shown(narrow).topic("Law").url == "/search?q=tram&topic=AI&topic=Law"
    assert not shown(narrow).topic("Law").selected


def test_values_are_shown_as_people_write_them() -> None:
    moment = datetime(2020, 6, 9, 0, 47, tzinfo=UTC)
    assert day(moment) == "9 June 2020"
    assert clock(moment) == "00:47 UTC"
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


def test_a_moment_is_told_relative_to_another() -> None:
    now = datetime(2020, 6, 9, 12, tzinfo=UTC)
    assert relative(now - 3 * HOUR, now) == "3 hours ago"
    assert relative(now + 3 * HOUR, now) == "in 3 hours"
    assert relative(now, now) == "just now"
    assert relative(datetime.min.replace(tzinfo=UTC), now) == "2019 years ago"


def test_a_moment_is_shown_in_the_zone_asked_for() -> None:
    zone = timezone(-5 * HOUR, "EST")
    moment = datetime(2020, 6, 9, 0, 47, tzinfo=UTC)
    assert (day(moment, zone), clock(moment, zone)) == ("8 June 2020", "19:47 EST")
    first = datetime(1, 1, 1, tzinfo=UTC)
    assert (day(first, zone), clock(first, zone)) == ("1 January 1", "00:00 UTC")


def test_the_archives_copy_is_that_of_the_day_the_article_was_published() -> None:
    archive = "https://web.archive.org/web"
    url = "https://a.example/?b=1&c"
    moment = datetime(2020, 6, 9, 0, 47, tzinfo=UTC)
    assert archive_url(Article("T", url=url, published=moment)) == f"{archive}/20200609004700/{url}"
    early = Article("T", url=url, published=moment.replace(year=7))
    assert archive_url(early) == f"{archive}/00070609004700/{url}"
    assert archive_url(Article("T", url=url)) == f"{archive}/{url}"
    assert archive_url(Article("T")) == ""
