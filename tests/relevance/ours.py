"""Newsdex as it is measured: item files, a full reindex, the search service."""

from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from indexer.index.directory import IndexDirectory
from indexer.item import Article, Item, instant
from search_app.search import service
from search_app.search.engines import open_searcher, verify_policy
from search_app.search.index_reader import IndexReader, Opener
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest
from search_app.search.signals import DEFAULT_SIGNALS, Signals
from tests.indexer import samples
from tests.relevance.collection import Collection
from tests.relevance.measuring import DEPTH, Run

ENGINE = "whoosh"
OPENER = partial(open_searcher, ENGINE)


def newsdex(collection: Collection, work: Path) -> Run:
    """Our answers to the queries of a collection, each as a person would type it."""
    seeds, index = work / "seeds", work / "index"
    for item in collection.items:
        write(seeds, item)
    reindex(seeds, index, len(collection.items))
    return answers(index, collection.queries)


def reindex(seeds: Path, index: Path, count: int) -> None:
    """Index a folder of so many items; raises `ValueError` if one is rejected."""
    report = samples.run(seeds, index, full=True)
    if report.items != count:
        raise ValueError(f"{report.items} of {count} items were indexed")


def answers(
    index: Path,
    queries: Mapping[str, str],
    opener: Opener = OPENER,
    signals: Signals = DEFAULT_SIGNALS,
) -> Run:
    """The ids that an index gives for each query."""
    reader = IndexReader(IndexDirectory(index), ENGINE, opener, verify_policy(ENGINE))
    run = {}
    with closing(reader), reader.acquire() as lease:
        for id, text in queries.items():
            request = SearchRequest(q=text, match=Match.ANY, page_size=DEPTH)
            found = service.search(lease.searcher, request, max_marking_cost=0, signals=signals)
            run[id] = tuple(hit.item.id for hit in found.hits)
    return run


def write(seeds: Path, item: Item) -> None:
    """Write an item's file as an editor's tool would."""
    front = _front(item.article)
    if item.topics:
        front["topics"] = item.topics
    if item.related:
        front["related"] = [_front(article) for article in item.related]
    samples.seed(seeds, item.id, **front)


def _front(article: Article) -> dict[str, Any]:
    """The keys of an article in our format, without those it has nothing for."""
    outlet = article.provider
    front = {
        "title": article.title,
        "excerpt": article.excerpt,
        "webUrl": article.url,
        "publishedDateTime": instant(article.published) if article.published else "",
        "provider": {"name": outlet.name, "domain": outlet.domain} if outlet else {},
    }
    return {key: value for key, value in front.items() if value}
