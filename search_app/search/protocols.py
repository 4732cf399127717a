"""The seam between the search service and the engine that holds the index.

A searcher is a snapshot: it answers from one generation for as long as it is open, to any number
of threads. An engine evaluates expressions exactly, scores them, counts facets; it never
swallows an error nor lets one of its own objects out, but for where it keeps an item.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from msgspec import Struct

from indexer.item import Item
from search_app.search.query.logical import Expression, Scored
from search_app.search.request import Selections, Sort

MIN_FULL_MATCHES = 10
"""Where fewer items than this match in full, those that match in part follow them."""


class EngineRequest(Struct, frozen=True):
    """What an engine is asked.

    `full` are the items wanted; where fewer than `MIN_FULL_MATCHES` of them lie in `window`, those
    of `partial` (`None`: none) are added, after them in `Sort.RELEVANCE`. `window` bounds the date
    in half-open UTC seconds. `selections` then narrow the hits; they take no part in that decision,
    so that the count at a facet value is the total after selecting it.
    """

    full: Expression
    partial: Expression | None
    window: tuple[int | None, int | None]
    selections: Selections
    sort: Sort
    offset: int
    limit: int
    facet_size: int


class ScoredDoc(Struct, frozen=True):
    """A hit. `score` is rounded to 6 decimals; `at` is where its engine keeps the item."""

    id: str
    score: float
    ref: Any


class EngineResult(Struct, frozen=True):
    """An engine's answer. `hits`: those of the page, best first.
    `complete`: how many of all hits match in full, the others only in part.

    `facets`: group to (value, count), most frequent first, at most `facet_size` and every selected
    value besides. A group's counts respect all selections but its own. `left_out`: the leaves that
    would have taken too much, and were passed over as if the query did not hold them.
    """

    total: int
    complete: int
    hits: tuple[ScoredDoc, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    skipped: tuple[Scored, ...] = ()

    @property
    def relaxed(self) -> bool:
        """Whether some of the hits match in part only."""
        return self.complete < self.total


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of a generation: items in it, engine-internal pieces (segments, shards). `advice`:
    what whoever runs the engine could do to have it answer faster."""

    items: int
    segments: int
    advice: str = ""


class Searcher(Protocol):
    """One generation, open for reading."""

    @property
    def generation(self) -> str:
        """The name of the generation."""

    def search(self, query: EngineRequest) -> EngineResult:
        """Evaluate, sort, count. Ties: the newer item first, then by id."""

    def items(self, hits: Sequence[ScoredDoc]) -> list[Item]:
        """The items of hits that this searcher found."""

    def get(self, id: str) -> Item | None:
        """The item of this id, if it is there."""

    def outlet(self, domain: str) -> str:
        """The name most items give the outlet of this domain; the domain if none does."""

    def stats(self) -> Stats:
        """Figures for `status` and the health page."""

    def close(self) -> None:
        """Let go of the files. Called once, when nobody searches any more."""
