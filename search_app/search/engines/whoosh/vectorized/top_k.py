"""The hits of a page, chosen without sorting or scoring the rest; the order is that of
`ranking.sort_key`."""

from bisect import bisect_left
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
_BETWEEN = 32
"""Bits of a key by which documents between the same two are told apart."""

ROUNDING = 1e-4
"""More than what single precision, over hundreds of words, and `ranking.DECIMALS` do to a score."""


class Order:
    """Sort keys of all segments of a generation. Immutable."""

    def __init__(self, segments: Sequence[Segment], spreads: Sequence[float]) -> None:
        """`spreads`: the most a score is in each segment, as a multiple of its estimate."""
        self._segments, self._spreads = segments, spreads
        self._dates = [segment.columns["numbers.date"] for segment in segments]
        self._outlets = [segment.columns["numbers.outlets"] for segment in segments]
        self._recency = recency(segments)

    def page(
        self, hits: Sequence[Matches], scorer: Scorer, sort: Sort, offset: int, limit: int
    ) -> list[tuple[int, int, float]]:
        """Segment, document number and score of the hits from `offset` on, at most `limit`."""
        found = _Hits(hits)
        end = min(offset + limit, found.total)
        if offset >= end:
            return []
        everyone = np.arange(found.total)
        before = self._before(sort, found, everyone)
        rows, passed = self._narrowed(found, before, everyone, offset, end)
        rows = np.sort(rows)
        places, numbers = found.split(rows)
        scores = np.round(found.scored(places, numbers, scorer), ranking.DECIMALS)
        keys = [*(key[rows] for key in before), -scores, found.values(self._recency, rows)]
        return [
            (int(places[row]), int(numbers[row]), float(scores[row]))
            for row in first(keys, end - passed)[offset - passed :].tolist()
        ]

    def _before(self, sort: Sort, hits: "_Hits", rows: Rows) -> list[Key]:
        """The keys, ascending, that go before relevance; see `ranking.sort_key`."""
        if sort is Sort.RELEVANCE:
            return []
        if sort is Sort.COVERAGE:
            return [-hits.values(self._outlets, rows)]
        dates = hits.values(self._dates, rows)
        return [-dates if sort is Sort.NEWEST else np.where(dates == MISSING, -MISSING, dates)]

    def _narrowed(
        self, hits: "_Hits", keys: Sequence[Key], rows: Rows, begin: int, end: int
    ) -> tuple[Rows, int]:
        """Few of the hits, among which those of the ranks from `begin` to `end` are; and how many
        hits surely rank before all of them."""
        if not keys:
            return self._promising(hits, rows, begin, end)
        key, *others = keys[0][rows], *keys[1:]
        low, high = _least(key, begin + 1), _least(key, end)
        passed, lowest = int(np.count_nonzero(key < low)), rows[key == low]
        if low == high:
            kept, more = self._narrowed(hits, others, lowest, begin - passed, end - passed)
            return kept, passed + more
        kept, more = self._narrowed(hits, others, lowest, begin - passed, len(lowest))
        between, highest = rows[(key > low) & (key < high)], rows[key == high]
        left = end - passed - len(lowest) - len(between)
        last, _ = self._narrowed(hits, others, highest, 0, left)
        return np.concatenate([kept, between, last]), passed + more

    def _promising(self, hits: "_Hits", rows: Rows, begin: int, end: int) -> tuple[Rows, int]:
        """The same among hits that only relevance and then recency tell apart."""
        if len(rows) <= max(end - begin, FEW):
            return rows, 0
        if not hits.is_scored:
            return self._recent(hits, rows, begin, end)
        least, most = (bound[rows] for bound in hits.bounds(self._segments, self._spreads))
        enough = -_least(-least, end)
        if enough > 0:
            surely = np.zeros(len(rows), bool)
            if (
                begin
            ):  # fewer than `begin` hits can score as much as what surely does more than this
                surely = least > -_least(-most, begin) * (1 + ROUNDING) + ROUNDING
            kept = (most >= enough * (1 - ROUNDING) - ROUNDING) & ~surely
            return rows[kept], int(np.count_nonzero(surely))
        scoring, others = rows[least > 0], rows[least <= 0]  # and these score exactly 0
        left = begin - len(scoring)
        kept, passed = self._recent(hits, others, max(left, 0), end - len(scoring))
        return (kept, len(scoring) + passed) if left >= 0 else (np.concatenate([scoring, kept]), 0)

    def _recent(self, hits: "_Hits", rows: Rows, begin: int, end: int) -> tuple[Rows, int]:
        """The same among hits that only recency tells apart."""
        recency = hits.values(self._recency, rows)
        low, high = _least(recency, begin + 1), _least(recency, end)
        kept = (recency >= low) & (recency <= high)
        return rows[kept], int(np.count_nonzero(recency < low))


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


def recency(segments: Sequence[Segment]) -> list[Key]:
    """Keys that put documents in order of date, newest first, then of id: across all segments.

    The largest segment knows its own order. Of the others' documents, each is placed between two of
    its, by its date and, only where that is the same, by ids; those between the same two are in the
    order they have among themselves.
    """
    if len(segments) < 2:
        return [segment.columns["recency"] for segment in segments]
    largest = max(segments, key=_size)
    newest = np.empty(largest.size, np.int64)
    newest[largest.columns["recency"]] = np.arange(largest.size)
    dates = -largest.columns["numbers.date"][newest]
    others = sorted(
        (-date, segment.id(number).encode(), place, number)
        for place, segment in enumerate(segments)
        if segment is not largest
        for number, date in enumerate(segment.columns["numbers.date"].tolist())
    )
    found = [np.empty(segment.size, np.int64) for segment in segments]
    own = segments.index(largest)
    found[own][newest] = np.arange(1, largest.size + 1) << _BETWEEN
    wanted = np.array([date for date, _, _, _ in others], np.int64)
    edges = (np.searchsorted(dates, wanted, side).tolist() for side in ("left", "right"))
    ids = _Ids(largest, newest)
    for rank, ((_, id, place, number), low, high) in enumerate(
        zip(others, *edges, strict=True), start=1
    ):
        before = bisect_left(ids, id, low, high) if low < high else low
        found[place][number] = (before << _BETWEEN) + rank
    return list(found)


class _Ids(Sequence[bytes]):
    """The ids of a segment, its documents in another order."""

    def __init__(self, segment: Segment, order: Rows) -> None:
        self._segment, self._order = segment, order

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, place: Any) -> Any:
        return self._segment.id(int(self._order[place])).encode()


def _size(segment: Segment) -> int:
    return segment.size
