"""Newsdex as it is measured: through its command, its reader and its service.

`plain` parses and interprets the query and asks for ten hits, by signals too, and no facets,
`faceted` for facets as well; `page` is `service.search`. The first two give ids, as the peers' do;
`page` also names every outlet and says which related articles matched, which the peers' does not.
"""

import subprocess
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from indexer import VERSION
from indexer.facet_values import value_key
from indexer.index.directory import IndexDirectory
from search_app.search import service
from search_app.search.answering import engine_request
from search_app.search.engines import SEARCHERS, open_searcher, verify_policy
from search_app.search.engines.whoosh.backends import FASTEST
from search_app.search.filters import understood
from search_app.search.index_reader import IndexReader
from search_app.search.protocols import EngineResult
from search_app.search.query.parser import parse
from search_app.search.query.recency_words import seeks_recent
from search_app.search.query.rewrite import Match, rewrite
from search_app.search.request import SearchRequest, Sort, no_selections
from search_app.search.results import FacetValue, Results
from search_app.search.signals import DEFAULT_SIGNALS
from search_app.search.weighing import weighed
from tests.bench.asks import Ask
from tests.bench.corpus import ROOT, Corpus
from tests.bench.engines import FACET_SIZE, GROUPS, Maker, Summary
from tests.bench.processes import environment, newsdex

ENGINE = "whoosh"

import_module(SEARCHERS[ENGINE][0])  # else the first to open an index would pay for it


class Newsdex:
    """An index of ours, leased by the reader as it is to the web application."""

    def __init__(self, folder: Path) -> None:
        opener = partial(open_searcher, ENGINE)
        self._reader = IndexReader(IndexDirectory(folder), ENGINE, opener, verify_policy(ENGINE))
        with self._reader.acquire():
            pass  # it is opened by the first to ask

    def plain(self, ask: Ask) -> EngineResult:
        """See `Engine.plain`."""
        return self._found(ask, facet_size=0)

    def faceted(self, ask: Ask) -> EngineResult:
        """See `Engine.faceted`."""
        return self._found(ask, facet_size=FACET_SIZE)

    def page(self, ask: Ask) -> Results:
        """See `Engine.page`."""
        with self._reader.acquire() as lease:
            searcher = lease.searcher
            return service.search(searcher, request(ask))

    def summary(self, answer: Any) -> Summary:
        """See `Engine.summary`."""
        if isinstance(answer, EngineResult):
            counted = answer.facets  # languages, too, which no peer counts
            facets = {group: dict(counted[group]) for group in GROUPS if group in counted}
            return Summary(answer.total, tuple(hit.id for hit in answer.hits), facets)
        if not isinstance(answer, Results):
            raise TypeError(f"{answer!r} is none of our answers")
        return Summary(
            answer.total,
            tuple(hit.item.id for hit in answer.hits),
            {
                group: {key(group, v): v.count for v in values}
                for group, values in answer.facets.items()
                if group in GROUPS
            },
            tuple((hit.title_html, hit.excerpt_html) for hit in answer.hits),
        )

    def close(self) -> None:
        """See `Engine.close`."""
        self._reader.close()

    def _found(self, ask: Ask, facet_size: int) -> EngineResult:
        with self._reader.acquire() as lease:
            searcher = lease.searcher
            filters = understood(request(ask), searcher.vocabulary)
            wanted = filters.request
            tree = parse(wanted.q).tree
            meaning = rewrite(tree, wanted.match, searcher.vocabulary)
            query = replace(engine_request(filters, meaning), facet_size=facet_size)
            recent = seeks_recent(tree.children)
            return searcher.search(weighed(query, DEFAULT_SIGNALS, recent))


def key(group: str, value: FacetValue) -> str:
    """A value as the index holds it."""
    return value.value if group == "provider" else value_key(value.value)


def request(ask: Ask) -> SearchRequest:
    """The search a person would type and click to ask this."""
    selections = no_selections() | {"topic": (ask.topic,) if ask.topic else ()}
    return SearchRequest(
        q=typed(ask),
        selections=selections,
        sort=Sort.NEWEST if ask.newest else Sort.RELEVANCE,
        match=Match(ask.match) if ask.match in list(Match) else Match.AUTO,
    )


def typed(ask: Ask) -> str:
    """The words in our query language."""
    words = " ".join(ask.words)
    return {"phrase": f'"{words}"', "prefix": f"{words}*"}.get(ask.match, words)


def _build(folder: Path, corpus: Corpus) -> None:
    """With the command, from the files."""
    command = newsdex("reindex", "--full", "--seeds", str(corpus.folder), "--index", str(folder))
    subprocess.run(command, cwd=ROOT, env=environment(), check=True)


def _is_usable(folder: Path) -> bool:
    """Whether this version can read what is there; an older one may have written it."""
    command = newsdex("status", "--index", str(folder))
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=False)
    return done.returncode == 0


NEWSDEX = Maker(f"{VERSION}, {FASTEST.name}", _build, Newsdex, _is_usable, reads_files=True)
