"""Do two words of a headline that find it still do so with a typo in one of them, or in both?

    python -m tests.relevance.typos                        generated items, then the real ones
    python -m tests.relevance.typos --index DIR            the items of an index that is there

A pair of words counts if it finds its item among the first three as it is typed right. A typo
inserts, deletes or replaces a letter, or exchanges two neighbours, behind the first letter of a
word of five letters or more, so that no item has the word. The same seed draws the same pairs. How
long a misspelt page takes is told beside it.
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from math import inf
from pathlib import Path

from indexer.engines import open_store
from indexer.reindex.report import Options
from indexer.reindex.run import reindex
from search_app.search import service
from search_app.search.protocols import EngineRequest, Searcher
from search_app.search.query.logical import MatchAll, Term
from search_app.search.request import SearchRequest, Sort, no_selections
from tests.search.samples import ENGINE, reader_of

SHARED = Path(__file__).parents[3] / "shared"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FIRST = 3
"""Among so many hits the item must be."""

WORD = re.compile(r"(?<![^\s“‘\"'(])[A-Za-z]{3,}(?![^\s”’\"'),.:;!?])")
LONG_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words of the headline of an item, right and misspelt."""

    id: str
    right: str
    misspelt: str


def typo(word: str, rng: random.Random) -> str:
    """The word with one edit behind its first letter; it may be the same word."""
    at = rng.randrange(1, len(word))
    match rng.choice(("insert", "delete", "replace", "exchange")):
        case "insert":
            return word[:at] + rng.choice(LETTERS) + word[at:]
        case "delete":
            return word[:at] + word[at + 1 :]
        case "replace":
            return word[:at] + rng.choice(LETTERS) + word[at + 1 :]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def pairs(searcher: Searcher, rng: random.Random, typos: int) -> Iterator[Pair]:
    """Pairs that find their item, with a typo in one or two of the words, without end."""
    everything = EngineRequest(
        MatchAll(), None, (None, None), no_selections(), Sort.NEWEST, 0, searcher.stats().items, 0
    )
    docs = searcher.search(everything).hits
    while True:
        (item,) = searcher.items([rng.choice(docs)])
        words = list(dict.fromkeys(map(str.lower, WORD.findall(item.article.title))))
        if len(words) < 2:
            continue
        chosen = rng.sample(words, 2)
        long = [n for n, word in enumerate(chosen) if len(word) >= LONG_ENOUGH]
        if len(long) < typos:
            continue
        misspelt = list(chosen)
        for n in rng.sample(long, typos):
            misspelt[n] = typo(chosen[n], rng)
        changed = [new for new, old in zip(misspelt, chosen, strict=True) if new != old]
        if len(changed) < typos or any(searcher.counts([Term("text", w) for w in changed])):
            continue
        right = " ".join(chosen)
        if finds(searcher, right, item.id):
            yield Pair(item.id, right, " ".join(misspelt))


def finds(searcher: Searcher, query: str, id: str) -> bool:
    """Whether the query finds the item among the first hits."""
    results = service.search(searcher, SearchRequest(q=query))
    return id in [hit.item.id for hit in results.hits[:FIRST]]


def report(searcher: Searcher, name: str, count: int, seed: int, shown: int) -> None:
    """Print the share of pairs that still find their item with one typo, and with two."""
    for typos in (1, 2):
        drawn = pairs(searcher, random.Random(seed), typos)  # noqa: S311 - to be repeated
        tried = [next(drawn) for _ in range(count)]
        failed = [pair for pair in tried if not finds(searcher, pair.misspelt, pair.id)]
        share = 1 - len(failed) / count
        print(f"{name}: {typos} typo(s), seed {seed}: {share:.1%} of {count} still find the item")
        for pair in failed[:shown]:
            results = service.search(searcher, SearchRequest(q=pair.misspelt))
            instead = results.corrected.query if results.corrected else "nothing"
            print(f"    {pair.right!r}, typed {pair.misspelt!r}: {instead!r} was searched")
        right, misspelt = timed(searcher, tried)
        print(f"    a page at p95: {right:.2f} ms, misspelt {misspelt:.2f} ms", flush=True)


def timed(searcher: Searcher, tried: list[Pair], rounds: int = 5) -> tuple[float, float]:
    """The 95th percentiles of the milliseconds that a page of hits takes, typed right and misspelt,
    asked in turns; of each query the quickest of some rounds counts."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for query in (query for pair in tried for query in (pair.right, pair.misspelt)):
            began = time.perf_counter()
            service.search(searcher, SearchRequest(q=query))
            best[query] = min(best.get(query, inf), 1000 * (time.perf_counter() - began))
    right = sorted(best[pair.right] for pair in tried)
    misspelt = sorted(best[pair.misspelt] for pair in tried)
    at = 95 * len(tried) // 100
    return right[at], misspelt[at]


def main() -> None:
    """Read the command line and report on each world."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--index", type=Path)
    parser.add_argument("--items", type=int, default=20_000, help="generated items")
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--show", type=int, default=0, help="failures to show")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, index in _worlds(given.index, given.items, Path(folder)):
            with closing(reader_of(index)) as reader, reader.acquire() as lease:
                report(lease.searcher, name, given.pairs, given.seed, given.show)


def _worlds(index: Path | None, items: int, folder: Path) -> Iterator[tuple[str, Path]]:
    """The indexes to ask, each with a name."""
    if index is not None:
        yield str(index), index
        return
    if not SHARED.is_dir():
        sys.exit(f"{SHARED} is not there, from which the items come; name an index with --index")
    generated = folder / "generated"
    tool = [sys.executable, str(SHARED / "tools/write_items.py")]
    subprocess.run([*tool, "--count", str(items), "--out", str(generated)], check=True)
    for name, seeds in ((f"{items:,} generated", generated), ("real", SHARED / "data/items")):
        made = folder / f"index of {seeds.name}"
        reindex(seeds, open_store(ENGINE, made), Options())
        yield name, made


if __name__ == "__main__":
    main()
