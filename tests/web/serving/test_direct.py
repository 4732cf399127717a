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


app = Direct(behind, {"/search": (HTML, made)})


def ask(route: str | None, query: str = "") -> tuple[str, dict[str, str], bytes]:
    started = []
    environ = {"PATH_INFO": "/search", "QUERY_STRING": query, "REQUEST_METHOD": "GET"}
    if route is not None:
        environ[ROUTE] = route
    body = b"".join(app(environ, lambda *start: started.append(start)))
    status, headers = started[0]
    return status, dict(headers), body


def test_what_is_asked_most_is_made_at_once() -> None:
    status, headers, body = ask("/search")
    assert (status, body) == ("200 OK", b"made")
    assert headers == {"Content-Type": HTML, "Content-Length": "4", "X-Robots-Tag": "noindex"}


@pytest.mark.parametrize("route", ["/", "/items/<path:id>", "", None])
def test_all_else_is_passed_on(route: str | None) -> None:
    assert ask(route) == ("503 Behind", {}, b"None")


def test_an_error_is_passed_on_for_the_application_to_answer() -> None:
    assert ask("/search", "bad") == ("503 Behind", {}, b"ValueError('no')")
