"""Answers that are given again: told by 304 or from memory, and never out of date."""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.engines import open_store
from search_app.app import create_app
from search_app.serving.direct import Direct
from search_app.serving.wsgi import Environ
from search_app.settings import Settings
from search_app.state import state
from tests.search.samples import IBM, item, make

LASTING = (
    *("/", "/search", "/search?q=ferry", f"/items/{IBM}", "/api/search?q=ferry"),
    *(f"/api/items/{IBM}", f"/api/items/{IBM}/similar", "/api/suggest?q=fer", "/api/timeline"),
    *("/api/facets/topic", "/search.atom", "/search.json", "/openapi.json", "/opensearch.xml"),
    *("/opensearch/suggest?q=fer", "/robots.txt", "/sitemap.xml"),
)
PASSING = ("/healthz", "/readyz", "/metrics")


def counted(patch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the requests that are answered anew from now on: the first that sees them after
    the cache notes them."""
    seen: list[str] = []
    answer = Direct.__call__

    def noted(self: Direct, environ: Environ, start_response: Any) -> Iterable[bytes]:
        seen.append(environ["PATH_INFO"])
        return answer(self, environ, start_response)

    patch.setattr(Direct, "__call__", noted)
    return seen


def timeless(body: bytes) -> bytes:
    """An answer without how long its search took."""
    return re.sub(rb'"took_ms":[0-9.]+|in [0-9.]+ ms', b"", body)


@pytest.fixture
def opened(seeded: Path) -> Iterator[Callable[..., Flask]]:
    """Makes an application over the seeds with these settings of the environment."""
    held = []

    def app(**settings: object) -> Flask:
        environ = {f"NEWSDEX_{name.upper()}": str(value) for name, value in settings.items()}
        made = create_app(Settings.load(environ, index=seeded))
        held.append(state(made.extensions))
        return made

    yield app
    for one in held:
        one.close()


@pytest.mark.parametrize("path", LASTING)
def test_an_answer_is_made_once(
    opened: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    app = opened()
    client, seen = app.test_client(), counted(monkeypatch)
    first = client.get(path)
    assert first.status_code == 200
    second, head = client.get(path), client.head(path)
    told = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert second.data == first.data
    assert dict(second.headers) == dict(head.headers) == dict(first.headers)
    assert (told.status_code, told.data) == (304, b"")
    assert len(seen) == 1
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    if packed.headers.get("Content-Encoding"):
        assert timeless(gzip.decompress(packed.data)) == timeless(first.data)
    else:
        assert len(first.data) < 1_400


@pytest.mark.parametrize("path", ["/search.csv?q=ferry", "/search.jsonl", "/sitemap-1.xml"])
def test_a_stream_which_may_break_off_is_neither_kept_nor_tagged(
    opened: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    app = opened()
    client, seen = app.test_client(), counted(monkeypatch)
    for _ in range(2):
        with client.get(path, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status_code == 200
            assert not {"Content-Encoding", "ETag"} & {*answer.headers.keys()}
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert len(seen) == 3


@pytest.mark.parametrize("path", [*PASSING, "/nowhere", "/items/none", "/search?page=0"])
def test_what_is_of_the_moment_or_an_error_is_not_kept(
    opened: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    app = opened()
    client, seen = app.test_client(), counted(monkeypatch)
    for _ in range(2):
        answer = client.get(path, headers={"If-None-Match": "*"})
        assert answer.status_code in (200, 400, 404)
        assert "ETag" not in answer.headers
    assert len(seen) == 2


def test_a_new_generation_answers_whoever_has_the_old_answer(tmp_path: Path) -> None:
    make(tmp_path, [item("1", "tram")])
    app = create_app(Settings.load({}, index=tmp_path), recheck=0)
    client = app.test_client()
    old = client.get("/api/search?q=tram")
    make(tmp_path, [item("1", "tram"), item("2", "tram")])
    new = client.get("/api/search?q=tram", headers={"If-None-Match": old.headers["ETag"]})
    assert (new.status_code, new.get_json()["total"]) == (200, 2)
    open_store("whoosh", tmp_path).rollback()
    back = client.get("/api/search?q=tram", headers={"If-None-Match": new.headers["ETag"]})
    assert (back.status_code, back.get_json()["total"]) == (200, 1)
    assert back.headers["ETag"] == old.headers["ETag"]
    state(app.extensions).reader.close()


def test_so_do_new_synonyms(seeded: Path, tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    app = create_app(Settings.load({"NEWSDEX_SYNONYMS": str(file)}, index=seeded), recheck=0)
    client = app.test_client()
    before = client.get("/api/search?q=boatlike&spelling=off").get_json()["total"]
    file.write_text("boatlike > ferry\n")
    after = client.get("/api/search?q=boatlike&spelling=off").get_json()["total"]
    assert before == 0 < after
    state(app.extensions).reader.close()


def test_an_answer_instead_of_a_damaged_generation_has_a_tag_of_its_own(tmp_path: Path) -> None:
    make(tmp_path, [item("1", "tram")])
    make(tmp_path, [item("1", "tram"), item("2", "tram")])
    app = create_app(Settings.load({}, index=tmp_path), recheck=0)
    client = app.test_client()
    whole = client.get("/api/search?q=tram")
    (tmp_path / "CURRENT").write_text("damaged")
    instead = client.get("/api/search?q=tram", headers={"If-None-Match": whole.headers["ETag"]})
    assert instead.status_code == 200
    assert [note["kind"] for note in instead.get_json()["notes"]] == ["stand_in"]
    state(app.extensions).reader.close()


def test_other_settings_give_other_tags(opened: Callable[..., Flask]) -> None:
    tags = {
        opened(**settings).test_client().get("/").headers["ETag"]
        for settings in (
            {},
            {"site_name": "Other"},
            {"page_size": 5},
            {"accent": "#8a1538"},
            {"images": "link"},
            {"freshness_weight": "0.2"},
        )
    }
    assert len(tags) == 6
    same = {opened().test_client().get("/").headers["ETag"] for _ in range(2)}
    assert len(same) == 1
    assert same < tags


def test_answers_of_two_base_paths_are_not_mistaken(opened: Callable[..., Flask]) -> None:
    client = opened(trusted_proxies="127.0.0.1").test_client()
    for prefix in ("/news", "/archive", "", "/news"):
        page = client.get("/", headers={"X-Forwarded-Prefix": prefix})
        assert f'action="{prefix}/search"' in page.text
    for host in ("a.example", "b.example"):
        feed = client.get("/search.json", headers={"Host": host}).get_json()
        assert feed["home_page_url"].startswith(f"http://{host}/")
    secure = client.get("/search.json", headers={"X-Forwarded-Proto": "https"}).get_json()
    assert secure["home_page_url"].startswith("https://")


def test_a_refused_request_is_refused_whatever_is_kept(opened: Callable[..., Flask]) -> None:
    app = opened(rate_limit="0.001")
    client = app.test_client()
    kept = client.get("/api/search?q=ferry")
    refused = client.get("/api/search?q=ferry", headers={"If-None-Match": kept.headers["ETag"]})
    assert (kept.status_code, refused.status_code) == (200, 429)
    assert "ETag" not in refused.headers


def test_so_is_one_with_a_body(client: FlaskClient) -> None:
    tag = client.get("/search?q=ferry").headers["ETag"]
    answer = client.get("/search?q=ferry", data="x", headers={"If-None-Match": tag})
    assert answer.status_code == 413
    assert client.post("/search?q=ferry").status_code == 405


def test_another_site_may_read_what_is_kept_only_where_a_setting_says_so(
    opened: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = opened(cors_origins="https://a.example")
    client, seen, allow = app.test_client(), counted(monkeypatch), "Access-Control-Allow-Origin"
    for origin, allowed in (("https://a.example", True), ("https://b.example", False)) * 2:
        answer = client.get("/api/search?q=ferry", headers={"Origin": origin})
        assert (answer.headers.get(allow) == origin) is allowed
        assert {*answer.headers.getlist("Vary")} == {"Origin", "Accept-Encoding"}
        tag = {"If-None-Match": answer.headers["ETag"], "Origin": origin}
        told = client.get("/api/search?q=ferry", headers=tag)
        assert (told.status_code, told.headers.get(allow) == origin) == (304, allowed)
    assert len(seen) == 1


def test_metrics_and_the_log_see_what_is_answered_from_memory(
    opened: Callable[..., Flask], tmp_path: Path
) -> None:
    log = tmp_path / "access.log"
    app = opened(access_log=log)
    client = app.test_client()
    tag = client.get(f"/items/{IBM}").headers["ETag"]
    client.get(f"/items/{IBM}")
    client.get(f"/items/{IBM}", headers={"If-None-Match": tag})
    client.head("/search?q=ferry")
    client.get("/static/icon.svg")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        *[("GET", "/items/<path:id>", status) for status in (200, 200, 304)],
        ("HEAD", "/search", 200),
        ("GET", "/static/<path:name>", 200),
    ]
    metrics = client.get("/metrics").text
    assert 'newsdex_requests_total{route="/items/<path:id>",status="200"} 2.0' in metrics
    assert 'newsdex_requests_total{route="/items/<path:id>",status="304"} 1.0' in metrics
    assert 'newsdex_queries_total{kind="words"} 1.0' in metrics


def test_without_room_every_answer_is_made_anew(
    opened: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(cache_mb=0)
    client, seen = app.test_client(), counted(monkeypatch)
    tags = {client.get("/").headers["ETag"] for _ in range(2)}
    assert (len(seen), len(tags)) == (2, 1)
    assert client.get("/", headers={"If-None-Match": tags.pop()}).status_code == 304
