"""The page of an item: pictures by the setting, links in order, and what it tells programs."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.item import Article, Image, Item, Provider
from search_app.app import create_app, safe_headers
from search_app.settings import Settings
from search_app.state import state
from tests.indexer.samples import NEW_YEAR
from tests.search.samples import make
from tests.web.test_item_body import Elements

HOSTILE = "</script><script>alert(1)</script><!-- & \u2028 \"'"
POLICY = safe_headers(Settings.load({}))["Content-Security-Policy"]
SHOT = Image("https://img.example/a.jpg?b=1&c=2", 640, 428)
LOGO = Image("https://img.example/logo.png")
OUTLET = Provider("Ledger", "ledger.example", LOGO)
SECOND = Article(
    "Second",
    url="https://wire.example/b",
    amp_url="https://wire.example/amp",
    cached_url="https://wire.example/amp",
    published=NEW_YEAR + timedelta(hours=3, minutes=20),
    provider=Provider("Wire", "wire.example"),
)
ITEMS = (
    Item(
        "told",
        Article(
            "First",
            f"Excerpt {HOSTILE}",
            "https://ledger.example/a?x=1&y=2",
            amp_url="https://ledger.example/a?x=1&y=2",
            cached_url="https://cache.example/a",
            published=NEW_YEAR,
            provider=OUTLET,
            image=SHOT,
        ),
        topics=("Ferries",),
        related=(SECOND,),
        body="Body",
        authors=("Jo Reed",),
        markdown=f"# Head\n\n**Bold** ![shot]({SHOT.url})\n\n[x](https://y.example/)",
    ),
    Item("alone", Article("Alone", url="https://ledger.example/alone", published=NEW_YEAR)),
    Item("with-body", Article("Bodied", url="https://ledger.example/c"), markdown="> " * 60 + "deep"
         , body="deep"),
    Item("nowhere", Article("Nowhere")),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("pictured"), ITEMS)


Asked = Callable[..., FlaskClient]


@pytest.fixture
def asked(folder: Path) -> Iterator[Asked]:
    """Makes a client of an application with these settings."""
    apps = []

    def made(**environ: str) -> FlaskClient:
        app = create_app(Settings.load(environ, index=folder))
        app.testing = True
        apps.append(app)
        return app.test_client()

    yield made
    for app in apps:
        state(app.extensions).reader.close()


def told(client: FlaskClient, path: str = "/items/told") -> dict[str, Any]:
    """What the page tells programs as JSON-LD."""
    text = client.get(path).text
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    found: dict[str, Any] = json.loads(script)
    return found


def hrefs(client: FlaskClient, path: str) -> list[str | None]:
    return [attrs.get("href") for tag, attrs in Elements(client.get(path).text).found if tag == "a"]


PAGES = ("/items/told", "/", "/search?q=first")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_loads_or_names_a_picture_unless_a_setting_says_so(asked: Asked, path: str) -> None:
    answer = asked().get(path)
    assert "img.example" not in answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("path", PAGES)
def test_pictures_are_shown_from_where_they_are_and_nothing_else_is_allowed(
    asked: Asked, path: str
) -> None:
    answer = asked(NEWSDEX_IMAGES="link").get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.replace(" https:", "", 1) == POLICY
    assert "img-src 'self' data: https:;" in policy
    pictures = [attrs for tag, attrs in Elements(answer.text).found if tag == "img"]
    assert {attrs["src"] for attrs in pictures} == {SHOT.url, LOGO.url}
    for attrs in pictures:
        assert attrs["referrerpolicy"] == "no-referrer"
        assert attrs["loading"] == "lazy"
        assert "alt" in attrs


def test_the_api_names_pictures_whatever_the_setting(asked: Asked) -> None:
    item = asked().get("/api/items/told").get_json()
    assert item["image"] == {"url": SHOT.url, "width": 640, "height": 428}
    assert item["related"][0]["image"] is None


def test_a_body_is_rendered_below_the_headline_of_the_page(asked: Asked) -> None:
    text = asked().get("/items/told").text
    assert '<h2 dir="auto">Head</h2>\n<p dir="auto"><strong>Bold</strong> shot</p>' in text
    assert text.count("<h1") == 1


def test_a_body_that_cannot_be_rendered_is_shown_by_its_words(asked: Asked) -> None:
    assert '<p dir="auto">deep</p>' in asked().get("/items/with-body").text


def test_an_item_tells_programs_what_it_is(asked: Asked) -> None:
    client = asked()
    assert told(client) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": "http://localhost/items/told",
        "headline": "First",
        "description": f"Excerpt {HOSTILE}",
        "url": "https://ledger.example/a?x=1&y=2",
        "mainEntityOfPage": "http://localhost/items/told",
        "datePublished": "2020-01-01",
        "inLanguage": "en",
        "publisher": {"@type": "Organization", "name": "Ledger"},
        "author": [{"@type": "Person", "name": "Jo Reed"}],
        "keywords": ["Ferries"],
    }
    text = client.get("/items/told?q=ferry&utm_source=x").text
    assert '<link rel="canonical" href="http://localhost/items/told">' in text
    assert '<meta property="og:url" content="http://localhost/items/told">' in text
    assert '<meta property="og:title" content="First">' in text
    assert '<meta property="article:published_time" content="2020-01-01">' in text
    assert "og:image" not in text
    assert told(client, "/items/nowhere")["url"] == "http://localhost/items/nowhere"


def test_where_pictures_are_shown_programs_are_told_of_them(asked: Asked) -> None:
    client = asked(NEWSDEX_IMAGES="link")
    found = told(client)
    assert found["image"] == {"@type": "ImageObject", "url": SHOT.url, "width": 640, "height": 428}
    assert found["publisher"]["logo"] == {"@type": "ImageObject", "url": LOGO.url}
    assert '<meta property="og:image" content="https://img.example/a.jpg?b=1&amp;c=2">' in (
        client.get("/items/told").text
    )


def told_at(folder: Path, *moments: datetime, **environ: str) -> tuple[list[str], str]:
    """What stands beside the articles of a story that were published then, and what sums it up."""
    own, *others = [
        Article(f"T{n}", url=f"https://o{n}.example/", published=moment,
                provider=Provider(f"Outlet {n}", f"o{n}.example"))
        for n, moment in enumerate(moments)
    ]  # fmt: skip
    index = make(folder, [Item("x", own, related=tuple(others))])
    app = create_app(Settings.load(environ, index=index))
    text = app.test_client().get("/items/x").text
    state(app.extensions).reader.close()
    (summary,) = re.findall(r'<p class="range">\d+ articles in \d+ outlets\.? ?(.*?)</p>', text)
    return re.findall(r'<p class="rank">(.*?)</p>', text), summary


NOON = NEW_YEAR + timedelta(hours=12)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("moments", "ranks", "summary"),
    [
        # The name by itself: its script may be written the other way.
        ((NOON, NOON + timedelta(hours=3, minutes=20)), ["First", "3 hours later"],
         "<bdi>Outlet 0</bdi> was first; the other one followed within 4 hours"),
        ((NOON, NOON), ["First", "At the same time"], "All at the same time"),
        # A date without a time is kept as midnight.
        ((NEW_YEAR, NOON), ["Same day", "Same day"], "All on the same day"),
        ((NEW_YEAR, NOON, NOON + timedelta(hours=1), NOON + DAY),
         ["Same day", "Same day", "Same day", "1 day later"],
         "3 on the same day; the other one followed by the next day"),
        ((NEW_YEAR, NEW_YEAR, NOON + 2 * DAY, NEW_YEAR + 9 * DAY),
         ["Same day", "Same day", "2 days later", "1 week later"],
         "2 on the same day; the others followed within the next 2 weeks"),
        ((NEW_YEAR, NEW_YEAR + timedelta(hours=31)), ["First", "1 day later"],
         "<bdi>Outlet 0</bdi> was first; the other one followed by the next day"),
        ((NOON, NOON + timedelta(hours=2), NEW_YEAR + 2 * DAY),
         ["First", "2 hours later", "2 days later"],
         "<bdi>Outlet 0</bdi> was first; the others followed within the next 2 days"),
    ],
)  # fmt: skip
def test_the_coverage_says_who_was_first_and_how_much_later_others_were_as_far_as_is_known(
    tmp_path: Path, moments: tuple[datetime, ...], ranks: list[str], summary: str
) -> None:
    assert told_at(tmp_path, *moments) == (ranks, summary)


def test_the_coverage_counts_days_of_the_zone_of_the_pages(tmp_path: Path) -> None:
    """An article of the next day in Berlin is of the evening before in UTC."""
    late = NEW_YEAR - timedelta(minutes=30)
    ranks, _ = told_at(tmp_path / "a", NEW_YEAR, late, NEWSDEX_TIME_ZONE="Europe/Berlin")
    assert ranks == ["Same day", "Same day"]
    ranks, _ = told_at(tmp_path / "b", NEW_YEAR, late)
    assert ranks == ["First", "1 day later"]


def test_a_copy_says_of_what_it_is_one(asked: Asked) -> None:
    text = asked().get("/items/told").text
    copies = re.findall(r'<a class="copy" href="([^"]*)"[^>]*>(.*?)</a>', text)
    assert [(url, re.sub("<.*?>", "", label)) for url, label in copies] == [
        ("https://cache.example/a", "Cached copy of Ledger"),
        ("https://wire.example/amp", "AMP copy of Wire"),
    ]


def test_a_headline_leads_to_the_item_where_there_is_more_to_see_and_else_to_the_source(
    asked: Asked,
) -> None:
    text = asked().get("/search").text
    headlines = dict(re.findall(r'<h2 class="headline"[^>]*><a href="([^"]*)"[^>]*>(\w+)<', text))
    assert headlines == {
        "/items/told": "First",
        "https://ledger.example/alone": "Alone",
        "/items/with-body": "Bodied",
        "/items/nowhere": "Nowhere",
    }
    assert '<a class="copy" href="/items/alone">About this item</a>' in text


def test_copies_are_linked_to_unless_they_are_the_same_address(asked: Asked) -> None:
    found = hrefs(asked(), "/items/told")
    own = found[: found.index("https://cache.example/a")]
    assert own.count("https://ledger.example/a?x=1&y=2") == 1  # and no AMP copy, which is the same
    assert found.count("https://wire.example/amp") == 1  # a cached copy that is the AMP copy
    assert not any("web.archive.org" in str(url) for url in found)


def test_the_archive_is_linked_to_where_a_setting_says_so(asked: Asked) -> None:
    client = asked(NEWSDEX_ARCHIVE_LINKS="on")
    archived = "https://web.archive.org/web/20200101000000/https://ledger.example/"
    assert f"{archived}a?x=1&y=2" in hrefs(client, "/items/told")
    assert f"{archived}alone" in hrefs(client, "/search?q=alone")


def test_a_permalink_is_whole_whoever_asks_by_whatever_name(asked: Asked) -> None:
    text = asked().get("/items/told", headers={"Host": 'a.example"><script>x</script>'}).text
    assert "<script>x" not in text
    kept = asked().get("/items/told", headers={"Host": "news.example:8080"}).text
    assert '<link rel="canonical" href="http://news.example:8080/items/told">' in kept


def test_a_search_that_led_here_is_marked_kept_and_led_back_to(asked: Asked) -> None:
    search = "q=first+secnd+reed&provider=wire.example&sort=newest&page=2"
    text = asked().get(f"/items/told?{search}").text
    assert '<h1 class="headline" dir="auto"><mark>First</mark></h1>' in text
    assert 'rel="noopener noreferrer external"><mark>Second</mark></a></h3>' in text  # corrected
    assert "By Jo <mark>Reed</mark>" in text
    parts = ("q=first+secnd+reed", "provider=wire.example", "sort=newest", "page=2")
    assert f'<a class="back" href="/search?{"&amp;".join(parts)}"' in text
    form = text.partition("<form")[2].partition("</form>")[0]
    assert 'value="first secnd reed"' in form
    assert '<input type="hidden" name="provider" value="wire.example">' in form
    assert 'name="page"' not in form


def test_a_hit_says_if_what_was_found_stands_in_its_body_alone(asked: Asked) -> None:
    client, told = asked(), "Found in the text of this item"
    for query, is_told in {
        "deep": True,  # which the item with this body has nowhere else
        "title:bodied": False,
        "ferries": False,  # a topic
        "second": False,  # a related article
        "ledger": False,  # an outlet
        "year:2020": False,
        "": False,
    }.items():
        text = client.get("/search", query_string={"q": query}).text
        assert (told in text) == is_told, query


def test_without_a_search_nothing_is_marked_and_nothing_leads_back(asked: Asked) -> None:
    for query in ("", "?", "?utm_source=x", "?q=&topic="):
        text = asked().get(f"/items/told{query}").text
        assert "<mark>" not in text
        assert 'class="back"' not in text


@pytest.mark.parametrize(
    "query",
    [
        *("page=0", "since=never", "year=MMXX", "story=none", "q=first&sort=best"),
        *("topic=" + "x" * 300, "q=%ff%00", "q=" + "(" * 500),
        "q=%3Cscript%3Ealert(1)%3C%2Fscript%3E&topic=%22%3E%3Cscript%3E",
    ],
)
def test_an_item_is_shown_whatever_search_its_address_repeats(asked: Asked, query: str) -> None:
    answer = asked().get(f"/items/told?{query}")
    assert answer.status_code == 200
    assert "First</" in re.sub("</?mark>", "", answer.text)
    assert "<script>" not in answer.text


def test_the_item_itself_is_linked_to_once_at_its_source(asked: Asked) -> None:
    assert hrefs(asked(), "/items/told").count("https://ledger.example/a?x=1&y=2") == 1
