"""The searcher over a Whoosh index: one generation, evaluated posting by posting.

Whoosh's readers are not safe to share between threads, so each search borrows one from a pool;
what is shared are the columns, which never change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from heapq import nsmallest
from queue import Empty, SimpleQueue
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError

from indexer import sources
from indexer.document import decode
from indexer.engines.whoosh.schema import ITEM, schema
from indexer.engines.whoosh.segments import document_number
from indexer.errors import IndexDamaged
from indexer.home import Generation
from indexer.item import Item
from search_app.search import ranking
from search_app.search.engine import ENOUGH, Found, Query, Stats
from search_app.search.engines.whoosh.columns import columns
from search_app.search.engines.whoosh.evaluate import Evaluator, Scores
from search_app.search.engines.whoosh.facets import Counts
from search_app.search.expression import Span, all_of


class WhooshSearcher:
    """Implements `search_app.search.engine.Searcher`."""

    def __init__(self, generation: Generation) -> None:
        """Open a verified generation; `IndexDamaged` if it is cleared away meanwhile."""
        self.generation = generation.name
        self._names = sources.outlet_names(sources.read(generation.folder).values())
        self._idle: SimpleQueue[Any] = SimpleQueue()
        self._storage = FileStorage(str(generation.folder), readonly=True)
        with self._borrowed() as reader:
            self._columns = columns(reader)
            self._stats = Stats(reader.doc_count(), len(reader.leaf_readers()))

    def search(self, query: Query) -> Found:
        """See `Searcher.search`."""
        with self._borrowed() as reader:
            matches, full = self._matches(Evaluator(reader, self._columns), query)
            counts = Counts(query.selections)
            hits = [row for row in matches if counts.add(self._columns, row)]
            standings = [(self._standing(row, matches[row], row not in full), row) for row in hits]
            wanted = query.offset + query.limit
            ranked = nsmallest(wanted, standings, lambda s: ranking.sort_key(s[0], query.sort))
            page = tuple(
                (decode(reader.stored_fields(row)[ITEM]), standing.score)
                for standing, row in ranked[query.offset :]
            )
        relaxed = any(standing.tier for standing, _ in standings)
        return Found(len(hits), relaxed, page, counts.result(query.facet_size))

    def get(self, id: str) -> Item | None:
        """See `Searcher.get`."""
        with self._borrowed() as reader:
            row = document_number(reader, id)
            return None if row is None else decode(reader.stored_fields(row)[ITEM])

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
        """A Whoosh reader of our own. One that failed is closed, not handed on."""
        try:
            reader = self._idle.get_nowait()
        except Empty:
            reader = self._opened()
        try:
            yield reader
        except BaseException:
            reader.close()
            raise
        self._idle.put(reader)

    def _opened(self) -> Any:
        """A new Whoosh reader, with all the files that a search needs open: two generations on,
        this one is cleared away."""
        try:
            reader = self._storage.open_index(schema=schema()).reader()
        except (OSError, EmptyIndexError) as error:
            raise IndexDamaged(f"{self._storage.folder} cannot be opened: {error}") from error
        for leaf, _ in reader.leaf_readers():
            if leaf.doc_count_all():
                leaf.stored_fields(0)  # a file Whoosh opens only when it is first asked for
        return reader

    def _matches(self, evaluator: Evaluator, query: Query) -> tuple[Scores, Scores]:
        """All that matches, in full or in part; and what does in full."""
        window = [Span("date", *query.window)] if query.window != (None, None) else []
        full = evaluator.scores(all_of([query.full, *window]))
        if query.partial is None or len(full) >= ENOUGH:
            return full, full
        return evaluator.scores(all_of([query.partial, *window])) | full, full

    def _standing(self, row: int, score: float, partly: bool) -> ranking.Standing:
        columns = self._columns
        return ranking.Standing(
            tier=int(partly),
            score=round(score, ranking.DECIMALS),
            date=columns.numbers["date"][row],
            outlets=columns.numbers["outlets"][row] or 0,
            id=columns.ids[row],
        )
