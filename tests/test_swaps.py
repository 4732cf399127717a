"""Readers of a real server while real reindexes swap the index under it, and what it holds then.

Each round of the index marks all of its items, so that an answer out of two would show: in the
total, the hits, the facets, or the generation that it names.

`NEWSDEX_CAMPAIGN=1` has 50 readers ask for five minutes during 20 swaps.
"""

import json
import re
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conditions import CAMPAIGN
from tests.indexer.processes import newsdex
from tests.indexer.samples import seed
from tests.test_serve import serving

READERS, SWAPS, SECONDS = (50, 20, 300) if CAMPAIGN else (8, 3, 2)


def size(round: int) -> int:
    """How many items there are in a round."""
    return 30 + round % 7


def write(site: Path, round: int) -> None:
    """The seeds of a round: each item says which, and the number of items does."""
    for number in range(40):
        path = site / "seeds" / f"{number}.md"
        if number < size(round):
            seed(
                path.parent,
                path.stem,
                f"tram round{round} of {number}",
                excerpt=f"what stopped it was a storm in round{round}",
                topics=[f"R{round}"],
                provider={"name": f"Outlet {round}", "domain": f"r{round}.example"},
            )
        else:
            path.unlink(missing_ok=True)


def reindexed(site: Path, *, full: bool = False) -> str:
    """Run a reindex; the generation it made."""
    options = ["--full"] if full else []
    done = newsdex("reindex", "--jobs", "1", "--json", *options, cwd=site)
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["generation"])


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds: descriptors, maps of files that are gone, and kilobytes that are its
    alone."""

    descriptors: int
    deleted: int
    private: int

    @classmethod
    def by(cls, pid: int) -> "Held":
        """What a process holds now."""
        proc = Path(f"/proc/{pid}")
        maps = (proc / "maps").read_text().splitlines()
        rows = re.findall(r"Private_\w+: +(\d+) kB", (proc / "smaps_rollup").read_text())
        return cls(
            descriptors=sum(1 for _ in (proc / "fd").iterdir()),
            deleted=sum("(deleted)" in line and "/g0" in line for line in maps),
            private=sum(map(int, rows)),
        )


class Readers:
    """Threads that ask without a pause, each over a connection of its own."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(n,)) for n in range(READERS)]
        self.faults: list[object] = []
        self.asked = [0] * READERS
        self.seen: dict[str, int] = {}
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Have them finish."""
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _read(self, number: int) -> None:
        latest = ""
        with closing(HTTPConnection(self._host, timeout=60)) as connection:
            while not self._done.is_set() and not self.faults:
                try:
                    if self.asked[number] % 5 == 4:
                        self._page(connection)
                    else:
                        latest = self._search(connection, latest)
                except Exception as error:  # whatever it is, it is what the test is about
                    self.faults.append(repr(error))
                self.asked[number] += 1

    def _get(self, connection: HTTPConnection, path: str) -> str:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read().decode()
        if response.status != 200:
            self.faults.append((path, response.status, body[:500]))
        return body

    def _search(self, connection: HTTPConnection, latest: str) -> str:
        """Ask for all items of a round at once; the generation that answered."""
        row = json.loads(self._get(connection, "/api/search?q=tram+%22a+storm%22&page_size=100"))
        rounds = {int(hit["title"].split("round")[1].split()[0]) for hit in row["hits"]}
        (round,) = rounds
        expected = {str(number) for number in range(size(round))}
        topics = [(value["value"], value["count"]) for value in row["facets"]["topic"]]
        outlets = [(value["label"], value["count"]) for value in row["facets"]["provider"]]
        right = (
            row["total"] == size(round)
            and {hit["id"] for hit in row["hits"]} == expected
            and all(f"round{round}<" in f"{hit['excerpt']}<" for hit in row["hits"])
            and topics == [(f"R{round}", size(round))]
            and outlets == [(f"Outlet {round}", size(round))]
            and self.seen.setdefault(row["generation"], round) == round
            and row["generation"] >= latest
            and not row["notes"]
        )
        if not right:
            self.faults.append(row)
        return str(row["generation"])

    def _page(self, connection: HTTPConnection) -> None:
        """Ask for a page: all of it is of one round."""
        page = self._get(connection, "/search?q=tram&page_size=100")
        rounds = set(re.findall(r"round(\d+)|R(\d+)\b", page))
        if len({one or other for one, other in rounds}) != 1:
            self.faults.append(rounds)


def idle(pid: int, wanted: Held | None = None) -> Held:
    """What a server holds once nobody asks it any more: it closes what is done in its own time."""
    held = Held.by(pid)
    for _ in range(100):
        if wanted and held.descriptors <= wanted.descriptors and not held.deleted:
            break
        time.sleep(0.05 if wanted else 0.02)
        held = Held.by(pid)
    return held


def test_readers_see_whole_generations_while_the_index_is_swapped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, 0)
    made = {reindexed(tmp_path): 0}
    said = (tmp_path / "said").open("w+")
    with said, serving(tmp_path, stderr=said) as (server, address):
        warm = Readers(address)
        while not (all(warm.asked) or warm.faults):
            time.sleep(0.01)
        warm.end()
        assert warm.faults == []
        before = idle(server.pid)
        began = time.monotonic()
        readers = Readers(address)
        for swap in range(1, SWAPS + 1):
            write(tmp_path, swap)
            made[reindexed(tmp_path, full=swap % 4 == 0)] = swap
            time.sleep(max(0, began + swap * SECONDS / SWAPS - time.monotonic()))
        newest = max(made)
        while newest not in readers.seen and not readers.faults:
            time.sleep(0.01)
        readers.end()
        assert readers.faults == []
        assert all(readers.asked)
        assert readers.seen == {name: made[name] for name in readers.seen}
        after = idle(server.pid, before)
        said.seek(0)
        assert said.read() == ""
    assert after.descriptors <= before.descriptors
    assert after.deleted == 0
    assert after.private - before.private < 32_000
    if CAMPAIGN:
        with capsys.disabled():
            print(f"\n{sum(readers.asked)} answers by {len(readers.seen)} generations")
            print(f"before {before}\nafter {after}")
