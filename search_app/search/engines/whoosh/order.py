"""The hits of a page, chosen without sorting the rest; the order is that of `ranking.sort_key`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.gather import MISSING
from search_app.search import ranking
from search_app.search.engines.whoosh.matches import Mask, Matches
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.request import Sort

Key = NDArray[Any]


class Order:
    """Sort keys of all segments of a generation. Immutable."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._dates = [segment.columns["numbers.date"] for segment in segments]
        self._outlets = [segment.columns["numbers.outlets"] for segment in segments]
        self._recency = _recency(segments)

    def page(
        self,
        hits: Sequence[Matches],
        partial: Sequence[Mask] | None,
        sort: Sort,
        offset: int,
        limit: int,
    ) -> list[tuple[int, int, float]]:
        """Segment, document number and score of the hits from `offset` on, at most `limit`.

        `partial` tells of each hit whether it matches only in part; `None`: none does.
        """
        total = sum(map(len, hits))
        if offset >= total:
            return []
        count = min(offset + limit, total)
        segments = np.repeat(np.arange(len(hits)), [len(found) for found in hits])
        numbers = np.concatenate([found.numbers for found in hits])
        scores = np.concatenate([np.zeros(len(m)) if m.scores is None else m.scores for m in hits])
        tiers = np.zeros(total, bool) if partial is None else np.concatenate(partial)
        if sort is Sort.RELEVANCE:
            places = _contenders(scores - tiers * _TIER, count)
            segments, numbers = segments[places], numbers[places]
            scores, tiers = scores[places], tiers[places]
        keys = self._keys(segments, numbers, tiers, scores, sort)
        return [
            (int(segments[place]), int(numbers[place]), float(scores[place]))
            for place in first(keys, count)[offset:].tolist()
        ]

    def _keys(self, segments: Key, numbers: Key, tiers: Mask, scores: Key, sort: Sort) -> list[Key]:
        """Ascending keys, the most important first; see `ranking.sort_key`."""
        relevance = -np.round(scores, ranking.DECIMALS)
        recency = _gathered(self._recency, segments, numbers)
        if sort is Sort.RELEVANCE:
            return [tiers, relevance, recency]
        if sort is Sort.COVERAGE:
            return [tiers, -_gathered(self._outlets, segments, numbers), relevance, recency]
        dates = _gathered(self._dates, segments, numbers)
        undated = dates == MISSING
        return [tiers, undated, -dates if sort is Sort.NEWEST else dates, relevance, recency]


_TIER = 1e9
"""More than any score: taken from what matches in part, it puts that after what does in full."""


def _contenders(scores: Key, count: int) -> NDArray[np.int64]:
    """The places of all scores that, once rounded, may be among the `count` greatest."""
    if count >= len(scores):
        return np.arange(len(scores))
    least = np.partition(scores, len(scores) - count)[len(scores) - count]
    return np.flatnonzero(scores >= least - 2 * 10.0**-ranking.DECIMALS)


def first(keys: Sequence[Key], count: int) -> NDArray[np.int64]:
    """The places of the `count` least, in order, by several keys, none equal in all of them."""
    chosen = _least(keys, count)
    return chosen[np.lexsort([key[chosen] for key in reversed(keys)])]


def _least(keys: Sequence[Key], count: int) -> NDArray[np.int64]:
    """The places of the `count` least, in no order: what ties at the limit goes to the next key."""
    key, *others = keys
    if count >= len(key):
        return np.arange(len(key))
    limit = np.partition(key, count - 1)[count - 1]
    below = np.flatnonzero(key < limit)
    tied = np.flatnonzero(key == limit)
    wanted = count - len(below)
    if others and len(tied) > wanted:
        tied = tied[_least([other[tied] for other in others], wanted)]
    return np.concatenate([below, tied[:wanted]])


def _gathered(columns: Sequence[Key], segments: Key, numbers: Key) -> Key:
    """Each hit's value of a column that every segment has."""
    if len(columns) == 1:
        return columns[0][numbers]
    values = np.empty(len(numbers), columns[0].dtype)
    for place, column in enumerate(columns):
        here = segments == place
        values[here] = column[numbers[here]]
    return values


def _recency(segments: Sequence[Segment]) -> list[Key]:
    """Each segment's documents ranked by date, newest first, then by id: across all segments."""
    if len(segments) < 2:
        return [segment.columns["recency"] for segment in segments]
    dates = np.concatenate([segment.columns["numbers.date"] for segment in segments])
    ids = [segment.id(number) for segment in segments for number in range(segment.size)]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    newest = np.array(order, np.int64)[np.argsort(-dates[order], kind="stable")]
    ranks = np.empty(len(ids), np.int32)
    ranks[newest] = np.arange(len(ids), dtype=np.int32)
    ends = np.cumsum([segment.size for segment in segments])[:-1]
    return np.split(ranks, ends)
