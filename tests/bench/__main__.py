"""`python -m tests.bench`: measure, print a table, write JSON."""

import sys
from functools import partial
from pathlib import Path

import click

from tests.bench.benchmark import PARTS, Benchmark, Plan
from tests.bench.corpus import ROOT
from tests.bench.engines import PEERS
from tests.bench.report import as_json, as_markdown
from tests.bench.results import machine

FOLDER = click.Path(path_type=Path)


@click.command()
@click.option("--count", type=int, multiple=True, default=(10_000,), help="How many items; repeat.")
@click.option("--items", type=FOLDER, multiple=True, help="Folder of the items, for each count.")
@click.option("--work", type=FOLDER, default=ROOT / "build" / "bench", help="Where indexes stay.")
@click.option("--runs", type=click.IntRange(1), default=5, help="How often all is measured.")
@click.option("--builds", type=click.IntRange(1), default=3, help="How often writing is.")
@click.option("--queries", type=click.IntRange(1), default=200, help="Queries of each kind.")
@click.option("--seconds", default=5.0, help="Requests over HTTP: for how long in each run.")
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="What to measure; repeat.")
@click.option("--peer", type=click.Choice(PEERS), multiple=True, help="Against whom; repeat.")
@click.option("--fresh", is_flag=True, help="Draw queries and build all indexes anew.")
@click.option("--json", "json_file", type=FOLDER, help="Also write all figures here.")
def main(
    count: tuple[int, ...],
    items: tuple[Path, ...],
    work: Path,
    runs: int,
    builds: int,
    queries: int,
    seconds: float,
    only: tuple[str, ...],
    peer: tuple[str, ...],
    fresh: bool,
    json_file: Path | None,
) -> None:
    """Measure Newsdex beside its peers."""
    if items and len(items) != len(count):
        raise click.UsageError("name a folder of items for each count, in the same order")
    folders: list[Path | None] = [folder.resolve() for folder in items]
    folders = folders or [None] * len(count)
    parts = tuple(part for part in PARTS if part in only) or PARTS
    plan = Plan(work.resolve(), runs, queries, seconds, parts, peer or PEERS, fresh, builds)
    seen, results = machine(), []
    for number, folder in zip(count, folders, strict=True):
        results.append(Benchmark(plan, number, folder, partial(_say, number)).run())
    if json_file:
        json_file.write_text(as_json(seen, runs, queries, results), encoding="utf-8")
    click.echo(as_markdown(seen, runs, queries, results), nl=False)


def _say(items: int, text: str) -> None:
    click.echo(f"{items:,} items: {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
