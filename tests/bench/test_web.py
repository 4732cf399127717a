"""The benchmark of pages over HTTP, at a small size: that it measures what it says."""

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bench.corpus import ROOT
from tests.bench.traffic import load, our_server
from tests.bench.web import BROWSER, Checkout, drawn, in_turns, main, zipf
from tests.search.samples import make, seed_items


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("web") / "index", seed_items())


def test_clients_count_what_they_are_answered(index: Path, tmp_path: Path) -> None:
    with our_server(index, tmp_path / "log") as server:
        pages = [f"/search?q=ferry&page={number}" for number in range(1, 5)]
        plain = load(server, pages, 0, 40)
        packed = load(server, pages, 0, 40, headers=BROWSER)
        kept = load(server, pages, 0, 40, clients=2, keeps_tags=True)
        missing = load(server, ["/nowhere"], 0, 40)
        stream = load(server, ["/search.csv?q=ferry"], 0, 4, clients=1)
    assert (plain.failed, plain.unchanged, missing.failed) == (0, 0, 40)
    assert plain.bytes > 2 * packed.bytes > 1_000
    assert 0.8 <= kept.unchanged < 1  # all but the first answers to each of the two
    assert plain.rate > 0 < plain.p50 <= plain.p95
    assert plain.cpu > 0
    assert (stream.failed, stream.bytes > 1_000) == (0, True)


def test_no_query_is_drawn_twice_and_the_mix_is_zipfs(index: Path) -> None:
    asked = drawn(index, 200, 0)
    assert len(set(asked.queries)) == 200
    assert asked == drawn(index, 200, 0) != drawn(index, 200, 1)
    seen = Counter(zipf([f"{rank}" for rank in range(1, 101)], 50_000, 0))
    assert seen["1"] / seen["2"] == pytest.approx(2, rel=0.1)
    assert seen["1"] / seen["10"] == pytest.approx(10, rel=0.2)


def test_the_cost_of_a_request_is_that_of_the_checkout_named(index: Path) -> None:
    paths = ["/search?q=ferry", "/api/search?q=storm"] * 20
    one, other = in_turns([Checkout(ROOT, index)] * 2, ["/search?q=tram"], paths)
    assert [size for _, size in one] == pytest.approx([size for _, size in other], abs=9)
    assert all(size > 2_000 and 0 < took < 10_000 for took, size in one)
    assert len(one) == len(paths)


def test_another_checkout_needs_an_index(index: Path) -> None:
    done = CliRunner().invoke(main, ["--index", str(index), "--against", str(ROOT)])
    assert done.exit_code == 2
    assert "--against-index" in done.output
