"""Writing, measured with the real command over a copy of the items, beside Whoosh's own writer.

    full        from nothing into a new folder; once with an eye on memory, which also warms the
                page cache, then as often as wanted with the clock alone
    unchanged   again, with nothing to do
    one, some   one file changed, and one of each hundred: from the start of the command until a
                running server, asked all the while, finds the change
    secured     only that changed, in 5,000 files: no document is written
    stock       Whoosh's own writer alone: see `stock_writer`

The size of the index is judged against the bytes of indexed and stored text: of every document the
texts of all its parts (`indexer.schema.PARTS`) in UTF-8, and its stored form, `Document.stored`.
"""

import http.client
import json
import shlex
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench import building, edits, usage
from tests.bench.corpus import Unavailable
from tests.bench.processes import Server, newsdex
from tests.bench.stock_writer import Stock
from tests.bench.traffic import our_server
from tests.bench.usage import Peak, Running, Usage

SECURED = 5_000
"""Files in which only `secured` changes, of so many."""

PAUSE = 0.02
"""Seconds between two questions whether a change is found: what a time may be too long by."""


@dataclass(frozen=True, slots=True)
class Change:
    """So many `files` changed. `searchable`: seconds from the start of the command until a server
    found the change; `usage`: of the command, to its end."""

    files: int
    searchable: float
    usage: Usage


@dataclass(frozen=True, slots=True)
class Secured:
    """So many `files` with another `secured`; `written`: whether the command made a generation."""

    files: int
    written: bool
    usage: Usage


@dataclass(frozen=True, slots=True)
class Writing:
    """A run in each place, `peak` and `stock` apart. `size`: bytes of the index after a full
    reindex."""

    full: tuple[Usage, ...]
    peak: Peak
    size: int
    unchanged: tuple[Usage, ...]
    one: tuple[Change, ...]
    some: tuple[Change, ...]
    secured: tuple[Secured, ...]
    stock: Stock


def measure(work: Path, items: Path, runs: int, say: Callable[[str], None]) -> Writing:
    """Measure all of it, so many times, in a folder that is gone after."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    say("writing: copying the items")
    bench = _Bench(work, edits.copy(items, work / "seeds"), say)
    peak, full = bench.peak(), [bench.full(run, runs) for run in range(runs)]
    size = building.size(work / "index")
    unchanged = [bench.unchanged(run, runs) for run in range(runs)]
    one, some = [], []
    with our_server(work / "index", work.parent / "writing.log") as server:
        for run in range(runs):
            one.append(bench.changed(server, 1, f"benchone{run}"))
            some.append(bench.changed(server, max(1, bench.files // 100), f"benchsome{run}"))
    secured = [bench.secured(run) for run in range(runs)]
    stock = bench.stock(items)
    shutil.rmtree(work)
    return Writing(
        tuple(full), peak, size, tuple(unchanged), tuple(one), tuple(some), tuple(secured), stock
    )


class _Bench:
    """The folder in which it is measured: `seeds`, the copied items, and `index`."""

    def __init__(self, work: Path, paths: list[Path], say: Callable[[str], None]) -> None:
        self._work, self._paths, self._say = work, paths, say
        self._index = work / "index"
        folders = ("--seeds", str(work / "seeds"), "--index", str(self._index), "--json")
        self._command = newsdex("reindex", *folders)

    @property
    def files(self) -> int:
        """How many items there are."""
        return len(self._paths)

    def peak(self) -> Peak:
        """The memory of a full reindex."""
        self._say("writing: memory of a full reindex")
        peak, report = usage.peak([*self._command, "--full"])
        self._expect(report, added=self.files)
        return peak

    def full(self, run: int, runs: int) -> Usage:
        """A full reindex into a new folder."""
        self._say(f"run {run + 1} of {runs}: full reindex")
        shutil.rmtree(self._index)
        spent, report = usage.run([*self._command, "--full"])
        self._expect(report, added=self.files)
        return spent

    def unchanged(self, run: int, runs: int) -> Usage:
        """A reindex with nothing to do."""
        self._say(f"run {run + 1} of {runs}: reindex, nothing changed")
        spent, report = usage.run(self._command)
        self._expect(report, unchanged=self.files)
        return spent

    def changed(self, server: Server, files: int, word: str) -> Change:
        """A reindex after a word was added to so many files, spread over all of them."""
        self._say(f"reindex, {files:,} changed")
        edits.add_word(self._spread(files), word)
        running = Running(self._command)
        try:
            found, searchable = _searchable(server, word, running)
        finally:
            spent, report = running.finish()
        self._expect(report, changed=files, unchanged=self.files - files)
        if found != files:
            raise Unavailable(f"{files} files were changed, and {found} of them found")
        return Change(files, round(searchable, 3), spent)

    def secured(self, run: int) -> Secured:
        """A reindex after nothing but `secured` was changed."""
        files = min(SECURED, self.files)
        self._say(f"reindex, secured alone changed in {files:,}")
        edits.change_secured(self._spread(files), f"bench{run}")
        before = self._generation()
        spent, report = usage.run(self._command)
        self._expect(report, unchanged=self.files)
        return Secured(files, self._generation() != before, spent)

    def stock(self, items: Path) -> Stock:
        """Whoosh's own writer, in a process of its own."""
        self._say("Whoosh's own writer, in one process and in two")
        command = [sys.executable, "-m", "tests.bench.stock_writer"]
        _, row = usage.run([*command, str(self._work / "stock"), str(items)])
        row |= {name: Usage(**row[name]) for name in ("one", "two")}
        return Stock(**row)

    def _spread(self, files: int) -> list[Path]:
        return self._paths[:: max(1, self.files // files)][:files]

    def _generation(self) -> str:
        return (self._index / "CURRENT").read_text(encoding="utf-8")

    def _expect(self, report: Any, **wanted: int) -> None:
        """Raises `Unavailable` unless the command did what is measured, and nothing else."""
        names = ("added", "changed", "removed", "unchanged", "rejected")
        done = {name: report[name] for name in names}
        if done != dict.fromkeys(names, 0) | wanted:
            raise Unavailable(f"{shlex.join(self._command)} did {done}, and should have {wanted}")


def _searchable(
    server: Server, word: str, running: Running, patience: float = 10.0
) -> tuple[int, float]:
    """How many items a server finds by a word as soon as it finds any, and when that was."""
    end: float | None = None
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        while end is None or time.perf_counter() < end:
            if end is None and running.ended():
                end = time.perf_counter() + patience
            if total := _total(connection, word):
                return total, time.perf_counter() - running.began
            time.sleep(PAUSE)
    raise Unavailable(f"the server has not found a change {patience:g} s after it was indexed")


def _total(connection: http.client.HTTPConnection, word: str) -> int:
    connection.request("GET", "/api/search?" + urlencode({"q": word}))
    response = connection.getresponse()
    answer = json.loads(response.read())
    if response.status != http.client.OK:
        raise Unavailable(f"the server answered {answer} while the index was written")
    return int(answer["total"])
