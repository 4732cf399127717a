"""Feeds: what readers of Atom and JSON Feed take from any search, whatever its texts hold."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from flask.testing import FlaskClient

from indexer.item import Article, Provider
from search_app.app import create_app
from search_app.settings import Settings
from search_app.xml_text import legal_xml
from tests.search.hostile_items import hostile_items
from tests.search.samples import item, make
from tests.web.xml import tree

ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = "]]> <b>bold</b> & \"q\" 'q' \u202egnp.exe \ufffe\x0b " + "w" * 10_000


def parsed(client: FlaskClient, address: str) -> Any:
    """The feed as feedparser reads it, which must find no fault in it."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    found = feedparser.parse(answer.data, response_headers={"content-type": answer.content_type})
    assert not found.bozo, found.bozo_exception
    assert found.version == "atom10"
    return found


def test_a_feed_has_what_the_search_finds_the_newest_first(client: FlaskClient) -> None:
    found = client.get("/api/search?q=the&sort=newest&match=all&page_size=50").get_json()
    entries = parsed(client, "/search.atom?q=the").entries
    assert [one.title for one in entries] == [hit["title"] for hit in found["hits"]]
    assert [one.updated for one in entries] == [hit["published"] for hit in found["hits"]]
    assert [one.id for one in entries] == [
        f"http://localhost/items/{hit['id']}" for hit in found["hits"]
    ]
    other = client.get("/search.json?q=the").get_json()
    assert [one["title"] for one in other["items"]] == [one.title for one in entries]
    assert [one["id"] for one in other["items"]] == [one.id for one in entries]


def test_every_page_of_a_feed_leads_to_all_others(client: FlaskClient) -> None:
    ids, address, pages = [], "/search.atom?q=the&page_size=20", 0
    total = client.get("/api/search?q=the&match=all").get_json()["total"]
    while address:
        found = parsed(client, address)
        links = {one.rel: one.href for one in found.feed.links}
        assert links["self"] == f"http://localhost{address}"
        assert links["first"] == found.feed.id == "http://localhost/search.atom?q=the&page_size=20"
        assert ("previous" in links) == (pages > 0)
        ids += [one.id for one in found.entries]
        address, pages = links.get("next", "").removeprefix("http://localhost"), pages + 1
    assert (len(ids), len(set(ids))) == (total, total)
    assert pages == -(-total // 20) > 2


def test_the_page_of_a_feed_shows_the_same_hits(client: FlaskClient) -> None:
    found = parsed(client, "/search.atom?q=the&topic=AI&page_size=5")
    (page,) = [one.href for one in found.feed.links if one.rel == "alternate"]
    shown = client.get(page.replace("http://localhost/search", "/api/search")).get_json()
    assert [one.title for one in found.entries] == [hit["title"] for hit in shown["hits"]]


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("sort=relevance", "sort=relevance&match=all"),
        ("match=auto&sort=oldest", "match=auto&sort=oldest"),
    ],
)
def test_what_a_feed_is_asked_for_goes_before_what_is_usual(
    client: FlaskClient, given: str, asked: str
) -> None:
    found = parsed(client, f"/search.atom?q=ferry+storm&page_size=2&{given}")
    shown = client.get(f"/api/search?q=ferry+storm&page_size=2&{asked}").get_json()
    assert [one.title for one in found.entries] == [hit["title"] for hit in shown["hits"]]
    for link in found.feed.links:
        if link.rel == "self":
            again = parsed(client, link.href.removeprefix("http://localhost"))
            assert [one.id for one in again.entries] == [one.id for one in found.entries]


def test_a_feed_has_no_items_of_another_word(client: FlaskClient) -> None:
    """The page shows these, and leads to their feed."""
    assert client.get("/api/search?q=facail").get_json()["corrected"]["query"] == "facial"
    assert parsed(client, "/search.atom?q=facail").entries == []
    assert parsed(client, "/search.atom?q=facail&spelling=on").entries
    html = client.get("/search?q=facail&sort=oldest").text
    (address,) = set(re.findall(r'href="(/search\.atom[^"]*)"', html))
    assert address == "/search.atom?q=facial"


def test_a_feed_is_named_after_what_it_seeks(client: FlaskClient) -> None:
    titles = {
        "": "Newsdex",
        "?q=+ferry+": "Newsdex: ferry",
        "?topic=AI": "Newsdex: AI",
        "?q=the&type=article&since=2020&until=2021-03": (
            "Newsdex: the, article, since 2020, until 2021-03"
        ),
    }
    for query, title in titles.items():
        assert parsed(client, f"/search.atom{query}").feed.title == title
        assert client.get(f"/search.json{query}").get_json()["title"] == title


def test_an_entry_tells_authors_outlet_topics_and_the_article(tmp_path: Path) -> None:
    named = item(
        "a/b c",
        "Title <1> & more",
        "2024-05-01",
        "outlet.example",
        authors=("Ann", "Bob"),
        topics=("Sea", "R&D"),
        excerpt="Rain <fell> & stopped",
        url="https://outlet.example/1?a=1&b=2",
        language="de",
    )
    client = create_app(
        Settings.load({}, index=make(tmp_path / "i", [named, item("bare", "Bare")]))
    ).test_client()
    entry, bare = parsed(client, "/search.atom?q=rain+OR+bare&page_size=2").entries
    assert entry.id == entry.link == "http://localhost/items/a/b%20c"
    assert entry.title == "Title <1> & more"
    assert [one.name for one in entry.authors] == ["Ann", "Bob"]
    assert entry.source.title == "Outlet"
    assert [one.term for one in entry.tags] == ["Sea", "R&D"]
    assert [one.href for one in entry.links if one.rel == "via"] == [
        "https://outlet.example/1?a=1&b=2"
    ]
    assert entry.title_detail.language == "de"
    summary = tree(client.get("/search.atom?q=rain").data).find(f"{ATOM}entry/{ATOM}summary")
    assert summary is not None
    assert (summary.get("type"), summary.text) == (
        "html",
        "<mark>Rain</mark> &lt;fell&gt; &amp; stopped",
    )
    assert (bare.updated, "published" in bare) == ("1970-01-01T00:00:00Z", False)
    first, second = client.get("/search.json?q=rain+OR+bare").get_json()["items"]
    assert first["external_url"] == "https://outlet.example/1?a=1&b=2"
    assert (first["authors"], first["tags"]) == ([{"name": "Ann"}, {"name": "Bob"}], ["Sea", "R&D"])
    assert first["date_published"] == "2024-05-01T00:00:00Z"
    assert {"date_published", "external_url"} & second.keys() == set()


def test_hostile_texts_make_no_feed_that_cannot_be_read(tmp_path: Path) -> None:
    article = Article(
        NASTY, NASTY, f"https://a.example/?{'&' * 50}",
        published=datetime(9999, 12, 31, tzinfo=UTC), provider=Provider(NASTY[:200], "a.example"),
    )  # fmt: skip
    nasty = item("one").__class__(NASTY[:40], article, (NASTY[:90],), authors=(NASTY[:90],))
    hostile = [nasty, *hostile_items(1, 1, 1_000)]
    index = make(tmp_path / "i", hostile)
    client = create_app(Settings.load({}, index=index)).test_client()
    query = f"match=any&q={quote('<&>')}%00%0B%EF%BF%BE%ED%A0%80%22]]>"
    for address in ("/search.atom", "/search.json"):
        assert client.get(address).status_code == 200
        assert client.get(address, query_string=query).status_code == 200
    assert len(parsed(client, "/search.atom").entries) == len(hostile)
    root = tree(client.get("/search.atom", query_string=query).data)
    assert "\ufffd" in (root.findtext(f"{ATOM}title") or "")


def test_what_xml_cannot_hold_is_replaced() -> None:
    every = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x11000), 0x10FFFF]))
    text = legal_xml(every).replace("&", "&amp;").replace("<", "&lt;")
    element = tree(f"<a>{text}</a>")
    assert element.text
    assert (element.text.count("\ufffd"), len(element.text)) == (32 - 3 + 2 + 1, len(every))


def test_addresses_are_those_of_the_setting_or_of_the_request(
    seeded: Path, client: FlaskClient
) -> None:
    settings = Settings.load({"NEWSDEX_PUBLIC_URL": "https://news.example/"}, index=seeded)
    named = create_app(settings).test_client()
    assert parsed(named, "/search.atom?q=ibm").feed.id == "https://news.example/search.atom?q=ibm"
    other = client.get("/search.atom?q=ibm", headers={"Host": "other.example:81"})
    assert b"<id>http://other.example:81/search.atom?q=ibm</id>" in other.data
    for host in ('"><script>', "a b", "é", ""):
        hostile = client.get("/search.atom?q=ibm", headers={"Host": host})
        assert hostile.status_code < 500
        assert b"<script" not in hostile.data


def test_a_reader_that_has_the_feed_is_not_sent_it_again(client: FlaskClient) -> None:
    for address in ("/search.atom?q=ferry", "/search.json?q=ferry"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        other = client.get(address, headers={"Host": "x", "If-None-Match": first.headers["ETag"]})
        assert other.status_code == 200


def test_a_bad_parameter_is_told_in_json(client: FlaskClient, bare: FlaskClient) -> None:
    bad = client.get("/search.atom?page_size=1000")
    assert (bad.status_code, json.loads(bad.data)["error"]["parameter"]) == (400, "page_size")
    assert bare.get("/search.json").status_code == 503


def test_a_page_names_the_feed_of_its_search(client: FlaskClient) -> None:
    page = client.get("/search?q=ferry&topic=Oceans&sort=oldest&page=1&page_size=2").text
    assert 'type="application/atom+xml"' in page
    assert 'href="/search.atom?q=ferry&amp;topic=Oceans"' in page
    assert 'href="/search.csv?q=ferry' in page
