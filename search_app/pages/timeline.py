"""The page of attention over time: what a search finds by date, large and as a table."""

from msgspec import Struct

from search_app.links import search_links
from search_app.pages.carried import hidden_fields
from search_app.pages.display import Display
from search_app.pages.filters import Choice
from search_app.pages.histogram import (
    Histogram,
    histogram,
    percent,
    period_name,
    period_urls,
    share_histogram,
)
from search_app.pages.told import searched, sentences
from search_app.search.intervals import Interval
from search_app.search.request import TimelineRequest
from search_app.search.results import Timeline, TimelineResults
from search_app.template_filters import counted

INTERVALS = (Interval.DAY, Interval.WEEK, Interval.MONTH, Interval.YEAR)
"""Those that a reader can choose."""

MOST_ROWS = 200
"""Periods on a page; if there are more, longer ones are taken."""


class Row(Struct, frozen=True):
    """A row of the table: a period, its items that were found, all its items, and the share."""

    period: str
    url_html: str
    count: str
    all: str
    share: str


class TimelinePage(Struct, frozen=True):
    """What the page shows; `undated` says how many items have no date, if any, `peak` and
    `peak_share` what the highest bars stand for, and `is_part` whether there is anything else in
    these times than what was found."""

    query: str
    searched: str
    hidden: tuple[tuple[str, str], ...]
    total: str
    noun: str
    interval: str
    intervals: tuple[Choice, ...]
    histogram: Histogram
    peak: str
    shares: Histogram
    peak_share: str
    is_part: bool
    rows: tuple[Row, ...]
    undated: str
    back_url: str
    api_url: str
    notes: tuple[str, ...]


def timeline_page(asked: TimelineRequest, found: TimelineResults, display: Display) -> TimelinePage:
    """The page of what a request found."""
    request = asked.search
    links = search_links(request, display.base)
    counts = Timeline(found.interval, found.buckets, found.undated)
    begin = links.beginning("/search/timeline")
    return TimelinePage(
        query=request.q,
        searched=searched(request.q, found.corrected),
        hidden=hidden_fields(links.parameters),
        total=f"{found.total:,}",
        noun="item" if found.total == 1 else "items",
        interval=found.interval,
        intervals=tuple(
            [
                Choice(one.capitalize(), f"{begin}interval={one}", one is found.interval)
                for one in INTERVALS
            ]
        ),
        histogram=histogram(counts, links, width=960, height=256, widest=96),
        peak=counted(max([one.count for one in found.buckets], default=0), "item"),
        shares=share_histogram(counts, links, width=960, height=160, widest=96),
        peak_share=percent(max([one.share for one in found.buckets], default=0.0)),
        is_part=any(one.count < one.all for one in found.buckets),
        rows=_rows(counts, period_urls(found.buckets, links)),
        undated=f"{found.undated:,}" if found.undated else "",
        back_url=links.changed(),
        api_url=links.changed("/api/timeline", interval=asked.interval or ""),
        notes=sentences(found.notes, found.corrected),
    )


def _rows(counts: Timeline, urls: list[str]) -> tuple[Row, ...]:
    """The rows of the table, the oldest first."""
    return tuple(
        [
            Row(
                period=period_name(counts.interval, bucket.start, bucket.end),
                url_html=url if bucket.count else "",
                count=f"{bucket.count:,}",
                all=f"{bucket.all:,}",
                share=percent(bucket.share) if bucket.all else "–",
            )
            for bucket, url in zip(counts.buckets, urls, strict=True)
        ]
    )
