"""The pages, over items made to be awkward: every id reachable, every text escaped."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.item import Article, Provider
from search_app.app import create_app
from search_app.links import item_url
from search_app.settings import Settings
from search_app.state import state
from search_app.template_filters import days_ago
from tests.search.samples import item, make

ODD_IDS = (
    "plain",
    "folder/inside/deep",
    "a space",
    "100%",
    "%41",
    "what?",
    "a#b",
    "ünïcode/日本語",
    "quo\"te'<b>",
    "a&b=c;d+e",
    "semi;colon:@!$,()*~",
    "-dash.dot_",
)
OWN_OR_EVIL = ("/", "http://localhost/items/hostile", "https://evil.com/", "#")
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(1)> \" ' & {{ 7*191 }}"


class Links(HTMLParser):
    """Every address and every tag of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.types: list[str | None] = []  # of scripts
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value for name, value in attrs if name == "href" and value]
        self.types += [dict(attrs).get("type")] if tag == "script" else []
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def checked(text: str) -> set[tuple[str, str]]:
    """The name and the value of each checkbox of a page that is checked."""
    boxes = re.findall(r'<input type="checkbox" [^>]*name="(\w+)" value="([^"]*)" checked>', text)
    return {(name, unescape(value)) for name, value in boxes}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("odd")
    outlet = Provider(HOSTILE, "evil.com")
    related = tuple(
        Article(f"{HOSTILE} {n}", HOSTILE, "https://evil.com/?a=1&b=2", provider=outlet)
        for n in range(9)
    )
    items = [item(id, f"tram {n}", "2020-01-01") for n, id in enumerate(ODD_IDS)]
    hostile = item(
        "hostile",
        HOSTILE,
        "2020-02-01",
        excerpt=HOSTILE,
        url="https://evil.com/?a=1&b=2",
        amp_url="https://evil.com/amp",
        cached_url="https://evil.com/cached",
        type="<b>odd</b>",
        topics=(HOSTILE, "C++ & more"),
        related=related,
        body=f"{HOSTILE}\nsecond",
        markdown=f"{HOSTILE}\n\n**second** [a](javascript:b) ![c](data:image/png,d)",
        authors=(HOSTILE, "Jo Reed"),
    )
    app = create_app(Settings.load({}, index=make(folder, [*items, hostile, item("bare", "Bare")])))
    app.testing = True
    yield app.test_client()
    state(app.extensions).reader.close()


@pytest.mark.parametrize("id", ODD_IDS)
def test_an_item_of_any_id_is_reached(odd: FlaskClient, id: str) -> None:
    page, data = odd.get(item_url(id, "")), odd.get(item_url(id, "/api"))
    assert (page.status_code, data.status_code) == (200, 200)
    assert data.get_json()["id"] == id


def test_the_results_link_to_every_item(odd: FlaskClient) -> None:
    links = Links(odd.get("/search?q=tram&page_size=100").text).found
    for id in ODD_IDS:
        url = f"{item_url(id, '')}?q=tram&page_size=100"
        assert url in links
        assert odd.get(url).status_code == 200


def test_every_link_of_an_item_and_of_its_results_leads_somewhere(odd: FlaskClient) -> None:
    pages = ["/items/hostile", "/search?q=alert+%3Cb%3E&provider=evil.com", "/items/bare", "/"]
    links = {link for path in pages for link in Links(odd.get(path).text).found}
    own = {link for link in links if link.startswith("/")}
    assert len(own) > 20
    for link in own:
        answer = odd.get(link)
        assert answer.status_code == 200, link
        answer.close()


@pytest.mark.parametrize("path", ["/items/hostile", "/search?q=alert", "/search?q=evil.com", "/"])
def test_what_an_item_holds_is_text_and_never_markup(odd: FlaskClient, path: str) -> None:
    text = odd.get(path).text
    page = Links(text)
    assert not page.tags & {"img", "iframe", "b"}
    told = ["application/ld+json"] if path.startswith("/items") else []
    assert page.types == [*Links(odd.get("/nowhere").text).types, *told]
    assert page.handlers == []
    assert str(7 * 191) not in text
    assert all(link.startswith(OWN_OR_EVIL) for link in page.found)


def test_what_a_query_holds_is_text_and_never_markup(odd: FlaskClient) -> None:
    own = Links(odd.get("/search?q=alert").text)
    assert own.types
    for name in ("q", "topic", "provider", "type"):
        page = odd.get("/search", query_string={name: HOSTILE})
        assert page.status_code == 200
        assert "img" not in Links(page.text).tags
        assert Links(page.text).types == own.types
        assert HOSTILE.split("<img")[0] not in page.text
    refused = odd.get("/search", query_string={"since": HOSTILE})
    assert refused.status_code == 400
    assert "img" not in Links(refused.text).tags
    assert Links(refused.text).types == own.types


def test_an_item_shows_its_body_and_every_article_of_the_story(odd: FlaskClient) -> None:
    text = unescape(odd.get("/items/hostile").text)
    assert "second" in text
    for number in range(9):
        assert f"{HOSTILE} {number}" in text


def test_an_item_with_a_title_only_has_a_page(odd: FlaskClient) -> None:
    page = odd.get("/items/bare")
    assert page.status_code == 200
    assert "Bare" in page.text
    assert "None" not in re.sub("<[^>]*>", "", page.text)


def test_a_selected_value_is_carried_by_the_form_and_can_be_taken_away(odd: FlaskClient) -> None:
    text = odd.get("/search?q=tram&year=2020&sort=newest").text
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text)
    assert {("year", "2020"), ("sort", "newest")} <= set(hidden)
    assert "/search?q=tram&sort=newest" in Links(text).found


def test_a_page_carries_the_filters_as_they_were_understood(odd: FlaskClient) -> None:
    text = odd.get("/search?q=tram&topic=c%2B%2B+%26+MORE&since=2021&until=2019").text
    assert "was written backwards" in text
    assert checked(text) == {("topic", "C++ & more")}
    assert re.findall(r'<input class="box" type="date" .* name="(\w+)" value="([^"]*)">', text) == [
        ("since", "2019-01-01"),
        ("until", "2021-12-31"),
    ]
    assert "/search?q=tram&since=2019&until=2021" in Links(text).found


def test_the_pages_of_a_long_list_link_to_each_other(odd: FlaskClient) -> None:
    first, second = (odd.get(f"/search?q=tram&page_size=5&page={n}").text for n in (1, 2))
    assert "/search?q=tram&page_size=5&page=2" in Links(first).found
    assert "/search?q=tram&page_size=5" in Links(second).found
    assert "/search?q=tram&page_size=5&page=3" in Links(second).found


def test_nothing_found_and_a_page_past_the_end_are_pages_too(odd: FlaskClient) -> None:
    for path in ("/search?q=zebra", "/search?q=tram&page=99", "/search?q=…", "/search?topic=none"):
        answer = odd.get(path)
        assert answer.status_code == 200
        assert "<h1" in answer.text


def test_an_index_without_items_has_a_front_page(tmp_path: Path) -> None:
    app = create_app(Settings.load({}, index=make(tmp_path, [])))
    assert app.test_client().get("/").status_code == 200
    assert app.test_client().get("/api/search").get_json()["total"] == 0
    state(app.extensions).reader.close()


def test_authors_are_shown_on_the_results_and_on_the_page_of_an_item(odd: FlaskClient) -> None:
    results, page = odd.get("/search?q=author:reed").text, odd.get("/items/hostile").text
    assert re.search(r'class="author"[^>]*>By &lt;.*, Jo <mark>Reed</mark></span>', results)
    assert re.search(r'class="author"[^>]*>By &lt;.*, Jo Reed</span>', page)
    assert 'class="author"' not in odd.get("/items/bare").text
    data = odd.get("/api/search?q=author:reed").get_json()
    assert [hit["authors"] for hit in data["hits"]] == [[HOSTILE, "Jo Reed"]]
    assert odd.get("/api/items/hostile").get_json()["authors"] == [HOSTILE, "Jo Reed"]


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    german = item(
        *("german", "Ein Haus"),
        language="de",
        excerpt="Kurz gesagt",
        related=(Article("Neue Häuser"),),
        body="Ein Absatz.",
    )
    items = [german, item("english", "A house")]
    app = create_app(Settings.load({}, index=make(tmp_path_factory.mktemp("foreign"), items)))
    app.testing = True
    yield app.test_client()
    state(app.extensions).reader.close()


def test_texts_in_another_language_than_the_page_say_so(foreign: FlaskClient) -> None:
    page = foreign.get("/search?q=neue+OR+house").text
    assert re.search(r'<html lang="en"', page)
    (german,) = re.findall(r'<h2 class="headline"([^>]*)><a href="/items/german\?', page)
    (english,) = re.findall(r'<h2 class="headline"([^>]*)><a href="/items/english\?', page)
    assert (german, english) == (' lang="de" dir="auto"', ' dir="auto"')
    for text in ("Kurz gesagt", "<mark>Neue</mark> Häuser"):
        assert re.search(rf'lang="de" dir="auto"[^>]*>{text}<', page)
    assert page.count('lang="de"') == 3


def test_the_page_of_an_item_tells_its_language(foreign: FlaskClient) -> None:
    page = foreign.get("/items/german").text
    assert re.search(r'<h1 class="headline" lang="de" dir="auto">Ein Haus<', page)
    assert re.search(r'<p class="standfirst" lang="de" dir="auto">Kurz gesagt<', page)
    assert re.search(r'<div class="body" lang="de">\s*<p dir="auto">Ein Absatz\.<', page)
    assert 'lang="de"' not in foreign.get("/items/english").text


def test_languages_narrow_a_page_by_code_and_are_called_by_name(foreign: FlaskClient) -> None:
    page = unescape(foreign.get("/search").text)
    assert re.search(r'name="language" value="de"><span[^>]*>German</span>', page)
    narrowed = foreign.get("/search?language=de").text
    assert "/items/german" in narrowed
    assert "/items/english" not in narrowed


def test_links_to_copies_say_whose_they_are(client: FlaskClient) -> None:
    """To whom links are read one by one, ten links called AMP say nothing."""
    text = client.get("/search?q=ferry").text
    links = re.findall(r'<a class="copy"[^>]*>(.*?)</a>', text)
    told = [unescape(re.sub("<[^>]*>", "", link)) for link in links]
    assert "AMP copy of The Harbour Ledger" in told
    assert "Cached copy of Meridian Wire" in told
    assert "About this item of Austral Press Agency" in told


def test_results_say_how_long_ago_each_was_without_any_script(client: FlaskClient) -> None:
    text = client.get("/search?q=ferry").text
    times = re.findall(r'<time datetime="([^"]+)">[^<]+</time>', text)
    told = re.findall(r'<time [^>]+>[^<]+</time> <span class="ago">([^<]+)</span>', text)
    today = datetime.now(UTC).date()
    assert times
    assert told == [days_ago(datetime.fromisoformat(time), today) for time in times]
