"""`python -m tests.bench.hostile`: ask an index what is hostile; print how long it took.

Without `--index` the items are hostile, too: those of `hostile_items`, indexed in a temporary
folder, which are first asked for what is aimed at them. Every request goes through
`service.search` in this process, one after the other. Times are of the processor, which other work
on the machine does not lengthen. Fails if a request raises, or takes longer than the bar.
"""

import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import chain, islice
from pathlib import Path

import click
import numpy as np

from indexer.analysis.tokenizer import STEM_MARK
from indexer.engines.whoosh import toc
from indexer.index.directory import IndexDirectory
from indexer.segment.column_file import read
from indexer.segment.term_dictionary import TermDictionary
from search_app.search import service
from search_app.search.engines import open_searcher, verify_policy
from search_app.search.index_reader import IndexReader
from tests.bench.figures import percentile
from tests.search import hostile_items as hostile
from tests.search.provocations import Provocation, crafted, drawn
from tests.search.samples import make

ENGINE = "whoosh"
BAR = 250.0
SLOWEST = 10
SHOWN = 60

Timed = tuple[float, int, str, str]
"""Milliseconds, hits, kind and text of a request: nothing that the garbage collector looks after,
or what was asked before would lengthen what is asked now."""


def frequent_words(folder: Path, count: int) -> list[str]:
    """The exact forms of a generation's segments that most documents have, those of all first."""
    frequencies: dict[str, int] = defaultdict(int)
    for listed in toc.read(folder).segments:
        columns = read(folder / listed.filename)
        lexicon = TermDictionary(columns["terms.blob"], columns["terms.offsets"])
        sizes = np.diff(columns["postings.starts"].astype(np.int64))
        for index in np.argsort(-sizes, kind="stable")[: 3 * count].tolist():
            frequencies[lexicon[index].decode()] += int(sizes[index])
    forms = [form for form in frequencies if not form.startswith(STEM_MARK)]
    return sorted(forms, key=lambda form: (-frequencies[form], form))[:count]


def provocations(words: list[str], count: int, seed: int) -> Iterator[Provocation]:
    """All that are crafted, then random ones until there are `count`."""
    draw = random.Random(seed)  # noqa: S311 - it draws examples, not secrets
    made = list(crafted(words))
    yield from made
    for _ in range(max(0, count - len(made))):
        yield drawn(draw, words)


@click.command()
@click.option("--index", type=click.Path(path_type=Path), help="Index folder.")
@click.option("--hostile-items", default=5, help="Without --index: so many items of each kind.")
@click.option("--count", default=10_000, help="How many requests.")
@click.option("--seed", default=0, help="Of what is drawn at random.")
@click.option("--kinds", is_flag=True, help="Also print the slowest of each kind.")
@click.option("--slow", default=BAR, help="Milliseconds that none may exceed.")
def main(
    index: Path | None, hostile_items: int, count: int, seed: int, kinds: bool, slow: float
) -> None:
    """Ask an index what is hostile; print the slowest requests and the percentiles."""
    if index:
        times, failures = _asked(IndexDirectory(index), (), count, seed)
    else:
        with tempfile.TemporaryDirectory() as folder:
            home = IndexDirectory(_hostile(Path(folder), hostile_items))
            times, failures = _asked(home, hostile.aimed(), count, seed)
    _report(times, failures, kinds)
    over = sum(taken > slow for taken, *_ in times)
    click.echo(f"{over} over {slow:g} ms, {len(failures)} failed")
    sys.exit(1 if over or failures else 0)


def _hostile(folder: Path, count: int) -> Path:
    """An index of so many hostile items of each kind."""
    began = time.perf_counter()
    make(folder, hostile.hostile_items(count))
    taken = time.perf_counter() - began
    click.echo(f"{count * len(hostile.KINDS)} hostile items indexed in {taken:.1f} s")
    return folder


def _asked(
    home: IndexDirectory, before: Iterable[Provocation], count: int, seed: int
) -> tuple[list[Timed], list[str]]:
    """Ask what comes before and, in all, so many provocations; the times, and what failed."""
    words = frequent_words(home.load(home.current_name(), ENGINE).folder, 3000)
    times: list[Timed] = []
    failures: list[str] = []
    opener = partial(open_searcher, ENGINE)
    reader = IndexReader(home, ENGINE, opener, verify_policy(ENGINE))
    with closing(reader), reader.acquire() as lease:
        searcher = lease.searcher
        for provocation in islice(chain(before, provocations(words, count, seed)), count):
            began = time.thread_time()
            try:
                total = service.search(searcher, provocation.request).total
            except Exception as error:  # that there is none is what is measured
                failures.append(f"{error!r}: {_shown(provocation)}")
                continue
            taken = (time.thread_time() - began) * 1000
            times.append((taken, total, provocation.kind, _shown(provocation)))
    return times, failures


def _report(times: list[Timed], failures: list[str], kinds: bool) -> None:
    times.sort(reverse=True)
    for failure in failures[:SLOWEST]:
        click.echo(f"FAILED {failure}")
    for taken, total, _, asked in times[:SLOWEST]:
        click.echo(f"{taken:9.2f} ms  {total:7} hits  {asked}")
    figures = [taken for taken, *_ in times]
    shown = (50, 90, 95, 99, 99.9, 100)
    click.echo("  ".join(f"p{p:g} {percentile(figures, p):.2f} ms" for p in shown))
    if kinds:
        slowest: dict[str, float] = {}
        for taken, _, kind, _ in times:
            slowest.setdefault(kind, taken)
        for kind, taken in slowest.items():
            click.echo(f"{taken:9.2f} ms  {kind}")


def _shown(provocation: Provocation) -> str:
    asked = provocation.request
    settings = f"match={asked.match} sort={asked.sort} page={asked.page} of {asked.page_size}"
    return f"{provocation.kind}: {asked.q[:SHOWN]!a} ({len(asked.q)} characters, {settings})"


if __name__ == "__main__":
    main()
