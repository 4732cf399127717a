"""One order across all segments of a generation: of facet values, and of documents by recency."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_app.search.engines.whoosh.segment_reader import Numbers, SegmentReader

_BETWEEN = 32
"""Bits of a rank by which documents between the same two of the largest segment are told apart."""


def facet_names(segments: Sequence[SegmentReader], group: str) -> list[str]:
    """The values of a facet group in all segments, in order of bytes, which is that of code points.
    A value's place here is its global ordinal."""
    values = set().union(*(segment.names[group] for segment in segments))
    return [name.decode() for name in sorted(values)]


def global_ordinals(segment: SegmentReader, group: str, names: Sequence[str]) -> Numbers | None:
    """The global ordinal of each value of a segment; `None` where that is its own."""
    own = [name.decode() for name in segment.names[group]]
    if own == names:
        return None
    ordinals = {name: ordinal for ordinal, name in enumerate(names)}
    return np.array([ordinals[name] for name in own], np.int32)


def recency(segments: Sequence[SegmentReader]) -> list[NDArray[np.int64]]:
    """Of each segment the ranks of its documents in order of date, newest first, then of id: they
    compare across all segments.

    The largest segment knows its own order. Of the others' documents, each is placed between two of
    its, by its date and, only where that is the same, by ids; those between the same two are in the
    order they have among themselves.
    """
    if len(segments) < 2:
        return [segment.columns["date_rank"].astype(np.int64) for segment in segments]
    largest = max(segments, key=_size)
    newest = np.empty(largest.size, np.int64)
    newest[largest.columns["date_rank"]] = np.arange(largest.size)
    dates = -largest.columns["numbers.date"][newest]
    others = sorted(
        (-date, segment.id(number).encode(), place, number)
        for place, segment in enumerate(segments)
        if segment is not largest
        for number, date in enumerate(segment.columns["numbers.date"].tolist())
    )
    ranks = [np.empty(segment.size, np.int64) for segment in segments]
    ranks[segments.index(largest)][newest] = np.arange(1, largest.size + 1) << _BETWEEN
    wanted = np.array([date for date, _, _, _ in others], np.int64)
    edges = (np.searchsorted(dates, wanted, side).tolist() for side in ("left", "right"))
    ids = _Ids(largest, newest)
    for rank, ((_, id, place, number), low, high) in enumerate(
        zip(others, *edges, strict=True), start=1
    ):
        before = bisect_left(ids, id, low, high) if low < high else low
        ranks[place][number] = (before << _BETWEEN) + rank
    return ranks


class _Ids(Sequence[bytes]):
    """The ids of a segment, its documents in another order."""

    def __init__(self, segment: SegmentReader, order: NDArray[np.int64]) -> None:
        self._segment, self._order = segment, order

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, place: Any) -> Any:
        return self._segment.id(int(self._order[place])).encode()


def _size(segment: SegmentReader) -> int:
    return segment.size
