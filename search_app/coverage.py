"""The coverage of a story as a timeline: which outlet told it first, who next, how long after."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from indexer.item import Article, Provider
from search_app.search.results import Hit

_UNDATED = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    """One outlet's article on a story. `own`: it is the item itself, not a related article.
    `delay`: how long after the first one; None for the first itself, and for one without a
    date."""

    article: Article
    provider: Provider | None
    own: bool
    delay: timedelta | None = None

    @property
    def published(self) -> datetime | None:
        """When, in UTC; None if it is not known."""
        return self.article.published


def timeline(hit: Hit) -> tuple[CoverageEntry, ...]:
    """Every article on the story, the item's own included, oldest first; undated ones last."""
    articles = [
        (hit.item.article, hit.provider, True),
        *((related.article, related.provider, False) for related in hit.related),
    ]
    articles.sort(key=lambda one: one[0].published or _UNDATED)
    first = articles[0][0].published
    return tuple(
        CoverageEntry(
            article,
            provider,
            own,
            article.published - first if rank and first and article.published else None,
        )
        for rank, (article, provider, own) in enumerate(articles)
    )
