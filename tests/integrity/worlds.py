"""Indexes of two generations, and what each of these answers."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from indexer.index.current import CURRENT
from indexer.index.directory import IndexDirectory
from search_app.app import create_app
from search_app.search.engines import SEARCHERS, open_searcher
from search_app.search.index_reader import IndexReader
from search_app.settings import Settings
from tests.indexer.samples import run, seed

ASKED = ("", "ferry", '"night ferry" OR tram*', "topic:Sea -storm", "harbour ferry storm tram")
WORDS = "ferry tram harbour storm night bridge market tower river coast".split()

Answers = Mapping[str, Any]
"""Query to the object that `/api/search` answers, but for what differs from time to time."""


@dataclass(frozen=True, slots=True)
class World:
    """An index folder. `newer` is current; `answers` are those of each generation."""

    index: Path
    seeds: Path
    newer: str
    older: str
    answers: Mapping[str, Answers]


def world(folder: Path, *, shared: bool) -> World:
    """Two generations that answer everything differently; `shared`: by hard links they have files
    in common, several segments, and deletions."""
    seeds, index = folder / "seeds", folder / "index"
    for number in range(40):
        _write(seeds, number, "first")
    run(seeds, index)
    older = _name(index)
    answers = {older: _answers(index)}
    for number in (*range(0, 40, 9), *range(40, 47)) if shared else range(40):
        _write(seeds, number, "second")
    run(seeds, index, full=not shared)
    newer = _name(index)
    answers[newer] = _answers(index)
    assert all(answers[newer][asked] != answers[older][asked] for asked in ASKED)
    return World(index, seeds, newer, older, answers)


@contextmanager
def serving(index: Path) -> Iterator[tuple[FlaskClient, IndexReader]]:
    """The application over an index, and its reader, which looks at all of a generation at once
    after it was opened."""
    look = SEARCHERS["whoosh"].verify_policy
    opener = partial(open_searcher, "whoosh")
    with closing(
        IndexReader(IndexDirectory(index), "whoosh", opener, look, verify_after=0, recheck=0)
    ) as reader:
        yield create_app(Settings.load({}, index=index), reader, recheck=0).test_client(), reader


def stripped(row: dict[str, Any]) -> dict[str, Any]:
    """An answer without the time it took and what it says of the state of the index."""
    notes = [note for note in row["notes"] if note["kind"] != "stand_in"]
    return {name: value for name, value in row.items() if name != "took_ms"} | {"notes": notes}


def _answers(index: Path) -> Answers:
    with serving(index) as (client, _):
        return {
            q: stripped(json.loads(client.get("/api/search", query_string={"q": q}).data))
            for q in ASKED
        }


def _name(index: Path) -> str:
    return (index / CURRENT).read_text().strip()


def _write(seeds: Path, number: int, round: str) -> None:
    words = " ".join(WORDS[(number * k + len(round)) % len(WORDS)] for k in (1, 2, 3, 5))
    seed(
        seeds,
        f"{number % 3}/{number}",
        f"{words} {round}",
        excerpt=f"night ferry {number} of the {round} round",
        topics=["Sea", round],
        publishedDateTime=f"20{10 + number % 9}-05-17T06:30:00Z",
        provider={"name": f"Outlet {number % 5}", "domain": f"outlet{number % 5}.example"},
    )
