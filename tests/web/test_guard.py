"""What is refused before anything is made of it, and that nothing of it is read."""

from typing import Any, NoReturn

import pytest
from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from search_app.guard import refusal

ROUTES = ("/", "/search", "/items/x", "/api/search", "/api/items/x", "/readyz", "/healthz", "/no")


class Untouchable:
    """A body that must not be read."""

    def _touched(self, *_: Any) -> NoReturn:
        raise AssertionError("the body was read")

    read = readline = readlines = __iter__ = _touched


def asked(client: FlaskClient, path: str, **environ: str) -> tuple[int, bytes]:
    """Status and body of what the application answers to a WSGI request as it stands."""
    made = {**create_environ(path), "wsgi.input": Untouchable(), **environ}
    answer, status, _ = run_wsgi_app(client.application, made)
    return int(status.split()[0]), b"".join(answer)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "BREW"])
@pytest.mark.parametrize(
    "announced",
    [
        {"CONTENT_LENGTH": "1"},
        {"CONTENT_LENGTH": str(10**18)},
        {"CONTENT_LENGTH": "-1"},
        {"CONTENT_LENGTH": "abc"},
        {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": "1"},
        {"CONTENT_LENGTH": "5", "CONTENT_TYPE": "multipart/form-data; boundary=x"},
    ],
)
def test_a_body_is_refused_unread_whatever_it_is_sent_to(
    client: FlaskClient, path: str, method: str, announced: dict[str, str]
) -> None:
    status, body = asked(client, path, REQUEST_METHOD=method, **announced)
    assert status == 413
    if path.startswith("/api") and method != "HEAD":
        assert b'{"error":{"kind":"too_large"' in body


@pytest.mark.parametrize("length", ["", "0", "00", " 0 "])
def test_no_body_is_no_fault(client: FlaskClient, length: str) -> None:
    assert asked(client, "/healthz", CONTENT_LENGTH=length)[0] == 200


def test_a_post_without_a_body_is_told_what_it_may_do(client: FlaskClient) -> None:
    assert asked(client, "/api/search", REQUEST_METHOD="POST")[0] == 405
    assert asked(client, "/api/search", REQUEST_METHOD="OPTIONS")[0] == 200


@pytest.mark.parametrize(
    ("environ", "status", "kind"),
    [
        ({"QUERY_STRING": "q=" + "a" * 262_142}, 0, ""),
        ({"QUERY_STRING": "q=" + "a" * 262_143}, 400, "too_long"),
        ({"QUERY_STRING": "&" * 999}, 0, ""),
        ({"QUERY_STRING": "&" * 1_000}, 400, "too_many"),
        ({"QUERY_STRING": "topic=a&" * 10_000}, 400, "too_many"),
        ({"PATH_INFO": "/" + "a" * 4_199}, 0, ""),
        ({"PATH_INFO": "/" + "a" * 4_200}, 404, "not_found"),
        ({}, 0, ""),
    ],
)
def test_lengths_are_bounded_and_the_bounds_are_inclusive(
    environ: dict[str, str], status: int, kind: str
) -> None:
    refused = refusal(environ)
    assert ((refused.status, refused.kind) if refused else (0, "")) == (status, kind)


def test_the_limits_are_given() -> None:
    assert refusal({"QUERY_STRING": "a=b"}, max_query=2)
    assert refusal({"PATH_INFO": "/abc"}, max_path=3)
    assert refusal({"QUERY_STRING": "a&b"}, max_parameters=1)


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_what_is_refused_for_its_length_is_not_repeated(client: FlaskClient, prefix: str) -> None:
    for path, query, status in (
        (f"{prefix}/search", "q=" + "%41" * 100_000, 400),
        (f"{prefix}/search", "topic=abc&" * 1_000, 400),
        (f"{prefix}/items/{'x' * 4_200}", "", 404),
        (f"{prefix}/items/{'x' * 4_000}", "q=" + "y" * 200_000, 404),
    ):
        answered, body = asked(client, path, QUERY_STRING=query)
        assert answered == status
        assert len(body) < (10_000 if query.startswith("q=y") else 3_000)
