"""Exports over real sockets: what a client sees of a whole one, a broken one, and of many."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from search_app.app import create_app
from search_app.serving.granian_worker import Limits, Worker
from search_app.serving.listening import listening
from search_app.serving.stream import Stream
from search_app.settings import Settings
from search_app.state import state
from tests.patience import patience
from tests.search.samples import item, make

ITEMS = 3_000
TEXT = "word " * 400


@contextmanager
def worker(app: Any) -> Iterator[int]:
    """The port of a real worker that serves an application."""
    with listening("127.0.0.1", 0) as (listener,):
        port = listener.getsockname()[1]
        one = Worker(app, listener, Limits(threads=40))
        one.start()
        yield port
        one.stop()
        assert one.stopped(10)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose export is larger than what sockets hold."""
    items = [item(f"{n:05}", f"Title {n}", excerpt=TEXT) for n in range(ITEMS)]
    return make(tmp_path_factory.mktemp("streaming") / "index", items)


@contextmanager
def site(index: Path, **environ: str) -> Iterator[tuple[Any, int]]:
    app = create_app(Settings.load(environ, index=index), recheck=0)
    with worker(app) as port:
        yield app, port
    state(app.extensions).reader.close()


@contextmanager
def asked(port: int, path: str) -> Iterator[http.client.HTTPResponse]:
    """The answer, of which the headers have come; at the end the connection is closed."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path)
        with connection.getresponse() as answer:
            yield answer


def ask(port: int, path: str) -> bytes:
    with asked(port, path) as answer:
        assert answer.status == 200
        return answer.read()


def leases(app: Any) -> int:
    with state(app.extensions).reader.acquire() as lease:
        return lease.users - 1


def test_an_export_arrives_whole_and_releases_the_index(index: Path) -> None:
    with site(index) as (app, port), asked(port, "/search.jsonl") as answer:
        assert answer.getheader("Transfer-Encoding") == "chunked"
        lines = answer.read().splitlines()
        assert {json.loads(line)["id"] for line in lines} == {f"{n:05}" for n in range(ITEMS)}
        assert len(lines) == ITEMS == int(answer.getheader("X-Total-Count", ""))
        assert leases(app) == 0


def test_an_index_that_is_published_meanwhile_does_not_mix_in(tmp_path: Path) -> None:
    items = [item(f"{n:05}", f"Title {n}", excerpt=TEXT) for n in range(ITEMS)]
    index = make(tmp_path / "index", items)
    with site(index) as (app, port), asked(port, "/search.jsonl") as answer:
        begun = answer.readline()
        make(index, [item("new", "New")])
        assert json.loads(ask(port, "/api/search?q=new"))["total"] == 1
        lines = [begun, *answer.read().splitlines()]
        assert {json.loads(line)["id"] for line in lines} == {one.id for one in items}
        assert leases(app) == 0


def test_searches_are_answered_while_clients_leave_exports_unread(index: Path) -> None:
    """One slot in all: an export that held it would leave none."""
    with site(index, NEWSDEX_THREADS="1") as (app, port), ExitStack() as unread, patience():
        for _ in range(2):
            unread.enter_context(asked(port, "/search.jsonl"))
        for _ in range(20):
            assert ask(port, "/api/search?q=title")
        assert leases(app) == 2


def test_a_third_export_of_a_client_waits_and_goes_on_when_one_has_left(index: Path) -> None:
    with site(index) as (app, port), patience(), ExitStack() as first, ExitStack() as others:
        first.enter_context(asked(port, "/search.csv"))
        others.enter_context(asked(port, "/search.csv"))
        third = others.enter_context(socket.create_connection(("127.0.0.1", port), 0.5))
        third.sendall(b"GET /search.csv HTTP/1.1\r\nHost: a\r\n\r\n")
        with pytest.raises(TimeoutError):
            third.recv(12)
        assert leases(app) == 2
        first.close()
        third.settimeout(20)
        assert third.recv(12) == b"HTTP/1.1 200"
        others.close()
        while leases(app):
            time.sleep(0.01)


def test_what_breaks_off_says_so_and_the_server_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    released: list[bool] = []

    def app(environ: Any, start: Any) -> Stream:
        def chunks() -> Iterator[bytes]:
            yield b"one\n"
            if environ["PATH_INFO"] == "/broken":
                raise ValueError("a fault in the middle")

        held = ExitStack()
        held.callback(released.append, True)
        start("200 OK", [("Content-Type", "text/plain")])
        return Stream(chunks(), held, lambda _: b"broken off\n")

    with worker(app) as port:
        assert ask(port, "/broken") == b"one\nbroken off\n"
        assert ask(port, "/whole") == b"one\n"
    assert released == [True, True]
    assert "a fault in the middle" in caplog.text
