"""The results of a search, as frozen values; `json_views` and `pages` present them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from indexer.item import Article, Item, Provider
from search_app.search.explanation import Explanation
from search_app.search.intervals import Interval
from search_app.search.query.tree import Note
from search_app.search.request import SearchRequest

Count = Annotated[int, Meta(ge=0)]


class Kind(StrEnum):
    """What a suggestion is: the last word completed, more words added, a topic, an outlet, or the
    title of an item."""

    WORD = "word"
    PHRASE = "phrase"
    TOPIC = "topic"
    OUTLET = "outlet"
    TITLE = "title"


class RelatedHit(Struct, frozen=True, gc=False):
    """A related article of a hit. `matched`: the query matches it or names its outlet or URL. If
    the results have the note `not_all_marked`, some that match may have `matched` false.

    `title_html` and `excerpt_html` are escaped, with `<mark>` around what matched.
    """

    article: Article
    provider: Provider | None
    matched: bool
    title_html: str
    excerpt_html: str


class Hit(Struct, frozen=True, gc=False):
    """An item that matched, or that was asked for by its id, and only then has its body. `provider`
    has the outlet's most frequent name; `outlets` counts the distinct outlets that carried the
    story. `story` names the story it reports if other items do, too; `others` counts those of them
    that were found and are no entries of their own; `in_body` says that what was found stands in
    the body alone; `explanation` how the score comes about, if that was asked. Texts ending in
    `_html` are as of a related hit."""

    item: Item
    provider: Provider | None
    score: float
    outlets: int
    title_html: str
    excerpt_html: str
    related: tuple[RelatedHit, ...]
    authors_html: tuple[str, ...] = ()
    story: str = ""
    others: int = 0
    explanation: Explanation | None = None
    in_body: bool = False


class StoryItems(Struct, frozen=True):
    """The other items that report the story of an item, oldest first; `left_out` counts those that
    are not among `items`."""

    items: tuple[Item, ...] = ()
    left_out: int = 0


class FacetValue(Struct, frozen=True, gc=False):
    """A value of a facet group, and the total with it alone selected in its group."""

    value: str
    label: str
    count: Count
    selected: bool


class Bucket(Struct, frozen=True):
    """The items found that are dated from `start` until before `end`; their share of all items of
    the index that are; `since` and `until` select them. Where `since` and `until` of the request
    cut a bucket off, what is outside of them does not count."""

    start: date
    end: date
    count: Count
    share: float
    all: Count
    since: str
    until: str


class Timeline(Struct, frozen=True):
    """The items found by date: buckets without a gap, from the first with an item to the last, and
    how many items have no date."""

    interval: Interval
    buckets: tuple[Bucket, ...]
    undated: Count


class Preset(Struct, frozen=True):
    """A usual span of time, and the `since` that selects it."""

    interval: Interval
    since: str


class Corrected(Struct, frozen=True):
    """The query that was searched instead of the original one, which finds too little."""

    query: str
    original: str


class Results(Struct, frozen=True):
    """The answer to one search. `relaxed`: items with only some of the words follow the `complete`
    ones with all of them. `stories`: how many stories the items found report, if each is one entry;
    else `None`. `corrected`: the answer is to another query than the request's; `did_you_mean`: a
    query that would find much more. `took_ms` is in milliseconds. `facet_sizes`: how many values
    each group of `facets` has in all; `timeline`: the items by date, and `presets`: the usual spans
    of time until the newest item, if that was asked."""

    request: SearchRequest
    total: int
    relaxed: bool
    complete: int
    notes: tuple[Note, ...]
    generation: str
    took_ms: float
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    corrected: Corrected | None = None
    did_you_mean: str | None = None
    stories: int | None = None
    facet_sizes: Mapping[str, int] = {}
    timeline: Timeline | None = None
    presets: tuple[Preset, ...] = ()

    @property
    def entries(self) -> int:
        """How many entries there are on all pages: items, or stories."""
        return self.total if self.stories is None else self.stories

    @property
    def pages(self) -> int:
        """How many pages of entries there are; 0 if there are none."""
        return -(-self.entries // self.request.page_size)


class TimelineResults(Struct, frozen=True):
    """Attention over time: what a search finds, by date. relaxed: items with only some of the words
    are among them; presets: the usual spans of time until the newest item."""

    query: str
    total: Count
    relaxed: bool
    interval: Interval
    buckets: tuple[Bucket, ...]
    undated: Count
    presets: tuple[Preset, ...]
    corrected: Corrected | None
    notes: tuple[Note, ...]
    took_ms: float
    generation: str


class FacetResults(Struct, frozen=True):
    """Values of one facet group in what a search finds; of: how many there are in all that match
    the prefix; selected: the selected values, whether they match it or not."""

    query: str
    group: str
    prefix: str
    offset: Count
    of: Count
    values: tuple[FacetValue, ...]
    selected: tuple[FacetValue, ...]
    corrected: Corrected | None
    notes: tuple[Note, ...]
    took_ms: float
    generation: str
