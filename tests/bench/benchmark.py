"""The whole of a benchmark with so many items: prepare, measure what is wanted, collect."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import asks, building, memory, opening, traffic, writing
from tests.bench import measuring as engine_level
from tests.bench.asks import Sets
from tests.bench.building import Built
from tests.bench.corpus import Corpus, Unavailable, write
from tests.bench.draw import draw, text
from tests.bench.engines import OURS, PEERS, Engine, maker
from tests.bench.figures import Table
from tests.bench.results import Results

PARTS = ("engines", "http", "opening", "memory", "writing")
"""What can be measured; index sizes and build times always are."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured and how. `seconds` for each server in each run; `fresh`: build anew;
    `builds`: how often writing is measured."""

    work: Path
    runs: int = 5
    queries: int = 200
    seconds: float = 5.0
    parts: tuple[str, ...] = PARTS
    peers: tuple[str, ...] = PEERS
    fresh: bool = False
    builds: int = 3


class Benchmark:
    """One number of items. `items` is their folder; where it is missing they are written."""

    def __init__(
        self, plan: Plan, count: int, items: Path | None, say: Callable[[str], None]
    ) -> None:
        self._plan, self._count, self._say = plan, count, say
        self._work = plan.work / str(count)
        self._corpus = Corpus(items or self._work / "items")
        self._missing: list[str] = []

    def run(self) -> Results:
        """Everything the plan wants and this machine can do."""
        self._work.mkdir(parents=True, exist_ok=True)
        if not self._corpus.folder.is_dir():
            self._say(f"writing {self._count:,} items")
            write(self._corpus.folder, self._count)
        sets, built = self._sets(), tuple(self._built())
        parsing = self._corpus.seconds or None
        self._corpus.forget()
        results = Results(self._count, parsing, built, Table(()), (), (), None, None, ())
        for part in self._plan.parts:
            try:
                results = self._measured(results, part, sets)
            except Unavailable as error:
                self._missing.append(f"{part}: {error}")
        return dataclasses.replace(results, missing=tuple(self._missing))

    def _sets(self) -> Sets:
        """The queries, drawn once for as many items, runs and queries."""
        path = self._work / f"asks-{self._plan.runs}x{self._plan.queries}.json"
        if path.is_file() and not self._plan.fresh:
            return asks.load(path)
        self._say("reading the items, drawing queries")
        documents = self._corpus.documents()
        if len(documents) != self._count:
            raise ValueError(f"{self._corpus.folder} has {len(documents):,} items")
        sets = draw(map(text, documents), self._plan.runs, self._plan.queries)
        asks.save(path, sets)
        return sets

    def _built(self) -> Iterator[Built]:
        """Our index and each peer's; a peer that is not installed is missing."""
        for name in (OURS, *self._plan.peers):
            try:
                self._say(f"{name}: building, or using what is there")
                folder, found = self._work / name, maker(name)
                yield building.ready(name, found, folder, self._corpus, self._plan.fresh)
            except Unavailable as error:
                self._missing.append(str(error))

    def _measured(self, results: Results, part: str, sets: Sets) -> Results:
        folders = {built.engine: self._work / built.engine for built in results.built}
        if part == "engines":
            with _opened(folders) as engines:
                table = engine_level.measure(engines, sets, self._say)
            return dataclasses.replace(results, table=table)
        if part == "opening":
            first = sets[0]["four_auto"][0]
            found = opening.measure(folders, first, self._plan.runs, self._say)
            return dataclasses.replace(results, openings=found)
        if part == "memory":
            self._say(f"memory after {memory.REQUESTS:,} requests")
            return dataclasses.replace(results, memory=memory.of_server(folders[OURS], sets))
        if part == "writing":
            place, items = self._work / "writing", self._corpus.folder
            done = writing.measure(place, items, self._plan.builds, self._say)
            return dataclasses.replace(results, writing=done)
        if "sqlite" not in folders:
            raise Unavailable("Datasette serves the sqlite peer's file, which is not wanted")
        seen = traffic.compare(
            folders[OURS], folders["sqlite"], sets, self._plan.seconds, self._say
        )
        return dataclasses.replace(results, traffic=seen)


@contextmanager
def _opened(folders: dict[str, Path]) -> Iterator[dict[str, Engine]]:
    engines = {name: maker(name).open(folder) for name, folder in folders.items()}
    try:
        yield engines
    finally:
        for engine in engines.values():
            engine.close()
