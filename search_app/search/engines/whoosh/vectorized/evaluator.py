"""The evaluator in plain NumPy: every match is found, scored, counted and put in order. It serves
where the kernel could not be built, and judges it where it could."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.schema import FACETS
from indexer.segment import MISSING
from search_app.search import ranking
from search_app.search.engines.whoosh.cost_limit import DEFAULT_COSTS, CostLimit, Costs
from search_app.search.engines.whoosh.global_order import SORT_COLUMNS, recency
from search_app.search.engines.whoosh.near_terms import joined, near
from search_app.search.engines.whoosh.segment_reader import Mask, SegmentReader
from search_app.search.engines.whoosh.similarity import BM25F
from search_app.search.engines.whoosh.vectorized.facets import Counter, Facets, WordedValues
from search_app.search.engines.whoosh.vectorized.matcher import DocSet, Matcher
from search_app.search.engines.whoosh.vectorized.proximity import Proximity
from search_app.search.protocols import (
    MIN_FULL_MATCHES,
    EngineRequest,
    EngineResult,
    NearTerm,
    ScoredDoc,
)
from search_app.search.query.logical import Expression
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
        matcher = self._make_matcher(self._segments, self._similarity)
        filters = [self._facets.filters(p, query.selections) for p in range(len(self._segments))]
        worded = WordedValues(limit.worded(), matcher)
        worded.widen(filters)
        counter, page = Counter(self._facets), list[ScoredDoc]()
        proximity = Proximity(self._segments, self._similarity, query.pairs)
        seen = [np.zeros(segment.size, bool) for segment in self._segments]
        begin, end = query.offset, query.offset + query.limit
        for expression in limit.tiers():
            tier, hits = self._matches(matcher, expression, query.headline), []
            for place, found in enumerate(tier):
                matches = found.mask & ~seen[place]
                seen[place] |= matches
                if query.facet_size or filters[place]:
                    counter.add_values(place, matches, filters[place])
                hits.append(np.logical_and.reduce([matches, *filters[place].values()]))
            counter.add_hits(hits)
            worded.add_hits(hits)
            ranks = max(begin, 0), max(end, 0)
            page += self._page(tier, hits, query.sort, *ranks, proximity, query.rescored)
            begin, end = begin - counter.totals[-1], end - counter.totals[-1]
            if sum(int(np.count_nonzero(mask)) for mask in seen) >= MIN_FULL_MATCHES:
                break
        return EngineResult(
            total=sum(counter.totals),
            complete=counter.totals[0],
            hits=tuple(page),
            facets={
                group: worded.counted(
                    group, counter.top(group, query.facet_size, sorted(set(selected)))
                )
                for group, selected in ((group, query.selections[group]) for group in FACETS)
            },
            skipped=limit.skipped,
        )

    def _matches(self, matcher: Matcher, expression: Expression, headline: int) -> list[DocSet]:
        """What matches in each segment; the headline that is searched for scores more."""
        found = matcher.matches(expression)
        for segment, some in zip(self._segments, found, strict=True):
            some.scores[segment.columns["numbers.headline"] == headline] *= ranking.EQUAL_HEADLINE
        return found

    def counts(self, expressions: Sequence[Expression]) -> list[int]:
        """See `Evaluator.counts`."""
        matcher = self._make_matcher(self._segments, self._similarity)
        return [
            sum(int(np.count_nonzero(found.mask)) for found in matcher.matches(expression))
            for expression in expressions
        ]

    def near_terms(self, word: str, max_edits: int) -> list[NearTerm]:
        """See `Evaluator.near_terms`."""
        return joined(near(segment, word, max_edits) for segment in self._segments)

    def _page(
        self,
        tier: list[DocSet],
        hits: list[Mask],
        sort: Sort,
        begin: int,
        end: int,
        proximity: Proximity,
        rescored: int,
    ) -> list[ScoredDoc]:
        """The hits of the ranks [begin, end)."""
        numbers = [np.flatnonzero(mask) for mask in hits]
        places = np.repeat(np.arange(len(numbers)), [len(some) for some in numbers])
        if begin >= min(end, len(places)):
            return []
        scores = np.round(_joined([found.scores for found in tier], numbers), self._decimals)
        everyone = np.concatenate(numbers)
        if sort is Sort.RELEVANCE and begin < rescored and proximity.pairs:
            ties = _joined(self._recency, numbers)
            for row in smallest([-scores, ties], rescored).tolist():
                gained = proximity.score(int(places[row]), int(everyone[row]))
                scores[row] = np.round(scores[row] + gained, self._decimals)
        keys = [*self._sort_keys(sort, numbers), -scores, _joined(self._recency, numbers)]
        return [
            ScoredDoc(
                self._segments[places[row]].id(int(everyone[row])),
                float(scores[row]),
                (int(places[row]), int(everyone[row])),
            )
            for row in smallest(keys, end)[begin:].tolist()
        ]

    def _sort_keys(self, sort: Sort, numbers: list[NDArray[np.int64]]) -> list[Key]:
        """What hits are sorted by before their scores, ascending; see `ranking`."""
        if sort is Sort.RELEVANCE:
            return []
        column = f"numbers.{SORT_COLUMNS[sort]}"
        values = _joined([segment.columns[column] for segment in self._segments], numbers)
        return [np.where((sort is Sort.OLDEST) & (values != MISSING), values, -values)]


def _joined(columns: Sequence[Key], numbers: Sequence[NDArray[np.int64]]) -> Key:
    """The values of a column for these documents of each segment, end to end."""
    return np.concatenate([c.take(some) for c, some in zip(columns, numbers, strict=True)])


def smallest(keys: Sequence[Key], count: int) -> NDArray[np.int64]:
    """The indices of the `count` least, in order, by several keys; no two are equal in all."""
    chosen = _candidates(keys, count)
    return chosen[np.lexsort([key[chosen] for key in reversed(keys)])]


def _candidates(keys: Sequence[Key], count: int) -> NDArray[np.int64]:
    """The indices of the `count` least, unordered: ties at the limit are broken by the next key."""
    key, *others = keys
    if count >= len(key):
        return np.arange(len(key))
    limit = np.partition(key, count - 1)[count - 1]
    below, tied = np.flatnonzero(key < limit), np.flatnonzero(key == limit)
    wanted = count - len(below)
    if others and len(tied) > wanted:
        tied = tied[_candidates([other[tied] for other in others], wanted)]
    return np.concatenate([below, tied[:wanted]])
