"""The coverage of a story as a timeline: which outlet told it first, who next, how long after.

Nothing is told that the dates do not say. Of an article without a time only the day is known, so
between it and any other only days count; and if it is of the first day of a story, together with
others, nobody knows who was first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from indexer.item import Article, Provider
from search_app.search.results import Hit
from search_app.template_filters import calendar_day, is_day


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    """One outlet's article on a story. `own`: it is the item itself, not a related article.
    `is_first`: it is known that no other one with a date was before it. `days`: how many days of
    the calendar after the first day; None without a date. `delay`: how long after the first one;
    None for the first itself, and where only the days are known. `title_html` and `excerpt_html`
    are as of a hit."""

    article: Article
    provider: Provider | None
    own: bool
    title_html: str
    excerpt_html: str
    is_first: bool = False
    days: int | None = None
    delay: timedelta | None = None

    @property
    def published(self) -> datetime | None:
        """When, in UTC; None if it is not known."""
        return self.article.published


def timeline(hit: Hit, zone: tzinfo = UTC) -> tuple[CoverageEntry, ...]:
    """Every article on the story, the item's own included, oldest first by the days of a time zone;
    undated ones last. Within a day an article without a time stands anywhere."""
    own = CoverageEntry(hit.item.article, hit.provider, True, hit.title_html, hit.excerpt_html)
    related = [
        CoverageEntry(one.article, one.provider, False, one.title_html, one.excerpt_html)
        for one in hit.related
    ]
    entries = (own, *related)
    dated = [
        (calendar_day(entry.published, zone), entry.published, entry)
        for entry in entries
        if entry.published
    ]
    dated.sort(key=lambda one: one[:2])
    return (*_counted(dated), *[entry for entry in entries if not entry.published])


def _counted(dated: list[tuple[date, datetime, CoverageEntry]]) -> Iterator[CoverageEntry]:
    """Articles with how long after the first one each is: given with their days and moments, in
    the order of these."""
    if not dated:
        return
    first_day, first, _ = dated[0]
    on_first_day = [moment for day, moment, _ in dated if day == first_day]
    is_known = len(on_first_day) == 1 or not any(map(is_day, on_first_day))
    for rank, (day, moment, entry) in enumerate(dated):
        is_exact = rank > 0 and is_known and not is_day(first) and not is_day(moment)
        yield replace(
            entry,
            is_first=is_known and rank == 0,
            days=(day - first_day).days,
            delay=moment - first if is_exact else None,
        )
