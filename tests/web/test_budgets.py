"""What a page may weigh, and what may not be in it: its budgets, held over the seeds."""

import gzip
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import search_app

STATIC = Path(search_app.__file__).parent / "static"
HTML, COMPRESSED_HTML, COMPRESSED_SCRIPTS, COMPRESSED_STYLES = 40_000, 9_000, 15_000, 20_000
"""Bytes of a page of results with ten hits; of all scripts and all style rules together."""

PAGES = {
    "front": "/",
    "everything": "/search?q=",
    "results": "/search?q=facial+recognition",
    "wide": "/search?q=the+OR+a+OR+of",
    "filtered": "/search?q=&topic=AI&topic=Oceans&provider=Meridian+Wire&since=2017&until=2025",
    "notes": "/search?q=%22open+quote+%28+colour:red+date:never&unknown=1",
    "one per story": "/search?q=&group=story",
    "narrowed": "/search?q=ferry&topic=Oceans&since=2017",
    "last page": "/search?q=&page=9",
    "no hits": "/search?q=zyzzogeton",
    "item": "/items/2020-06-09-ibm-gets-out-of-facial-recognition-business?q=ibm",
    "timeline": "/search/timeline?q=",
    "facet": "/search/facets/provider?q=",
    "bad value": "/search?page=0",
}


def size(parts: Iterator[bytes]) -> int:
    """Bytes of files as they are sent, each compressed by itself."""
    return sum(len(gzip.compress(part, 6)) for part in parts)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_light(client: FlaskClient, page: str) -> None:
    html = client.get(PAGES[page]).data
    assert len(html) <= HTML
    assert len(gzip.compress(html, 6)) <= COMPRESSED_HTML


def test_scripts_and_style_rules_are_light_and_as_they_were_written() -> None:
    scripts = [path.read_bytes() for path in sorted(STATIC.rglob("*.js"))]
    styles = [path.read_bytes() for path in sorted(STATIC.rglob("*.css"))]
    assert styles
    assert size(iter(scripts)) <= COMPRESSED_SCRIPTS
    assert size(iter(styles)) <= COMPRESSED_STYLES
    for text in (*scripts, *styles):
        assert max(map(len, text.splitlines())) < 400  # nobody minified it


class Inline(HTMLParser):
    """What of a page is a script or a style of its own, or comes from elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_data = given.get("type") == "application/ld+json"
        loaded = [given.get("src"), given.get("href") if tag == "link" else None]
        if given.get("rel") in ("canonical", "alternate"):
            loaded = []
        wrong = (
            (tag == "script" and "src" not in given and not is_data)
            or tag == "style"
            or any(name == "style" or name.startswith("on") for name in given)
            or any(url and not (url.startswith("/") and url[1:2] != "/") for url in loaded)
        )
        if wrong:
            self.found.append(self.get_starttag_text() or tag)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client: FlaskClient, page: str) -> None:
    assert Inline(client.get(PAGES[page]).text).found == []


@pytest.mark.parametrize(
    "wrong",
    [
        "<p style='color:red'>",
        "<script>1</script>",
        "<style></style>",
        "<p onclick=x>",
        "<script src='//a.example/x.js'></script>",
        "<link rel=stylesheet href='https://a.example/x.css'>",
    ],
)
def test_what_is_inline_or_from_elsewhere_would_be_found(wrong: str) -> None:
    assert len(Inline(wrong).found) == 1
