"""The searcher over a Whoosh index, evaluated from the columns of its segments. Nothing changes
once it is open, so any number of threads may search at once."""

from collections.abc import Sequence
from functools import partial

from indexer import sources
from indexer.engines.whoosh import columns
from indexer.engines.whoosh.segments import columns_of
from indexer.home import Generation
from indexer.item import Item
from search_app.search.engine import ENOUGH, Found, Query, Stats
from search_app.search.engines.whoosh.effort import Effort
from search_app.search.engines.whoosh.evaluate import Evaluation
from search_app.search.engines.whoosh.facets import Facets
from search_app.search.engines.whoosh.matches import Matches, union, without
from search_app.search.engines.whoosh.order import Order
from search_app.search.engines.whoosh.scoring import Scoring
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.engines.whoosh.weighting import JoinedBM25F
from search_app.search.expression import Expression, Span, all_of

Tier = tuple[Expression, Sequence[Matches]]
"""What was asked for, and the hits in each segment that come for it."""


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
        self._weighting = JoinedBM25F(self._segments)
        self._facets = Facets(self._segments)
        self._order = Order(self._segments, self._weighting.spreads)

    def search(self, query: Query) -> Found:
        """See `Searcher.search`."""
        evaluation, effort = Evaluation(self._segments, self._weighting), Effort(self._segments)
        tiers = self._tiers(evaluation, effort, query)
        filters = self._facets.filters(query.selections)
        matches = [
            union([found.numbers for found in here], segment.size)
            for segment, *here in zip(self._segments, *(found for _, found in tiers), strict=True)
        ]
        if filters:
            tiers = [(asked, self._facets.passing(found, filters)) for asked, found in tiers]
        totals = [sum(map(len, found)) for _, found in tiers]
        return Found(
            total=sum(totals),
            complete=totals[0],
            hits=tuple(self._page(evaluation, query, tiers)),
            facets=self._facets.counts(matches, filters, query.selections, query.facet_size),
            left_out=effort.left_out,
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
        del self._segments, self._weighting, self._facets, self._order

    def _tiers(self, evaluation: Evaluation, effort: Effort, query: Query) -> list[Tier]:
        """What matches in full; and, where that is too little, what does so only in part."""
        window = [Span("date", *query.window)] if query.window != (None, None) else []
        asked = all_of([effort.within(query.full), *window])
        full = evaluation.matches(asked)
        if query.partial is None or sum(map(len, full)) >= ENOUGH:
            return [(asked, full)]
        some = all_of([effort.within(query.partial), *window])
        others = [
            Matches(without(found.numbers, every.numbers, segment.size), found.leaves)
            for segment, every, found in zip(
                self._segments, full, evaluation.matches(some), strict=True
            )
        ]
        return [(asked, full), (some, others)]

    def _page(
        self, evaluation: Evaluation, query: Query, tiers: list[Tier]
    ) -> list[tuple[Item, float]]:
        """The items of the page with their scores: of each tier what the ones before it leave."""
        page: list[tuple[Item, float]] = []
        begin, end = query.offset, query.offset + query.limit
        for asked, found in tiers:
            scorer = partial(Scoring(evaluation).scores, asked)
            chosen = self._order.page(
                found, scorer, query.sort, max(begin, 0), max(end, 0) - max(begin, 0)
            )
            page += [(self._segments[at].item(number), score) for at, number, score in chosen]
            total = sum(map(len, found))
            begin, end = begin - total, end - total
        return page
