"""What templates need to show a value to a person."""

from dataclasses import dataclass
from datetime import datetime

from indexer.item import Article, Provider
from search_app.search.results import Hit


@dataclass(frozen=True, slots=True)
class Telling:
    """One outlet's article on a story. `own`: it is the item itself, not a related article."""

    article: Article
    provider: Provider | None
    own: bool


def day(moment: datetime) -> str:
    """`9 June 2020`."""
    return f"{moment.day} {moment:%B} {moment.year}"


def clock(moment: datetime) -> str:
    """`00:47 UTC`."""
    return f"{moment:%H:%M} UTC"


def instant(moment: datetime) -> str:
    """The machine's form, for `<time datetime>`."""
    return moment.isoformat().replace("+00:00", "Z")


def thousands(number: int) -> str:
    """`12,345`."""
    return f"{number:,}"


def timeline(hit: Hit) -> tuple[Telling, ...]:
    """Every article on the story, the item's own included, oldest first; undated ones last."""
    tellings = [
        Telling(hit.item.article, hit.provider, own=True),
        *(Telling(related.article, related.provider, own=False) for related in hit.related),
    ]
    dated = [(t.article.published, t) for t in tellings if t.article.published]
    undated = [t for t in tellings if not t.article.published]
    return (*(t for _, t in sorted(dated, key=lambda pair: pair[0])), *undated)


FILTERS = {
    "clock": clock,
    "day": day,
    "instant": instant,
    "thousands": thousands,
    "timeline": timeline,
}
