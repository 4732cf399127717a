"""The answers of the JSON API as types, each written as JSON in the order of its fields.

`openapi` derives the schemas of the API from them. The docstrings of the classes are part of these,
so they are written for the authors of programs that ask.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from indexer.item import Image
from search_app.search.explanation import Explanation
from search_app.search.query.rewrite import Match
from search_app.search.query.tree import Note
from search_app.search.request import MAX_PAGE_SIZE, Group, Sort
from search_app.search.results import Corrected, Count, FacetValue, Kind

Moment = Annotated[datetime, Meta(extra_json_schema={"format": "date-time"})]
"""In UTC: `2020-06-09T00:47:00Z`."""


class Outlet(Struct, frozen=True, gc=False):
    """An outlet; its domain is its key."""

    name: str
    domain: str


class Highlights(Struct, frozen=True, gc=False):
    """Escaped HTML with <mark> around what was found."""

    title: str
    excerpt: str


class Article(Struct, frozen=True, gc=False):
    """An outlet's article on a story."""

    title: str
    excerpt: str
    url: str | None
    amp_url: str | None
    cached_url: str | None
    published: Moment | None
    type: str
    provider: Outlet | None
    image: Image | None


class Related(Article, frozen=True):
    """A related article of a hit; matched: the query was found in it, or names its outlet."""

    matched: bool
    highlights: Highlights


class Story(Struct, frozen=True, gc=False):
    """What an item and a hit have in common."""

    id: str
    title: str
    excerpt: str
    url: str | None
    amp_url: str | None
    cached_url: str | None
    published: Moment | None
    type: str
    provider: Outlet | None
    image: Image | None
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    quality: int | None
    heat: int | None
    story: str | None
    language: str


class Item(Story, frozen=True):
    """An item with its coverage and body."""

    outlets: Count
    related: list[Article]
    body: str


class ExportedItem(Item, frozen=True):
    """A line of an export: an item, its score, and how many more of its story were found, if it
    stands for all of them."""

    score: float
    others: Count


class Hit(Story, frozen=True):
    """An item that was found; others: how many more of its story were found, if it stands for
    all of them; explanation: how the score comes about, if that was asked."""

    score: float
    others: Count
    outlets: Count
    highlights: Highlights
    related: list[Related]
    explanation: Explanation | UnsetType = UNSET


class Facets(Struct, frozen=True):
    """The values of each facet group, most frequent first, years newest first; languages only where
    the items are in more than one."""

    topic: tuple[FacetValue, ...]
    provider: tuple[FacetValue, ...]
    type: tuple[FacetValue, ...]
    year: tuple[FacetValue, ...]
    language: tuple[FacetValue, ...] | UnsetType = UNSET


class Results(Struct, frozen=True):
    """The answer to a search; facet_sizes: how many values each group of the facets has in all."""

    query: str
    total: Count
    stories: Count | None
    page: Annotated[int, Meta(ge=1)]
    page_size: Annotated[int, Meta(ge=1, le=MAX_PAGE_SIZE)]
    sort: Sort
    match: Match
    group: Group
    relaxed: bool
    notes: list[Note]
    corrected: Corrected | None
    did_you_mean: str | None
    took_ms: float
    generation: str
    hits: list[Hit]
    facets: Facets
    facet_sizes: Mapping[str, Count]


class Suggestion(Struct, frozen=True):
    """A text to complete what was typed with; the count of items that its search finds; the address
    of the page of that search."""

    text: str
    kind: Kind
    count: Count
    url: str


class Suggestions(Struct, frozen=True):
    """The answer to what was typed so far."""

    query: str
    suggestions: list[Suggestion]
    notes: list[Note]
    took_ms: float
    generation: str


class FeedAuthor(Struct, frozen=True):
    """Who wrote an item, or the outlet that published it."""

    name: str


class FeedEntry(Struct, frozen=True):
    """An item in a feed. Its page here is also its id; external_url: the article."""

    id: str
    url: str
    title: str
    content_text: str
    authors: list[FeedAuthor]
    tags: list[str]
    language: str
    external_url: str | UnsetType = UNSET
    date_published: Moment | UnsetType = UNSET


class JsonFeed(Struct, frozen=True):
    """A page of a feed, in JSON Feed 1.1."""

    version: str
    title: str
    home_page_url: str
    feed_url: str
    items: list[FeedEntry]
    next_url: str | UnsetType = UNSET


class Fault(Struct, frozen=True):
    """What went wrong, as a word for programs and a sentence for people; the parameter, if one had
    a value it cannot have."""

    kind: str
    message: str
    parameter: str | UnsetType = UNSET


class Error(Struct, frozen=True):
    """The one body of every error."""

    error: Fault


class Health(Struct, frozen=True):
    """That the process answers."""

    status: str


class Ready(Health, frozen=True):
    """The generation that answers; the warning says why it is not the current one."""

    generation: str
    items: Count
    warning: str | None
