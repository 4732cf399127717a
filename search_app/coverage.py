"""The coverage of a story as a timeline: which outlet told it first, who next, how long after."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from indexer.item import Article, Provider
from search_app.search.results import Hit

_UNDATED = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    """One outlet's article on a story. `own`: it is the item itself, not a related article.
    `delay`: how long after the first one; None for the first itself, and for one without a
    date. `title_html` and `excerpt_html` are as of a hit."""

    article: Article
    provider: Provider | None
    own: bool
    title_html: str
    excerpt_html: str
    delay: timedelta | None = None

    @property
    def published(self) -> datetime | None:
        """When, in UTC; None if it is not known."""
        return self.article.published


def timeline(hit: Hit) -> tuple[CoverageEntry, ...]:
    """Every article on the story, the item's own included, oldest first; undated ones last."""
    own = CoverageEntry(hit.item.article, hit.provider, True, hit.title_html, hit.excerpt_html)
    related = [
        CoverageEntry(one.article, one.provider, False, one.title_html, one.excerpt_html)
        for one in hit.related
    ]
    entries = sorted([own, *related], key=lambda entry: entry.published or _UNDATED)
    first = entries[0].published
    return tuple(
        replace(entry, delay=entry.published - first)
        if rank and first and entry.published
        else entry
        for rank, entry in enumerate(entries)
    )
