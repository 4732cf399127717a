"""`python -m tests.bench.counting`: what a timeline and a facet's values cost, beside a page.

Queries are words of titles of the index, drawn at random, and the empty query. Each is asked for in
turns: a page as it is, a page with a timeline, a timeline alone, and the values of a facet.
"""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import fmean

import click

from indexer.index.directory import IndexDirectory
from search_app.search import service
from search_app.search.answering import Wanted
from search_app.search.counting import items_by_date, values_of_facet
from search_app.search.engines import open_searcher, verify_policy
from search_app.search.index_reader import IndexReader
from search_app.search.protocols import Buckets, Searcher
from search_app.search.request import FacetRequest, SearchRequest, TimelineRequest
from tests.bench.figures import percentile
from tests.bench.suggesting import newest_titles

ENGINE = "whoosh"
TIMELINE = Wanted(buckets=Buckets())
WORDS = (1, 1, 2, 2, 3, 4)
"""As many as a query has, at random."""


@click.command()
@click.option("--index", type=click.Path(path_type=Path), required=True, help="Index folder.")
@click.option("--queries", default=1000, help="How many queries are asked.")
@click.option("--seed", default=0, help="Of what is drawn at random.")
def main(index: Path, queries: int, seed: int) -> None:
    """Ask for pages, timelines and values; print milliseconds of processor time."""
    home = IndexDirectory(index)
    reader = IndexReader(home, ENGINE, partial(open_searcher, ENGINE), verify_policy(ENGINE))
    draw = random.Random(seed)  # noqa: S311 - it draws examples, not secrets
    with closing(reader), reader.acquire() as lease:
        titles = draw.choices(newest_titles(lease.searcher), k=queries)
        words = [title.split() for title in titles]
        drawn = [" ".join(draw.sample(w, min(len(w), draw.choice(WORDS)))) for w in words]
        _report("words of titles", lease.searcher, drawn)
        _report("everything", lease.searcher, [""] * (queries // 10))


def _report(what: str, searcher: Searcher, queries: Sequence[str]) -> None:
    """Ask each query in each way, in turns, and print what that took."""
    ways: dict[str, Callable[[SearchRequest], object]] = {
        "page": lambda asked: service.search(searcher, asked),
        "page with a timeline": lambda asked: service.search(searcher, asked, wanted=TIMELINE),
        "timeline": lambda asked: items_by_date(searcher, TimelineRequest(asked)),
        "values": lambda asked: values_of_facet(searcher, FacetRequest(asked, "provider", "b")),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for q in queries:
        ways["page"](SearchRequest(q))  # so that the first way does not pay for what is read anew
        for name, ask in ways.items():
            began = time.process_time()
            ask(SearchRequest(q))
            taken[name].append(1000 * (time.process_time() - began))
    for name, times in taken.items():
        ratio = fmean(times) / fmean(taken["page"])
        figures = ", ".join(f"p{p:g} {percentile(times, p):.2f}" for p in (50, 95))
        click.echo(f"{what}: {name}: {figures} ms, {ratio:.2f} of a page on average")


if __name__ == "__main__":
    main()
