"""Behind a base path every address of every answer leads to the application, and none past it."""

import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from flask.testing import FlaskClient

from indexer.errors import UsageError
from search_app.app import create_app
from search_app.settings import Settings
from search_app.state import state

BASE = "/news"
LINK = re.compile('(?:href|action|src)="([^"]+)"')
ASKED = ("/", "/search?q=ferry", "/search?q=facail+recogniton", "/search?q=zzz", "/nowhere")


@pytest.fixture(scope="module")
def based(seeded: Path) -> Iterator[FlaskClient]:
    """A client of an application with a base path and a trusted proxy."""
    app = create_app(
        Settings.load({"NEWSDEX_BASE_PATH": BASE, "NEWSDEX_RATE_LIMIT": "1000"}, index=seeded)
    )
    with closing(state(app.extensions).reader):
        yield app.test_client()


@pytest.fixture(scope="module")
def proxied(seeded: Path) -> Iterator[FlaskClient]:
    """A client of an application that trusts the proxy it is asked through."""
    app = create_app(Settings.load({"NEWSDEX_TRUSTED_PROXIES": "127.0.0.1"}, index=seeded))
    with closing(state(app.extensions).reader):
        yield app.test_client()


def links(client: FlaskClient, path: str, **headers: str) -> set[str]:
    """The addresses of this site that a page names."""
    text = client.get(path, headers=headers).get_data(as_text=True)
    found = {urljoin(path, unescape(link)) for link in LINK.findall(text) if link[0] != "#"}
    assert found
    return {link for link in found if link.startswith("/")}


def status(client: FlaskClient, path: str) -> int:
    with client.get(path) as answer:
        return answer.status_code


@pytest.mark.parametrize("path", ASKED)
def test_every_link_of_a_page_begins_with_the_base_path_and_leads_somewhere(
    based: FlaskClient, path: str
) -> None:
    found = links(based, BASE + path)
    assert found
    assert {link for link in found if not link.startswith(f"{BASE}/")} == set()
    for link in found:
        assert status(based, link) == 200, link


def test_so_does_every_link_of_an_item(based: FlaskClient) -> None:
    (hit, *_) = based.get(f"{BASE}/api/search?q=facial+recognition").get_json()["hits"]
    found = links(based, f"{BASE}/items/{quote(hit['id'])}")
    assert f"{BASE}/api/items/{quote(hit['id'])}" in found
    for link in found:
        assert link.startswith(f"{BASE}/")
        assert status(based, link) == 200, link


def test_so_does_every_address_of_the_api(based: FlaskClient) -> None:
    suggestions = based.get(f"{BASE}/api/suggest?q=fer").get_json()["suggestions"]
    assert suggestions
    for one in suggestions:
        assert one["url"].startswith(f"{BASE}/search?q=")
    assert based.get(f"{BASE}/openapi.json").get_json()["servers"] == [{"url": BASE}]


@pytest.mark.parametrize(
    "path", ["/search.atom?q=ferry", "/search.json?q=ferry", "/opensearch.xml", "/sitemap.xml"]
)
def test_so_does_every_absolute_address(based: FlaskClient, path: str) -> None:
    text = based.get(BASE + path).text
    found = {unescape(one) for one in re.findall(r"http://localhost[^\s\"<]*", text)}
    assert found
    for address in found:
        assert address.startswith(f"http://localhost{BASE}/")
        assert status(
            based, re.sub(r"\{[^}]*\}", "", address.removeprefix("http://localhost"))
        ) in {
            200,
            400,  # of a template, with its blanks left blank
        }


def test_crawlers_are_told_the_paths_as_they_ask_for_them(based: FlaskClient) -> None:
    lines = based.get(f"{BASE}/robots.txt").text.splitlines()
    assert f"Disallow: {BASE}/search" in lines
    assert f"Sitemap: http://localhost{BASE}/sitemap.xml" in lines


def test_a_proxy_may_take_the_base_path_off(based: FlaskClient) -> None:
    assert links(based, "/search?q=ferry") == links(based, f"{BASE}/search?q=ferry")
    assert based.get("/healthz").status_code == 200
    assert links(based, BASE) == links(based, f"{BASE}/")
    assert based.get("/newspaper").status_code == 404


def test_a_trusted_proxy_names_the_base_path(proxied: FlaskClient) -> None:
    named = {"X-Forwarded-Prefix": "/a, /daily/news/"}
    for link in links(proxied, "/search?q=ferry", **named):
        assert link.startswith("/daily/news/")
    assert proxied.get("/openapi.json", headers=named).get_json()["servers"] == [
        {"url": "/daily/news"}
    ]


def test_the_setting_comes_before_what_a_proxy_says_and_nobody_else_is_believed(
    based: FlaskClient, client: FlaskClient
) -> None:
    named = {"X-Forwarded-Prefix": "/evil"}
    assert links(based, "/", **named) == links(based, "/")
    assert links(client, "/", **named) == links(client, "/")


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "/a b", '/"', "news", "/a/../b", "/é", "/a?b"]
)
def test_what_is_no_path_is_not_believed(proxied: FlaskClient, prefix: str) -> None:
    named = {"X-Forwarded-Prefix": prefix.encode().decode("latin-1")}
    assert links(proxied, "/", **named) == links(proxied, "/")
    with pytest.raises(UsageError, match=r"NEWSDEX_BASE_PATH: .*: write a path such as /news"):
        Settings.load({"NEWSDEX_BASE_PATH": prefix})


def test_a_refusal_has_the_base_path_too(seeded: Path) -> None:
    app = create_app(
        Settings.load({"NEWSDEX_BASE_PATH": BASE, "NEWSDEX_RATE_LIMIT": "0.001"}, index=seeded)
    )
    with closing(state(app.extensions).reader):
        client = app.test_client()
        assert client.get(f"{BASE}/").status_code == 200
        refused = client.get(f"{BASE}/")
        assert refused.status_code == 429
        assert f'href="{BASE}/"' in refused.get_data(as_text=True)
        api = client.get(f"{BASE}/api/search")
        assert api.get_json()["error"]["kind"] == "rate_limited"


@pytest.mark.parametrize("mounted", ["/mount", "/mount/ä b"])
def test_a_server_may_mount_it_below_a_path(client: FlaskClient, mounted: str) -> None:
    environ = {"SCRIPT_NAME": mounted.encode().decode("latin-1")}
    assert f'action="{quote(mounted)}/search"' in client.get("/", environ_overrides=environ).text
