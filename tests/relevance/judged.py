"""Sixty queries judged by hand, for what is newer, better or wider reported: the signals of news.

Real items, and generated ones, are two indexes of their own. Each kind of query is reported apart:
`recent` ask for what is new, `broad` have many good answers of unlike weight, and with `plain` ones
signals should do no harm.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from indexer.index.directory import Generation
from search_app.search.engines.whoosh.backends import FASTEST
from search_app.search.engines.whoosh.searcher import WhooshSearcher
from search_app.search.signals import NO_SIGNALS
from tests.bench.corpus import WRITER, write
from tests.contract.engines import tuned
from tests.relevance.catalog import Missing
from tests.relevance.collection import DATA
from tests.relevance.evaluation import Evaluation
from tests.relevance.measuring import Run, measured
from tests.relevance.ours import answers, reindex

FILE = Path(__file__).with_name("judged.toml")
KINDS = ("recent", "broad", "plain")
GRADES = range(1, 4)
REAL, GENERATED = "real", "generated"
GENERATED_COUNT = 4_000
"""So many items were there when they were judged."""

Answers = Callable[[Path, Mapping[str, str]], Run]
"""Asks an index for the hits of queries."""


@dataclass(frozen=True, slots=True)
class Index:
    """Where the index of real or of generated items is, and the ids of all that is in it."""

    name: str
    folder: Path
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A query, which items it is asked of, and its grades by item as the file names it."""

    text: str
    kind: str
    items: str
    grades: Mapping[str, int]


NOW = datetime(2026, 11, 29, tzinfo=UTC).timestamp()
"""When they were judged."""


def _as_judged(generation: Generation) -> WhooshSearcher:
    """A searcher to which it is the day of judgment."""
    return WhooshSearcher(generation, tuned(FASTEST.name, now=NOW))


WAYS: Mapping[str, Answers] = {
    "newsdex": partial(answers, opener=_as_judged),
    "no signals": partial(answers, opener=_as_judged, signals=NO_SIGNALS),
}
"""The ways to search that are compared, the usual one first."""


def read_judged(file: Path = FILE) -> tuple[Judged, ...]:
    """All queries of the file."""
    return tuple(
        Judged(
            row["text"],
            row["kind"],
            row["items"],
            {name: grade for grade in GRADES for name in row.get(str(grade), ())},
        )
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["query"]
    )


def index_judged(work: Path) -> tuple[Index, ...]:
    """The two indexes, made below `work`, which has to be there. Raises `Missing`."""
    real, generated = DATA / "items", work / GENERATED
    for needed in (real, WRITER):
        if not needed.exists():
            raise Missing(f"the judged items are not there: {needed}")
    write(generated, GENERATED_COUNT)
    return tuple(
        _indexed(name, seeds, work) for name, seeds in ((REAL, real), (GENERATED, generated))
    )


def _indexed(name: str, seeds: Path, work: Path) -> Index:
    files = sorted(seeds.rglob("*.md"))
    ids = tuple(path.relative_to(seeds).with_suffix("").as_posix() for path in files)
    index = work / f"{name}-index"
    reindex(seeds, index, len(ids))
    return Index(name, index, ids)


def item_of(name: str, index: Index) -> str:
    """The id of the item that a name stands for: a number ends the id of a generated item, all else
    begins that of a real one. Raises `ValueError` unless there is exactly one."""
    if index.name == GENERATED:
        found = [id for id in index.ids if id.endswith(f"-{int(name):07}")]
    else:
        found = [id for id in index.ids if id == name or id.startswith(f"{name}-")]
    if len(found) != 1:
        raise ValueError(f"{name}: {len(found)} items of this name")
    return found[0]


def evaluate_judged(
    way: str, answers: Answers, indexes: Sequence[Index], queries: Sequence[Judged]
) -> Evaluation:
    """What a way to search reaches: each kind of query is a collection of its own."""
    qrels: dict[str, dict[str, dict[str, int]]] = {kind: {} for kind in KINDS}
    runs: dict[str, dict[str, Sequence[str]]] = {kind: {} for kind in KINDS}
    for index in indexes:
        asked = [query for query in queries if query.items == index.name]
        found = answers(index.folder, {query.text: query.text for query in asked})
        for query in asked:
            grades = {item_of(name, index): grade for name, grade in query.grades.items()}
            qrels[query.kind][query.text] = grades
            runs[query.kind][query.text] = found[query.text]
    return Evaluation(way, {kind: measured(qrels[kind], runs[kind]) for kind in KINDS}, runs)
