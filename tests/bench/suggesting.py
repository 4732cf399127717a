"""`python -m tests.bench.suggesting`: type titles into a search box; print how long it took.

Titles of the index, drawn at random, are typed letter by letter, as far as `--letters`; in a
quarter of them a letter is wrong from the fourth one on. Whatever stands in the box after each
letter is asked for: in this process, and over HTTP through one connection to `newsdex serve`.
"""

import http.client
import random
import string
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import click

from indexer.index.directory import IndexDirectory
from search_app.search.engines import open_searcher, verify_policy
from search_app.search.index_reader import IndexReader
from search_app.search.protocols import EngineRequest, Searcher
from search_app.search.query.logical import MatchAll
from search_app.search.request import Sort, SuggestRequest, no_selections
from search_app.search.suggest import suggest
from tests.bench.figures import percentile
from tests.bench.traffic import our_server

ENGINE = "whoosh"
POOL = 20_000
"""Titles are drawn from the newest items, as many as this."""


@click.command()
@click.option("--index", type=click.Path(path_type=Path), required=True, help="Index folder.")
@click.option("--titles", default=100, help="How many titles are typed.")
@click.option("--letters", default=24, help="How much of each.")
@click.option("--seed", default=0, help="Of what is drawn at random.")
def main(index: Path, titles: int, letters: int, seed: int) -> None:
    """Type titles into a search box; print percentiles and the slowest, in milliseconds."""
    home = IndexDirectory(index)
    reader = IndexReader(home, ENGINE, partial(open_searcher, ENGINE), verify_policy(ENGINE))
    draw = random.Random(seed)  # noqa: S311 - it draws examples, not secrets
    with closing(reader), reader.acquire() as lease:
        drawn = draw.sample(newest_titles(lease.searcher), titles)
        asked = [text for title in drawn for text in boxes(title, letters, draw)]
        _report("in one process", asked, lambda q: suggest(lease.searcher, SuggestRequest(q)))
    with tempfile.TemporaryDirectory() as folder, our_server(index, Path(folder) / "log") as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        _report("over HTTP", asked, partial(_get, connection))


def newest_titles(searcher: Searcher) -> list[str]:
    """The titles of the newest items."""
    request = EngineRequest(
        full=MatchAll(),
        partial=None,
        window=(None, None),
        selections=no_selections(),
        sort=Sort.NEWEST,
        offset=0,
        limit=POOL,
        facet_size=0,
    )
    hits = searcher.search(request).hits
    return [item.article.title for item in searcher.items(hits)]


def boxes(title: str, letters: int, draw: random.Random) -> Iterator[str]:
    """What stands in the box after each letter."""
    typed = title[:letters]
    if draw.random() < 0.25 and len(typed) > 4:
        wrong = draw.randrange(4, len(typed))
        typed = typed[:wrong] + draw.choice(string.ascii_lowercase) + typed[wrong + 1 :]
    return (typed[:end] for end in range(1, len(typed) + 1))


def _get(connection: http.client.HTTPConnection, q: str) -> None:
    connection.request("GET", f"/api/suggest?{urlencode({'q': q})}")
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{response.status} for {q!r}: {body[:200]!r}")


def _report(where: str, asked: Sequence[str], ask: Callable[[str], object]) -> None:
    times = []
    for q in asked:
        began = time.perf_counter()
        ask(q)
        times.append((1000 * (time.perf_counter() - began), q))
    taken = [one for one, _ in times]
    figures = ", ".join(f"p{p:g} {percentile(taken, p):.2f}" for p in (50, 95, 99))
    slowest = ", ".join(f"{one:.1f} {q!r}" for one, q in sorted(times)[:-4:-1])
    click.echo(f"{where}: {len(asked)} asked, {figures} ms; slowest: {slowest}")


if __name__ == "__main__":
    main()
