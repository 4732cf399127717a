"""Makes the front page: what is new, what many outlets carried, and what there is to search."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from indexer.item import DEFAULT_LANGUAGE
from search_app.detail import FRONT, Detail
from search_app.links import item_url
from search_app.pages.help import Example
from search_app.pages.pieces import Moment, Outlet, Pieces
from search_app.search.overview import Overview
from search_app.search.results import FacetValue, Hit
from search_app.template_filters import day_name, days_ago, is_short, short


class Story(Struct, frozen=True):
    """A story on the front page: to its own page if there is more to see there, else to the article
    itself (`is_away`). `outlets` counts those that carried it."""

    outlet: Outlet | None
    moment: Moment | None
    title: str
    lang: str
    excerpt: str
    picture: str
    url: str
    is_away: bool
    outlets: int


class Size(Struct, frozen=True):
    """A value of a facet: its search, and how many items that finds."""

    label: str
    url: str
    count: str


class FrontPage(Struct, frozen=True):
    """What the front page shows. `span` and `built` say of what time the items are and since when
    they can be found; `lately`: the stories in `covered` are of the last month or year, not of all
    time; `examples` are queries that find something."""

    items: int
    outlets_in_all: int
    topics_in_all: int
    span: str
    built: str
    examples: list[Example]
    newest: list[Story]
    covered: list[Story]
    lately: bool
    covered_url: str
    topics: list[Size]
    outlets: list[Size]


BRIEF = ('"', "topic:", "outlet:", "outlets:", "date:>")
"""How those of the examples of all that can be asked begin that the front page shows."""


def front_page(
    held: Overview, created: datetime, examples: Iterable[Example], pieces: Pieces
) -> FrontPage:
    """The front page of an index that was built at `created`."""
    since = f"&since={held.covered_since}" if held.covered_since else ""
    return FrontPage(
        items=held.items,
        outlets_in_all=held.outlets_in_all,
        topics_in_all=held.topics_in_all,
        span=_span(held),
        built=days_ago(created, pieces.today),
        examples=[one for one in examples if one.query.startswith(BRIEF)],
        newest=[_story(hit, pieces, FRONT) for hit in held.newest],
        covered=[_story(hit, pieces, FRONT) for hit in held.covered],
        lately=bool(held.covered_since),
        covered_url=f"{pieces.display.base}/search?sort=coverage{since}",
        topics=_sizes("topic", held.topics, pieces),
        outlets=_sizes("provider", held.outlets, pieces),
    )


def _span(held: Overview) -> str:
    """`2016 to 12 November 2026`; only one day if the first is of the same year."""
    if held.first is None or held.last is None:
        return ""
    years = held.first.year, held.last.year
    return f"{years[0]} to {day_name(held.last)}" if years[0] < years[1] else day_name(held.last)


def _story(hit: Hit, pieces: Pieces, detail: Detail) -> Story:
    item, article = hit.item, hit.item.article
    is_away = not (hit.related or item.has_body) and is_short(article.url, detail.address)
    url = article.url if is_away else item_url(item.id, pieces.display.base)
    return Story(
        outlet=pieces.outlet(hit.provider, detail),
        moment=pieces.moment(article.published),
        title=short(article.title, detail.title),
        lang="" if item.language == DEFAULT_LANGUAGE else item.language,
        excerpt=short(article.excerpt, detail.excerpt),
        picture=pieces.display.picture(article.image, detail.address),
        url=url if is_short(url, detail.address) else "",
        is_away=is_away,
        outlets=hit.outlets,
    )


def _sizes(group: str, values: Iterable[FacetValue], pieces: Pieces) -> list[Size]:
    return [
        Size(
            short(value.label, FRONT.name),
            pieces.search_url(FRONT, group, value.value),
            f"{value.count:,}",
        )
        for value in values
        if value.count
    ]
