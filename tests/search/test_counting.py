"""What a search finds, by date and by the values of a facet: exactly what searches find."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from indexer.item import Provider
from indexer.schema import FACETS
from search_app.search import service
from search_app.search.answering import Wanted
from search_app.search.counting import MAX_BUCKETS, items_by_date, values_of_facet
from search_app.search.engines.whoosh.day_columns import newest_day
from search_app.search.engines.whoosh.searcher import WhooshSearcher
from search_app.search.intervals import Interval
from search_app.search.protocols import Buckets, Searcher
from search_app.search.query.rewrite import Match
from search_app.search.request import FacetRequest, Group, SearchRequest, TimelineRequest
from search_app.search.results import FacetResults, Results, TimelineResults
from search_app.search.timeline import presets
from tests.contract.engines import ENGINES, build
from tests.search.samples import item, make, reader_of, selected

DAYS = (
    *("", "2018-10-03", "2018-10-03", "2018-10-31", "2018-11-01", "2019-06-10", "2019-06-16"),
    *("2019-06-17", "2019-12-30", "2020-01-01", "2020-02-29", "2021-05-05"),
)
OUTLETS = ("news.bbc.co.uk", "lemonde.fr", "zdnet.com")
NAMES = ("BBC News", "Le Monde Économie", "ZDNet")
TOPICS = ("Climate", "Sea-level rise", "AI")


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Items of several years, one without a date and one deleted; a ferry in two of three."""
    items = [
        item(
            f"i{n:02d}",
            f"{'A ferry' if n % 3 else 'A tram'} number {n}",
            day,
            topics=TOPICS[: 1 + n % 3],
            provider=Provider(NAMES[n % 3], OUTLETS[n % 3]),
        )
        for n, day in enumerate(DAYS)
    ]
    folder = tmp_path_factory.mktemp("counting") / "index"
    gone = item("gone", "A ferry that sank", "2019-06-12", topics=TOPICS)
    build(ENGINES[0], folder, [((*items, gone), ()), ((), ("gone",))])
    with closing(reader_of(folder)) as reader, reader.acquire() as lease:
        yield lease.searcher


def by_date(
    searcher: Searcher, request: SearchRequest, interval: Interval | None = None
) -> TimelineResults:
    return items_by_date(searcher, TimelineRequest(request, interval))


def search(searcher: Searcher, request: SearchRequest) -> Results:
    return service.search(searcher, request)


REQUESTS = [
    SearchRequest(match=Match.ALL),
    SearchRequest("ferry", match=Match.ALL),
    SearchRequest("ferry", match=Match.ALL, selections=selected(topic="AI")),
    SearchRequest("ferry", match=Match.ALL, since="2018-10-04", until="2020-02"),
    SearchRequest(match=Match.ALL, since="2019-06-13", until="2019-06-16T18:00"),
    SearchRequest("nothinglikethis", match=Match.ALL),
]


@pytest.mark.parametrize("interval", [None, *Interval])
@pytest.mark.parametrize("request_", REQUESTS)
def test_each_bucket_counts_what_its_dates_select(
    searcher: Searcher, request_: SearchRequest, interval: Interval | None
) -> None:
    found = by_date(searcher, request_, interval)
    assert found.total == search(searcher, request_).total
    assert sum(bucket.count for bucket in found.buckets) + found.undated == found.total
    for bucket in found.buckets:
        inside = replace(request_, since=bucket.since, until=bucket.until)
        assert search(searcher, inside).total == bucket.count
        everything = SearchRequest(since=bucket.since, until=bucket.until)
        assert search(searcher, everything).total == bucket.all
        assert bucket.share == (round(bucket.count / bucket.all, 6) if bucket.all else 0)
    for one, other in zip(found.buckets, found.buckets[1:], strict=False):
        assert one.end == other.start
    if found.buckets:
        assert found.buckets[0].count > 0
        assert found.buckets[-1].count > 0


def test_none_is_undated_where_all_have_dates(tmp_path: Path) -> None:
    items = tuple(item(f"i{n}", "A ferry", day) for n, day in enumerate(DAYS[1:4]))
    build(ENGINES[0], tmp_path / "index", [(items, ())])
    with closing(reader_of(tmp_path / "index")) as reader, reader.acquire() as lease:
        found = by_date(lease.searcher, SearchRequest(), Interval.DAY)
    assert found.undated == 0
    assert [bucket.count for bucket in found.buckets if bucket.count] == [2, 1]


def test_the_interval_is_the_first_of_which_sixty_are_enough(searcher: Searcher) -> None:
    def interval(since: str, until: str) -> Interval:
        return by_date(searcher, SearchRequest(since=since, until=until)).interval

    assert interval("2018-10", "2018-10") is Interval.DAY
    assert interval("2019-06", "2020") is Interval.WEEK
    assert interval("2018", "2021") is Interval.MONTH
    assert [len(by_date(searcher, SearchRequest(), one).buckets) for one in Interval] == [
        946, 136, 32, 4, 2, 1,
    ]  # fmt: skip


def test_a_day_week_month_and_year_are_counted_as_the_calendar_has_them(searcher: Searcher) -> None:
    def counted(interval: Interval) -> dict[str, int]:
        buckets = by_date(searcher, SearchRequest(), interval).buckets
        return {f"{one.start} {one.end}": one.count for one in buckets if one.count}

    assert counted(Interval.DAY)["2018-10-03 2018-10-04"] == 2
    assert counted(Interval.WEEK)["2019-06-10 2019-06-17"] == 2
    assert counted(Interval.WEEK)["2019-12-30 2020-01-06"] == 2
    assert counted(Interval.MONTH)["2018-10-01 2018-11-01"] == 3
    assert counted(Interval.YEAR) == {
        "2018-01-01 2019-01-01": 4,
        "2019-01-01 2020-01-01": 4,
        "2020-01-01 2021-01-01": 2,
        "2021-01-01 2022-01-01": 1,
    }


def test_too_many_buckets_are_made_longer_and_a_note_says_so(searcher: Searcher) -> None:
    found = items_by_date(searcher, TimelineRequest(SearchRequest(), Interval.DAY), most=945)
    assert found.interval is Interval.WEEK
    (note,) = found.notes
    assert note.kind == "coarser_interval"
    assert "more than 945 days" in note.message
    assert not by_date(searcher, SearchRequest(), Interval.DAY).notes
    assert len(found.buckets) <= MAX_BUCKETS


def test_items_count_however_they_are_grouped_and_whatever_page_is_asked(
    searcher: Searcher,
) -> None:
    usual = by_date(searcher, SearchRequest("ferry"))
    for request in (
        SearchRequest("ferry", group=Group.STORY),
        SearchRequest("ferry", page=99, page_size=3, explain=True),
    ):
        found = by_date(searcher, request)
        assert (found.buckets, found.total, found.notes) == (usual.buckets, usual.total, ())


def test_a_search_that_is_corrected_is_counted_as_it_is_searched(searcher: Searcher) -> None:
    found = by_date(searcher, SearchRequest("fery"))
    assert found.corrected
    assert found.corrected.query == "ferry"
    assert found.buckets == by_date(searcher, SearchRequest("ferry")).buckets


def test_a_page_may_have_its_timeline_at_once(searcher: Searcher) -> None:
    request = SearchRequest("ferry", page_size=2)
    assert search(searcher, request).timeline is None
    for page in (1, 2):
        asked = replace(request, page=page)
        found = service.search(searcher, asked, wanted=Wanted(buckets=Buckets()))
        assert found.timeline
        assert found.timeline.buckets == by_date(searcher, request).buckets
        assert len(found.hits) == 2


def test_presets_end_with_the_day_of_the_newest_item(searcher: Searcher) -> None:
    assert [
        (one.interval.value, one.since) for one in by_date(searcher, SearchRequest()).presets
    ] == [
        ("day", "2021-05-05"),
        ("week", "2021-04-29"),
        ("month", "2021-04-06"),
        ("year", "2020-05-06"),
    ]


@pytest.mark.parametrize(
    ("newest", "since"),
    [
        ("2020-03-31", ["2020-03-31", "2020-03-25", "2020-03-01", "2019-04-01"]),
        ("2020-02-29", ["2020-02-29", "2020-02-23", "2020-01-30", "2019-03-01"]),
        ("2021-01-01", ["2021-01-01", "2020-12-26", "2020-12-02", "2020-01-02"]),
        ("0001-01-03", ["0001-01-03", "0001-01-01", "0001-01-01", "0001-01-01"]),
    ],
)
def test_presets_of_a_day(newest: str, since: list[str]) -> None:
    assert [one.since for one in presets(date.fromisoformat(newest))] == since


def test_an_item_dated_in_the_future_is_not_the_newest(searcher: Searcher, tmp_path: Path) -> None:
    assert isinstance(searcher, WhooshSearcher)
    at = {
        day: date.fromisoformat(day).toordinal() - date(1970, 1, 1).toordinal() for day in DAYS[1:]
    }
    assert newest_day(searcher.segments, at["2020-01-01"] * 86_400) == date(2020, 1, 1)
    assert newest_day(searcher.segments, at["2020-01-01"] * 86_400 - 1) == date(2019, 12, 30)
    assert newest_day(searcher.segments, at["2018-10-03"] * 86_400 - 1) is None
    folder = make(tmp_path / "index", [item("a", "Undated")])
    with closing(reader_of(folder)) as reader, reader.acquire() as lease:
        found = by_date(lease.searcher, SearchRequest())
    assert (found.total, found.undated, found.buckets, found.presets) == (1, 1, (), ())


def values(searcher: Searcher, group: str, request: SearchRequest, **more: object) -> FacetResults:
    return values_of_facet(searcher, replace(FacetRequest(request, group), **more))


@pytest.mark.parametrize("group", FACETS)
@pytest.mark.parametrize("request_", [*REQUESTS, SearchRequest("ferry", group=Group.STORY)])
def test_values_and_their_number_are_those_of_a_search(
    searcher: Searcher, request_: SearchRequest, group: str
) -> None:
    found = values(searcher, group, request_)
    results = search(searcher, request_)
    if group in results.facets:
        assert {*found.values} == {one for one in results.facets[group] if one.count}
        assert found.of == results.facet_sizes[group] == len(found.values)
    counts = [one.count for one in found.values]
    assert counts == sorted(counts, reverse=True)
    paged = [values(searcher, group, request_, offset=n, limit=1) for n in range(found.of + 1)]
    assert tuple(one for page in paged for one in page.values) == found.values
    assert {page.of for page in paged} == {found.of}


def test_the_groups_own_selection_does_not_count_and_is_told(searcher: Searcher) -> None:
    request = SearchRequest(selections=selected(topic="AI"))
    found = values(searcher, "topic", request)
    assert found.values == search(searcher, request).facets["topic"]
    assert [one.label for one in found.values if one.selected] == ["AI"]
    none = values(searcher, "topic", request, prefix="clim", offset=1)
    assert (none.values, none.of) == ((), 1)


@pytest.mark.parametrize(
    ("group", "prefix", "labels"),
    [
        ("provider", "b", ["BBC News"]),
        ("provider", "NEWS", ["BBC News"]),
        ("provider", "bbc.co", ["BBC News"]),
        ("provider", "co.uk", ["BBC News"]),
        ("provider", "economie", ["Le Monde Économie"]),
        ("provider", "ÉCO", ["Le Monde Économie"]),
        ("provider", "le mon", ["Le Monde Économie"]),
        ("provider", "onde", []),
        ("topic", "level", ["Sea-level rise"]),
        ("topic", "sea-l", ["Sea-level rise"]),
        ("topic", "level rise", ["Sea-level rise"]),
        ("topic", "vel", []),
        ("type", "art", ["article"]),
        ("year", "20", ["2018", "2019", "2020", "2021"]),
        ("language", "eng", ["English"]),
    ],
)
def test_a_prefix_is_looked_for_at_the_beginning_of_each_word(
    searcher: Searcher, group: str, prefix: str, labels: list[str]
) -> None:
    found = values(searcher, group, SearchRequest(), prefix=prefix)
    assert sorted(one.label for one in found.values) == labels
    assert found.of == len(labels)
