"""Requests drawn at random: none is an error of ours, and none has a long answer."""

import random
from collections import Counter
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from tests.conditions import chance, examples

METHODS = ("GET",) * 9 + ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "BREW", "get")
PATHS = (
    "/", "/search", "/api/search", "/items/", "/api/items/", "/readyz", "/healthz", "/static/",
    "/openapi.json", "/api/timeline", "/api/facets/", "/api/facets/topic", "/api/", "//", "/..",
    "/static/../app.py", "/%2e%2e/", "/items/%00", "/日",
)  # fmt: skip
NAMES = (
    "q", "q", "topic", "provider", "type", "year", "language", "since", "until", "sort", "match",
    "page", "page_size", "explain", "group", "interval", "prefix", "offset", "limit", "other", "",
    "q[]",
)  # fmt: skip
PIECES = (
    "tram", "ferry", "2020", "1", "0", "-1", "newest", "any", "a*", '"', "(", ")", "-", "OR",
    "title:", "date:>", "..", "%", "%FF", "%ED%A0%80", "+", "&", ";", "=", "%00", "%0D%0A", "😀",
    "東京", "<script>", "{{7*7}}", "../../etc/passwd", "' OR 1=1", "\u202e", "e\u0301", "9" * 40,
    "x" * 300, "%F0%9F%98%80" * 99,
)  # fmt: skip
HEADERS = (
    "If-None-Match", "If-Modified-Since", "Range", "Accept", "Accept-Language", "Cookie", "Host",
    "X-Forwarded-For", "X-Forwarded-Host", "Content-Type", "Content-Encoding", "Expect", "Upgrade",
    "Authorization", "X-HTTP-Method-Override", "Connection",
)  # fmt: skip


class Drawn(NamedTuple):
    """A request out of pieces that mean something, in places where they may not."""

    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]


def text(draw: random.Random) -> str:
    return draw.choice(("", " ")).join(draw.choices(PIECES, k=draw.choice((1, 1, 2, 5, 40))))


def request(draw: random.Random) -> Drawn:
    count = draw.choice((0, 1, 1, 2, 3, 9, 200))
    query = "&".join(f"{draw.choice(NAMES)}={text(draw)}" for _ in range(count))
    headers = [
        (draw.choice(HEADERS), text(draw).encode().decode("latin-1"))
        for _ in range(draw.choice((0, 0, 1, 3, 30)))
    ]
    path = draw.choice(PATHS) + (text(draw).replace("?", "") if draw.random() < 0.4 else "")
    return Drawn(draw.choice(METHODS), path, query, headers)


def answer(client: FlaskClient, drawn: Drawn) -> tuple[int, int]:
    """Status and bytes of the answer to a request as a server would hand it on."""
    environ = {
        **create_environ("/", method=drawn.method),
        "PATH_INFO": unquote_to_bytes(drawn.path).decode("latin-1"),
        "QUERY_STRING": drawn.query.encode().decode("latin-1"),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in drawn.headers},
    }
    body, status, _ = run_wsgi_app(client.application, environ)
    return int(status.split()[0]), len(b"".join(body))


def test_no_request_drawn_at_random_is_a_fault_of_ours_or_has_a_long_answer(
    client: FlaskClient,
) -> None:
    statuses = Counter[int]()
    for number in range(examples(600, 20_000)):
        drawn = request(chance("request", number))
        status, size = answer(client, drawn)
        statuses[status] += 1
        assert status in (200, 206, 304, 400, 404, 405, 413, 416), (number, drawn)
        assert size < 300_000, (number, drawn)
    assert min(statuses[status] for status in (200, 400, 404, 405)) > 20
