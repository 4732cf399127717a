"""Small worlds for the tests of the search side: items, an index of them, a reader of it."""

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from indexer.index.directory import IndexDirectory
from indexer.item import Article, Item, Provider
from indexer.source.validate.item_parser import parse_item
from search_app.search import service
from search_app.search.engines import open_searcher, verify_policy
from search_app.search.index_reader import IndexReader
from search_app.search.request import SearchRequest, Selections, no_selections
from search_app.search.results import Results
from tests.contract.engines import Opener, build

ENGINE = "whoosh"
SEEDS = Path(__file__).parents[2] / "seeds"
IBM = "2020-06-09-ibm-gets-out-of-facial-recognition-business"
"""The example the format was first described by."""


def seed_items() -> list[Item]:
    """The items of the project's own seeds folder."""
    readings = [parse_item(p.read_bytes(), p.name, p.stem) for p in sorted(SEEDS.glob("*.md"))]
    return [reading.item for reading in readings if reading.item]


def item(id: str, title: str = "A title", day: str = "", domain: str = "", **more: Any) -> Item:
    """An item; what is the article's in `more` goes there, the rest is the item's own."""
    names = ("topics", "heat", "related", "body", "authors", "language", "markdown")
    own = {name: more.pop(name) for name in names if name in more}
    published = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    named = Provider(domain.split(".")[0].title(), domain) if domain else None
    outlet = more.pop("provider", named)
    return Item(id, Article(title, published=published, provider=outlet, **more), **own)


def make(folder: Path, items: Iterable[Item]) -> Path:
    """An index of these items."""
    build(ENGINE, folder, [(tuple(items), ())])
    return folder


def reader_of(
    folder: Path, opener: Opener | None = None, *, retry_after: float = 5.0, recheck: float = 0
) -> IndexReader:
    """A reader of an index folder, which by default notices a change at once."""
    opener = opener or partial(open_searcher, ENGINE)
    return IndexReader(
        IndexDirectory(folder),
        ENGINE,
        opener,
        verify_policy(ENGINE),
        retry_after=retry_after,
        recheck=recheck,
    )


def selected(**groups: str) -> Selections:
    """One value selected in each of these groups."""
    return no_selections() | {group: (value,) for group, value in groups.items()}


def toggled(request: SearchRequest, group: str, value: str) -> SearchRequest:
    """The request with a facet value added or taken away, from the first page."""
    chosen = request.selections[group]
    changed = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
    return replace(request, selections={**request.selections, group: changed}, page=1)


def ask(folder: Path, request: SearchRequest | str) -> Results:
    """The answer to a request, or to a query alone."""
    request = SearchRequest(q=request) if isinstance(request, str) else request
    with closing(reader_of(folder)) as reader, reader.acquire() as lease:
        searcher = lease.searcher
        return service.search(searcher, request)


def ids(results: Results) -> list[str]:
    """The ids of the hits, in order."""
    return [hit.item.id for hit in results.hits]
