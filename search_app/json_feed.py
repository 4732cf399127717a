"""A feed as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from msgspec import UNSET

from search_app.answers import FeedAuthor, FeedEntry, JsonFeed
from search_app.feed_model import DETAIL, Feed
from search_app.links import item_url
from search_app.search.results import Hit
from search_app.template_filters import is_short, short

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed, base: str) -> JsonFeed:
    """A page of a feed. `base` has scheme and host."""
    return JsonFeed(
        version=VERSION,
        title=feed.title,
        home_page_url=feed.page_url,
        feed_url=feed.self_url,
        items=[_entry(hit, base) for hit in feed.results.hits],
        next_url=feed.links.get("next", UNSET),
    )


def _entry(hit: Hit, base: str) -> FeedEntry:
    item, article = hit.item, hit.item.article
    address = item_url(item.id, base)
    names = [FeedAuthor(short(name, DETAIL.name)) for name in item.authors[: DETAIL.topics]]
    return FeedEntry(
        id=address,
        url=address,
        external_url=article.url if is_short(article.url, DETAIL.address) else UNSET,
        title=short(article.title, DETAIL.title),
        content_text=short(article.excerpt, DETAIL.excerpt),
        date_published=article.published or UNSET,
        authors=names or _outlet(hit),
        tags=[short(topic, DETAIL.name) for topic in item.topics[: DETAIL.topics]],
        language=item.language,
    )


def _outlet(hit: Hit) -> list[FeedAuthor]:
    """The outlet, where no author is named."""
    return [FeedAuthor(short(hit.provider.name, DETAIL.name))] if hit.provider else []
