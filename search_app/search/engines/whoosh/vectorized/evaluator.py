"""Searching by arrays alone: `evaluate`, `scoring`, `order` and `facets` put together."""

from collections.abc import Sequence
from functools import partial

from search_app.search.engine import ENOUGH, Found, Query, Ranked
from search_app.search.engines.whoosh.effort import Effort
from search_app.search.engines.whoosh.evaluate import Evaluation
from search_app.search.engines.whoosh.facets import Facets
from search_app.search.engines.whoosh.matches import Matches, union, without
from search_app.search.engines.whoosh.order import Order
from search_app.search.engines.whoosh.scoring import Scoring
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.engines.whoosh.weighting import Weighting
from search_app.search.expression import Expression, in_window

Tier = tuple[Expression, Sequence[Matches]]
"""What was asked for, and the hits in each segment that come for it."""


class Arrays:
    """Implements `Evaluator` for any weighting."""

    def __init__(self, segments: Sequence[Segment], weighting: Weighting) -> None:
        self._segments, self._weighting = segments, weighting
        self._facets = Facets(segments)
        self._order = Order(segments, weighting.spreads)

    def search(self, query: Query) -> Found:
        """See `Evaluator.search`."""
        evaluation = Evaluation(self._segments, self._weighting)
        effort = Effort(self._segments, query)
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

    def _tiers(self, evaluation: Evaluation, effort: Effort, query: Query) -> list[Tier]:
        """What matches in full; and, where that is too little, what does so only in part."""
        asked = in_window(effort.within(query.full), query.window)
        full = evaluation.matches(asked)
        if query.partial is None or sum(map(len, full)) >= ENOUGH:
            return [(asked, full)]
        some = in_window(effort.within(query.partial), query.window)
        others = [
            Matches(without(found.numbers, every.numbers, segment.size), found.leaves)
            for segment, every, found in zip(
                self._segments, full, evaluation.matches(some), strict=True
            )
        ]
        return [(asked, full), (some, others)]

    def _page(self, evaluation: Evaluation, query: Query, tiers: list[Tier]) -> list[Ranked]:
        """The hits of the page: of each tier what the ones before it leave."""
        page: list[Ranked] = []
        begin, end = query.offset, query.offset + query.limit
        for asked, found in tiers:
            scorer = partial(Scoring(evaluation).scores, asked)
            chosen = self._order.page(
                found, scorer, query.sort, max(begin, 0), max(end, 0) - max(begin, 0)
            )
            page += [
                Ranked(self._segments[at].id(number), score, (at, number))
                for at, number, score in chosen
            ]
            total = sum(map(len, found))
            begin, end = begin - total, end - total
        return page
