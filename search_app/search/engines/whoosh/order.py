"""The hits of a page, chosen without sorting or scoring the rest; the order is that of
`ranking.sort_key`."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.gather import MISSING
from search_app.search import ranking
from search_app.search.engines.whoosh.matches import Matches, Numbers, Scores, estimates
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.request import Sort

Key = NDArray[Any]
Rows = NDArray[np.int64]
"""Places among all hits, those of the first segment first."""

Scorer = Callable[[int, Numbers], Scores]
"""The exact scores of documents of a segment."""

FEW = 200
"""So many hits are scored sooner than it is found out which of them need not be."""

BLOCK = 64
ROUNDING = 1e-4
"""More than what single precision, over hundreds of words, and `ranking.DECIMALS` do to a score."""


class Order:
    """Sort keys of all segments of a generation. Immutable."""

    def __init__(self, segments: Sequence[Segment], spreads: Sequence[float]) -> None:
        """`spreads`: the most a score is in each segment, as a multiple of its estimate."""
        self._segments, self._spreads = segments, spreads
        self._dates = [segment.columns["numbers.date"] for segment in segments]
        self._outlets = [segment.columns["numbers.outlets"] for segment in segments]
        self._recency = _recency(segments)

    def page(
        self, hits: Sequence[Matches], scorer: Scorer, sort: Sort, offset: int, limit: int
    ) -> list[tuple[int, int, float]]:
        """Segment, document number and score of the hits from `offset` on, at most `limit`."""
        found = _Hits(hits)
        count = min(offset + limit, found.total)
        if offset >= count:
            return []
        rows = self._shortlist(found, sort, count)
        places, numbers = found.split(rows)
        scores = np.round(found.scored(places, numbers, scorer), ranking.DECIMALS)
        keys = [*self._before(sort, found, rows), -scores, found.values(self._recency, rows)]
        return [
            (int(places[row]), int(numbers[row]), float(scores[row]))
            for row in first(keys, count)[offset:].tolist()
        ]

    def _shortlist(self, hits: "_Hits", sort: Sort, count: int) -> Rows:
        """Hits among which the first `count` are, and few others; ascending."""
        rows, kept = np.arange(hits.total), []
        for key in self._before(sort, hits, rows):
            least = _least(key[rows], count)
            kept.append(rows[key[rows] < least])
            rows = rows[key[rows] == least]
            count -= len(kept[-1])
        if len(rows) > max(count, FEW):
            rows = rows[self._promising(hits, rows, count)]
        return np.sort(np.concatenate([*kept, rows]))

    def _promising(self, hits: "_Hits", rows: Rows, count: int) -> Rows:
        """Which of the hits may be among the `count` best."""
        if not hits.is_scored:
            recency = hits.values(self._recency, rows)
            return np.flatnonzero(recency <= _least(recency, count))
        least, most = (bound[rows] for bound in hits.bounds(self._segments, self._spreads))
        enough = -_least(-least, count)
        if enough > 0:
            return np.flatnonzero(most >= enough * (1 - ROUNDING) - ROUNDING)
        scoring, others = np.flatnonzero(least > 0), np.flatnonzero(least <= 0)  # these score 0
        recency = hits.values(self._recency, rows[others])
        newest = others[recency <= _least(recency, count - len(scoring))]
        return np.concatenate([scoring, newest])

    def _before(self, sort: Sort, hits: "_Hits", rows: Rows) -> list[Key]:
        """The keys, ascending, that go before relevance; see `ranking.sort_key`."""
        if sort is Sort.RELEVANCE:
            return []
        if sort is Sort.COVERAGE:
            return [-hits.values(self._outlets, rows)]
        dates = hits.values(self._dates, rows)
        return [-dates if sort is Sort.NEWEST else np.where(dates == MISSING, -MISSING, dates)]


class _Hits:
    """The hits of all segments, one after the other."""

    def __init__(self, hits: Sequence[Matches]) -> None:
        self._hits = hits
        self._bases = np.cumsum([0, *map(len, hits)])
        self.total = int(self._bases[-1])
        self.is_scored = any(matches.leaves for matches in hits)

    def split(self, rows: Rows) -> tuple[Rows, Numbers]:
        """The segment and the document number of each of these hits."""
        if len(self._hits) == 1:
            return np.zeros(len(rows), np.int64), self._hits[0].numbers[rows]
        numbers = np.concatenate([matches.numbers for matches in self._hits])
        return np.searchsorted(self._bases, rows, side="right") - 1, numbers[rows]

    def values(self, columns: Sequence[Key], rows: Rows) -> Key:
        """What a column that every segment has says of each of these hits."""
        if len(rows) < self.total:
            places, numbers = self.split(rows)
            values = np.empty(len(rows), columns[0].dtype)
            for place, column in enumerate(columns):
                here = places == place
                values[here] = column[numbers[here]]
            return values
        found = [c.take(m.numbers) for c, m in zip(columns, self._hits, strict=True)]
        return found[0] if len(found) == 1 else np.concatenate(found)

    def bounds(self, segments: Sequence[Segment], spreads: Sequence[float]) -> tuple[Key, Key]:
        """What each hit scores at least, and at most."""
        least = [estimates(m, s.size) for m, s in zip(self._hits, segments, strict=True)]
        most = [found * spread for found, spread in zip(least, spreads, strict=True)]
        return np.concatenate(least), np.concatenate(most)

    def scored(self, places: Rows, numbers: Numbers, scorer: Scorer) -> Scores:
        """The exact score of each of these hits."""
        scores = np.zeros(len(numbers))
        for place, matches in enumerate(self._hits):
            here = np.flatnonzero(places == place)
            if len(here) and matches.leaves:
                scores[here] = scorer(place, numbers[here])
        return scores


def first(keys: Sequence[Key], count: int) -> Rows:
    """The places of the `count` least, in order, by several keys, none equal in all of them."""
    chosen = _chosen(keys, count)
    return chosen[np.lexsort([key[chosen] for key in reversed(keys)])]


def _chosen(keys: Sequence[Key], count: int) -> Rows:
    """The places of the `count` least, in no order: what ties at the limit goes to the next key."""
    key, *others = keys
    if count >= len(key):
        return np.arange(len(key))
    least = _least(key, count)
    below, tied = np.flatnonzero(key < least), np.flatnonzero(key == least)
    wanted = count - len(below)
    if others and len(tied) > wanted:
        tied = tied[_chosen([other[tied] for other in others], wanted)]
    return np.concatenate([below, tied[:wanted]])


def _least(key: Key, count: int) -> Any:
    """The value that `count` of a key do not exceed, and no fewer. The least of each block are
    looked at first: at most that many of them are needed to rule most of the others out."""
    if len(key) > 4 * BLOCK * count:
        blocks = key[: len(key) // BLOCK * BLOCK].reshape(-1, BLOCK).min(axis=1)
        key = key[key <= np.partition(blocks, count - 1)[count - 1]]
    return np.partition(key, count - 1)[count - 1]


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
