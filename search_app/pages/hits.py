"""The hits of a page of results."""

from collections.abc import Container, Sequence
from datetime import date

from msgspec import Struct

from indexer.facet_values import value_key
from indexer.item import DEFAULT_LANGUAGE, Article
from search_app.detail import Detail
from search_app.links import SearchLinks, encoded, item_url
from search_app.pages.display import Display
from search_app.search.request import Group, SearchRequest
from search_app.search.results import Hit, RelatedHit
from search_app.template_filters import (
    counted,
    cut,
    day_and_clock,
    days_ago,
    initial,
    is_short,
    short,
    time_value,
)


class Reason(Struct, frozen=True):
    """A related article in which the query was found. `gist` is its excerpt if only that tells."""

    outlet: str
    url: str
    title_html: str
    gist_html: str
    kind: str


class HitView(Struct, frozen=True):
    """A hit. The outlet's `initial` stands where its `logo` would. `headline_url` leads to the
    page of the item where there is more to see, else to the source; `item_url` to the page in any
    case, `original_url` to the source. `ago` says how long ago it was `when` in whole days. Of
    `reasons` as many are shown as there is room for; where `in_body`, there are none. `coverage`
    says who else told the story. Texts ending in `_html` are escaped, with `<mark>` around what
    matched."""

    headline_url: str
    is_external: bool
    item_url: str
    original_url: str
    original: str
    title_html: str
    excerpt_html: str
    language: str
    outlet: str
    initial: str
    logo: str
    instant: str
    when: str
    ago: str
    authors_html: str
    kind: str
    picture: str
    reasons: tuple[Reason, ...]
    in_body: bool
    coverage: str
    others: str
    others_url: str
    topics: tuple[tuple[str, str, bool], ...]
    more_topics: int
    copies: tuple[tuple[str, str], ...]


class HitViews:
    """Makes the hits of a page, all of them in the same detail, on a day in UTC."""

    def __init__(
        self,
        request: SearchRequest,
        links: SearchLinks,
        display: Display,
        detail: Detail,
        today: date,
    ) -> None:
        self._display, self._detail, self._today = display, detail, today
        self._query = "" if links.is_long else links.own
        self._topic = "" if links.is_long else links.beginning()
        group = "" if request.default_group is Group.NONE else Group.NONE
        self._story = "" if links.is_long else links.beginning(group=group, story="")
        self._topics = {value_key(topic) for topic in request.selections["topic"]}

    def view(self, hit: Hit) -> HitView:
        """A hit as it is shown."""
        item, article, detail = hit.item, hit.item.article, self._detail
        display, outlet, published = self._display, hit.provider, article.published
        page_url = self._item_url(item.id)
        source = article.url if is_short(article.url, detail.address) else ""
        has_more = bool(hit.related or item.has_body)
        headline = (page_url or source) if has_more else (source or page_url)
        matched = [related for related in hit.related if related.matched][: detail.related]
        return HitView(  # by place: names would take as long as all the rest
            headline,
            bool(headline) and headline is source,
            page_url,
            source,
            short(outlet.domain if outlet else "the source", detail.name),
            cut(hit.title_html, detail.title),
            cut(hit.excerpt_html, detail.excerpt),
            "" if item.language == DEFAULT_LANGUAGE else item.language,
            short(outlet.name, detail.name) if outlet else "",
            initial(outlet.name) if outlet else "",
            display.picture(outlet.logo, detail.address) if outlet else "",
            time_value(published) if published else "",
            day_and_clock(published, display.zone) if published else "",
            days_ago(published, self._today) if published else "",
            _authors(hit.authors_html, detail) if hit.authors_html else "",
            self._kind(article),
            display.picture(article.image, detail.address),
            tuple([self._reason(related) for related in matched]),
            hit.in_body,
            self._coverage(hit, matched) if hit.related else "",
            f"{hit.others:,} more of this story" if hit.others else "",
            f"{self._story}story={hit.story}" if hit.others and self._story else "",
            tuple([self._topic_tag(topic) for topic in item.topics[: detail.topics]]),
            max(0, len(item.topics) - detail.topics),
            display.copies(article, detail.address),
        )

    def _item_url(self, id: str) -> str:
        """The page of an item, which keeps the search if there is room for it."""
        url, most = item_url(id, self._display.base), self._detail.address
        if self._query and len(url) + len(self._query) < most:
            return f"{url}?{self._query}"
        return url if is_short(url, most) else ""

    def _kind(self, article: Article) -> str:
        kind = article.type
        return "" if kind == "article" else short(kind.capitalize(), self._detail.name)

    def _reason(self, related: RelatedHit) -> Reason:
        article, detail = related.article, self._detail
        tells = detail.gist and "<mark>" not in related.title_html
        gist = related.excerpt_html if tells and "<mark>" in related.excerpt_html else ""
        return Reason(
            short(related.provider.name, detail.name) if related.provider else "",
            article.url if is_short(article.url, detail.address) else "",
            cut(related.title_html, detail.title),
            cut(gist, detail.gist),
            self._kind(article),
        )

    def _coverage(self, hit: Hit, shown: Sequence[RelatedHit]) -> str:
        """Who told the story besides the outlets that are shown."""
        told = {hit.provider.domain} if hit.provider else set()
        told.update([related.provider.domain for related in shown if related.provider])
        others = hit.outlets - len(told)
        if not others:
            left = len(hit.related) - len(shown)
            return f"{counted(left, 'more article')} on this story" if left else ""
        if shown:
            return f"and {counted(others, 'more outlet')}"
        named = [short(name, self._detail.name) for name in _outlets(hit.related, told)]
        if others > len(named):
            rest = counted(others - len(named), "more outlet")
            return f"Also in {', '.join(named)} and {rest}"
        return f"Also in {' and '.join(named)}"

    def _topic_tag(self, topic: str) -> tuple[str, str, bool]:
        """A topic, the address of the search narrowed to it, and whether it is already."""
        chosen = bool(self._topics) and value_key(topic) in self._topics
        url = "" if chosen or not self._topic else f"{self._topic}{encoded('topic', topic)}"
        fits = len(url) <= self._detail.address
        return short(topic, self._detail.name), url if fits else "", chosen


def _outlets(related: Sequence[RelatedHit], told: Container[str], most: int = 2) -> list[str]:
    """The names of the first outlets of related articles, without those that were told."""
    names: dict[str, str] = {}
    for one in related:
        if one.provider and one.provider.domain not in told:
            names.setdefault(one.provider.domain, one.provider.name)
            if len(names) == most:
                break
    return list(names.values())


def _authors(authors_html: Sequence[str], detail: Detail) -> str:
    """`By Ada Ree, Jo Reed and 2 more`, as HTML: as many names as of topics."""
    names = [cut(name, detail.name) for name in authors_html[: detail.topics]]
    left = len(authors_html) - len(names)
    if not names:
        return ""
    return f"By {', '.join(names)}{f' and {left:,} more' if left else ''}"
