"""Kinds of runs: a folder as it is before one, and the answers before and after it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import IndexMissing
from indexer.index.directory import IndexDirectory
from search_app.json_views import results_bytes
from search_app.search import service
from search_app.search.engines import open_searcher
from search_app.search.index_reader import IndexReader
from search_app.search.request import SearchRequest
from tests.indexer.samples import run, seed

Answers = tuple[str, ...] | None
"""What an index answers to the questions below; `None`: that there is none."""

QUESTIONS = ("", "item", "same", "new OR other", '"related words"', "provider:wire.example")
ITEMS = 5
REINDEX = ("reindex", "--seeds", "seeds", "--index", "index")


@dataclass(frozen=True, slots=True)
class Scene:
    """A kind of run. `place` holds `seeds` and, if there is one, `index`, as they are before it;
    `arguments` are the run's, `before` and `after` the answers, `fresh` those of the next
    reindex, from nothing or not; `rebuilt` those of one that could not read the index there was,
    and lost the item whose file is rejected. `readers`: so many processes read the seeds."""

    name: str
    place: Path
    arguments: tuple[str, ...]
    before: Answers
    after: Answers
    fresh: Answers
    rebuilt: Answers
    readers: int

    @property
    def code(self) -> int:
        """The exit code of the run: 1 where a file is rejected."""
        return 0 if self.name in ("first", "rollback") else 1

    def copy(self, target: Path) -> Path:
        """The place once more, with an index of its own; the seeds are the very same folder."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        (target / "seeds").symlink_to(self.place / "seeds")
        if (self.place / "index").exists():
            shutil.copytree(self.place / "index", target / "index")
        return target


def answers(index: Path) -> tuple[Answers, str]:
    """What an index answers, to a server or anybody; and the warning given with it."""
    reader = IndexReader(
        IndexDirectory(index), "whoosh", lambda made: open_searcher("whoosh", made)
    )
    try:
        with reader.acquire() as lease:
            found = tuple(_said(service.search(lease.searcher, _request(q))) for q in QUESTIONS)
            return found, lease.warning
    except IndexMissing:
        return None, ""
    finally:
        reader.close()


def _request(question: str) -> SearchRequest:
    return SearchRequest(q=question, page_size=100)


def _said(results: Any) -> str:
    row = json.loads(results_bytes(results))
    return json.dumps({**row, "took_ms": 0, "generation": ""}, sort_keys=True)


def items(found: Answers) -> dict[str, str]:
    """The items of an answer to everything, by id, each as it is shown."""
    hits = json.loads(found[0])["hits"] if found else []
    return {hit["id"]: hit["title"] for hit in hits}


def _first(seeds: Path, index: Path) -> tuple[str, ...]:
    """Nothing was ever indexed."""
    _seeds(seeds, range(ITEMS))
    return REINDEX


def _incremental(seeds: Path, index: Path) -> tuple[str, ...]:
    """Items are added, changed and removed, and small segments merged; a file is rejected."""
    _seeds(seeds, range(ITEMS))
    run(seeds, index)
    _seeds(seeds, (5,))
    run(seeds, index)
    _edit(seeds)
    return REINDEX


def _full(seeds: Path, index: Path) -> tuple[str, ...]:
    """The same from nothing; the rejected item is carried over."""
    _incremental(seeds, index)
    return (*REINDEX, "--full")


def _unchanged(seeds: Path, index: Path) -> tuple[str, ...]:
    """Nothing is to be done but to clear away what crashed runs have left."""
    _seeds(seeds, range(ITEMS))
    run(seeds, index)
    _edit(seeds)
    run(seeds, index)
    _litter(index)
    return REINDEX


def _rollback(seeds: Path, index: Path) -> tuple[str, ...]:
    """The generation before is to answer again."""
    _unchanged(seeds, index)
    return ("rollback", "--index", "index")


def _after_rollback(seeds: Path, index: Path) -> tuple[str, ...]:
    """The newest generation is not the one that answers."""
    _unchanged(seeds, index)
    IndexDirectory(index).rollback("whoosh")
    return REINDEX


SCENES: dict[str, Callable[[Path, Path], tuple[str, ...]]] = {
    "first": _first,
    "incremental": _incremental,
    "full": _full,
    "unchanged": _unchanged,
    "rollback": _rollback,
    "forward": _after_rollback,
}


def build(name: str, place: Path, *, readers: int = 0) -> Scene:
    """Make a scene in a folder."""
    place.mkdir()
    seeds, index = place / "seeds", place / "index"
    arguments = SCENES[name](seeds, index)
    scene = Scene(name, place, arguments, answers(index)[0], None, None, None, readers)
    copy = scene.copy(place / "copy")
    if name == "rollback":
        IndexDirectory(copy / "index").rollback("whoosh")
    else:
        run(seeds, copy / "index", full="--full" in arguments)
    after = answers(copy / "index")[0]
    scene.copy(copy)
    run(seeds, copy / "index", full=True)
    fresh = answers(copy / "index")[0]
    shutil.rmtree(copy / "index")
    run(seeds, copy / "index")
    rebuilt = answers(copy / "index")[0]
    shutil.rmtree(copy)
    return Scene(name, place, arguments, scene.before, after, fresh, rebuilt, readers)


def _seeds(seeds: Path, numbers: Any) -> None:
    for number in numbers:
        _item(seeds, number, "same")


def _item(seeds: Path, number: int, word: str) -> None:
    related = {
        "title": f"Related words {number}",
        "webUrl": f"https://wire.example/{number}",
        "publishedDateTime": "2020-01-02T00:00:00Z",
        "provider": {"name": "The Wire", "domain": "wire.example"},
    }
    seed(
        seeds,
        f"{'abc'[number % 3]}/{number}",
        f"Item {number} {word}",
        excerpt=f"{word} words of number{number}",
        webUrl=f"https://paper.example/{number}",
        publishedDateTime=f"2020-01-0{number + 1}T00:00:00Z",
        provider={"name": "The Paper", "domain": "paper.example"},
        topics=["Even" if number % 2 == 0 else "Odd"],
        related=[related],
    )


def _edit(seeds: Path) -> None:
    """Change one item, remove one, add one, and break the file of one."""
    _item(seeds, 1, "other")
    _item(seeds, 7, "new")
    (seeds / "c" / "2.md").unlink()
    (seeds / "a" / "0.md").write_text("---\ntitle: [never closed\n---\n")


def _litter(index: Path) -> None:
    """What runs that crashed may have left."""
    draft = index / "g000099-abcdef"
    (draft / "MAIN.tmp").mkdir(parents=True)
    (draft / "half.columns").write_bytes(b"half")
    (draft / "MAIN.tmp" / "half").write_bytes(b"")
    (index / "CURRENT.new").write_text("g0000")
    (index / "LOCK").write_text("process 1 on gone since 2020-01-01T00:00:00Z")
