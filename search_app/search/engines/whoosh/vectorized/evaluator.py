"""The evaluator that is plain NumPy: every match is found, scored, counted and put in order. It
serves where the kernel could not be built, and judges it where it could."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.schema import FACETS
from indexer.segment import MISSING
from search_app.search import ranking
from search_app.search.engines.whoosh.cost_limit import DEFAULT_COSTS, CostLimit, Costs
from search_app.search.engines.whoosh.global_order import recency
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import BM25F
from search_app.search.engines.whoosh.vectorized.facets import Facets
from search_app.search.engines.whoosh.vectorized.matcher import DocSet, Matcher
from search_app.search.protocols import MIN_FULL_MATCHES, EngineRequest, EngineResult, ScoredDoc
from search_app.search.query.logical import Expression, in_window
from search_app.search.request import Sort

Key = NDArray[Any]


class VectorizedEvaluator:
    """Implements `Evaluator`."""

    def __init__(
        self,
        segments: Sequence[SegmentReader],
        similarity: BM25F,
        costs: Costs = DEFAULT_COSTS,
        decimals: int = ranking.DECIMALS,
        make_matcher: type[Matcher] = Matcher,
    ) -> None:
        self._segments, self._similarity = segments, similarity
        self._costs, self._decimals = costs, decimals
        self._make_matcher = make_matcher
        self._facets = Facets(segments)
        self._recency = recency(segments)

    def search(self, query: EngineRequest) -> EngineResult:
        """See `Evaluator.search`."""
        limit = CostLimit(self._segments, query, self._costs)
        counter, page = self._facets.counter(), list[ScoredDoc]()
        filters = [self._facets.filters(p, query.selections) for p in range(len(self._segments))]
        begin, end = query.offset, query.offset + query.limit
        for tier in self._tiers(limit, query):
            hits = []
            for place, found in enumerate(tier):
                if query.facet_size or filters[place]:
                    counter.add_values(place, found.mask, filters[place])
                hits.append(np.logical_and.reduce([found.mask, *filters[place].values()]))
            counter.add_hits(hits)
            page += self._page(tier, hits, query.sort, max(begin, 0), max(end, 0))
            begin, end = begin - counter.totals[-1], end - counter.totals[-1]
        return EngineResult(
            total=sum(counter.totals),
            complete=counter.totals[0],
            hits=tuple(page),
            facets={
                group: counter.top(group, query.facet_size, sorted(query.selections[group]))
                for group in FACETS
            },
            skipped=limit.skipped,
        )

    def _tiers(self, limit: CostLimit, query: EngineRequest) -> list[list[DocSet]]:
        """What matches in full; and, where that is too little, what does so only in part."""
        matcher = self._make_matcher(self._segments, self._similarity)

        def matches(expression: Expression) -> list[DocSet]:
            return matcher.matches(in_window(limit.admit(expression), query.window))

        full = matches(query.full)
        if (
            query.partial is None
            or sum(int(np.count_nonzero(f.mask)) for f in full) >= MIN_FULL_MATCHES
        ):
            return [full]
        pairs = zip(full, matches(query.partial), strict=True)
        return [full, [DocSet(some.mask & ~every.mask, some.scores) for every, some in pairs]]

    def _page(
        self, tier: list[DocSet], hits: list[NDArray[np.bool_]], sort: Sort, begin: int, end: int
    ) -> list[ScoredDoc]:
        """The hits of these ranks."""
        numbers = [np.flatnonzero(mask) for mask in hits]
        places = np.repeat(np.arange(len(numbers)), [len(some) for some in numbers])
        if begin >= min(end, len(places)):
            return []
        scores = np.concatenate([f.scores[some] for f, some in zip(tier, numbers, strict=True)])
        scores = np.round(scores, self._decimals)
        everyone, newest = np.concatenate(numbers), _taken(self._recency, numbers)
        return [
            ScoredDoc(
                self._segments[places[row]].id(int(everyone[row])),
                float(scores[row]),
                (int(places[row]), int(everyone[row])),
            )
            for row in smallest([*self._keys(sort, numbers), -scores, newest], end)[begin:].tolist()
        ]

    def _keys(self, sort: Sort, numbers: list[NDArray[np.int64]]) -> list[Key]:
        """What goes before relevance, ascending; see `ranking.sort_key`."""
        if sort is Sort.RELEVANCE:
            return []
        column = "outlets" if sort is Sort.COVERAGE else "date"
        values = _taken([s.columns[f"numbers.{column}"] for s in self._segments], numbers)
        if sort is Sort.OLDEST:
            return [np.where(values == MISSING, -MISSING, values)]
        return [-values]


def _taken(columns: Sequence[Key], numbers: Sequence[NDArray[np.int64]]) -> Key:
    """What a column of each segment says of these documents of it, end to end."""
    return np.concatenate([c.take(some) for c, some in zip(columns, numbers, strict=True)])


def smallest(keys: Sequence[Key], count: int) -> NDArray[np.int64]:
    """The places of the `count` least, in order, by several keys, none equal in all of them."""
    chosen = _candidates(keys, count)
    return chosen[np.lexsort([key[chosen] for key in reversed(keys)])]


def _candidates(keys: Sequence[Key], count: int) -> NDArray[np.int64]:
    """The places of the `count` least, in no order: what ties at the limit goes to the next key."""
    key, *others = keys
    if count >= len(key):
        return np.arange(len(key))
    limit = np.partition(key, count - 1)[count - 1]
    below, tied = np.flatnonzero(key < limit), np.flatnonzero(key == limit)
    wanted = count - len(below)
    if others and len(tied) > wanted:
        tied = tied[_candidates([other[tied] for other in others], wanted)]
    return np.concatenate([below, tied[:wanted]])
