"""`newsdex serve` and Flask's own server, as processes: they answer, follow the index and end."""

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]
NEWSDEX = [sys.executable, "-m", "search_app"]
WATCHING = ("--watch", "--seeds")


def item(title: str) -> str:
    return f'---\ntitle: "{title}"\ntopics: [Tests]\n---\n'


def run(*arguments: str | Path, **given: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*NEWSDEX, *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        **given,
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with `seeds` and an `index` of its one item."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "one.md").write_text(item("The first headline"))
    assert reindex(tmp_path).returncode == 0
    return tmp_path


def reindex(site: Path) -> subprocess.CompletedProcess[str]:
    return run("reindex", "--seeds", site / "seeds", "--index", site / "index")


@contextmanager
def serving(
    site: Path, *arguments: str, stderr: int | IO[str] = subprocess.PIPE, **settings: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server over a site's index, its environment with these settings: its process and its
    address."""
    process = subprocess.Popen(
        [*NEWSDEX, "serve", "--index", site / "index", "--port", "0", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1", "SITE_OF_THIS_TEST": str(site), **settings},
    )
    assert process.stdout
    line = process.stdout.readline()
    try:
        yield process, line.split(" at ")[1].split()[0]
    finally:
        process.kill()
        process.communicate()


def answer(url: str) -> Any:
    with urlopen(url) as response:
        return json.load(response)


def test_a_server_follows_the_index_between_two_requests(site: Path) -> None:
    with serving(site) as (_, address):
        before = answer(f"{address}api/search?q=headline")
        (site / "seeds" / "two.md").write_text(item("The second headline"))
        reindex(site)
        after = answer(f"{address}api/search?q=headline")
    assert (before["total"], after["total"]) == (1, 2)
    assert before["generation"] != after["generation"]


def test_over_a_socket_an_answer_is_compressed_and_told_until_there_is_another(site: Path) -> None:
    with serving(site) as (_, address):

        def get(path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            with closing(HTTPConnection(urlsplit(address).netloc)) as connection:
                connection.request(method, path, headers=named)
                answer = connection.getresponse()
                return answer, answer.read()

        plain, text = get("/search?q=headline")
        packed, body = get("/search?q=headline", Accept_Encoding="gzip")
        head, nothing = get("/search?q=headline", "HEAD", Accept_Encoding="gzip")
        assert (packed.headers["Content-Encoding"], nothing) == ("gzip", b"")
        assert len(gzip.decompress(body)) == pytest.approx(len(text), abs=10)  # as it took longer
        assert head.headers["Content-Length"] == str(len(body))
        tag = plain.headers["ETag"]
        assert tag == packed.headers["ETag"] == head.headers["ETag"]
        told, nothing = get("/search?q=headline", If_None_Match=tag)
        assert (told.status, nothing, told.headers["Content-Length"]) == (304, b"", None)
        (site / "seeds" / "two.md").write_text(item("The second headline"))
        reindex(site)
        new, text = get("/search?q=headline", If_None_Match=tag)
        assert (new.status, b"The second" in text) == (200, True)
        assert new.headers["ETag"] != tag


def test_a_client_that_leaves_while_it_is_answered_leaves_the_answer_to_others(site: Path) -> None:
    with serving(site) as (_, address):
        host, _, port = urlsplit(address).netloc.partition(":")
        for _ in range(20):
            with socket.create_connection((host, int(port))) as leaving:
                leaving.sendall(b"GET /search?q=headline HTTP/1.1\r\nHost: x\r\n\r\n")
        connection = HTTPConnection(host, int(port))
        for _ in range(2):
            connection.request("GET", "/search?q=headline", headers={"Host": "x"})
            answer = connection.getresponse()
            assert (answer.status, answer.read()[-7:]) == (200, b"</html>")
        connection.close()


def test_the_api_and_the_command_line_answer_the_same_object(site: Path) -> None:
    with serving(site) as (_, address):
        web = answer(f"{address}api/search?q=first+OR&topic=Tests&sort=newest")
    arguments = ("search", "--index", site / "index", "--topic", "Tests", "--sort", "newest")
    terminal = json.loads(run(*arguments, "--json", "first", "OR").stdout)
    del web["took_ms"], terminal["took_ms"]
    assert terminal == web


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_ends_quietly(site: Path, number: signal.Signals) -> None:
    with serving(site) as (process, address):
        answer(f"{address}healthz")
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: -signal.SIGTERM}[number]
    assert "Traceback" not in errors


def test_a_taken_port_is_named_with_a_way_out(site: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--index", site / "index", "--port", port)
    assert done.returncode == 2
    assert port in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_without_an_index_waits_for_one(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, address):
        (tmp_path / "seeds").mkdir()
        (tmp_path / "seeds" / "one.md").write_text(item("At last"))
        reindex(tmp_path)
        assert answer(f"{address}readyz")["items"] == 1


def test_with_watch_a_change_is_found_and_the_process_ends_with_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDEX_SEED", "misspelt")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "one.md").write_text(item("The first headline"))
    with serving(tmp_path, *WATCHING, str(tmp_path / "seeds")) as (process, address):
        assert items_found(address, 1)
        (tmp_path / "seeds" / "two.md").write_text(item("The second headline"))
        assert items_found(address, 2)
        (child,) = reindexing(tmp_path)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "1 item" in errors  # what the process tells
    assert "newsdex: there is no index" not in errors  # for it makes one
    assert errors.count("NEWSDEX_SEED: there is no such setting") == 1
    assert gone(child)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_however_the_server_ends_the_process_beside_it_does(
    site: Path, number: signal.Signals
) -> None:
    with serving(site, *WATCHING, str(site / "seeds")) as (process, address):
        assert items_found(address, 1)
        children = reindexing(site)
        process.send_signal(number)
        process.wait(20)
        assert len(children) == 1
        assert gone(children[0])


def test_a_watch_that_cannot_be_leaves_the_server_alone(site: Path, tmp_path: Path) -> None:
    with (
        (tmp_path / "errors").open("w") as errors,
        serving(site, "--watch", "--seeds", "nowhere", stderr=errors) as (_, address),
    ):
        for _ in range(200):
            told = (tmp_path / "errors").read_text()
            if "ended with" in told:
                break
            time.sleep(0.05)
        assert answer(f"{address}api/search")["total"] == 1
    assert "there is no seeds folder nowhere" in told
    assert "the reindexing beside the server ended with 2" in told


def items_found(address: str, total: int) -> bool:
    """Whether so many items are found within some seconds."""
    for _ in range(400):
        try:
            if answer(f"{address}api/search")["total"] == total:
                return True
        except OSError:  # there is no index yet
            pass
        time.sleep(0.05)
    return False


def reindexing(site: Path) -> list[int]:
    """The processes that keep the index of a site up to date."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            parts = path.read_bytes()
            spawned = b"spawn_main" in parts
            if spawned and str(site).encode() in (path.parent / "environ").read_bytes():
                found.append(int(path.parent.name))
        except OSError:  # it has just ended
            pass
    return found


def gone(process: int) -> bool:
    """Whether a process ends within some seconds."""
    for _ in range(400):
        if not Path(f"/proc/{process}").exists():
            return True
        time.sleep(0.05)
    return False


def test_flask_finds_the_application_by_itself(site: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "search_app", "run", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "NEWSDEX_INDEX": str(site / "index")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert eventually(f"http://127.0.0.1:{port}/readyz")["items"] == 1
    finally:
        server.terminate()
        server.wait(timeout=20)


def eventually(url: str) -> Any:
    """The answer of a server that is about to listen."""
    for _ in range(200):
        try:
            return answer(url)
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{url} never answered")
