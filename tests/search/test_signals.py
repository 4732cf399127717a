"""What counts beside words: in which order hits come, and that nothing else changes."""

from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from indexer.item import Article, Provider
from search_app.search import service
from search_app.search.query.parser import parse
from search_app.search.query.recency_words import seeks_recent
from search_app.search.request import SearchRequest
from search_app.search.results import Results
from search_app.search.signals import DEFAULT_SIGNALS, NO_SIGNALS, Signals, SignalWeights
from search_app.settings import Settings
from tests.search.samples import ids, item, make, reader_of


def ask(index: Path, q: str, signals: Signals = DEFAULT_SIGNALS) -> Results:
    with closing(reader_of(index)) as reader, reader.acquire() as lease:
        return service.search(lease.searcher, SearchRequest(q), signals=signals)


WEIGHED = {
    "freshness": [item("a", "Ferry", "2020-01-01"), item("b", "Ferry", "2020-05-01")],
    "quality": [item("a", "Ferry", quality=10), item("b", "Ferry", quality=90)],
    "heat": [item("a", "Ferry", heat=10), item("b", "Ferry", heat=90)],
    "coverage": [
        item("a", "Ferry", domain="x.io"),
        item(
            "b",
            "Ferry",
            domain="x.io",
            related=(Article("Other", url="https://y.io/1", provider=Provider("Y", "y.io")),),
        ),
    ],
}


@pytest.mark.parametrize("signal", WEIGHED)
def test_of_two_that_say_the_same_the_newer_better_hotter_wider_comes_first(
    tmp_path: Path, signal: str
) -> None:
    index = make(tmp_path, WEIGHED[signal])
    alone = Signals(replace(NO_SIGNALS.usual, **{signal: 1.0}), 0.0)
    found, plain = ask(index, "title:ferry", alone), ask(index, "title:ferry", NO_SIGNALS)
    assert ids(found) == ["b", "a"]
    assert found.hits[0].score > found.hits[1].score
    assert len({hit.score for hit in plain.hits}) == 1


def test_who_asks_for_the_latest_gets_the_latest(tmp_path: Path) -> None:
    index = make(
        tmp_path,
        [
            item("old", "Ferry strike latest: a strike", "2019-01-01"),
            item("new", "A ferry strike, as told by the harbour latest", "2020-06-01"),
        ],
    )
    assert ids(ask(index, "ferry strike")) == ["old", "new"]
    assert ids(ask(index, "latest ferry strike")) == ["new", "old"]


@pytest.mark.parametrize(
    ("query", "is_recent"),
    [
        ("latest ferry news", True),
        ("ferry TODAY", True),
        ('"the latest" ferry', False),
        ("title:latest ferry", False),
        ("-latest ferry", False),
        ("late ferry", False),
        ("", False),
    ],
)
def test_a_query_asks_for_the_latest_by_a_word_of_its_own(query: str, is_recent: bool) -> None:
    assert seeks_recent(parse(query).tree.children) == is_recent


def clustered(folder: Path, day: str) -> Path:
    """An index in which two dozen items of this day are of ferries, and some old ones, the best by
    its words among them."""
    ferries = [item(f"ferry/{n:02}", "A ferry in the harbour", day) for n in range(24)]
    old = [item(f"old/{n}", "A ferry in the harbour", f"198{n}-01-01") for n in range(6)]
    others = [
        item(f"other/{n:03}", "Nothing of note", f"{1990 + n % 20}-01-01") for n in range(200)
    ]
    return make(folder, [item("best", "The red ferry", "1979-06-01"), *ferries, *old, *others])


NEW, OLD = "2020-06-01", "1990-01-01"
ONLY_SOUGHT = Signals(SignalWeights(), 1.0)


def test_where_matches_cluster_among_what_is_new_it_is_sought(tmp_path: Path) -> None:
    new, old = clustered(tmp_path / "new", NEW), clustered(tmp_path / "old", OLD)
    assert ids(ask(new, "title:ferry", NO_SIGNALS))[0] == "best"
    assert ids(ask(new, "title:ferry", ONLY_SOUGHT))[0] == "ferry/00"
    assert ids(ask(old, "title:ferry", ONLY_SOUGHT))[0] == "best"


@pytest.mark.parametrize("size", [1, 7, 10, 25, 100])
@pytest.mark.parametrize("day", [NEW, OLD])
def test_pages_agree_whether_matches_cluster(tmp_path: Path, day: str, size: int) -> None:
    ferries, old = [f"ferry/{n:02}" for n in range(24)], [f"old/{n}" for n in range(5, -1, -1)]
    order = [*ferries, "best", *old] if day == NEW else ["best", *ferries, *old]
    index = clustered(tmp_path, day)
    with closing(reader_of(index)) as reader, reader.acquire() as lease:
        pages = [
            service.search(
                lease.searcher,
                SearchRequest("title:ferry", page=page, page_size=size),
                signals=ONLY_SOUGHT,
            )
            for page in range(1, -(-len(order) // size) + 1)
        ]
    for number, page in enumerate(pages):
        assert ids(page) == order[number * size : (number + 1) * size]
        assert (page.total, page.facets) == (len(order), pages[0].facets)
    assert pages[0].facets["year"]


def test_signals_change_no_set_of_hits_and_no_count(seeds_index: Path) -> None:
    strong = Signals(SignalWeights(1.0, 1.0, 1.0, 1.0), 1.0)
    orders = set()
    for query in ("the", "ferry OR latest", "facial recognition police", "title:the", ""):
        found, plain = (ask(seeds_index, query, some) for some in (strong, NO_SIGNALS))
        assert (found.total, found.complete, found.facets) == (
            plain.total,
            plain.complete,
            plain.facets,
        )
        orders.add(ids(found) == ids(plain))
    assert False in orders


def test_the_settings_are_the_weights() -> None:
    assert Settings.load({}).signals == DEFAULT_SIGNALS
    names = ("FRESHNESS", "QUALITY", "HEAT", "COVERAGE", "RECENT")
    given = {f"NEWSDEX_{name}_WEIGHT": f"0.{n}" for n, name in enumerate(names, start=1)}
    assert Settings.load(given).signals == Signals(SignalWeights(0.1, 0.2, 0.3, 0.4), 0.5)
