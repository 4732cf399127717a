"""The command: `python -m tests.relevance`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.relevance.baseline import write_baseline
from tests.relevance.catalog import COLLECTIONS, SEED, Missing, load
from tests.relevance.collection import Collection
from tests.relevance.evaluation import Evaluation, System, best, evaluate
from tests.relevance.judged import WAYS, evaluate_judged, index_judged, read_judged
from tests.relevance.ours import newsdex
from tests.relevance.peers import PEERS
from tests.relevance.report import differences, read_results, tables, verdict, write_results

OURS = "newsdex"
RESULTS = Path(__file__).parents[2] / "build" / "relevance.jsonl"
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--only", type=click.Choice(COLLECTIONS), multiple=True, help="Of which; repeat.")
@click.option("--peers/--no-peers", default=True, help="Beside the peers, or alone.")
@click.option("--judged", is_flag=True, help="The queries judged by hand instead.")
@click.option("--compare", type=click.Path(path_type=Path, exists=True), help="With these results.")
@click.option("--out", type=FILE, default=RESULTS, show_default=True, help="Results go here.")
@click.option("--seed", default=SEED, show_default=True, help="Holds out articles, tosses coins.")
@click.option("--update-baseline", is_flag=True, help="Hold the suite to the values of this run.")
def main(
    only: tuple[str, ...],
    peers: bool,
    judged: bool,
    compare: Path | None,
    out: Path,
    seed: int,
    update_baseline: bool,
) -> None:
    """Measure the ranking on the judged collections, beside tantivy, SQLite FTS5 and bm25s."""
    if update_baseline and (only or judged or seed != SEED):
        raise click.UsageError("a baseline is of all collections and of the usual seed")
    before = read_results(compare, OURS) if compare else {}
    try:
        names = () if judged else [name for name in COLLECTIONS if not only or name in only]
        collections = load(names, seed)
        ours, *others = _judged() if judged else _systems(collections, peers)
    except Missing as error:
        raise click.ClickException(str(error)) from error
    click.echo("; ".join([f"seed {seed}", *map(_size, collections)]))
    write_results(out, [ours, *others])
    lines = list(tables(ours, others, seed))
    if others and len(collections) == len(COLLECTIONS):
        lines += ["", *verdict(ours, others, seed)]
    if before:
        lines += ["", *differences(f"now less {compare}", ours.values(), before, seed)]
    click.echo("\n".join(lines))
    if update_baseline:
        write_baseline(ours.values(), collections)


def _judged() -> Iterator[Evaluation]:
    """Each way to search, over the queries judged by hand."""
    with TemporaryDirectory(prefix="relevance-") as folder:
        indexes, queries = index_judged(Path(folder)), read_judged()
        for way, answers in WAYS.items():
            yield evaluate_judged(way, answers, indexes, queries)


def _systems(collections: tuple[Collection, ...], peers: bool) -> Iterator[Evaluation]:
    """Ours, then each peer."""
    yield _measured(OURS, collections)
    if peers:
        yield from _peers(collections)


def _peers(collections: tuple[Collection, ...]) -> Iterator[Evaluation]:
    """Each peer in the better of the ways it may be run."""
    for peer, ways in PEERS.items():
        yield best(
            [
                _measured(", ".join(filter(None, (peer, way))), collections, system)
                for way, system in ways.items()
            ]
        )


def _measured(
    name: str, collections: tuple[Collection, ...], system: System = newsdex
) -> Evaluation:
    click.echo(f"measuring {name}", file=sys.stderr)
    return evaluate(name, system, collections)


def _size(collection: Collection) -> str:
    return f"{collection.name}: {len(collection.queries)} queries, {len(collection.items)} items"


if __name__ == "__main__":
    main()
