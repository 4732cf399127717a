"""What the search page shows, as plain values: controls, links and sentences."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import astuple, replace

from indexer.item import Article, Image, Item, Provider
from search_app.detail import HITS
from search_app.pages.display import Display
from search_app.pages.filters import MOST_VALUES
from search_app.pages.hits import HitView
from search_app.pages.search import SearchPage, search_page
from search_app.search.intervals import Interval
from search_app.search.query.rewrite import Match
from search_app.search.request import Group, SearchRequest, Sort, Spelling
from search_app.search.results import (
    Bucket,
    Corrected,
    FacetValue,
    Hit,
    Preset,
    RelatedHit,
    Results,
    Timeline,
)
from tests.search.samples import selected

LONG = "tram " * 200
TODAY = date(2020, 6, 12)


def results(
    request: SearchRequest,
    facets: Mapping[str, tuple[FacetValue, ...]] | None = None,
    total: int = 0,
    hits: tuple[Hit, ...] = (),
) -> Results:
    found = facets or {}
    sizes = {group: len(values) for group, values in found.items()}
    return Results(
        request, total, False, total, (), "g000001-abcdef", 1.0, hits, found, facet_sizes=sizes
    )


def shown(
    request: SearchRequest,
    facets: Mapping[str, tuple[FacetValue, ...]] | None = None,
    total: int = 0,
) -> SearchPage:
    return search_page(results(request, facets, total), Display(), HITS[0], TODAY)


def value(name: str, *, count: int = 1, chosen: bool = False) -> FacetValue:
    return FacetValue(name, name.title(), count, chosen)


def test_the_values_of_a_facet_are_checkboxes_and_those_selected_are_checked() -> None:
    request = SearchRequest("tram", selected(topic="ai"), page=3)
    topics = (value("ai", count=1_234, chosen=True), value("cars", count=7))
    (group,) = shown(request, {"topic": topics}).filters.groups
    assert (group.name, group.title) == ("topic", "Topic")
    assert [astuple(one) for one in group.values] == [
        ("ai", "Ai", "1,234", True),
        ("cars", "Cars", "7", False),
    ]


def test_of_many_values_ten_are_shown_with_all_that_are_selected() -> None:
    values = tuple(value(f"t{n}", chosen=n in (3, 15)) for n in range(20))
    page = shown(SearchRequest(selections=selected(topic="t3", provider="x")), {"topic": values})
    (group,) = page.filters.groups
    assert [one.value for one in group.values] == [*(f"t{n}" for n in range(9)), "t15"]
    assert group.all_label == "All 20 topics"
    assert group.all_url == "/search/facets/topic?topic=t3&provider=x"
    chosen = tuple(value(f"t{n}", chosen=n > 4) for n in range(20))
    (group,) = shown(SearchRequest(), {"topic": chosen}).filters.groups
    assert [one.value for one in group.values] == [f"t{n}" for n in range(5, 20)]
    few = tuple(value(f"t{n}") for n in range(MOST_VALUES))
    (group,) = shown(SearchRequest(), {"topic": few}).filters.groups
    assert (len(group.values), group.all_url) == (MOST_VALUES, "")


def test_a_group_in_which_nothing_can_be_chosen_is_not_shown() -> None:
    one = (value("article"),)
    assert shown(SearchRequest(), {"type": one, "topic": ()}).filters.groups == ()
    chosen = (value("article", chosen=True),)
    request = SearchRequest(selections=selected(type="article"))
    (group,) = shown(request, {"type": chosen}).filters.groups
    assert group.title == "Kind"


def test_outlets_of_the_same_name_are_told_apart() -> None:
    outlets = (
        FacetValue("reuters.com", "Reuters", 2, False),
        FacetValue("in.reuters.com", "Reuters", 1, False),
        FacetValue("axios.com", "Axios", 1, False),
    )
    (group,) = shown(SearchRequest(), {"provider": outlets}).filters.groups
    assert [one.label for one in group.values] == [
        "Reuters (reuters.com)",
        "Reuters (in.reuters.com)",
        "Axios",
    ]


def test_what_has_no_control_is_carried_by_the_form() -> None:
    chosen = selected(topic="ai", year="2020", type="article")
    request = SearchRequest(
        *("tram", chosen, "2019", ""), sort=Sort.NEWEST, page=3, spelling=Spelling.OFF, page_size=5
    )
    facets = {"topic": (value("ai", chosen=True),), "type": ()}
    page = shown(request, facets)
    assert page.hidden == (
        ("type", "article"),
        ("year", "2020"),
        ("sort", "newest"),
        ("page_size", "5"),
    )
    assert page.kept == ("spelling", "off")  # kept by filters, not by another query


def test_each_selection_has_a_chip_that_names_its_group_and_takes_it_away() -> None:
    request = SearchRequest(
        "tram", selected(topic="ai", year="2020"), since="2019", until="2020-06-09", page=2
    )
    facets = {"topic": (value("ai", chosen=True),), "year": (value("2020", chosen=True),)}
    page = shown(request, facets)
    assert [astuple(chip) for chip in page.filters.chips] == [
        ("Topic", "Ai", "/search?q=tram&year=2020&since=2019&until=2020-06-09"),
        ("Year", "2020", "/search?q=tram&topic=ai&since=2019&until=2020-06-09"),
        ("Since", "2019", "/search?q=tram&topic=ai&year=2020&until=2020-06-09"),
        ("Until", "9 June 2020", "/search?q=tram&topic=ai&year=2020&since=2019"),
    ]
    assert page.filters.clear_url == "/search?q=tram"


@pytest.mark.parametrize(
    ("since", "until", "label"),
    [
        ("2014", "2014", "2014"),
        ("2014-01-01", "2014-12", "2014"),
        ("2020-06", "2020-06-30", "June 2020"),
        ("2020-06-09", "2020-06-09", "9 June 2020"),
        ("2020-06-08", "2020-06-14", "Week of 8 June 2020"),
        ("2010", "2019", "2010–2019"),
        ("9999", "9999", "9999"),
        ("9999-12-31", "9999-12-31", "31 December 9999"),
        ("0001-01-01", "0001-01-01", "1 January 1"),
    ],
)
def test_dates_that_bound_one_period_have_one_chip(since: str, until: str, label: str) -> None:
    page = shown(SearchRequest("tram", selected(topic="ai"), since=since, until=until))
    (chip,) = page.filters.chips
    assert astuple(chip) == ("Time", label, "/search?q=tram&topic=ai")


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2014", "2015"),
        ("2015", "2014"),
        ("2020-06-09", "2020-06-10"),
        ("2020-06-09T10:30", "2020-06-09T10:30"),
        ("9999-12-31T23:59-00:01", "9999-12-31"),
        ("0001-01-01T00:00+00:01", "0001"),
    ],
)
def test_other_dates_have_a_chip_each(since: str, until: str) -> None:
    page = shown(SearchRequest(since=since, until=until))
    assert [chip.group for chip in page.filters.chips] == ["Since", "Until"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("since", "9999-12-31T23:59-00:01"), ("until", "0001-01-01T00:00+00:01")],
)
def test_a_date_of_no_year_of_the_calendar_is_kept_as_text(name: str, text: str) -> None:
    request = SearchRequest(since=text) if name == "since" else SearchRequest(until=text)
    (field,) = [one for one in shown(request).filters.dates.fields if one.name == name]
    assert (field.kind, field.value) == ("text", text)


def test_clearing_keeps_the_query_and_its_order() -> None:
    request = SearchRequest("tram", selected(topic="ai"), "2019", "", Sort.OLDEST, Match.ANY, 2)
    page = shown(request, {"topic": (value("ai", chosen=True),)})
    assert page.filters.clear_url == "/search?q=tram&sort=oldest&match=any"


def test_the_orders_lead_to_the_first_page_and_one_is_selected() -> None:
    sorts = shown(SearchRequest("tram", sort=Sort.NEWEST, page=4)).sorts
    assert [astuple(choice) for choice in sorts] == [
        ("Best match", "/search?q=tram", False),
        ("Newest", "/search?q=tram&sort=newest", True),
        ("Oldest", "/search?q=tram&sort=oldest", False),
        ("Most covered", "/search?q=tram&sort=coverage", False),
    ]


def test_without_a_query_there_is_no_best_match() -> None:
    sorts = shown(SearchRequest("  ")).sorts
    assert [(choice.label, choice.selected) for choice in sorts] == [
        ("Newest", True),
        ("Oldest", False),
        ("Most covered", False),
    ]


def test_a_word_alone_needs_no_way_to_match() -> None:
    assert shown(SearchRequest(" tram ")).filters.matches == ()
    assert shown(SearchRequest("", match=Match.ALL)).filters.matches == ()
    labels = [choice.label for choice in shown(SearchRequest("tram night")).filters.matches]
    assert labels == ["All words, then some", "All words", "Any word"]


def test_the_ways_to_match_and_to_group_keep_all_else() -> None:
    request = SearchRequest("tram", since="2020", match=Match.ALL, page=2)
    page = shown(request)
    assert [(choice.url, choice.selected) for choice in page.filters.matches] == [
        ("/search?q=tram&since=2020", False),
        ("/search?q=tram&since=2020&match=all", True),
        ("/search?q=tram&since=2020&match=any", False),
    ]
    assert [(choice.url, choice.selected) for choice in page.filters.groupings] == [
        ("/search?q=tram&since=2020&match=all", True),
        ("/search?q=tram&since=2020&match=all&group=story", False),
    ]
    stories = SearchRequest("tram", group=Group.STORY, default_group=Group.STORY)
    assert [choice.url for choice in shown(stories).filters.groupings] == [
        "/search?q=tram&group=none",
        "/search?q=tram",
    ]


def test_what_was_typed_and_what_may_be_meant_keep_all_else() -> None:
    request = SearchRequest("trma", since="2020", match=Match.ALL, page=2)
    found = results(request)
    corrected = search_page(
        replace(found, corrected=Corrected("tram", "trma")), Display(), HITS[0], TODAY
    )
    assert corrected.spelt.as_typed_url == "/search?q=trma&since=2020&match=all&spelling=off"
    assert (corrected.searched, corrected.query) == ("tram", "trma")
    offered = search_page(replace(found, did_you_mean="tram"), Display(), HITS[0], TODAY)
    assert offered.spelt.did_you_mean_url == "/search?since=2020&match=all&q=tram"
    assert (offered.spelt.did_you_mean, offered.spelt.as_typed_url) == ("tram", "")


@pytest.mark.parametrize(
    ("here", "total", "numbers"),
    [
        (1, 0, ""),
        (1, 10, ""),
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
    links = shown(SearchRequest("tram", page=here), total=total).paging.numbers
    written = [f"[{c.label}]" if c and c.selected else c.label if c else "…" for c in links]
    assert " ".join(written) == numbers


def test_the_first_and_the_last_page_lead_no_further() -> None:
    first, last = (shown(SearchRequest("tram", page=n), total=20) for n in (1, 2))
    assert (first.paging.previous_url, first.paging.next_url) == ("", "/search?q=tram&page=2")
    assert (last.paging.previous_url, last.paging.next_url) == ("/search?q=tram", "")
    assert (first.paging.first, last.paging.first) == (1, 11)
    beyond = shown(SearchRequest("tram", page=9), total=20)
    assert (beyond.paging.previous_url, beyond.paging.next_url) == ("", "")


def test_a_search_that_is_long_is_repeated_in_few_links() -> None:
    topics = (value("ai", chosen=True), value("cars"))
    page = shown(SearchRequest(LONG, selected(topic="ai"), page=2), {"topic": topics}, total=50)
    assert page.is_long
    assert [chip.url for chip in page.filters.chips] == [""]
    assert page.filters.dates.presets == page.filters.matches == page.filters.groupings == ()
    assert [number.label for number in page.paging.numbers if number] == ["2"]
    assert page.filters.clear_url
    assert page.paging.previous_url
    assert page.paging.next_url
    assert [value.checked for value in page.filters.groups[0].values] == [True, False]


OWN = Provider("Ledger", "ledger.example")
JUNE = datetime(2020, 6, 9, 0, 47, tzinfo=UTC)


def related(outlet: str, *, matched: bool = False) -> RelatedHit:
    article = Article(f"By {outlet}", url=f"https://{outlet}.example/a")
    provider = Provider(outlet.title(), f"{outlet}.example")
    return RelatedHit(article, provider, matched, f"<mark>By</mark> {outlet}", "")


def hit(*coverage: RelatedHit, **changes: object) -> Hit:
    article = Article("A & B", "Short", "https://ledger.example/a", published=JUNE, provider=OWN)
    item = Item("2020/a b", article, topics=("AI", "Cars"))
    outlets = {OWN.domain, *[one.provider.domain for one in coverage if one.provider]}
    one = Hit(item, OWN, 1.0, len(outlets), "A &amp; <mark>B</mark>", "Short", coverage)
    return replace(one, **changes)


def view(one: Hit, request: SearchRequest = SearchRequest("b"), **display: bool) -> HitView:  # noqa: B008 # frozen
    found = results(request, total=1, hits=(one,))
    (shown,) = search_page(found, Display(**display), HITS[0], TODAY).hits  # type: ignore[arg-type]  # any field
    return shown


def test_a_headline_leads_to_the_item_where_others_covered_it_and_else_to_the_source() -> None:
    alone, covered = view(hit()), view(hit(related("axios")), SearchRequest("b", page=2))
    assert (alone.headline_url, alone.is_external) == ("https://ledger.example/a", True)
    assert alone.item_url == "/items/2020/a%20b?q=b"
    assert covered.headline_url == covered.item_url == "/items/2020/a%20b?q=b&page=2"
    assert not covered.is_external
    assert view(hit(), SearchRequest(LONG)).item_url == "/items/2020/a%20b"


@pytest.mark.parametrize(
    ("coverage", "reasons", "said"),
    [
        ("", "", ""),
        ("axios", "", "Also in Axios"),
        ("axios verge", "", "Also in Axios and Verge"),
        ("axios verge wire", "", "Also in Axios, Verge and 1 more outlet"),
        ("axios verge wire post", "", "Also in Axios, Verge and 2 more outlets"),
        ("axios! verge wire", "Axios", "and 2 more outlets"),
        ("axios!", "Axios", ""),
        ("axios! axios", "Axios", "1 more article on this story"),
        ("ledger", "", "1 more article on this story"),
        ("ledger axios", "", "Also in Axios"),
        ("a! b! c! d! e", "A B", "and 3 more outlets"),
    ],
)
def test_related_articles_are_shown_where_they_matched_and_else_told(
    coverage: str, reasons: str, said: str
) -> None:
    articles = [
        related(name.removesuffix("!"), matched=name.endswith("!")) for name in coverage.split()
    ]
    shown = view(hit(*articles))
    assert " ".join(reason.outlet for reason in shown.reasons) == reasons
    assert shown.coverage == said


def test_a_topic_of_a_hit_narrows_the_search_unless_it_is_selected_however_written() -> None:
    assert view(hit(), SearchRequest("b", page=2)).topics == (
        ("AI", "/search?q=b&topic=AI", False),
        ("Cars", "/search?q=b&topic=Cars", False),
    )
    narrow = view(hit(), SearchRequest("b", selected(topic="ai"))).topics
    assert narrow == (("AI", "", True), ("Cars", "/search?q=b&topic=ai&topic=Cars", False))


def test_the_others_of_a_story_are_linked_to_whatever_is_the_default() -> None:
    one = hit(story="9f86d081884c7d65", others=2)
    url = "/search?q=b&story=9f86d081884c7d65"
    assert view(one, SearchRequest("b", group=Group.STORY)).others_url == url
    default = SearchRequest("b", group=Group.STORY, default_group=Group.STORY)
    grouped = view(one, default)
    assert grouped.others_url == "/search?q=b&group=none&story=9f86d081884c7d65"
    assert grouped.others == "2 more of this story"


def test_a_hit_says_how_long_ago_it_was() -> None:
    published = datetime(2020, 6, 9, 0, 47, tzinfo=UTC)
    dated = view(hit(item=Item("a", replace_article(published=published))))
    assert (dated.when, dated.ago) == ("9 June 2020, 00:47 UTC", "3 days ago")
    undated = view(hit(item=Item("a", replace_article())))
    assert (undated.when, undated.ago) == ("", "")


def test_pictures_and_copies_are_shown_only_where_asked() -> None:
    picture, logo = Image("https://img.example/p"), Image("https://img.example/l")
    article = replace_article(image=picture, amp_url="https://ledger.example/a")
    one = hit(item=Item("a", article), provider=Provider("The Ledger", "ledger.example", logo))
    plain, pictured = view(one), view(one, pictures=True, archive=True)
    assert (plain.picture, plain.logo, plain.copies) == ("", "", ())
    assert (pictured.picture, pictured.logo) == (picture.url, logo.url)
    assert [label for label, _ in pictured.copies] == ["Archived"]
    assert plain.initial == "L"  # the article tells nothing


def replace_article(**changes: object) -> Article:
    values = {"title": "T", "url": "https://ledger.example/a", **changes}
    return Article(**values)  # type: ignore[arg-type]  # any field


def test_dates_are_fields_of_days_and_what_is_no_whole_day_stays_as_it_is() -> None:
    def fields(since: str, until: str) -> list[tuple[str, str]]:
        dates = shown(SearchRequest(since=since, until=until)).filters.dates
        return [(field.kind, field.value) for field in dates.fields]

    assert fields("2020", "2020-02") == [("date", "2020-01-01"), ("date", "2020-02-29")]
    assert fields("2020-06-09", "9999") == [("date", "2020-06-09"), ("date", "9999-12-31")]
    assert fields("2020-06-09T18:00:00+02:00", "") == [
        ("text", "2020-06-09T18:00:00+02:00"),
        ("date", ""),
    ]


def test_presets_replace_the_dates_and_the_one_that_holds_is_marked() -> None:
    found = replace(
        results(SearchRequest("b", since="2020-06-03")),
        presets=(Preset(Interval.DAY, "2020-06-09"), Preset(Interval.WEEK, "2020-06-03")),
    )
    presets = search_page(found, Display(), HITS[0], TODAY).filters.dates.presets
    assert [astuple(choice) for choice in presets] == [
        ("Any time", "/search?q=b", False),
        ("Latest day", "/search?q=b&since=2020-06-09", False),
        ("Latest week", "/search?q=b&since=2020-06-03", True),
    ]


def bucket(month: int, count: int) -> Bucket:
    name = f"2020-{month:02}"
    return Bucket(date(2020, month, 1), date(2020, month + 1, 1), count, 0.5, 2, name, name)


def test_a_bar_leads_to_its_period_and_is_as_high_as_it_has_items() -> None:
    counts = Timeline(Interval.MONTH, (bucket(5, 1), bucket(6, 0), bucket(7, 2_000)), 3)
    found = replace(results(SearchRequest("b", since="2019")), timeline=counts)
    dates = search_page(found, Display(), HITS[0], TODAY).filters.dates
    may, july = dates.histogram.bars
    assert (may.url_html, may.text_html) == (
        "/search?q=b&amp;since=2020-05&amp;until=2020-05",
        "May 2020: 1 item",
    )
    assert july.text_html == "July 2020: 2,000 items"
    assert (may.outline, july.outline) == ("M0 60v-2h23V60z", "M48 60v-44h23V60z")
    assert dates.histogram.caption == "May 2020 – July 2020, by month"
    assert dates.table_url == "/search/timeline?q=b&since=2019"


@pytest.mark.parametrize(
    ("request_", "found", "summary"),
    [
        (SearchRequest("climate", sort=Sort.NEWEST), 42, "42 items for climate, sorted by newest"),
        (SearchRequest("climate"), 1, "1 item for climate, best match first"),
        (SearchRequest(), 2_000, "2,000 items, sorted by newest"),
        (SearchRequest("a", page=2), 12, "12 items for a, best match first, page 2"),
        (SearchRequest("zebra"), 0, "No items for zebra"),
    ],
)
def test_a_sentence_says_what_is_found(request_: SearchRequest, found: int, summary: str) -> None:
    hits = (hit(),) if found else ()
    page = search_page(results(request_, total=found, hits=hits), Display(), HITS[0], TODAY)
    assert page.summary == summary


def test_stories_are_counted_where_they_are_the_entries() -> None:
    found = results(SearchRequest("a", group=Group.STORY), total=30, hits=(hit(),))
    page = search_page(replace(found, stories=12), Display(), HITS[0], TODAY)
    assert page.summary == "12 stories for a, best match first"
    assert page.range == "in 30 items, 1–1 shown"
    assert (page.shapes.api_url, page.shapes.csv_url) == (
        "/api/search?q=a&group=story",
        "/search.csv?q=a&group=story",
    )
    assert page.shapes.feed_url == "/search.atom?q=a&group=story"


def test_how_many_outlets_carried_the_items_is_told_unless_some_are_selected() -> None:
    outlets = {"provider": (value("a.com"), value("b.com"))}
    found = results(SearchRequest("a"), outlets, 1, (hit(),))
    assert search_page(found, Display(), HITS[0], TODAY).range == "carried by 2 outlets"
    narrowed = replace(found, request=SearchRequest("a", selected(provider="a.com")))
    assert search_page(narrowed, Display(), HITS[0], TODAY).range == ""
