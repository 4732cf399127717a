"""`newsdex serve` with workers, as processes: they answer the same, and nothing that happens to one
of them costs an answer."""

import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from search_app.app import create_app
from search_app.serving.workers import Asked, Workers
from search_app.serving.wsgi import VERSION, Environ
from search_app.settings import Settings
from search_app.state import SEARCHES, state
from search_app.worker import answer_searches
from tests.search.samples import item, make
from tests.test_serve import gone, reindex, serving
from tests.test_serve import item as seed
from tests.web.serving.test_workers import busy, eventually

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc to read"),
]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with `seeds` and an `index` of thirty items."""
    (tmp_path / "seeds").mkdir()
    for number in range(30):
        (tmp_path / "seeds" / f"{number}.md").write_text(seed(f"Headline {number}"))
    assert reindex(tmp_path).returncode == 0
    return tmp_path


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """The workers of a server."""
    found = []
    for task in Path(f"/proc/{process.pid}/task").glob("*/children"):
        for pid in task.read_text().split():
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(int(pid))
    return found


def ready(address: str) -> int:
    """How many workers of a server can be asked."""
    return int(metric(address, "newsdex_workers"))


def metric(address: str, name: str) -> float:
    with urlopen(f"{address}metrics") as answer:
        found = re.search(rf"^{name} (\S+)", answer.read().decode(), re.MULTILINE)
    assert found
    return float(found[1])


class Load:
    """Threads that ask for pages and answers without a pause, no two the same."""

    def __init__(self, address: str, clients: int = 6) -> None:
        self._host = urlsplit(address).netloc
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(clients)]
        self.answered = 0
        self.faults: list[object] = []
        self.left: list[str] = []
        for thread in self._threads:
            thread.start()

    def _ask(self, number: int) -> None:
        with closing(HTTPConnection(self._host, timeout=30)) as connection:
            turn = 0
            while not self._over.is_set():
                turn += 1
                path = ("/search", "/api/search")[turn % 2]
                try:
                    connection.request("GET", f"{path}?q=headline+OR+w{number}x{turn}")
                    answer = connection.getresponse()
                    body = answer.read()
                except OSError as error:
                    self.left.append(repr(error))
                    return
                if answer.status != 200 or b"Headline" not in body:
                    self.faults.append((answer.status, body[:200]))
                self.answered += 1

    def goes_on(self) -> bool:
        """Whether more is answered."""
        before = self.answered
        return eventually(lambda: self.answered > before + 50)

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


@contextmanager
def under_load(address: str) -> Iterator[Load]:
    load = Load(address)
    try:
        yield load
    finally:
        load.end()


def test_a_worker_answers_as_this_process_does_byte_for_byte(tmp_path: Path) -> None:
    index = make(tmp_path / "index", [item(str(n), f"Headline {n} of <b>") for n in range(12)])
    settings = Settings.load({}, index=index)
    workers = Workers(partial(answer_searches, settings), 1)
    app = create_app(settings)
    held, searches = state(app.extensions), app.extensions[SEARCHES]

    def refuse(_: Environ) -> bytes:
        raise AssertionError("no worker answered")

    def timeless(body: bytes) -> bytes:
        return re.sub(rb'"took_ms":[\d.]+|in [\d.]+ ms', b"", body)

    with closing(held), workers:
        assert eventually(lambda: workers.ready == 1)
        for path, (_, make_here) in searches.items():
            for query in (
                "",
                "q=headline",
                "q=h%C3%A9adlin&base=1",
                "q=none",
                "page_size=5&page=2",
            ):
                asked = Asked(held.version(), "/news", path, query)
                environ = {**asked.environ(), VERSION: asked.version}
                with busy(workers):
                    answer = workers.answer(environ, refuse)
                assert timeless(answer) == timeless(make_here(environ))
                assert len(answer) > 300


def test_a_worker_has_no_answer_to_what_is_wrong_nor_of_another_version(tmp_path: Path) -> None:
    index = make(tmp_path / "index", [item("one", "Headline")])
    settings = Settings.load({}, index=index)
    workers = Workers(partial(answer_searches, settings), 1)
    with closing(state(create_app(settings).extensions)) as held, workers:
        assert eventually(lambda: workers.ready == 1)
        version = held.version()
        for environ in (
            {"PATH_INFO": "/search", "QUERY_STRING": "page=none", VERSION: version},
            {"PATH_INFO": "/elsewhere", VERSION: version},
            {"PATH_INFO": "/search", VERSION: "another"},
        ):
            with busy(workers):
                assert workers.answer(environ, lambda _: b"made here") == b"made here"
        with busy(workers):
            environ = {"PATH_INFO": "/search", VERSION: version}
            assert workers.answer(environ, lambda _: b"made here") != b"made here"


def test_workers_killed_under_load_cost_no_answer_and_others_come(site: Path) -> None:
    with (
        (site / "errors").open("w+") as errors,
        serving(site, stderr=errors, NEWSDEX_WORKERS="2") as (process, address),
    ):
        assert eventually(lambda: ready(address) == 2)
        before = workers_of(process)
        with under_load(address) as load:
            for pid in before:
                assert load.goes_on()
                os.kill(pid, signal.SIGKILL)
            assert eventually(lambda: not set(before) & set(workers_of(process)))
            assert eventually(lambda: ready(address) == 2)
            assert load.goes_on()
        assert (load.faults, load.left) == ([], [])
        errors.seek(0)
        said = [line for line in errors.read().splitlines() if "worker" in line]
    assert len(said) == 2
    assert all("a worker has ended with -9; another one is started in" in line for line in said)


def test_the_time_and_the_memory_of_workers_are_told(site: Path) -> None:
    with serving(site, NEWSDEX_WORKERS="2") as (process, address):
        assert eventually(lambda: ready(address) == 2)
        rows = [Path(f"/proc/{pid}/status").read_text() for pid in workers_of(process)]
        resident = sum(1024 * int(re.findall(r"VmRSS:\s+(\d+) kB", row)[0]) for row in rows)
        told = metric(address, "newsdex_workers_resident_bytes")
        assert 0.8 * resident < told < 1.2 * resident
        before = metric(address, "newsdex_workers_cpu_seconds")
        with under_load(address):
            assert eventually(lambda: metric(address, "newsdex_workers_cpu_seconds") > before > 0)


def test_a_worker_that_is_stopped_costs_no_answer_and_is_replaced(site: Path) -> None:
    with serving(site, NEWSDEX_WORKERS="1") as (process, address):
        assert eventually(lambda: ready(address) == 1)
        (stopped,) = workers_of(process)
        with under_load(address) as load:
            assert load.goes_on()
            os.kill(stopped, signal.SIGSTOP)
            assert gone(stopped)
            assert eventually(lambda: ready(address) == 1)
        assert (load.faults, load.left) == ([], [])


def test_with_workers_no_answer_is_of_an_older_generation_than_one_before(site: Path) -> None:
    with serving(site, NEWSDEX_WORKERS="2") as (process, address):
        assert eventually(lambda: ready(address) == 2)
        with under_load(address) as load:
            for number in range(30, 34):
                (site / "seeds" / f"{number}.md").write_text(seed(f"Headline {number}"))
                assert reindex(site).returncode == 0
                for turn in range(20):
                    with urlopen(f"{address}api/search?q=headline+OR+n{number}x{turn}") as answer:
                        assert json.load(answer)["total"] == number + 1
        assert (load.faults, load.left) == ([], [])
        for pid in [process.pid, *workers_of(process)]:  # though nobody may have asked it
            assert eventually(partial(maps_only_files_that_are_there, pid))


def maps_only_files_that_are_there(pid: int) -> bool:
    """Whether a process has let go of generations that were removed."""
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return not any("/index/g0" in line and "(deleted)" in line for line in maps)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_ends_under_load_ends_quietly_and_its_workers_with_it(
    site: Path, number: signal.Signals
) -> None:
    with serving(site, NEWSDEX_WORKERS="2") as (process, address):
        assert eventually(lambda: ready(address) == 2)
        workers = workers_of(process)
        with under_load(address) as load:
            assert load.goes_on()
            for pid in [process.pid, *workers]:  # as a terminal or a service manager does
                os.kill(pid, number)
            _, errors = process.communicate(timeout=20)
        assert load.faults == []
        assert all(gone(pid) for pid in workers)
    assert "Traceback" not in errors
    assert "worker" not in errors


def test_the_workers_of_a_server_that_is_killed_are_gone(site: Path) -> None:
    with serving(site, NEWSDEX_WORKERS="2") as (process, address):
        assert eventually(lambda: ready(address) == 2)
        workers = workers_of(process)
        assert len(workers) == 2
        process.kill()
        assert all(gone(pid) for pid in workers)


def test_without_workers_there_is_one_process(site: Path) -> None:
    with serving(site, NEWSDEX_WORKERS="0") as (process, address):
        with under_load(address) as load:
            assert load.goes_on()
        assert (ready(address), workers_of(process), load.faults) == (0, [], [])
