"""Hits by date as the bars of a histogram, each of which leads to its period."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache, partial
from html import escape

from msgspec import Struct

from search_app.links import SearchLinks, encoded
from search_app.search.intervals import Interval
from search_app.search.results import Bucket, Timeline
from search_app.template_filters import MONTHS, counted, day_name


class Bar(Struct, frozen=True):
    """A bar: its text says what it stands for; without address it is no link. `column` is the
    outline of its whole column, `outline` that of the bar, as SVG paths. Texts ending in `_html`
    are escaped."""

    url_html: str
    text_html: str
    column: str
    outline: str


class Histogram(Struct, frozen=True):
    """The bars of a histogram in a box of `width` by `height` pixels, and what they are."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    caption: str


HEAD = 16
"""Pixels above the columns, for the text of the one that is pointed at."""


def histogram(
    found: Timeline, links: SearchLinks, width: int = 240, height: int = 60, widest: int = 24
) -> Histogram:
    """The histogram of what a search found by date. Periods without an item have no bar, one with
    any has a bar that can be seen."""
    buckets = found.buckets
    sizes: Sequence[float] = [bucket.count for bucket in buckets]
    texts = [counted(bucket.count, "item") for bucket in buckets]
    return _histogram(found, sizes, texts, links, (width, height, widest))


def share_histogram(
    found: Timeline, links: SearchLinks, width: int = 240, height: int = 60, widest: int = 24
) -> Histogram:
    """The same of what was found as a share of all items."""
    buckets = found.buckets
    sizes = [bucket.share for bucket in buckets]
    texts = [f"{percent(bucket.share)} of {counted(bucket.all, 'item')}" for bucket in buckets]
    return _histogram(found, sizes, texts, links, (width, height, widest))


def percent(share: float) -> str:
    """`1.2 %`."""
    return f"{100 * share:.1f} %"


def _histogram(
    found: Timeline,
    sizes: Sequence[float],
    texts: Sequence[str],
    links: SearchLinks,
    box: tuple[int, int, int],
) -> Histogram:
    """Bars of these sizes. `box` is the width, the height, and the most pixels of a column."""
    buckets, interval, (width, height, widest) = found.buckets, found.interval, box
    if not buckets:
        return Histogram((), width, height, "")
    peak, tallest = max(sizes), height - HEAD
    columns = _columns(len(buckets), width, height, widest)
    urls, name = period_urls(buckets, links), _names(interval)
    bars = [
        Bar(
            url,
            f"{name(bucket.start, bucket.end)}: {text}",
            column,
            f"{left}v-{max(2, int(tallest * size // peak))}{right}",
        )
        for bucket, size, text, url, (column, left, right) in zip(
            buckets, sizes, texts, urls, columns, strict=True
        )
        if size
    ]
    ends = [name(one.start, one.end) for one in (buckets[0], buckets[-1])]
    caption = f"{' – '.join(dict.fromkeys(ends))}, by {interval}"
    return Histogram(tuple(bars), width, height, caption)


@lru_cache(maxsize=64)
def _columns(number: int, width: int, height: int, widest: int) -> list[tuple[str, str, str]]:
    """Of each column its outline, and what stands before and behind the height of its bar."""
    step = min(widest, width / number)
    columns = []
    for place in range(number):
        left, across = f"{place * step:g}"[:6], f"{step - 1:.3g}"
        side = f"h{across}"
        columns.append(
            (
                f"M{left} {HEAD}{side}V{height}H{left}z",
                f"M{left} {height}",
                f"{side}V{height}z",
            )
        )
    return columns


def period_urls(buckets: Sequence[Bucket], links: SearchLinks) -> list[str]:
    """The address of the search in each period, as HTML; empty if the search is too long to be
    repeated so often."""
    if links.is_long:
        return [""] * len(buckets)
    begin = escape(links.beginning(since="", until=""))
    return [f"{begin}{_narrowing(bucket.since, bucket.until)}" for bucket in buckets]


@lru_cache(maxsize=4096)
def _narrowing(since: str, until: str) -> str:
    """The parameters of a period, as HTML. Cached, as all searches have the same periods."""
    return f"{encoded('since', since)}&amp;{encoded('until', until)}"


@lru_cache
def _names(interval: Interval) -> Callable[[date, date], str]:
    """`period_name` of an interval. Cached, as all searches have the same periods."""
    return lru_cache(maxsize=4096)(partial(period_name, interval))


def period_name(interval: Interval, start: date, end: date) -> str:
    """What people call the days from `start` until before `end`: `9 June 2020`, `June 2020`,
    `2020`, `2020–2029`."""
    match interval:
        case Interval.DAY:
            return day_name(start)
        case Interval.WEEK:
            return f"Week of {day_name(start)}"
        case Interval.MONTH:
            return f"{MONTHS[start.month - 1]} {start.year}"
        case Interval.YEAR:
            return str(start.year)
    return f"{start.year}–{(end - timedelta(days=1)).year}"
