"""`newsdex serve` under clients that are idle, slow or greedy, and what it lets go of at its end.

That `/healthz` answers within two seconds whatever the others do is the promise; how fast it is
measured by `python -m tests.bench.servers`.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from search_app.serving.admission import QueueLimits
from search_app.serving.granian_worker import Limits, Worker
from search_app.serving.listening import listening, room_for_connections
from tests.bench import attacks
from tests.patience import patience
from tests.test_serve import NEWSDEX, ROOT, item, run, serving

PROMISED = 2.0
"""Seconds within which `/healthz` answers."""

PAGE = "/search?q=tram&page_size=100"

SMALL: dict[str, attacks.Attack] = {
    "idle": attacks.idle(120),
    "slow headers": attacks.slow_headers(30, pause=0.2),
    "slow bodies": attacks.slow_bodies(30, pause=0.2),
    "endless bodies": attacks.endless_bodies(),
    "pipeliners": attacks.pipeliners(8, 80, PAGE),
    "greedy": attacks.greedy(16, PAGE),
}
SMALL["all at once"] = attacks.at_once(*SMALL.values())


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose page of a hundred hits is some hundred kilobytes."""
    site = tmp_path_factory.mktemp("large")
    (site / "seeds").mkdir()
    for number in range(100):
        text = f"The tram {number}" + " was late again" * 150
        body = item(f"tram {number}").replace("topics", f'excerpt: "{text}"\ntopics')
        (site / "seeds" / f"{number}.md").write_text(body)
    assert run("reindex", "--seeds", site / "seeds", "--index", site / "index").returncode == 0
    return site


@contextmanager
def attacked(site: Path, tmp_path: Path, *more: str) -> Iterator[attacks.Address]:
    """The address of a server, which must end without having said anything on stderr."""
    with (tmp_path / "said").open("w+") as said:
        with serving(site, *more, stderr=said) as (_, url):
            yield address_of(url)
        said.seek(0)
        assert said.read() == ""


def address_of(url: str) -> attacks.Address:
    host, _, port = urlsplit(url).netloc.rpartition(":")
    return host, int(port)


@pytest.mark.parametrize("name", SMALL)
def test_healthz_answers_whatever_others_do(large: Path, tmp_path: Path, name: str) -> None:
    with attacked(large, tmp_path) as address:
        with SMALL[name](address) as seen:
            for _ in range(6):
                attacks.ask(address, "/healthz", "127.0.0.9", PROMISED)
                time.sleep(0.2)
        assert seen.connections > 0
        assert seen.refused == 0
        attacks.ask(address, PAGE, "127.0.0.9", 10)


def test_who_pipelines_and_reads_later_gets_every_answer_in_order(
    large: Path, tmp_path: Path
) -> None:
    with (
        attacked(large, tmp_path) as address,
        socket.create_connection(address, timeout=20) as connection,
    ):
        asked = [f"/api/items/{number}" for number in range(80)]
        for path in asked:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.3)
        read = b""
        while read.count(b'"body"') < len(asked):
            read += connection.recv(65_536)
    titles = [part.partition(b'"')[0] for part in read.split(b'{"id":"')[1:]]
    assert titles == [str(number).encode() for number in range(80)]


def test_heavy_pages_of_one_client_keep_no_other_waiting(large: Path, tmp_path: Path) -> None:
    request = f"GET {PAGE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    with attacked(large, tmp_path) as address, ExitStack() as stack:
        began = time.monotonic()
        heavy = [socket.create_connection(address, 30, ("127.0.0.2", 0)) for _ in range(200)]
        for connection in heavy:
            stack.enter_context(connection)
            connection.sendall(request)
        attacks.ask(address, "/search?q=late", "127.0.0.3", PROMISED)
        answers = [connection.makefile("rb").readline().split()[1] for connection in heavy]
    # 128 may wait; of the rest those that came too soon are told to come back later. On a machine
    # so busy that they wait too long, the last of them are told that it is.
    is_slow = time.monotonic() - began > QueueLimits().seconds
    waited_too_long = answers.count(b"503") if is_slow else 0
    assert set(answers) - ({b"503"} if waited_too_long else set()) == {b"200", b"429"}
    assert answers.count(b"200") + waited_too_long >= 128


def test_a_proxy_that_is_trusted_names_the_client(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDEX_RATE_LIMIT", "0.001")
    monkeypatch.setenv("NEWSDEX_TRUSTED_PROXIES", "127.0.0.2")
    with serving(large) as (process, url):
        address = address_of(url)
        believed = [status(address, "127.0.0.2", f"192.0.2.{n}") for n in range(3)]
        invented = [status(address, "127.0.0.3", f"192.0.2.{n}") for n in range(3)]
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert believed == [200, 200, 200]
    assert invented == [200, 429, 429]
    assert said.startswith("127.0.0.3 names other clients")
    assert said.count("\n") == 1


def status(address: attacks.Address, source: str, forwarded: str) -> int:
    """The status of a search from a source that names another client."""
    with socket.create_connection(address, 10, (source, 0)) as connection:
        named = f"X-Forwarded-For: {forwarded}\r\n" if forwarded else ""
        line = f"GET /api/search HTTP/1.1\r\nHost: x\r\n{named}Connection: close\r\n\r\n"
        connection.sendall(line.encode())
        return int(connection.makefile("rb").readline().split()[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_clients_that_stay_do_not_keep_a_server_from_ending(
    large: Path, number: signal.Signals
) -> None:
    with serving(large) as (process, url), SMALL["all at once"](address_of(url)):
        time.sleep(0.5)
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: -signal.SIGTERM}[number]
    assert "Traceback" not in errors


def test_a_request_at_work_is_answered_before_the_server_ends(large: Path) -> None:
    path = "/search?page_size=100&q=" + "+OR+".join("la*" for _ in range(20))
    with serving(large) as (process, url):
        address = address_of(url)
        with socket.create_connection(address, timeout=20) as asking:
            asking.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            attacks.ask(address, "/healthz", timeout=20)  # once it answers, the one before is heard
            process.terminate()
            answer = asking.makefile("rb").read()
        process.communicate(timeout=20)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"</html>\n") or answer.endswith(b"</html>")


def test_a_signal_that_comes_before_the_server_waits_for_it_is_not_lost(large: Path) -> None:
    """The server answers, but its announcement finds a full pipe, and so it does not yet wait."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        host, port = free.getsockname()
    reading, writing = full_pipe()
    command: list[str | Path] = [*NEWSDEX, "serve", "--index", large / "index", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=writing) as process, patience():
        os.close(writing)
        while not is_listening((host, port)):
            time.sleep(0.01)
        attacks.ask((host, port), "/healthz", timeout=20)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.5)  # if the signal can end it at once, it does so now
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read().lstrip(b" ").decode()
    assert said.startswith("Serving 100 items at ")
    assert process.returncode == -signal.SIGTERM


def is_listening(address: attacks.Address) -> bool:
    try:
        with socket.create_connection(address):
            return True
    except ConnectionRefusedError:
        return False


def full_pipe() -> tuple[int, int]:
    """Its ends; whoever writes waits."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, b" ")
    os.set_blocking(writing, True)
    return reading, writing


def test_nothing_is_left_of_a_server_that_is_killed(large: Path) -> None:
    with serving(large) as (process, url):
        process.kill()
        process.wait()
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(address_of(url), timeout=5)


def test_a_server_listens_on_ipv6(large: Path) -> None:
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    with serving(large, "--host", "::1") as (_, url):
        assert url.startswith("http://[::1]:")
        with socket.create_connection(("::1", int(url.rstrip("/").rpartition(":")[2]))) as one:
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert one.recv(1000).startswith(b"HTTP/1.1 200")


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.parametrize("host", ["no-such-host.invalid", "256.1.1.1", "a" * 70 + ".example"])
def test_a_host_that_is_none_is_named_with_a_way_out(large: Path, host: str) -> None:
    done = run("serve", "--index", large / "index", "--host", host)
    assert done.returncode == 2
    assert host in done.stderr
    assert "--host" in done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def worker(limits: Limits, unread: float = 20.0) -> Iterator[attacks.Address]:
    """A worker that answers with ten megabytes."""

    def app(_: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"x" * 10_000_000]

    with listening("127.0.0.1", 0, unread=unread) as (listener,):
        address = listener.getsockname()
        one = Worker(app, listener, limits)
        one.start()
        yield address
        one.stop()
        one.stopped(5)


@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_a_connection_on_which_no_request_is_finished_is_closed(first: bytes) -> None:
    limits = Limits(4, header_seconds=0.5)
    with patience(), worker(limits) as address, socket.create_connection(address) as connection:
        connection.sendall(first)
        assert connection.recv(1000) == b""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux closes what is not read")
def test_a_connection_whose_answers_are_not_read_is_closed() -> None:
    with worker(Limits(4), unread=1.0) as address, socket.create_connection(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(4)
        with patience(), pytest.raises(ConnectionResetError):
            _read_all(connection)


def _read_all(connection: socket.socket) -> None:
    while connection.recv(1_000_000):
        pass


@pytest.mark.parametrize(
    "headers",
    [
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n",
        b"GET /?" + b"q" * 1_000_000 + b" HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 200_000 + b"\r\n",
        b"GET / HTTP/1.1\r\n" + b"X-Many: x\r\n" * 101,
    ],
    ids=["path", "query", "one header", "headers"],
)
def test_headers_that_are_too_large_are_refused_and_the_connection_closed(headers: bytes) -> None:
    with worker(Limits(4)) as address, socket.create_connection(address, 10) as connection:
        try:
            connection.sendall(headers + b"Host: x\r\n\r\n")
            assert connection.recv(1000).split()[1] in (b"414", b"431")
        except (ConnectionResetError, BrokenPipeError):
            pass  # told while it was still sending


def test_there_is_room_for_as_many_connections_as_there_may_be_files() -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (300, 1000));"
        "from search_app.serving.listening import room_for_connections as room;"
        "print(room(500), room(4096), room(10))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["500", "750", "10"]
    assert room_for_connections(20) == 20


def test_there_are_no_more_threads_than_the_system_allows() -> None:
    """Granian starts them as they are needed, and ends the process where one is refused."""
    code = (
        "import resource; from search_app.serving.listening import room_for_threads as room;"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31));"
        "print(0 < room(400) < 400, room(3))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "3"]


def test_what_even_the_handlers_of_errors_raise_is_a_503_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(environ: Any, start_response: Any) -> Any:
        raise OSError("too many open files")

    with listening("127.0.0.1", 0) as listeners:
        port = listeners[0].getsockname()[1]
        worker = Worker(broken, listeners[0], Limits(threads=2))
        worker.start()
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
        worker.stop()
        assert worker.stopped(10)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b'"kind":"unexpected"' in answer
    assert "too many open files" in caplog.text
