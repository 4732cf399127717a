"""The searcher over a Whoosh index, evaluated from the columns of its segments. Nothing changes
once it is open, so any number of threads may search at once."""

import numpy as np

from indexer import sources
from indexer.engines.whoosh import columns
from indexer.engines.whoosh.segments import columns_of
from indexer.home import Generation
from indexer.item import Item
from search_app.search import ranking
from search_app.search.engine import ENOUGH, Found, Query, Stats
from search_app.search.engines.whoosh.evaluate import Evaluator
from search_app.search.engines.whoosh.facets import Facets
from search_app.search.engines.whoosh.matches import Mask, Matches, contains, union
from search_app.search.engines.whoosh.order import Order
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.engines.whoosh.weighting import JoinedBM25F
from search_app.search.expression import Span, all_of


class WhooshSearcher:
    """Implements `search_app.search.engine.Searcher`."""

    def __init__(self, generation: Generation) -> None:
        """Open a verified generation; `IndexDamaged` if it is cleared away meanwhile."""
        self.generation = generation.name
        self._names = sources.read_outlets(generation.folder)
        self._segments = [
            Segment(columns.read(generation.folder / name), deleted)
            for name, deleted in columns_of(generation.folder)
        ]
        self._evaluator = Evaluator(self._segments, JoinedBM25F(self._segments))
        self._facets, self._order = Facets(self._segments), Order(self._segments)

    def search(self, query: Query) -> Found:
        """See `Searcher.search`."""
        matches, partly = self._matches(query)
        hits, tiers, counted = [], [], []
        for place, found in enumerate(matches):
            passing, over = self._facets.split(place, found.numbers, query.selections)
            hits.append(found if passing is None else found.where(passing))
            if partly is not None:
                tiers.append(partly[place] if passing is None else partly[place][passing])
            counted.append(over)
        page = self._order.page(hits, tiers or None, query.sort, query.offset, query.limit)
        total = sum(map(len, hits))
        return Found(
            total=total,
            complete=total - sum(int(np.count_nonzero(tier)) for tier in tiers),
            hits=tuple(
                (self._segments[place].item(number), round(score, ranking.DECIMALS))
                for place, number, score in page
            ),
            facets=self._facets.counts(counted, query.selections, query.facet_size),
        )

    def get(self, id: str) -> Item | None:
        """See `Searcher.get`."""
        for segment in self._segments:
            number = segment.number(id)
            if number is not None:
                return segment.item(number)
        return None

    def outlet(self, domain: str) -> str:
        """See `Searcher.outlet`."""
        return self._names.get(domain, domain)

    def stats(self) -> Stats:
        """See `Searcher.stats`."""
        return Stats(sum(len(s.living) for s in self._segments), len(self._segments))

    def close(self) -> None:
        """See `Searcher.close`. The files are unmapped as the last array in them is let go of."""
        del self._segments, self._evaluator, self._facets, self._order

    def _matches(self, query: Query) -> tuple[list[Matches], list[Mask] | None]:
        """All that matches; and, where some do only in part, which do."""
        window = [Span("date", *query.window)] if query.window != (None, None) else []
        full = self._evaluator.matches(all_of([query.full, *window]))
        if query.partial is None or sum(map(len, full)) >= ENOUGH:
            return full, None
        partial = self._evaluator.matches(all_of([query.partial, *window]))
        both, partly = [], []
        for segment, every, some in zip(self._segments, full, partial, strict=True):
            only = some.where(~contains(every.numbers, some.numbers, segment.size))
            both.append(union([every, only], segment.size))
            partly.append(~contains(every.numbers, both[-1].numbers, segment.size))
        return both, partly
