"""What is asked most is answered directly, and all else by the application behind."""

from collections.abc import Iterable
from typing import Any

import pytest

from search_app.serving.direct import FAILED, Direct
from search_app.serving.wsgi import ROUTE, Environ

HTML = "text/html; charset=utf-8"


def behind(environ: Environ, start_response: Any) -> Iterable[bytes]:
    """Says what it knows of an error."""
    start_response("503 Behind", [])
    return [repr(environ.get(FAILED)).encode()]


def made(environ: Environ) -> bytes:
    if environ["QUERY_STRING"] == "bad":
        raise ValueError("no")
    return b"made"


app = Direct(behind, {"/search": (HTML, made)}, lambda environ: environ["QUERY_STRING"] != "long")


def ask(path: str, query: str = "", method: str = "GET") -> tuple[str, dict[str, str], bytes, str]:
    started = []
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method}
    body = b"".join(app(environ, lambda *start: started.append(start)))
    status, headers = started[0]
    return status, dict(headers), body, environ.get(ROUTE, "")


def test_what_is_asked_most_is_made_at_once_and_counted_under_its_path() -> None:
    status, headers, body, route = ask("/search")
    assert (status, body, route) == ("200 OK", b"made", "/search")
    assert headers == {"Content-Type": HTML, "Content-Length": "4", "X-Robots-Tag": "noindex"}


@pytest.mark.parametrize(
    "asked", [("/",), ("/search/",), ("/search", "", "HEAD"), ("/search", "", "POST"), ("", "")]
)
def test_all_else_is_passed_on(asked: tuple[str, ...]) -> None:
    assert ask(*asked) == ("503 Behind", {}, b"None", "")


def test_what_is_not_sound_is_passed_on() -> None:
    assert ask("/search", "long") == ("503 Behind", {}, b"None", "")


def test_an_error_is_passed_on_for_the_application_to_answer() -> None:
    assert ask("/search", "bad") == ("503 Behind", {}, b"ValueError('no')", "/search")
