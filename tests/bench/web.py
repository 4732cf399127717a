"""`python -m tests.bench.web`: pages and API over HTTP, beside an empty Flask view, in one run.

Queries are words of titles of the index, drawn at random, no query twice. Requests a second are
measured with and without memory of answers:

- *no repeated queries*: the server keeps no answers, and clients send no entity tags.
- *Zipf mix*: of 1,000 queries, each asked for before, the one of rank n is asked for 1/n times as
  often as the first. The server keeps answers; each client accepts gzip and keeps the entity
  tags of what it sees, as browsers do, beginning with none.

The servers take turns, round by round; a figure is the median of the rounds' ratios. On a busy
machine the ratio of the servers' processor times says more; it stands beside. With
`--against`, the processor time of a request is compared with that of another checkout: two
processes take turns after every few requests.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from statistics import fmean, median
from urllib.parse import urlencode

import click

from indexer.index.directory import IndexDirectory
from search_app.search.engines import open_searcher, verify_policy
from search_app.search.index_reader import IndexReader
from tests.bench.bar import Bar
from tests.bench.corpus import ROOT
from tests.bench.processes import Server, environment, newsdex, serving
from tests.bench.suggesting import boxes, newest_titles
from tests.bench.traffic import READY, Load, load

ENGINE = "whoosh"
WORDS = (1, 1, 2, 2, 3, 4)
"""As many as a query has, at random."""

BROWSER = "Accept-Encoding: gzip, deflate, br, zstd\r\n"
API, PAGE = "/api/search", "/search"
WORKERS = {"NEWSDEX_WORKERS": "auto"}
"""As where many ask: the empty view, too, has eight threads."""

MIXED = 1_000
"""Queries of the Zipf mix."""

TITLES, LETTERS = 20, 24
"""So many titles are typed into the search box, so far."""


MEASURED, WARM, TURN = 1_000, 100, 25
"""Requests whose processor time is measured, those before that are not, and those of one turn; an
odd number, so that each begins as often."""

Figures = list[tuple[float, int]]
"""Of each request its milliseconds of processor time, and the bytes of its answer."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is asked for: `queries`, no two the same, and what stands in a search box."""

    queries: tuple[str, ...]
    typed: tuple[str, ...]

    def paths(self, path: str) -> list[str]:
        """The addresses of the searches below a path."""
        return [f"{path}?{urlencode({'q': q})}" for q in self.queries]


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout of this project, and an index that it can read."""

    root: Path
    index: Path

    @contextmanager
    def measured(self) -> Iterator[Callable[[Sequence[str]], Figures]]:
        """A process of it. Returns what asks it for paths, and tells the milliseconds of processor
        time of each request and the bytes of its answer."""
        python = self.root / ".venv" / "bin" / "python"
        with subprocess.Popen(
            [
                str(python) if python.exists() else sys.executable,
                *("-P", str(ROOT / "tests" / "bench" / "request_cost.py")),
            ],
            cwd=self.root,
            env={
                **environment(),
                "PYTHONPATH": str(self.root),
                "NEWSDEX_INDEX": str(self.index),
                "NEWSDEX_CACHE_MB": "0",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            orders, answers = process.stdin, process.stdout
            if orders is None or answers is None:
                raise RuntimeError("the process has no pipes")

            def ask(paths: Sequence[str]) -> Figures:
                print(json.dumps(paths), file=orders, flush=True)
                return [(took, size) for took, size in json.loads(answers.readline())]

            yield ask


def drawn(index: Path, queries: int, seed: int) -> Drawn:
    """Words of titles of an index, and titles typed letter by letter."""
    reader = IndexReader(
        IndexDirectory(index), ENGINE, partial(open_searcher, ENGINE), verify_policy(ENGINE)
    )
    draw = random.Random(seed)  # noqa: S311 - it draws examples, not secrets
    with closing(reader), reader.acquire() as lease:
        titles = newest_titles(lease.searcher)
    found: dict[str, None] = {}
    while len(found) < queries:
        words = draw.choice(titles).split()
        found[" ".join(draw.sample(words, min(len(words), draw.choice(WORDS))))] = None
    typed = (text for one in draw.sample(titles, TITLES) for text in boxes(one, LETTERS, draw))
    return Drawn(tuple(found), tuple(typed))


def zipf(paths: list[str], requests: int, seed: int) -> list[str]:
    """So many requests, of which the address of rank n has a share of 1/n of the first one's."""
    weights = list(accumulate(1 / rank for rank in range(1, len(paths) + 1)))
    draw = random.Random(seed)  # noqa: S311 - it draws examples, not secrets
    return draw.choices(paths, cum_weights=weights, k=requests)


@contextmanager
def servers(index: Path) -> Iterator[dict[str, Server]]:
    """The empty view; `newsdex serve` with workers, without and with memory of answers."""
    serve = newsdex("serve", "--index", str(index))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        yield {
            name: stack.enter_context(serving(command, ready, Path(folder) / name, **told))
            for name, command, ready, told in (
                ("empty", [sys.executable, "-m", "tests.bench.empty_view"], "/", {}),
                ("forgetful", serve, READY["newsdex"], {**WORKERS, "NEWSDEX_CACHE_MB": "0"}),
                ("usual", serve, READY["newsdex"], WORKERS),
            )
        }


def rates(index: Path, asked: Drawn, rounds: int, seconds: float, seed: int) -> list[Bar]:
    """Requests a second against those of the empty view, and how long suggestions take."""
    pages, seen = asked.paths(PAGE), dict[str, list[Load]]()
    suggestions = [f"/api/suggest?{urlencode({'q': q})}" for q in asked.typed]
    with servers(index) as running:
        load(running["usual"], pages[:MIXED], 0, MIXED, headers=BROWSER)
        for number in range(rounds + 1):  # the first one warms up
            mix = zipf(pages[:MIXED], 50_000, seed + number)
            loads = {
                "empty": load(running["empty"], ["/"], seconds),
                API: load(running["forgetful"], asked.paths(API), seconds),
                PAGE: load(running["forgetful"], pages, seconds),
                "gzip": load(running["forgetful"], pages, seconds, headers=BROWSER),
                "mix": load(running["usual"], mix, seconds, headers=BROWSER, keeps_tags=True),
                "suggest": load(running["forgetful"], suggestions, 0, len(suggestions), clients=1),
            }
            for name, one in loads.items():
                click.echo(f"round {number}, {name}: {one}", err=True)
                seen.setdefault(name, []).append(one)
    measured = {name: loads[1:] for name, loads in seen.items()}
    return [
        _rate("API, no repeated queries, against an empty view", 0.4, 0.5, measured, API),
        _rate("page, no repeated queries, against an empty view", 0.25, 0.35, measured, PAGE),
        _rate("the same, compressed", 0.25, 0.35, measured, "gzip"),
        _rate("page, Zipf mix and entity tags, against an empty view", 0.6, 0.8, measured, "mix"),
        _suggestions(measured["suggest"]),
    ]


def _rate(what: str, bar: float, goal: float, measured: dict[str, list[Load]], name: str) -> Bar:
    mine, empty = measured[name], measured["empty"]
    ratio = median(one.rate / other.rate for one, other in zip(mine, empty, strict=True))
    rate, peer = (median(one.rate for one in loads) for loads in (mine, empty))
    cpu = median(other.cpu / one.cpu for one, other in zip(mine, empty, strict=True))
    detail = f"by processor time {cpu:.2f} ×; {rate:,.0f} to {peer:,.0f} requests a second"
    detail += f", p95 {median(one.p95 for one in mine):.1f} ms"
    detail += f", {median(one.bytes for one in mine):,.0f} bytes"
    if share := median(one.unchanged for one in mine):
        detail += f", {100 * share:.0f} % answered by 304"
    if failed := sum(one.failed for one in mine):
        detail += f", {failed} FAILED"
    return Bar(what, bar, goal, "×", ratio, detail, more_is_better=True)


def _suggestions(loads: list[Load]) -> Bar:
    p95, p50 = (median(getattr(one, name) for one in loads) for name in ("p95", "p50"))
    return Bar("suggestions over HTTP, p95", 5, 2, "ms", p95, f"p50 {p50:.1f} ms, one client")


def costs(mine: Checkout, other: Checkout | None, asked: Drawn, rounds: int) -> list[Bar]:
    """Processor time of requests, beside that of another checkout where one is named."""
    bars = []
    checkouts = [mine, *([other] if other else [])]
    for what, path, bar, goal in (("API", API, 0.45, 0.3), ("page", PAGE, 0.35, 0.22)):
        warm, paths = asked.paths(path)[:WARM], asked.paths(path)[WARM : WARM + MEASURED]
        means, ratios, sizes = [], [], []
        for number in range(rounds):
            own, *others = in_turns(checkouts, warm, paths)
            means.append(fmean(took for took, _ in own))
            sizes.append(fmean(size for _, size in own))
            totals = [fmean(took for took, _ in one) for one in others]
            click.echo(f"round {number + 1}, {what}: {means[-1]:.3f} ms {totals}", err=True)
            ratios += [means[-1] / total for total in totals]
        detail = f"{median(means):.2f} ms, {median(sizes):,.0f} bytes uncompressed"
        ratio = median(ratios) if ratios else None
        title = f"{what}, processor time of a request, old and new in turns"
        bars.append(Bar(title, bar, goal, "×", ratio, detail))
    return bars


def in_turns(
    checkouts: Sequence[Checkout], warm: Sequence[str], paths: Sequence[str]
) -> list[Figures]:
    """The figures of each checkout for these paths. They take turns after a few requests, so that
    whatever else the machine does slows all of them; other paths warm them up before."""
    with ExitStack() as stack:
        asks = [stack.enter_context(one.measured()) for one in checkouts]
        figures: list[Figures] = [[] for _ in asks]
        for ask in asks:
            ask(warm)
        for begin in range(0, len(paths), TURN):
            for own, ask in list(zip(figures, asks, strict=True))[:: 1 if begin % 2 else -1]:
                own += ask(paths[begin : begin + TURN])
    return figures


FOLDER = click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True)


@click.command()
@click.option("--index", type=FOLDER, required=True, help="Index folder.")
@click.option("--against", type=FOLDER, help="Another checkout, to compare processor time with.")
@click.option("--against-index", type=FOLDER, help="The index of that checkout.")
@click.option("--rounds", type=click.IntRange(1), default=3, help="How often all is measured.")
@click.option("--seconds", default=4.0, help="How long each server is asked in a round.")
@click.option("--queries", type=click.IntRange(1_000), default=5_000, help="Distinct queries.")
@click.option("--seed", default=0, help="Of what is drawn at random.")
def main(
    index: Path,
    against: Path | None,
    against_index: Path | None,
    rounds: int,
    seconds: float,
    queries: int,
    seed: int,
) -> None:
    """Measure pages and API over HTTP and by processor time; print a table."""
    if against and not against_index:
        raise click.UsageError("name the index of the other checkout, too: --against-index")
    asked = drawn(index, queries, seed)
    other = Checkout(against, against_index) if against and against_index else None
    bars = [
        *rates(index, asked, rounds, seconds, seed),
        *costs(Checkout(ROOT, index), other, asked, rounds),
    ]
    load_average = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    click.echo(f"{os.cpu_count()} cores, load average {load_average} at the end\n")
    click.echo("| what | measured | bar | goal | verdict | of what |\n|---|---|---|---|---|---|")
    for bar in bars:
        value = "–" if bar.value is None else f"{bar.value:.2f} {bar.unit}"
        click.echo(
            f"| {bar.what} | {value} | {bar.bar:g} | {bar.goal:g} | {bar.verdict} | {bar.detail} |"
        )


if __name__ == "__main__":
    main()
