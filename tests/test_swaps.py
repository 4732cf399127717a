"""Readers of a real server while real reindexes swap the index under it, and what it holds then.

Each round of the index marks all of its items, so that an answer out of two would show: in the
total, the hits, the facets, or the generation that it names. Readers keep what they have read, as
browsers do, and ask whether it is still right; every other one takes compressed answers. No reader
may be told of an older round than before, be it by a 304.

`NEWSDEX_CAMPAIGN=1` has 50 readers ask for five minutes during 20 swaps.
"""

import gzip
import itertools
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


PAGES = ("/search?q=tram&page_size=100", "/items/7", "/search.atom?q=tram", "/api/items/7")
"""What else they ask for: each answer is of one round, whatever it shows of it."""


GROWTH = 64_000
"""Kilobytes by which a server may grow: the answers it keeps (32 MiB), and as much for noise."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that a reader keeps, and its entity tag."""

    tag: str
    body: str


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
        self.unchanged = [0] * READERS
        self.fresh = itertools.count()
        self.seen: dict[str, int] = {}
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Have them finish."""
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _read(self, number: int) -> None:
        reader = Reader(self, "gzip" if number % 2 else "identity")
        with closing(HTTPConnection(self._host, timeout=60)) as connection:
            while not self._done.is_set() and not self.faults:
                try:
                    reader.ask(connection, self.asked[number])
                except Exception as error:  # whatever it is, it is what the test is about
                    self.faults.append(repr(error))
                self.asked[number] += 1
        self.unchanged[number] = reader.unchanged


class Reader:
    """One of them: what it has read, and the latest round it was told of."""

    def __init__(self, readers: Readers, encoding: str) -> None:
        self._readers = readers
        self._encoding = encoding
        self._kept: dict[str, Kept] = {}
        self._latest = -1
        self.unchanged = 0

    def ask(self, connection: HTTPConnection, turn: int) -> None:
        """Search, or ask for a page, now and then one that nobody has asked for before; what is
        wrong with the answer goes to the faults of all."""
        if turn % 5 == 4:
            self._page(connection, PAGES[turn // 5 % len(PAGES)])
        elif turn % 5 == 3:
            self._page(connection, f"/search?q=tram+OR+w{next(self._readers.fresh)}")
        else:
            self._search(connection)

    def _get(self, connection: HTTPConnection, path: str) -> str:
        kept = self._kept.get(path)
        headers = {"Accept-Encoding": self._encoding}
        connection.request("GET", path, headers=headers | _condition(kept))
        response = connection.getresponse()
        body = response.read()
        if kept and response.status == 304:
            self.unchanged += 1
            return kept.body
        encoding = response.getheader("Content-Encoding", "identity")
        if response.status != 200 or encoding not in ("identity", self._encoding):
            self._readers.faults.append((path, response.status, encoding, body[:500]))
        text = (gzip.decompress(body) if encoding == "gzip" else body).decode()
        if "+OR+" not in path and (tag := response.getheader("ETag")):
            self._kept[path] = Kept(tag, text)
        return text

    def _told(self, rounds: set[int], about: object) -> int:
        """The one round of an answer, which none may be older than."""
        if len(rounds) != 1 or min(rounds) < self._latest:
            self._readers.faults.append((rounds, self._latest, about))
        self._latest = max(rounds | {self._latest})
        return self._latest

    def _search(self, connection: HTTPConnection) -> None:
        """Ask for all items of a round at once."""
        row = json.loads(self._get(connection, "/api/search?q=tram+%22a+storm%22&page_size=100"))
        titles = {int(hit["title"].split("round")[1].split()[0]) for hit in row["hits"]}
        round = self._told(titles, row)
        expected = {str(number) for number in range(size(round))}
        topics = [(value["value"], value["count"]) for value in row["facets"]["topic"]]
        outlets = [(value["label"], value["count"]) for value in row["facets"]["provider"]]
        right = (
            row["total"] == size(round)
            and {hit["id"] for hit in row["hits"]} == expected
            and all(f"round{round}<" in f"{hit['excerpt']}<" for hit in row["hits"])
            and topics == [(f"R{round}", size(round))]
            and outlets == [(f"Outlet {round}", size(round))]
            and self._readers.seen.setdefault(row["generation"], round) == round
            and not row["notes"]
        )
        if not right:
            self._readers.faults.append(row)

    def _page(self, connection: HTTPConnection, path: str) -> None:
        """Ask for something else: all of it is of one round."""
        page = self._get(connection, path)
        self._told({int(number) for number in re.findall(r"\bround(\d+)", page)}, path)


def _condition(kept: Kept | None) -> dict[str, str]:
    return {"If-None-Match": kept.tag} if kept else {}


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
    with said, serving(tmp_path, stderr=said, NEWSDEX_WORKERS="2") as (server, address):
        warm = Readers(address)
        while not (all(warm.asked) or warm.faults):
            time.sleep(0.01)
        warm.end()
        assert warm.faults == []
        before = idle(server.pid)
        began = time.monotonic()
        readers, grown = Readers(address), []
        for swap in range(1, SWAPS + 1):
            write(tmp_path, swap)
            made[reindexed(tmp_path, full=swap % 4 == 0)] = swap
            grown.append(Held.by(server.pid).private)
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
    assert after.private - before.private < GROWTH
    if CAMPAIGN:
        with capsys.disabled():
            answers = f"{sum(readers.asked)} answers, {sum(readers.unchanged)} of them 304"
            print(f"\n{answers}, by {len(readers.seen)} generations")
            print(f"before {before}\nafter {after}\nkilobytes at each swap: {grown}")
