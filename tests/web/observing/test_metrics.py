"""What Prometheus reads: requests, their latency, kinds of queries, the index and the slots."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from search_app.app import create_app
from search_app.serving.admission import Gate
from search_app.settings import Settings
from search_app.state import state
from tests.search.samples import item, make

Labels = tuple[tuple[str, str], ...]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return make(tmp_path / "index", [item("one", "The first headline")])


@pytest.fixture
def client(index: Path) -> Iterator[FlaskClient]:
    app = create_app(Settings.load({"NEWSDEX_RATE_LIMIT": "1000"}, index=index), recheck=0)
    with closing(state(app.extensions).reader):
        yield app.test_client()


def read(client: FlaskClient) -> dict[tuple[str, Labels], float]:
    """The samples, by name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def labels(**named: str) -> Labels:
    return tuple(sorted(named.items()))


def test_requests_are_counted_by_route_and_status_and_never_by_address(
    client: FlaskClient,
) -> None:
    for path in ("/items/one", "/items/two", "/items/three", "/nowhere", "/search?page=0"):
        client.get(path)
    samples = read(client)
    found = {key[1]: value for key, value in samples.items() if key[0] == "newsdex_requests_total"}
    assert found == {
        labels(route="/items/<path:id>", status="200"): 1,
        labels(route="/items/<path:id>", status="404"): 2,
        labels(route="none", status="404"): 1,
        labels(route="/search", status="400"): 1,
    }
    assert samples["newsdex_request_seconds_count", labels(route="/items/<path:id>")] == 3
    of_all = labels(route="/items/<path:id>", le="+Inf")
    assert samples["newsdex_request_seconds_bucket", of_all] == 3
    assert 0 < samples["newsdex_request_seconds_sum", labels(route="/items/<path:id>")] < 30


def test_when_a_series_began_is_none_of_its_own(client: FlaskClient) -> None:
    client.get("/search?q=first")
    assert not [name for name, _ in read(client) if name.endswith("_created")]


def test_queries_are_counted_by_kind(client: FlaskClient) -> None:
    for path in ("/", "/search?q=a", "/api/search?q=a", "/api/search?q=%22a+b%22", "/items/one"):
        client.get(path)
    found = {k[1]: v for k, v in read(client).items() if k[0] == "newsdex_queries_total"}
    assert found == {
        labels(kind="everything"): 1,
        labels(kind="words"): 2,
        labels(kind="phrase"): 1,
    }


def test_the_index_is_told_with_its_swaps(client: FlaskClient, index: Path) -> None:
    before = read(client)
    make(index, [item("one", "The first headline"), item("two", "The second headline")])
    after = read(client)
    items, swaps = ("newsdex_index_items", ()), ("newsdex_index_swaps_total", ())
    assert (before[items], before[swaps]) == (1, 0)
    assert (after[items], after[swaps]) == (2, 1)
    assert after["newsdex_index_bytes", ()] > 100
    assert 0 <= after["newsdex_index_age_seconds", ()] < 600
    generation = client.get("/readyz").get_json()["generation"]
    assert after["newsdex_index_generation_info", labels(generation=generation)] == 1
    assert after["newsdex_index_usable", ()] == 1


def test_without_an_index_the_rest_is_told(bare: FlaskClient) -> None:
    samples = read(bare)
    assert samples["newsdex_index_usable", ()] == 0
    assert ("newsdex_index_items", ()) not in samples
    assert samples["newsdex_slots", ()] == 8


def test_a_request_that_is_refused_is_counted(index: Path) -> None:
    app = create_app(Settings.load({"NEWSDEX_RATE_LIMIT": "0.001"}, index=index))
    with closing(state(app.extensions).reader):
        client = app.test_client()
        for _ in range(3):
            client.get("/search")
        samples = read(client)
    assert samples["newsdex_requests_total", labels(route="none", status="429")] == 2


def test_a_gate_tells_its_slots_and_who_waits() -> None:
    gate = Gate(2, 2)
    done = threading.Event()

    def hold() -> None:
        with gate.slot("a"):
            done.wait(30)

    threads = [threading.Thread(target=hold) for _ in range(3)]
    for thread in threads:
        thread.start()
    _until(lambda: gate.waiting == 1)
    assert gate.in_use == 2
    done.set()
    for thread in threads:
        thread.join()
    assert (gate.in_use, gate.waiting) == (0, 0)


def _until(reached: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if reached():
            return
        threading.Event().wait(0.01)
    raise AssertionError("never reached")
