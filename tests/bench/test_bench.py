"""The benchmarks themselves, at a small size: that they measure what they say, not how fast."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bench import asks, engines, traffic
from tests.bench.asks import KINDS, SINGLE, Ask
from tests.bench.bars import bars
from tests.bench.conftest import ITEMS, QUERIES, RUNS
from tests.bench.draw import Text, draw
from tests.bench.engines import GROUPS, LEVELS, OURS, PEERS, Engine
from tests.bench.figures import Series, Table, percentile
from tests.bench.results import Results


def results(work: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((work / "bench.json").read_text(encoding="utf-8"))
    return report


def test_all_engines_are_measured_with_all_kinds_at_all_levels(work: Path) -> None:
    (only,) = results(work)["results"]
    seen = [(r["engine"], r["kind"], r["level"], r["run"]) for r in only["table"]["rows"]]
    names = (OURS, *PEERS)
    assert sorted(seen) == sorted(
        (name, kind, level, run)
        for name in names
        for kind in KINDS
        for level in LEVELS
        for run in range(RUNS)
    )
    assert [built["engine"] for built in only["built"]] == list(names)
    assert all(built["size"] > 100_000 and built["seconds"] > 0 for built in only["built"])
    assert len(only["openings"]) == RUNS * len(names)
    assert only["memory"]["rss"] > only["memory"]["anonymous"] > 0
    assert not only["missing"]


def test_every_request_over_http_is_answered(work: Path) -> None:
    (only,) = results(work)["results"]
    servers = [(row["server"], row["run"]) for row in only["traffic"]]
    assert sorted(servers) == [(s, run) for s in ("datasette", "newsdex") for run in range(RUNS)]
    assert all(row["seen"]["failed"] == 0 < row["seen"]["rate"] for row in only["traffic"])


def test_each_row_of_the_table_is_computed_and_printed(work: Path) -> None:
    rows = results(work)["bars"]
    assert len(rows) == 15
    missing = [row["what"] for row in rows if row["value"] is None]
    assert missing == [
        "p95 of a page query grows from 10,000 to 100,000 items",
        "time of a full reindex grows from 10,000 to 100,000 files",
    ], "growth needs two counts, and nothing else is missing"
    printed = (work / "bench.md").read_text(encoding="utf-8")
    assert all(f"| {row['what']} |" in printed for row in rows)
    assert all(name in printed for name in (*PEERS, *KINDS.values()))


@pytest.fixture
def opened(work: Path) -> Iterator[dict[str, Engine]]:
    """The engines of the work folder, open."""
    folder = work / str(ITEMS)
    found = {name: engines.maker(name).open(folder / name) for name in (OURS, *PEERS)}
    yield found
    for engine in found.values():
        engine.close()


@pytest.mark.parametrize("kind", SINGLE)
def test_the_engines_find_about_the_same(work: Path, opened: dict[str, Engine], kind: str) -> None:
    totals = dict.fromkeys(opened, 0)
    for ask in (ask for one in sets(work) for ask in one[kind]):
        pages = {name: engine.summary(engine.page(ask)) for name, engine in opened.items()}
        plain = {name: engine.summary(engine.plain(ask)) for name, engine in opened.items()}
        faceted = {name: engine.summary(engine.faceted(ask)) for name, engine in opened.items()}
        assert pages[OURS].total >= 1, "each query is drawn from an item"
        for name, page in pages.items():
            assert plain[name].total == faceted[name].total == page.total
            assert faceted[name].facets == page.facets
            assert sum(map(len, plain[name].facets.values())) <= bool(ask.topic)  # what is selected
            assert not faceted[name].marked
            assert len(page.ids) == min(10, page.total) == len(page.marked)
            assert sorted(plain[name].ids) == sorted(faceted[name].ids) == sorted(page.ids)
            assert set(page.facets) == set(GROUPS)
            assert sum(page.facets["type"].values()) == page.total
            totals[name] += page.total
    for name, total in totals.items():  # stemmers differ: for Porter's, "news" is "new"
        assert totals[OURS] / 2 <= total <= totals[OURS] * 2, name


def test_a_topic_narrows_all_groups_but_its_own(work: Path, opened: dict[str, Engine]) -> None:
    for ask in sets(work)[0]["topic"]:
        for name, engine in opened.items():
            narrow = engine.summary(engine.page(ask))
            wide = engine.summary(engine.page(Ask("one", ask.words)))
            assert narrow.facets["topic"] == wide.facets["topic"], name
            assert narrow.facets["topic"][ask.topic] == narrow.total, name


def test_what_was_found_is_marked(work: Path, opened: dict[str, Engine]) -> None:
    for name, engine in opened.items():
        marked = []
        for ask in (ask for one in sets(work) for ask in one["one"]):
            texts = "".join("".join(pair) for pair in engine.summary(engine.page(ask)).marked)
            marked.append(f">{ask.words[0]}" in texts.lower())
        # Not always: the word may stand in related articles, or be an outlet's or a topic's.
        assert sum(marked) > len(marked) / 2, name


def test_datasette_answers_with_hits_total_and_four_facet_groups(work: Path) -> None:
    with traffic.datasette(work / str(ITEMS) / "sqlite", work / "log") as server:
        for ask in sets(work)[0]["topic"]:
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            connection.request("GET", traffic.datasette_path(ask))
            answer = json.loads(connection.getresponse().read())
            connection.close()
            assert answer["filtered_table_rows_count"] >= 1
            assert len(answer["rows"]) == min(10, answer["filtered_table_rows_count"])
            assert set(answer["facet_results"]) == {"topics", "providers", "type", "year"}


def sets(work: Path) -> asks.Sets:
    return asks.load(work / str(ITEMS) / f"asks-{RUNS}x{QUERIES}.json")


def texts() -> list[Text]:
    """Items with words that all have, that a few have, and that one alone has."""
    return [
        Text(
            (("the", "of", "storm", "river", "town", f"mid{n // 4}", f"few{n // 5}", f"one{n}"),),
            (),
        )
        for n in range(100, 300)
    ]


def test_the_same_texts_give_the_same_queries_and_none_twice() -> None:
    with_topics = [Text(text.runs, ("Sea",)) for text in texts()]
    drawn = draw(with_topics, runs=2, queries=6)
    assert drawn == draw(with_topics, runs=2, queries=6)
    assert len(drawn) == 3
    assert all(len(one[kind]) == 6 for one in drawn for kind in KINDS)
    several = [ask for one in drawn for ask in one["four_all"]]
    assert len(set(several)) == len(several)
    assert all(len(set(ask.words)) == 4 for ask in several)
    assert {ask.topic for ask in drawn[0]["topic"]} == {"Sea"}


def test_items_without_the_words_of_a_kind_are_an_error() -> None:
    with pytest.raises(ValueError, match="no topic query can be drawn from 200 items"):
        draw(texts(), runs=1, queries=1)


def test_percentiles_lie_between_the_nearest_values() -> None:
    assert percentile([4, 1, 3, 2], 50) == 2.5
    assert percentile(range(101), 95) == 95
    assert percentile([7], 95) == 7


def test_a_ratio_is_taken_within_each_run() -> None:
    times = {OURS: (2.0, 30.0, 4.0), "tantivy": (1.0, 10.0, 1.0)}
    rows = [
        Series(engine, "mixed", "page", run, p, p, p, p, 1)
        for engine, runs in times.items()
        for run, p in enumerate(runs)
    ]
    table = Table(tuple(rows))
    assert table.ratio(OURS, "tantivy", "mixed", "page", "p95") == 3
    assert table.median(OURS, "mixed", "page", "p95") == 4
    found = bars([Results(10, None, (), table, (), (), None, None, ())])
    assert (found[0].value, found[0].verdict) == (3, "missed")
    assert {bar.verdict for bar in found[1:]} == {"not measured"}


def test_facets_against_sqlite_are_judged_without_snippets_by_the_worst_kind() -> None:
    times = {("sqlite", "faceted"): 20.0, ("sqlite", "page"): 30.0, (OURS, "page"): 5.0}
    rows = [
        Series(engine, kind, level, 0, p, p, p, p, 1)
        for kind in KINDS
        for (engine, level), p in times.items()
    ]
    ours = {kind: 4.0 if kind == "phrase" else 1.0 for kind in KINDS}
    rows += [Series(OURS, kind, "faceted", 0, p, p, p, p, 1) for kind, p in ours.items()]
    found = bars([Results(10, None, (), Table(tuple(rows)), (), (), None, None, ())])
    (bar,) = (bar for bar in found if "SQLite" in bar.what)
    assert (bar.value, bar.verdict) == (5.0, "missed")
    assert bar.detail.startswith("phrase; ")
    assert "whole pages: one word, 6.0 ×, mixed 6.0 ×" in bar.detail
