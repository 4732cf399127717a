"""A search as a feed: which request a feed is of, its addresses, and when it changed."""

from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import replace

from search_app.detail import HITS
from search_app.links import search_url, view_url
from search_app.request_params import Parameters, search_request
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest, Sort, Spelling
from search_app.search.results import Results
from search_app.template_filters import short

FEED_SIZE = 50
"""Entries of a page of a feed where the request names no number."""

FEED = SearchRequest(
    sort=Sort.NEWEST, match=Match.ALL, spelling=Spelling.OFF, default_page_size=FEED_SIZE
)
"""What a feed is of by default: all words, just as they are typed, because an item with only some
of them, or with another word, would come and go with the number of the others."""

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of an entry whose item has none, as a feed must have one."""

DETAIL = HITS[0]
"""How much of an item an entry shows."""


def feed_request(parameters: Parameters) -> SearchRequest:
    """The request of a feed. Raises as `search_request`."""
    return search_request(
        parameters, FEED_SIZE, sort=FEED.sort, match=FEED.match, spelling=FEED.spelling
    )


def feed_url(path: str, request: SearchRequest, base: str) -> str:
    """The address of a page of a feed."""
    return view_url(path, request, base, FEED)


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed, with absolute addresses. `id` is that of the feed, whatever its page;
    `links` are those of RFC 5005 that there are: first, previous, next, last."""

    results: Results
    title: str
    id: str
    self_url: str
    page_url: str
    site_url: str
    links: dict[str, str]
    updated: datetime


def feed(results: Results, path: str, name: str, base: str) -> Feed:
    """The feed of these results at a path, of a site of this name. `base` has scheme and host."""
    request = results.request

    def page(number: int) -> str:
        return feed_url(path, replace(request, page=number), base)

    last = max(1, results.pages)
    numbers = {"first": 1, "last": last}
    if request.page > 1:
        numbers["previous"] = min(request.page - 1, last)
    if request.page < last:
        numbers["next"] = request.page + 1
    dates = [hit.item.article.published or UNDATED for hit in results.hits]
    return Feed(
        results=results,
        title=": ".join([name, *_sought(results)]),
        id=page(1),
        self_url=page(request.page),
        page_url=search_url(request, base),
        site_url=f"{base}/",
        links={name: page(number) for name, number in numbers.items()},
        updated=max(dates, default=UNDATED),
    )


def _sought(results: Results) -> list[str]:
    """The query and what is chosen, as people read it; nothing if all is sought."""
    request = results.request
    values = [value.label for group in results.facets.values() for value in group if value.selected]
    since = f"since {request.since}" if request.since else ""
    until = f"until {request.until}" if request.until else ""
    told = ", ".join(filter(None, (request.q.strip(), *values, since, until)))
    return [short(told, 200)] if told else []
