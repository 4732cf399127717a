"""What stands before an application and gives its answers again."""

import gzip
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

import pytest
import zstandard
from werkzeug.test import Client, TestResponse

from search_app.serving.answer_cache import AnswerCache
from search_app.serving.cached import MIN_BYTES, Cached
from search_app.serving.stream import Stream
from search_app.serving.wsgi import Environ

GZIP = {"Accept-Encoding": "gzip"}


class Site:
    """An application that counts what it is asked, and a client of what stands before it."""

    def __init__(self, body: bytes = b"tram " * 1_000) -> None:
        self.body: bytes | Exception | Stream = body
        self.status, self.content_type = "200 OK", "text/html"
        self.version, self.changes_meanwhile = "1", False
        self.asked: list[str] = []
        self.cache = AnswerCache(1_000_000)
        self._client = Client(Cached(self, self._route, lambda: self.version, self.cache))

    def _route(self, environ: Environ) -> str:
        return "/lasting" if environ["PATH_INFO"].startswith("/lasting") else ""

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ["REQUEST_METHOD"])
        if self.changes_meanwhile:
            self.version += "1"
        if isinstance(self.body, Exception):
            raise self.body
        headers = [("Content-Type", self.content_type)]
        if isinstance(self.body, bytes):
            headers.append(("Content-Length", str(len(self.body))))
        start_response(self.status, headers)
        return [self.body] if isinstance(self.body, bytes) else self.body

    def get(self, path: str = "/lasting", method: str = "GET", **more: Any) -> TestResponse:
        return self._client.open(path, method=method, **more)


def test_the_second_request_for_an_address_is_not_made_again() -> None:
    site = Site()
    first, second = site.get(), site.get()
    assert first.data == second.data == site.body
    assert dict(first.headers) == dict(second.headers)
    assert len(site.asked) == 1


def test_a_client_that_has_the_answer_is_told_so_before_it_is_made() -> None:
    site = Site()
    tag = site.get().headers["ETag"]
    site.cache.get("none", "")  # it is not known from there
    site.version = "1"
    for listed in (tag, tag.removeprefix("W/"), f'"x", {tag} , W/"y"'):
        again = site.get(headers={"If-None-Match": listed})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Vary"] == "Accept-Encoding"
        assert again.headers["Cache-Control"] == "no-cache"
        assert "Content-Encoding" not in again.headers
    assert len(site.asked) == 1
    for other in ('"x"', tag[:-2], tag.replace("W/", "w/")):
        assert site.get(headers={"If-None-Match": other}).status_code == 200


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/lasting/2"},
        {"query_string": "q=x"},
        {"base_url": "http://other.example"},
        {"base_url": "https://localhost"},
        {"base_url": "http://localhost/news"},
    ],
)
def test_another_address_is_another_answer(other: dict[str, str]) -> None:
    site = Site()
    tag = site.get(query_string="q=").headers["ETag"]
    site.body = b"other"
    answer = site.get(
        **{"path": "/lasting", "query_string": "q=", **other}, headers={"If-None-Match": tag}
    )
    assert (answer.status_code, answer.data) == (200, b"other")
    assert answer.headers["ETag"] != tag


def test_a_question_mark_in_the_path_is_not_the_beginning_of_the_query() -> None:
    site = Site()
    site.get("/lasting", query_string="q")
    site.get("/lasting%3Fq")
    site.get("/lasting%00q")
    assert len(site.asked) == 3


def test_each_coding_is_kept_and_given_to_those_who_accept_it() -> None:
    site = Site()
    for _ in range(2):
        plain, packed = site.get(), site.get(headers=GZIP)
        smaller = site.get(headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert smaller.headers["Content-Encoding"] == "zstd"
        assert gzip.decompress(packed.data) == plain.data == site.body
        assert zstandard.decompress(smaller.data) == site.body
        assert plain.headers["ETag"] == packed.headers["ETag"] == smaller.headers["ETag"]
        for answer in (plain, packed, smaller):
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert answer.headers["Content-Length"] == str(len(answer.data))
    assert len(site.asked) == 3


@pytest.mark.parametrize(
    ("body", "content_type", "varies"),
    [(b"x" * (MIN_BYTES - 1), "text/html", True), (b"x" * 10_000, "image/png", False)],
)
def test_what_would_not_become_shorter_is_not_compressed(
    body: bytes, content_type: str, varies: bool
) -> None:
    site = Site(body)
    site.content_type = content_type
    answer = site.get(headers=GZIP)
    assert answer.data == body
    assert "Content-Encoding" not in answer.headers
    assert ("Vary" in answer.headers) is varies


@pytest.mark.parametrize("first", ["HEAD", "GET"])
def test_head_has_the_headers_of_get_and_no_body(first: str) -> None:
    site = Site()
    site.get(method=first, headers=GZIP)
    head, get = site.get(method="HEAD", headers=GZIP), site.get(headers=GZIP)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(get.data)))
    assert dict(head.headers) == dict(get.headers)
    assert site.asked == ["GET"]


def test_of_another_version_nothing_is_given() -> None:
    site = Site()
    tag = site.get().headers["ETag"]
    site.version, site.body = "2", b"new"
    answer = site.get(headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (200, b"new")
    assert len(site.cache) == 1


def test_what_was_made_while_the_version_changed_is_neither_kept_nor_tagged() -> None:
    site = Site()
    site.changes_meanwhile = True
    for _ in range(2):
        answer = site.get()
        assert answer.status_code == 200
        assert "ETag" not in answer.headers
    assert (len(site.asked), len(site.cache)) == (2, 0)


@pytest.mark.parametrize("status", ["404 NOT FOUND", "503 SERVICE UNAVAILABLE", "302 FOUND"])
def test_what_is_no_success_is_neither_kept_nor_tagged(status: str) -> None:
    site = Site()
    site.status = status
    for _ in range(2):
        answer = site.get(headers=GZIP)
        assert (answer.status, answer.data) == (status, site.body)
        assert "ETag" not in answer.headers
    assert site.get(method="HEAD").data == b""
    assert (len(site.asked), len(site.cache)) == (3, 0)


def test_what_does_not_last_is_passed_on_as_it_is() -> None:
    site = Site()
    for _ in range(2):
        assert "ETag" not in site.get("/now", headers=GZIP).headers
    site.version = ""
    assert "ETag" not in site.get().headers
    assert site.asked == ["GET"] * 3


def test_an_error_leaves_the_request_as_it_was() -> None:
    site = Site()
    site.body = RuntimeError("broken")
    environ: Environ = {"REQUEST_METHOD": "HEAD", "PATH_INFO": "/lasting"}
    app = Cached(site, lambda _: "/lasting", lambda: "1", site.cache)
    with pytest.raises(RuntimeError, match="broken"):
        app(environ, lambda *_: None)
    assert environ["REQUEST_METHOD"] == "HEAD"
    assert len(site.cache) == 0


def stream(released: list[str]) -> Stream:
    held = ExitStack()
    held.callback(released.append, "released")
    return Stream(iter([b"one", b"two"]), held, lambda error: b"broken off")


def test_a_stream_is_passed_on_as_it_is_made_without_a_tag() -> None:
    site, released = Site(), list[str]()
    site.body = stream(released)
    sent: list[Any] = []
    environ: Environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/lasting"}
    app = Cached(site, lambda _: "/lasting", lambda: "1", site.cache)
    body = app(environ, lambda status, headers: sent.append((status, dict(headers))))
    assert body is site.body
    assert not released
    ((status, headers),) = sent
    assert status == "200 OK"
    assert not {"Content-Encoding", "ETag"} & {*headers}
    assert (len(site.asked), len(site.cache)) == (1, 0)


def test_head_of_a_stream_makes_none_of_it() -> None:
    site, released = Site(), list[str]()
    site.body = stream(released)
    answer = site.get(method="HEAD")
    assert (answer.status_code, answer.data, released) == (200, b"", ["released"])
