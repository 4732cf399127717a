"""The searcher over stock Whoosh: one generation, evaluated posting by posting.

Whoosh's own searchers are not safe to share, so each search borrows one from a pool; what is
shared are the columns, which never change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from heapq import nsmallest
from queue import Empty, SimpleQueue
from typing import Any

from whoosh.filedb.filestore import FileStorage

from indexer import sources
from indexer.document import decode
from indexer.engines.whoosh.schema import ITEM, schema
from indexer.engines.whoosh.segments import document_number
from indexer.fields import FIELDS, Kind
from indexer.home import Generation
from indexer.item import Item
from search_app.search import ranking
from search_app.search.engine import ENOUGH, Found, Query, Stats
from search_app.search.engines.whoosh.columns import Columns, columns
from search_app.search.engines.whoosh.facets import Counts
from search_app.search.engines.whoosh.translate import translate
from search_app.search.engines.whoosh.weighting import LiveBM25, average_length
from search_app.search.expression import Expression, Span, all_of

Matches = list[dict[int, float]]
"""For each segment, document number in it to score."""


class WhooshSearcher:
    """Implements `search_app.search.engine.Searcher`."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation.name
        self._names = sources.outlet_names(sources.read(generation.folder).values())
        storage = FileStorage(str(generation.folder), readonly=True)
        self._index = storage.open_index(schema=schema())
        self._idle: SimpleQueue[Any] = SimpleQueue()
        reader = self._index.reader()
        texts = [field.name for field in FIELDS if field.kind is Kind.TEXT]
        self._weighting = LiveBM25({name: average_length(reader, name) for name in texts})
        self._leaves: list[tuple[Columns, int]] = [
            (columns(leaf), base) for leaf, base in reader.leaf_readers() if leaf.doc_count_all()
        ]
        self._stats = Stats(reader.doc_count(), len(self._leaves))
        reader.close()

    def search(self, query: Query) -> Found:
        """See `Searcher.search`."""
        with self._borrowed() as whoosh:
            window = [Span("date", *query.window)] if query.window != (None, None) else []
            matches = full = _matches(whoosh, all_of([query.full, *window]))
            if query.partial and _size(full) < ENOUGH:
                partial = _matches(whoosh, all_of([query.partial, *window]))
                matches = [some | every for some, every in zip(partial, full, strict=True)]
            counts = Counts(query.selections)
            hits = list(self._hits(matches, full, counts))
            wanted = query.offset + query.limit
            ranked = nsmallest(wanted, hits, key=lambda hit: ranking.sort_key(hit[0], query.sort))
            page = tuple(
                (decode(whoosh.stored_fields(number)[ITEM]), standing.score)
                for standing, number in ranked[query.offset :]
            )
        relaxed = _size(matches) > _size(full)
        return Found(len(hits), relaxed, page, counts.result(query.facet_size))

    def get(self, id: str) -> Item | None:
        """See `Searcher.get`."""
        with self._borrowed() as whoosh:
            number = document_number(whoosh.reader(), id)
            return None if number is None else decode(whoosh.stored_fields(number)[ITEM])

    def outlet(self, domain: str) -> str:
        """See `Searcher.outlet`."""
        return self._names.get(domain, domain)

    def stats(self) -> Stats:
        """See `Searcher.stats`."""
        return self._stats

    def close(self) -> None:
        """See `Searcher.close`."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    @contextmanager
    def _borrowed(self) -> Iterator[Any]:
        """A Whoosh searcher of our own. One that failed is closed, not handed on."""
        try:
            whoosh = self._idle.get_nowait()
        except Empty:
            whoosh = self._index.searcher(weighting=self._weighting)
        try:
            yield whoosh
        except BaseException:
            whoosh.close()
            raise
        self._idle.put(whoosh)

    def _hits(
        self, matches: Matches, full: Matches, counts: Counts
    ) -> Iterator[tuple[ranking.Standing, int]]:
        """The matches that pass the selections: what orders each, and its number in the index."""
        for (leaf, base), scores, every in zip(self._leaves, matches, full, strict=False):
            for row, score in scores.items():
                if counts.add(leaf, row):
                    tier = 0 if row in every else 1
                    date, outlets, id = leaf.dates[row], leaf.outlets[row], leaf.ids[row]
                    yield ranking.Standing(tier, score, date, outlets, id), base + row


def _matches(whoosh: Any, expression: Expression) -> Matches:
    query = translate(expression).normalize()
    found: Matches = []
    for leaf, _ in whoosh.leaf_searchers():
        scores = {}
        matcher = query.matcher(leaf, leaf.context())
        while matcher.is_active():
            scores[matcher.id()] = round(matcher.score(), ranking.DECIMALS)
            matcher.next()
        found.append(scores)
    return found


def _size(matches: Matches) -> int:
    return sum(len(scores) for scores in matches)
