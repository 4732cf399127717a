"""Told to stop at any moment, a reindex leaves the old index or the new one, whole, and no litter.
What it leaves when it is not told but killed is tried in `tests.faults`.

`NEWSDEX_CAMPAIGN=1` stops fifty of them by each signal instead of a few.
"""

import random
import signal
import time
from pathlib import Path

import pytest

from indexer.engines.whoosh.store import WhooshStore
from indexer.index.directory import IndexDirectory
from search_app.search import service
from search_app.search.engines import open_searcher
from search_app.search.index_reader import IndexReader
from search_app.search.request import SearchRequest
from tests.conditions import CAMPAIGN, chance
from tests.indexer.processes import Started, newsdex
from tests.indexer.samples import run, seed

pytestmark = pytest.mark.slow

TIMES = 50 if CAMPAIGN else 8
ITEMS = 120


def edit(seeds: Path, round: int, chance: random.Random) -> None:
    """Change a third of the items, so that all that is written differs from what was."""
    for number in chance.sample(range(ITEMS), ITEMS // 3):
        excerpt = f"r{round} " + " ".join(f"word{chance.randrange(3000)}" for _ in range(60))
        seed(seeds, f"{number % 5}/{number}", f"Item {number}", excerpt=excerpt)


def total(index: Path, words: str) -> int:
    """How many items a search finds in what answers now."""
    library = IndexReader(
        IndexDirectory(index), "whoosh", lambda made: open_searcher("whoosh", made)
    )
    try:
        with library.acquire() as lease:
            searcher = lease.searcher
            return service.search(searcher, SearchRequest(q=words)).total
    finally:
        library.close()


def names(index: Path) -> set[str]:
    return {path.name for path in index.iterdir()}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with an index of `ITEMS` items, all of round 0."""
    for number in range(ITEMS):
        seed(tmp_path / "seeds", f"{number % 5}/{number}", f"Item {number}", excerpt="r0")
    run(tmp_path / "seeds", tmp_path / "index")
    return tmp_path


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_reindex_stopped_at_any_moment_leaves_an_index_that_answers_and_nothing_else(
    place: Path, how: signal.Signals
) -> None:
    draw, index, stopped = chance("crash", how), place / "index", 0
    longest = 0.15
    for round in range(1, TIMES + 1):
        edit(place / "seeds", round, draw)
        options = ["--full"] if round % 4 == 0 else []
        before = (index / "CURRENT").read_text()
        began = Started("reindex", *options, cwd=place)
        began.wait_for(index / "LOCK")
        time.sleep(draw.random() * longest)
        code, said = began.stop(how)
        stopped += code != 0
        switched = (index / "CURRENT").read_text() != before

        assert "Traceback" not in said, said
        assert total(index, "item") == ITEMS
        assert total(index, f"r{round}") == (ITEMS // 3 if switched else 0)
        # Once all is done and Python takes itself apart, nobody is there to say 130.
        said_so = 130 if how is signal.SIGINT else -how
        assert code in (0, said_so) or (switched and code == -how)
        assert switched or code == said_so
        assert not names(index) & {"LOCK", "CURRENT.new"}
        assert len(names(index)) <= 4

        report = run(place / "seeds", index)
        assert report.switched is not switched
        assert not report.rebuilt
        assert total(index, f"r{round}") == ITEMS // 3
        assert names(index) == {"CURRENT", *WholeIndex(index).names}
        assert len(names(index)) <= 3
    assert stopped >= TIMES // 4, "too few were stopped before their end to prove anything"


class WholeIndex:
    """The generations of an index, all verified."""

    def __init__(self, index: Path) -> None:
        verdicts = WhooshStore(index).verify()
        assert not any(verdict.faults for verdict in verdicts)
        assert any(verdict.current for verdict in verdicts)
        self.names = [verdict.generation for verdict in verdicts]


def test_a_process_searches_and_reindexes_after_a_kill(place: Path) -> None:
    edit(place / "seeds", 1, chance("edit"))
    began = Started("reindex", "--full", cwd=place)
    began.wait_for(place / "index" / "LOCK")
    began.stop(signal.SIGKILL)
    found = newsdex("search", "--json", "r0", cwd=place)
    assert (found.returncode, f'"total": {ITEMS}' in found.stdout) == (0, True)
    assert newsdex("reindex", cwd=place).returncode == 0
    found = newsdex("search", "--json", "r1", cwd=place)
    assert f'"total": {ITEMS // 3}' in found.stdout


def test_two_at_once_are_one_and_the_other_says_so(place: Path) -> None:
    edit(place / "seeds", 1, chance("edit"))
    first, second = (Started("reindex", "--full", cwd=place) for _ in range(2))
    assert sorted([first.finish(), second.finish()]) in ([0, 4], [0, 0])
    assert len(names(place / "index")) <= 3
    WholeIndex(place / "index")
