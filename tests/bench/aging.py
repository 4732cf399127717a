"""`python -m tests.bench.aging`: reindex again and again after small changes; is it slower then?

The index that grew so and one built at once of the same files answer the same pages, in turns.
Prints the ratio of their medians for each kind of query, and what both take on the disk.
"""

import random
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median

import click

from indexer.engines import open_store
from indexer.reindex.report import Options
from indexer.reindex.run import reindex
from tests.bench.asks import KINDS, Ask
from tests.bench.building import size
from tests.bench.corpus import Corpus
from tests.bench.draw import draw, text
from tests.bench.edits import add_word, copy
from tests.bench.engines import Engine
from tests.bench.ours import ENGINE, NEWSDEX

CHANGED = (1, 1, 1, 2, 5, 20)
"""How many files change before a run: one of these."""

RUNS, QUERIES = 5, 200


@click.command()
@click.option("--items", type=click.Path(path_type=Path), required=True, help="Their folder.")
@click.option("--work", type=click.Path(path_type=Path), required=True, help="A folder to make.")
@click.option("--times", default=500, help="How often to reindex.")
def main(items: Path, work: Path, times: int) -> None:
    """Reindex many times after small changes; compare with an index built at once."""
    work.mkdir(parents=True)
    paths = copy(items, work / "seeds")
    chance = random.Random(5)  # noqa: S311 - the same edits every time are the point
    made = _run(work, "aged")
    for number in range(times):
        add_word(chance.sample(paths, chance.choice(CHANGED)), f"again{number}")
        made = _run(work, "aged")
    click.echo(f"the last of {times} runs: {made:.2f} s; a full one: {_run(work, 'fresh'):.2f} s")
    sizes = [size(work / name) / 1e6 for name in ("aged", "fresh")]
    click.echo(f"{sizes[0]:.1f} MB to {sizes[1]:.1f} MB: {sizes[0] / sizes[1]:.2f} x")
    sets = draw(map(text, Corpus(items).documents()), RUNS, QUERIES)
    with closing(NEWSDEX.open(work / "aged")) as aged, closing(NEWSDEX.open(work / "fresh")) as new:
        for kind, name in KINDS.items():
            for ask in sets[0][kind][:50]:
                aged.page(ask)
                new.page(ask)
            ratios = [_ratio(aged, new, one[kind]) for one in sets[1:]]
            click.echo(f"{name}: {median(ratios):.2f} x")


def _run(work: Path, index: str) -> float:
    """Reindex; the seconds it took."""
    began = time.perf_counter()
    reindex(work / "seeds", open_store(ENGINE, work / index), Options(jobs=0))
    return time.perf_counter() - began


def _ratio(aged: Engine, new: Engine, asks: tuple[Ask, ...]) -> float:
    """How much longer the first takes at the median; who is asked first takes turns."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number, ask in enumerate(asks):
        for old in (True, False) if number % 2 else (False, True):
            times[old].append(_seconds(aged.page if old else new.page, ask))
    return median(times[True]) / median(times[False])


def _seconds(page: Callable[[Ask], object], ask: Ask) -> float:
    began = time.perf_counter()
    page(ask)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
