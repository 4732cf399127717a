"""The day of each document of a generation, and hits counted by days, weeks, months or longer.

Hits are counted by day, which takes one look into an array for each of them; there are few days, so
these counts are added up to any intervals at once.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

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
        self._dates = np.sort(dates[alive & (dates != MISSING)])
        self._first = int(np.count_nonzero(self.days == MISSING // DAY))

    def histogram(
        self, counts: NDArray[np.int64], asked: Buckets | None, window: Window
    ) -> Histogram | None:
        """The histogram of hits, of which `counts` has the number on each of the `days`; `None` if
        none is asked."""
        if asked is None:
            return None
        undated = int(counts[: self._first].sum())
        hit = self.days[self._first :][counts[self._first :] > 0]
        if not len(hit):
            return Histogram(asked.finest, undated=undated)
        first, last = int(hit[0]), int(hit[-1])
        interval = fitting(asked.finest, asked.most, first, last)
        bounds = np.array(edges(interval, first, last), np.int64)
        sums = np.append(0, np.cumsum(counts))[self.days.searchsorted(bounds)]
        inside = self._dates.searchsorted(_clipped(bounds * DAY, window))
        return Histogram(
            interval,
            tuple(bounds.tolist()),
            tuple(np.diff(sums).tolist()),
            tuple(np.diff(inside).tolist()),
            undated,
        )


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
