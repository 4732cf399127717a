"""The day of each document of a generation, and hits counted by days, weeks, months or longer.

Hits are counted by day, which takes one look into an array for each of them; there are few days, so
these counts are added up to any intervals at once.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.segment import MISSING
from search_app.search.engines.whoosh.segment_reader import Numbers, SegmentReader
from search_app.search.intervals import EPOCH, edges, fitting
from search_app.search.protocols import Buckets, Histogram
from search_app.search.query.logical import Window
from search_app.search.signals import DAY


class DayColumns:
    """The days of all documents of a generation, in UTC. Immutable.

    `days`: the distinct ones, ascending, counted from 1970-01-01; before them stands what is less
    than any, if a document has no date. `of_documents`: for each document of each segment the index
    of its day there.
    """

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        dates = np.concatenate([np.zeros(0, np.int64), *map(_dates, segments)])
        alive = np.concatenate([np.zeros(0, bool), *(segment.alive for segment in segments)])
        self.days, indices = np.unique(dates // DAY, return_inverse=True)
        bounds = np.cumsum([0, *(segment.size for segment in segments)]).tolist()
        narrow: Numbers = indices.astype(np.int32)
        self.of_documents = [narrow[begin:end] for begin, end in pairwise(bounds)]
        dated = np.sort(dates[alive & (dates != MISSING)])
        self._placed = lru_cache(maxsize=64)(partial(_placed, self.days, dated))
        """Cached, as most searches find items from the same years."""
        self._first = int(np.count_nonzero(self.days == MISSING // DAY))

    def histogram(
        self, before: NDArray[np.int64], asked: Buckets | None, window: Window
    ) -> Histogram | None:
        """The histogram of hits, of which `before` has the number before each of the `days`, and at
        last that of all; `None` if none is asked."""
        if asked is None:
            return None
        undated, total = int(before[self._first]), int(before[-1])
        if total == undated:
            return Histogram(asked.finest, undated=undated)
        first = int(self.days[before.searchsorted(undated, side="right") - 1])
        last = int(self.days[before.searchsorted(total) - 1])
        interval = fitting(asked.finest, asked.most, first, last)
        bounds = edges(interval, first, last)
        places, items = self._placed(bounds, window)
        return Histogram(interval, bounds, _between(before[places]), items, undated)


def _placed(
    days: NDArray[np.int64], dates: NDArray[np.int64], bounds: tuple[int, ...], window: Window
) -> tuple[NDArray[np.intp], tuple[int, ...]]:
    """Where some days stand among all, and how many of the dates that are in the window are between
    each two of them."""
    first_days = np.array(bounds, np.int64)
    inside = dates.searchsorted(_clipped(first_days * DAY, window))
    return days.searchsorted(first_days), _between(inside)


def _between(numbers: NDArray[np.signedinteger[Any]]) -> tuple[int, ...]:
    """By how much each number is greater than the one before it."""
    return tuple((numbers[1:] - numbers[:-1]).tolist())


def newest_day(segments: Sequence[SegmentReader], now: float) -> date | None:
    """The day of the newest living item that is dated until `now`, in UTC seconds; or `None`."""
    dates = [_dates(segment)[segment.living] for segment in segments]
    past = [int(some[some <= now].max(initial=MISSING)) for some in dates]
    found = max(past, default=MISSING)
    return None if found == MISSING else date.fromordinal(found // DAY + EPOCH)


def _dates(segment: SegmentReader) -> NDArray[np.int64]:
    dates: NDArray[np.int64] = segment.columns["numbers.date"]
    if len(dates) != segment.size:
        raise IndexError("a column of numbers is not as long as the segment")
    return dates


def _clipped(seconds: NDArray[np.int64], window: Window) -> NDArray[np.int64]:
    """The moments, those outside of the window moved to its bounds."""
    return seconds if window == (None, None) else np.clip(seconds, *window)
