"""The seam between the search service and the engine that holds the index.

A searcher is a snapshot: while it is open it answers from one generation, in any number of threads.
An engine evaluates logical queries exactly, scores the matches and counts facets. It never swallows
an error, and none of its own objects leaves it but `ScoredDoc.ref`.
"""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from msgspec import Struct, field

from indexer.item import Item
from search_app.search.explanation import Explanation
from search_app.search.filters import Worded
from search_app.search.intervals import Interval
from search_app.search.memory import Memory
from search_app.search.query.logical import Expression, Scored, Term
from search_app.search.ranking import RESCORED
from search_app.search.request import Group, Selections, Sort
from search_app.search.signals import NO_WEIGHTS, SignalWeights
from search_app.search.vocabulary import Vocabulary

MIN_FULL_MATCHES = 10
"""If fewer items than this match in full, those that match in part follow them."""


class Buckets(Struct, frozen=True):
    """Into which buckets the hits are to be counted by date: intervals of the first kind, from
    `finest` on, of which `most` are enough for all hits; else of the longest kind. Days begin at
    midnight UTC."""

    finest: Interval = Interval.DAY
    most: int = 60


class Histogram(Struct, frozen=True):
    """The hits by date. The bucket `i` holds the days from `edges[i]` until before `edges[i + 1]`,
    each a number of days since 1970-01-01; the first and the last bucket have hits, and there is no
    bucket if no hit has a date. `counts`: the hits in each bucket, as items, however they are
    grouped; `items`: all items of the index there, in the window of the request; `undated`: the
    hits without a date."""

    interval: Interval
    edges: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    items: tuple[int, ...] = ()
    undated: int = 0


class EngineRequest(Struct, frozen=True):
    """What an engine is asked.

    The hits are the matches of `full` in `window`, a half-open range of dates in UTC seconds. If
    they are fewer than `MIN_FULL_MATCHES`, the matches of `partial` (`None`: none) are added; they
    sort after the full ones. `selections` then filter the hits. They do not influence whether
    `partial` is added, so a facet value's count is the total after selecting it. A selected value
    that is among `worded` is had by the items that match its expression. So does `story`, if it is
    not empty: only items of the story of this name are hits.

    `headline` (see `indexer.document.headline_number`) and `pairs`, the words that stand side by
    side in the query, are what `ranking` asks for beside the expressions; by pairs the `rescored`
    best hits of each of `full` and `partial` are scored.

    What a hit scores by its words is multiplied by its `signals`, which decide nothing else; or, if
    the best hits by these cluster among what is new (see `signals`), by those of `if_new`, unless
    that is `None`.

    If `group` is `STORY`, of the hits of one story only the first in the order of the hits is among
    the entries that `offset` and `limit` count, and facets count stories. No score depends on it.

    Of a facet group that is in `facet_values`, only these values and those selected are listed.
    With `buckets` the hits are counted by date as well.
    """

    full: Expression
    partial: Expression | None
    window: tuple[int | None, int | None]
    selections: Selections
    sort: Sort
    offset: int
    limit: int
    facet_size: int
    worded: Worded = field(default_factory=dict)
    headline: int = 0
    pairs: tuple[tuple[Term, Term], ...] = ()
    rescored: int = RESCORED
    group: Group = Group.NONE
    story: str = ""
    signals: SignalWeights = NO_WEIGHTS
    if_new: SignalWeights | None = None
    facet_values: Mapping[str, Set[str]] = field(default_factory=dict)
    buckets: Buckets | None = None


class ScoredDoc(Struct, frozen=True):
    """A hit. `score` is rounded to 6 decimals; `ref` is where the engine finds its item; `others`:
    how many more hits report its story, 0 if they are entries of their own."""

    id: str
    score: float
    ref: Any
    others: int = 0


class EngineResult(Struct, frozen=True):
    """An engine's answer. `hits` are those of the page, best first; of the `total`, `complete` hits
    match in full and the others in part.

    `facets` maps a group to its (value, count) pairs, most frequent first: at most `facet_size`,
    plus all selected values. A group's counts respect all selections but its own. `facet_sizes`:
    of how many values that may be listed the count is not 0, in each group; empty if `facet_size`
    is 0. `histogram`: the hits by date, if that was asked. `skipped` are the
    leaves that would have cost too much; the query was evaluated as if it did not have them, and a
    selected value as if no item had it. `stories`: how many stories the hits report, if they are
    grouped; else `None`. `signals`: the weights of those by which the hits are in order.
    """

    total: int
    complete: int
    hits: tuple[ScoredDoc, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    skipped: tuple[Scored, ...] = ()
    stories: int | None = None
    facet_sizes: Mapping[str, int] = field(default_factory=dict)
    histogram: Histogram | None = None
    signals: SignalWeights = NO_WEIGHTS

    @property
    def relaxed(self) -> bool:
        """Whether some of the hits match only in part."""
        return self.complete < self.total


class NearTerm(Struct, frozen=True):
    """A word of the index, how many edits it is away from a typed one, and how many items have it
    in just this form. An edit inserts, deletes or replaces a letter, or exchanges two neighbours;
    no letter is edited twice (the distance "optimal string alignment")."""

    term: str
    edits: int
    doc_freq: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of a generation: its items, and the engine's segments or shards. `advice` tells
    whoever runs the engine how to make it faster, or is empty. `newest`: the day of the newest item
    that is not dated in the future; `None` if there is none."""

    items: int
    segments: int
    advice: str = ""
    newest: date | None = None


class Completions(Protocol):
    """What the beginning of a text can be completed to: see `completions`. And what is remembered
    of completions: the text that one gave with how many items that finds, and how it is spelt."""

    @property
    def completed(self) -> Memory[Hashable, tuple[str, int]]:
        """By the beginning of the text, the completion and the synonyms."""

    @property
    def spelt(self) -> Memory[str, str]:
        """By the completion."""

    def is_spelt_so(self, word: str) -> bool:
        """Whether most titles spell a folded word as it is."""

    def phrases(self, prefix: str, limit: int) -> list[str]:
        """The words and phrases of titles that begin with a prefix."""

    def near_words(self, prefix: str, edits: int, limit: int) -> list[str]:
        """The words of titles of which a beginning is at most so many edits away from a prefix."""

    def values(self, group: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        """The values of a facet group of which a word of a name begins with a prefix, each with how
        many items have it."""

    def most_used(self, group: str, limit: int) -> list[tuple[str, int]]:
        """The values of a facet group with the most weight, each with how many items have it."""

    def titled(self, number: int) -> int:
        """How many items have the title with this `headline_number`, which some item has."""


class Searcher(Protocol):
    """One generation, open for reading."""

    @property
    def generation(self) -> str:
        """The name of the generation."""

    def search(self, query: EngineRequest) -> EngineResult:
        """Evaluate, sort, count. Ties: the newer item first, then by id."""

    def explain(self, query: EngineRequest, hits: Sequence[ScoredDoc]) -> list[Explanation]:
        """How the score of each of these hits, which `search` found for this query, comes about."""

    def items(self, hits: Sequence[ScoredDoc], *, with_bodies: bool = False) -> list[Item]:
        """The items of hits that this searcher found, without their bodies unless these are asked
        for."""

    def stories(self, hits: Sequence[ScoredDoc]) -> list[str]:
        """The names of the stories of hits that this searcher found; empty where no other item
        reports it."""

    def get(self, id: str) -> Item | None:
        """The item of this id, if it is there."""

    def counts(self, expressions: Sequence[Expression]) -> list[int]:
        """How many items match each of the expressions. Nothing limits what that may cost."""

    def near_terms(self, word: str, max_edits: int) -> list[NearTerm]:
        """The exact forms of all text, at most so many edits away from a folded word, that begin
        with its first letter: those with the fewest edits first, of these the most frequent."""

    def story(self, id: str) -> str:
        """The name of the story of the item of this id; empty if no other item reports it."""

    def doc_freqs(self, terms: Sequence[str]) -> list[int]:
        """How many items have each of these terms, stems or exact forms, in any text."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The values of each facet group, and what they are called."""

    @property
    def completions(self) -> Completions:
        """What the beginning of a text can be completed to."""

    def stats(self) -> Stats:
        """Figures for `status` and the health page."""

    def close(self) -> None:
        """Close the files. Called once, when no request uses the searcher any more."""
