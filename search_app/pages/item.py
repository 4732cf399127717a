"""Makes the page of an item: the item, its coverage as a timeline, and what else tells of it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from markupsafe import Markup
from msgspec import Struct

from indexer.item import DEFAULT_LANGUAGE, Item
from search_app.coverage import CoverageEntry, timeline
from search_app.detail import Detail
from search_app.links import item_url, parameters, search_url
from search_app.pages.carried import hidden_fields
from search_app.pages.pieces import Link, Moment, Outlet, Pieces
from search_app.search.request import SearchRequest
from search_app.search.results import Hit, StoryItems
from search_app.template_filters import cut, duration, is_short, short


class CoverageRow(Struct, frozen=True):
    """An article in the timeline of a story. `rank`: `First`, or how long after the first one, in
    whole days where no more is known; empty if nothing is. `own`: it is the item itself."""

    rank: str
    own: bool
    outlet: Outlet | None
    moment: Moment | None
    kind: str
    title: Markup
    url: str
    excerpt: Markup
    copies: tuple[tuple[str, str], ...]


class ItemRow(Struct, frozen=True):
    """Another item. Without `url` there is no room for its address."""

    outlet: Outlet | None
    moment: Moment | None
    title: str
    url: str


class ItemPage(Struct, frozen=True):
    """What the page of an item shows. Texts that are `Markup` have what the search found marked.

    `query` and `hidden` are of the search that led here, and `back_url` leads back to it; all
    are empty if none did. `untold` counts the articles, and `story_left` the items of the story,
    for which there is no room.
    """

    id: str
    query: str
    hidden: tuple[tuple[str, str], ...]
    back_url: str
    lang: str
    plain_title: str
    plain_excerpt: str
    title: Markup
    excerpt: Markup
    outlet: Outlet | None
    moment: Moment | None
    authors: list[Markup]
    more_authors: int
    kind: str
    topics: list[Link]
    more_topics: int
    url: str
    source: str
    copies: tuple[tuple[str, str], ...]
    picture: str
    articles: int
    outlets: int
    summary: Markup
    coverage: list[CoverageRow]
    untold: int
    story: list[ItemRow]
    story_left: int
    story_url: str
    similar: list[ItemRow]
    json_url: str


def item_page(
    hit: Hit,
    same_story: StoryItems,
    similar: Iterable[Hit],
    came_from: SearchRequest | None,
    pieces: Pieces,
    detail: Detail,
) -> ItemPage:
    """The page of an item that was reached from the results of a search, if any."""
    item, article = hit.item, hit.item.article
    entries = timeline(hit, pieces.display.zone)
    told = _with_own(entries, detail.related)
    return ItemPage(
        id=item.id,
        query=came_from.q if came_from else "",
        hidden=hidden_fields(parameters(came_from)) if came_from else (),
        back_url=search_url(came_from, pieces.display.base) if came_from else "",
        lang="" if item.language == DEFAULT_LANGUAGE else item.language,
        plain_title=short(article.title, 200),
        plain_excerpt=short(article.excerpt, 300),
        title=_marked(hit.title_html, detail.title),
        excerpt=_marked(hit.excerpt_html, detail.excerpt),
        outlet=pieces.outlet(hit.provider, detail),
        moment=pieces.moment(article.published),
        authors=[_marked(name, detail.name) for name in hit.authors_html[: detail.topics]],
        more_authors=len(hit.authors_html[detail.topics :]),
        kind=_kind(article.type, detail),
        topics=[
            Link(short(topic, detail.name), pieces.search_url(detail, "topic", topic))
            for topic in item.topics[: detail.topics]
        ],
        more_topics=len(item.topics[detail.topics :]),
        url=article.url if is_short(article.url, detail.address) else "",
        source=short(hit.provider.domain, detail.name) if hit.provider else "the source",
        copies=pieces.display.copies(article, detail.address),
        picture=pieces.display.picture(article.image, detail.address),
        articles=len(entries),
        outlets=hit.outlets,
        summary=_summary(entries),
        coverage=[_coverage_row(entry, pieces, detail) for entry in told],
        untold=len(entries) - len(told),
        story=[_item_row(other, pieces, detail) for other in same_story.items],
        story_left=same_story.left_out,
        story_url=f"{pieces.display.base}/search?group=none&story={hit.story}",
        similar=[_item_row(one.item, pieces, detail) for one in similar],
        json_url=item_url(item.id, f"{pieces.display.base}/api"),
    )


def _with_own(entries: tuple[CoverageEntry, ...], most: int) -> list[CoverageEntry]:
    """The first `most` entries, the item's own among them."""
    others = iter(range(max(0, most - 1)))
    return [entry for entry in entries if entry.own or next(others, None) is not None]


def _coverage_row(entry: CoverageEntry, pieces: Pieces, detail: Detail) -> CoverageRow:
    article = entry.article
    return CoverageRow(
        rank=_rank(entry),
        own=entry.own,
        outlet=pieces.outlet(entry.provider, detail),
        moment=pieces.moment(entry.published),
        kind=_kind(article.type, detail),
        title=_marked(entry.title_html, detail.title),
        url="" if entry.own or not is_short(article.url, detail.address) else article.url,
        excerpt=_marked("" if entry.own else entry.excerpt_html, detail.gist),
        copies=() if entry.own else pieces.display.copies(article, detail.address),
    )


def _rank(entry: CoverageEntry) -> str:
    if entry.is_first:
        return "First"
    if entry.days is None:
        return ""
    if entry.delay is not None:
        later = duration(entry.delay)
        return f"{later} later" if later else "At the same time"
    return f"{duration(timedelta(entry.days))} later" if entry.days else "Same day"


def _summary(entries: Sequence[CoverageEntry]) -> Markup:
    """Who was first, and in what time the others followed, in whole days where no more is known of
    one; how many were on the first day if nobody knows who was first; empty if nothing is known."""
    dated = [entry for entry in entries if entry.days is not None]
    if len(dated) < 2:
        return Markup()
    followed = _followed(dated)
    if not dated[0].is_first:
        early = sum([not entry.days for entry in dated])
        if early == len(dated):
            return Markup("All on the same day")
        others = "other one" if early == len(entries) - 1 else "others"
        return Markup("{} on the same day; the {} followed {}").format(early, others, followed)
    if not dated[0].provider:
        return Markup()
    if not followed:
        return Markup("All at the same time")
    others = "the other one" if len(entries) == 2 else "the others"
    name = short(dated[0].provider.name, 60)
    return Markup("<bdi>{}</bdi> was first; {} followed {}").format(name, others, followed)


def _followed(dated: Sequence[CoverageEntry]) -> str:
    """In what time the others followed the first of these articles; empty if at once."""
    delays = [entry.delay for entry in dated[1:] if entry.delay is not None]
    if len(delays) == len(dated) - 1:
        span = duration(max(delays), is_bound=True)
        return f"within {span}" if span else ""
    days = max([entry.days for entry in dated if entry.days is not None])
    if days < 2:
        return "by the next day"
    return f"within the next {duration(timedelta(days), is_bound=True)}"


def _item_row(item: Item, pieces: Pieces, detail: Detail) -> ItemRow:
    article, url = item.article, item_url(item.id, pieces.display.base)
    return ItemRow(
        pieces.outlet(article.provider, detail),
        pieces.moment(article.published),
        short(article.title, detail.title),
        url if is_short(url, detail.address) else "",
    )


def _kind(type: str, detail: Detail) -> str:
    return "" if type == "article" else short(type.capitalize(), detail.name)


def _marked(html: str, most: int) -> Markup:
    return Markup(cut(html, most))  # noqa: S704 - escaped where it was marked
