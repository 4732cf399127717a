"""Attention over time: the hits of a search by date, as buckets that can be selected; and the usual
spans of time to select."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from search_app.search.intervals import EPOCH, Interval, written
from search_app.search.protocols import Histogram
from search_app.search.request import SearchRequest
from search_app.search.results import Bucket, Preset, Timeline
from search_app.search.signals import DAY

_LAST = date.max.toordinal() - EPOCH
_MONTHS = {Interval.MONTH: 1, Interval.YEAR: 12}


def timeline(histogram: Histogram, request: SearchRequest) -> Timeline:
    """The buckets of a histogram. Each has the dates that select it; one that the request's own
    dates cut off keeps those."""
    low, high = request.window()
    edges, buckets = histogram.edges, []
    spans = _spans(histogram.interval, edges)
    counted = zip(pairwise(edges), spans, histogram.counts, histogram.items, strict=True)
    for (start, end), (first, after, since, until), count, items in counted:
        if low is not None and low > start * DAY:
            since = request.since
        if high is not None and high < end * DAY:
            until = request.until
        share = round(count / items, 6) if items else 0.0
        buckets.append(Bucket(first, after, count, share, items, since, until))
    return Timeline(histogram.interval, tuple(buckets), histogram.undated)


@lru_cache(maxsize=64)
def _spans(interval: Interval, edges: tuple[int, ...]) -> list[tuple[date, date, str, str]]:
    """Of each bucket the first day, the day after it, and the dates that select it; cached, as most
    searches have the same buckets."""
    days = [date.fromordinal(min(day, _LAST) + EPOCH) for day in edges]
    return [
        (first, after, *written(interval, start, end))
        for (first, after), (start, end) in zip(pairwise(days), pairwise(edges), strict=True)
    ]


@lru_cache(maxsize=8)
def presets(newest: date) -> tuple[Preset, ...]:
    """The day, the week, the month and the year that end with the day of the newest item: so an
    archive has them as well as today's news. The month that ends with 31 March begins on 1 March,
    as there is no 31 February."""
    since = {
        Interval.DAY: newest,
        Interval.WEEK: date.fromordinal(max(newest.toordinal() - 6, 1)),
        **{interval: _first_day(months, newest) for interval, months in _MONTHS.items()},
    }
    return tuple([Preset(interval, day.isoformat()) for interval, day in since.items()])


def _first_day(months: int, last: date) -> date:
    """The first day of so many months of which a day is the last; not before year 1."""
    year, month = divmod(12 * last.year + last.month - 1 - months, 12)
    if year < 1:
        return date.min
    before = min(last.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, before) + timedelta(days=1)
