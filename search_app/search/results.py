"""What a search gives back, as frozen values; `presenters` turns them into JSON and pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.item import Article, Item, Provider
from search_app.search.query.tree import Note
from search_app.search.request import SearchRequest


@dataclass(frozen=True, slots=True)
class RelatedHit:
    """A related article of a hit. `matched`: the query was found in it, or names its outlet. Where
    the results have the note `not_all_marked`, it may also be false because nobody looked.

    `title_html` and `excerpt_html` are escaped, with `<mark>` around what was found.
    """

    article: Article
    provider: Provider | None
    matched: bool
    title_html: str
    excerpt_html: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found. `provider` carries the outlet's most frequent name; `outlets` counts
    the distinct outlets that carried the story."""

    item: Item
    provider: Provider | None
    score: float
    outlets: int
    title_html: str
    excerpt_html: str
    related: tuple[RelatedHit, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet group. `count` is the total when it alone is selected in its group, and
    all that is selected in the others: where nothing is selected yet, the total after a click."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one search. `relaxed`: items with only some of the words were added to the
    `complete` ones with all of them."""

    request: SearchRequest
    total: int
    relaxed: bool
    complete: int
    notes: tuple[Note, ...]
    generation: str
    took_ms: float
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]

    @property
    def pages(self) -> int:
        """How many pages of hits there are; 0 if there are none."""
        return -(-self.total // self.request.page_size)
