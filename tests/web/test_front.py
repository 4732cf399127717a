"""The front page: what is new, what many outlets carried, and what there is to search."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.item import Item, Provider
from search_app.app import create_app
from search_app.detail import FRONT
from search_app.pages.display import Display
from search_app.pages.pieces import Pieces
from search_app.search.overview import overview
from search_app.settings import Settings
from search_app.state import state
from tests.search.samples import item, make, reader_of
from tests.web.test_pages import page


def report(id: str, day: str, outlets: int = 1, **more: object) -> Item:
    """An item that so many outlets carried."""
    title = f"Story {id}"
    related = tuple(
        item("", f"Also {id}", day, f"o{n}.example", url=f"https://o{n}.example/{id}").article
        for n in range(1, outlets)
    )
    return item(id, title, day, "own.example", related=related, **more)


@contextmanager
def opened(folder: Path, *items: Item) -> Iterator[FlaskClient]:
    app = create_app(Settings.load({}, index=make(folder, items)))
    app.testing = True
    yield app.test_client()
    state(app.extensions).reader.close()


def section(text: str, name: str) -> str:
    return text.partition(f'<section class="front-{name}"')[2].partition("</section>")[0]


def test_it_tells_how_much_there_is_of_what_time_and_how_fresh(client: FlaskClient) -> None:
    total = client.get("/api/search").get_json()["total"]
    outlets = client.get("/api/search").get_json()["facet_sizes"]["provider"]
    words = " ".join("".join(page(client, "/").words).split())
    assert f"{total} news items from {outlets} outlets" in words
    assert "2016 to 12 November 2026 · indexed today" in words


def test_the_first_year_is_that_of_the_oldest_item(tmp_path: Path) -> None:
    with opened(tmp_path, report("old", "1066-10-14"), report("new", "2026-11-12")) as client:
        assert "1066 to 12 November 2026" in client.get("/").text


def test_the_newest_come_first_and_link_where_their_headlines_do(client: FlaskClient) -> None:
    shown = re.findall(r'<h3.*?<a href="([^"]*)"', section(client.get("/").text, "newest"))
    results = client.get("/search").text
    hits = re.findall(r'<h2 class="headline.*?<a href="(/items/[^"?]*|[^"]*)', results)
    assert shown == hits[: len(shown)]
    assert len(shown) == 8


def test_every_link_leads_to_a_page_and_every_example_finds_something(client: FlaskClient) -> None:
    shown = page(client, "/")
    own = {link for link in shown.links if link.startswith("/") and "/facets/" not in link}
    assert len(own) > 30
    for link in own:
        answer = client.get(link)
        assert answer.status_code == 200
        answer.close()
    examples = client.get("/").text.partition('class="examples"')[2].partition("</ul>")[0]
    queries = [unescape(query) for query in re.findall("<code>(.*?)</code>", examples)]
    assert len(queries) == 5  # a phrase, a topic, an outlet, how many outlets, a date
    for query in queries:
        found = client.get("/api/search", query_string={"q": query, "match": "all"}).get_json()
        assert found["total"] > 0, query
        assert found["notes"] == [], query


def test_a_count_beside_a_topic_or_an_outlet_is_the_total_of_its_search(
    client: FlaskClient,
) -> None:
    text = client.get("/").text
    for name, group in (("topics", "topic"), ("outlets", "provider")):
        values = re.findall(
            r'<a href="/search\?(.*?)">.*?class="count">([0-9,]+)', section(text, name)
        )
        assert len(values) == 12
        for query, count in values:
            assert query.startswith(f"{group}=")
            found = client.get(f"/api/search?{unescape(query)}").get_json()
            assert found["total"] == int(count), query


def test_what_most_outlets_carried_is_of_the_newest_month_or_of_more_time_if_that_is_little(
    tmp_path: Path,
) -> None:
    old = [report(f"old{n}", "2019-05-01", 9) for n in range(3)]
    year = [report(f"year{n}", "2020-02-01", 5) for n in range(3)]
    month = [report(f"month{n}", "2020-06-01", 2 + n) for n in range(4)]
    folders = [make(tmp_path / str(n), items) for n, items in enumerate(
        ([*old, *year, *month], [*old, *year, month[3]], [*old, year[0], month[3]])
    )]  # fmt: skip
    found = []
    for folder in folders:
        reader = reader_of(folder)
        with reader.acquire() as lease:
            held = overview(lease.searcher, date(2020, 6, 12))
            found.append((held.covered_since, [hit.item.id for hit in held.covered]))
        reader.close()
    assert found[0] == ("2020-05-02", ["month3", "month2", "month1", "month0"])
    assert found[1][0] == "2019-06-02"
    assert sorted(found[1][1]) == ["month3", "year0", "year1", "year2"]
    assert found[2][0] == ""
    assert len(found[2][1]) == 5


def listed(folder: Path, name: str, *items: Item) -> list[str]:
    """The headlines of a section of the front page."""
    with opened(folder, *items) as client:
        text = section(client.get("/").text, name)
    return [unescape(title) for title in re.findall(r"<h3[^>]*>(?:<a [^>]*>)?(.*?)</", text)]


def test_what_is_dated_in_the_future_is_not_among_the_newest(tmp_path: Path) -> None:
    past = [report(f"past{day}", f"2020-06-0{day}") for day in (1, 2)]
    undated, typo = report("undated", ""), report("typo", "2999-06-01")
    shown = ["Story past2", "Story past1", "Story undated"]
    assert listed(tmp_path / "one", "newest", *past, undated, typo) == shown
    future = [report(f"future{n}", "2999-06-01") for n in range(40)]
    assert listed(tmp_path / "many", "newest", *past, *future) == shown[:2]
    with opened(tmp_path / "span", *past, typo) as client:
        text = client.get("/").text
    assert "2 June 2020" in text
    assert "2999" not in text
    assert "3 news items" in text  # which can be searched


def test_if_all_is_of_the_future_it_is_shown(tmp_path: Path) -> None:
    future = [report(f"future{n}", f"2999-06-0{n}") for n in (1, 2)]
    assert listed(tmp_path, "newest", *future) == ["Story future2", "Story future1"]


def test_what_is_dated_in_the_future_was_not_covered_lately(tmp_path: Path) -> None:
    month = [report(f"month{n}", "2020-06-01", 2 + n) for n in range(4)]
    shown = ["Story month3", "Story month2", "Story month1", "Story month0"]
    assert listed(tmp_path, "covered", *month, report("typo", "2999-06-01", 9)) == shown


def test_a_story_that_several_items_report_is_among_the_newest_once(tmp_path: Path) -> None:
    told = [
        item(f"told{n}", "Ferry runs aground off the northern cape at night", f"2020-06-0{n}",
             f"o{n}.example", excerpt="All passengers of the ferry were brought ashore safely.")
        for n in (1, 2)
    ]  # fmt: skip
    with opened(tmp_path, *told, item("other", "Bread", "2020-05-01", "b.example")) as client:
        story = client.get("/api/items/told1").get_json()["story"]
        assert story
        headlines = section(client.get("/").text, "newest").count("<h3")
        assert headlines == 2


def test_an_outlet_has_the_letter_that_it_has_among_results() -> None:
    outlet = Pieces(Display(), date(2020, 6, 9)).outlet(Provider("The Ledger", "l.example"), FRONT)
    assert outlet is not None
    assert outlet.initial == "L"  # the article tells nothing


def test_an_empty_index_says_what_to_do(tmp_path: Path) -> None:
    with opened(tmp_path) as client:
        words = page(client, "/").words
        assert "newsdex reindex" in words
        assert "Nothing here yet" in words


def test_parameters_make_it_the_page_of_a_search(client: FlaskClient) -> None:
    for query in ("q=ferry", "topic=Oceans", "sort=oldest", "qq=ferry"):
        assert 'class="hits"' in client.get(f"/?{query}").text
    for query in ("", "utm_source=x", "q="):
        assert 'class="front"' in client.get(f"/?{query}").text
    assert client.get("/?page=0").status_code == 400


@pytest.mark.parametrize("day", ["", "2020-06-09"])
def test_items_without_date_topic_or_outlet_are_no_fault(tmp_path: Path, day: str) -> None:
    bare = item("bare", '<b>東京</b> & "quotes"', day)
    with opened(tmp_path, bare) as client:
        text = client.get("/").text
        assert "&lt;b&gt;東京&lt;/b&gt; &amp; &#34;quotes&#34;" in text
        assert "1 news item" in text
