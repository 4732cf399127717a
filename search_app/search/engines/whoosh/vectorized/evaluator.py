"""The evaluator in plain NumPy: every match is found, scored, counted and put in order. It serves
where the kernel could not be built, and judges it where it could."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from indexer.schema import FACETS
from indexer.segment import MISSING
from search_app.search import ranking
from search_app.search.engines.whoosh.cost_limit import DEFAULT_COSTS, CostLimit, Costs
from search_app.search.engines.whoosh.day_columns import DayColumns
from search_app.search.engines.whoosh.explainer import Explainer
from search_app.search.engines.whoosh.global_order import SORT_COLUMNS, recency, story_keys
from search_app.search.engines.whoosh.near_terms import joined, near
from search_app.search.engines.whoosh.segment_reader import Mask, SegmentReader
from search_app.search.engines.whoosh.signal_columns import SignalColumns
from search_app.search.engines.whoosh.similarity import BM25F
from search_app.search.engines.whoosh.vectorized.facets import Counter, Facets, WordedValues
from search_app.search.engines.whoosh.vectorized.matcher import DocSet, Matcher
from search_app.search.engines.whoosh.vectorized.proximity import Proximity
from search_app.search.engines.whoosh.vectorized.stories import HitCounter, StoryCounter
from search_app.search.explanation import Explanation
from search_app.search.protocols import (
    MIN_FULL_MATCHES,
    EngineRequest,
    EngineResult,
    NearTerm,
    ScoredDoc,
)
from search_app.search.query.logical import Expression, Keyword, MatchAll
from search_app.search.request import Group, Sort
from search_app.search.signals import CLUSTER, CLUSTERED

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
        now: float | None = None,
    ) -> None:
        self._segments, self._similarity = segments, similarity
        self._costs, self._decimals = costs, decimals
        self._make_matcher = make_matcher
        self._facets = Facets(segments)
        self._days = DayColumns(segments)
        self._recency = recency(segments)
        self._story_keys = story_keys(segments)
        self._signals = SignalColumns(segments, now)

    def search(self, query: EngineRequest) -> EngineResult:
        """See `Evaluator.search`."""
        if query.if_new is not None and query.limit > 0:
            best = self._search(replace(query, offset=0, limit=CLUSTER))
            if self._signals.newness([hit.ref for hit in best.hits]) > CLUSTERED:
                query = replace(query, signals=query.if_new)
        return self._search(query)

    def _search(self, query: EngineRequest) -> EngineResult:
        """What is found by the `signals` of the query."""
        limit = CostLimit(self._segments, query, self._costs)
        matcher = self._make_matcher(self._segments, self._similarity)
        stories = StoryCounter(self._story_keys) if query.group is Group.STORY else None
        filters = [self._facets.filters(p, query.selections) for p in range(len(self._segments))]
        worded = WordedValues(limit.worded(), matcher, stories)
        worded.widen(filters)
        wanted = matcher.matches(Keyword("story", query.story) if query.story else MatchAll())
        counter, page = Counter(self._facets, stories), list[ScoredDoc]()
        entries = stories or HitCounter()
        on_days = np.zeros(len(self._days.days), np.int64)
        proximity = Proximity(self._segments, self._similarity, query.pairs)
        seen = [np.zeros(segment.size, bool) for segment in self._segments]
        begin, end = query.offset, query.offset + query.limit
        for expression in limit.tiers():
            tier, hits = self._matches(matcher, expression, query), []
            for place, found in enumerate(tier):
                matches = found.mask & ~seen[place]
                seen[place] |= matches
                matches &= wanted[place].mask
                if query.facet_size or filters[place]:
                    counter.add_values(place, matches, filters[place])
                hits.append(np.logical_and.reduce([matches, *filters[place].values()]))
            counter.add_hits(hits)
            worded.add_hits(hits)
            if query.buckets:
                on_days += self._on_days(hits)
            before = entries.total
            new = entries.add(hits)
            page += self._page(tier, hits, new, query, max(begin, 0), max(end, 0), proximity)
            begin, end = (bound - (entries.total - before) for bound in (begin, end))
            if sum(int(np.count_nonzero(mask)) for mask in seen) >= MIN_FULL_MATCHES:
                break
        tops = {
            group: counter.top(
                group, query.facet_size, sorted(set(selected)), query.facet_values.get(group)
            )
            for group, selected in ((group, query.selections[group]) for group in FACETS)
        }
        return EngineResult(
            total=sum(counter.totals),
            complete=counter.totals[0],
            hits=tuple(
                [replace(hit, others=stories.others(*hit.ref)) for hit in page] if stories else page
            ),
            facets={group: worded.counted(group, values) for group, (values, _) in tops.items()},
            facet_sizes={group: size for group, (_, size) in tops.items() if query.facet_size},
            skipped=limit.skipped,
            stories=stories.total if stories else None,
            histogram=self._days.histogram(
                np.append(0, on_days.cumsum()), query.buckets, query.window
            ),
            signals=query.signals,
        )

    def _on_days(self, hits: list[Mask]) -> NDArray[np.int64]:
        """How many of the hits of each segment are of each day."""
        of_hits = [days[mask] for days, mask in zip(self._days.of_documents, hits, strict=True)]
        joined = np.concatenate([np.zeros(0, np.int32), *of_hits])
        return np.bincount(joined, minlength=len(self._days.days))

    def _matches(
        self, matcher: Matcher, expression: Expression, query: EngineRequest
    ) -> list[DocSet]:
        """What matches in each segment; the headline that is searched for scores more, and every
        score is multiplied by the signals."""
        found, signals = matcher.matches(expression), self._signals.multipliers(query.signals)
        for segment, some, factors in zip(self._segments, found, signals, strict=True):
            equal = segment.columns["numbers.headline"] == query.headline
            some.scores[equal] *= ranking.EQUAL_HEADLINE
            np.multiply(some.scores, factors, out=some.scores)
        return found

    def explain(self, query: EngineRequest, hits: Sequence[ScoredDoc]) -> list[Explanation]:
        """See `Evaluator.explain`."""
        explainer = Explainer(
            self._segments, self._similarity, self._signals, query, self._costs, self._decimals
        )
        return [explainer.explain(hit) for hit in hits]

    def counts(self, expressions: Sequence[Expression]) -> list[int]:
        """See `Evaluator.counts`."""
        matcher = self._make_matcher(self._segments, self._similarity)
        return [
            sum(int(np.count_nonzero(found.mask)) for found in matcher.matches(expression))
            for expression in expressions
        ]

    def doc_freqs(self, terms: Sequence[str]) -> list[int]:
        """See `Evaluator.doc_freqs`."""
        return [sum(segment.doc_freq(term) for segment in self._segments) for term in terms]

    def near_terms(self, word: str, max_edits: int) -> list[NearTerm]:
        """See `Evaluator.near_terms`."""
        return joined(near(segment, word, max_edits) for segment in self._segments)

    def _page(
        self,
        tier: list[DocSet],
        hits: list[Mask],
        new: list[Mask],
        query: EngineRequest,
        begin: int,
        end: int,
        proximity: Proximity,
    ) -> list[ScoredDoc]:
        """The entries of the ranks [begin, end): hits, or the best one of each story that is `new`
        in this tier."""
        numbers = [np.flatnonzero(mask) for mask in hits]
        places = np.repeat(np.arange(len(numbers)), [len(some) for some in numbers])
        if begin >= min(end, sum(int(np.count_nonzero(mask)) for mask in new)):
            return []
        scores = np.round(_joined([found.scores for found in tier], numbers), self._decimals)
        everyone, ties = np.concatenate(numbers), _joined(self._recency, numbers)
        if query.sort is Sort.RELEVANCE and begin < query.rescored and proximity.pairs:
            signals = self._signals.multipliers(query.signals)
            for row in smallest([-scores, ties], query.rescored).tolist():
                place, number = int(places[row]), int(everyone[row])
                gained = proximity.score(place, number) * signals[place][number]
                scores[row] = np.round(scores[row] + gained, self._decimals)
        keys = [*self._sort_keys(query.sort, numbers), -scores, ties]
        rows = np.flatnonzero(_joined(new, numbers))
        if query.group is Group.STORY:
            rows = rows[np.lexsort([key[rows] for key in reversed(keys)])]
            _, best = np.unique(_joined(self._story_keys, numbers)[rows], return_index=True)
            rows = rows[best]
        chosen = rows[smallest([key[rows] for key in keys], end)[begin:]]
        return [
            ScoredDoc(
                self._segments[places[row]].id(int(everyone[row])),
                float(scores[row]),
                (int(places[row]), int(everyone[row])),
            )
            for row in chosen.tolist()
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
