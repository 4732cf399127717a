"""What answers a request: the query that is searched, as typed or corrected, and what an engine is
asked for it."""

from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from indexer.document import headline_number
from search_app.search.answer_notes import notes_on
from search_app.search.filters import Filters
from search_app.search.highlighting.marking_cost import CostLimit
from search_app.search.protocols import (
    MIN_FULL_MATCHES,
    Buckets,
    EngineRequest,
    EngineResult,
    Searcher,
)
from search_app.search.query.logical import Expression, all_of
from search_app.search.query.lost_addresses import without_lost_addresses
from search_app.search.query.parser import Parsed, parse
from search_app.search.query.recency_words import seeks_recent
from search_app.search.query.rewrite import LogicalQuery, Match, rewrite
from search_app.search.query.synonyms import Synonyms
from search_app.search.query.tree import Note
from search_app.search.request import FACET_SIZE, Spelling
from search_app.search.results import Corrected
from search_app.search.signals import NO_SIGNALS, Signals
from search_app.search.spelling.correction import Correction, Speller
from search_app.search.weighing import weighed


class Wanted(Struct, frozen=True):
    """What of an answer is wanted beside its totals: hits, with what was found in them marked;
    values of facet groups, at most `facet_size` of each beside the selected ones, and of a group in
    `facet_values` only those; the hits by date; the usual spans of time."""

    hits: bool = True
    marks: bool = True
    facet_size: int = FACET_SIZE
    facet_values: Mapping[str, Set[str]] = {}
    buckets: Buckets | None = None
    presets: bool = False


PAGE = Wanted()


class _Query(NamedTuple):
    """A query as text and tree, and what is to be searched for."""

    text: str
    parsed: Parsed
    logical: LogicalQuery


class Answer(NamedTuple):
    """What was asked for, what was searched, what the engine was asked and what it found, and what
    the query may have meant."""

    asked: _Query
    searched: _Query
    engine_asked: EngineRequest
    found: EngineResult
    better: Correction | None

    @property
    def corrected(self) -> Corrected | None:
        """What was searched instead of what was typed, if anything was."""
        better = self.better
        return Corrected(better.query, self.asked.text) if better and better.is_certain else None

    @property
    def did_you_mean(self) -> str | None:
        """What the query may have meant, if that was not searched."""
        return self.better.query if self.better and not self.better.is_certain else None

    def notes(self, filters: Filters, limit: CostLimit, explained: int = 0) -> Iterator[Note]:
        """The notes on the request, on its query and on the answer: see `notes_on`."""
        yield from filters.request.notes
        yield from filters.notes
        yield from self.asked.parsed.notes
        yield from self.asked.logical.notes
        yield from notes_on(filters.request, self.searched.logical, self.found, limit, explained)


def answer_to(
    searcher: Searcher,
    filters: Filters,
    synonyms: Synonyms,
    like: Expression | None,
    signals: Signals,
    wanted: Wanted,
) -> Answer:
    """The answer to a request. A word that no item has is looked for before the first search, so
    that none is made in vain."""
    request = filters.request

    def answer(query: _Query, better: Correction | None = None) -> Answer:
        shown = replace(filters, request=replace(request, q=query.text))
        engine_asked = weighed(
            engine_request(shown, query.logical, wanted),
            NO_SIGNALS if like else signals,
            seeks_recent(query.parsed.tree.children),
        )
        return Answer(asked, query, engine_asked, searcher.search(engine_asked), better)

    asked = _query(searcher, request.q, request.match, synonyms)
    if like is not None:
        full = all_of([like, asked.logical.full]) if request.q else like
        return answer(asked._replace(logical=LogicalQuery(full, None, asked.logical.notes)))
    if request.spelling is Spelling.OFF:
        return answer(asked)
    speller = Speller(
        searcher,
        request.q,
        asked.parsed.tree,
        asked.logical.full,
        lambda text: _query(searcher, text, request.match, synonyms).logical.full,
        synonyms,
    )
    better = speller.correction()
    if not better:
        as_typed = answer(asked)
        better = speller.improvement(finds_enough=as_typed.found.complete >= MIN_FULL_MATCHES)
        if not better or not better.is_certain:
            return as_typed._replace(better=better)
    corrected = answer(_query(searcher, better.query, request.match, synonyms), better)
    if corrected.found.total or _finds_any(searcher, corrected.searched.logical):
        return corrected
    return answer(asked)


def _query(searcher: Searcher, text: str, match: Match, synonyms: Synonyms) -> _Query:
    """What a text asks for. An address is as good as any other word if all words need not match."""
    parsed, vocabulary = parse(text), searcher.vocabulary
    if match is Match.AUTO:
        parsed = without_lost_addresses(parsed, searcher.counts, vocabulary)
    return _Query(text, parsed, rewrite(parsed.tree, match, vocabulary, synonyms))


def _finds_any(searcher: Searcher, logical: LogicalQuery) -> bool:
    """Whether any items match at all, whatever the filters."""
    return searcher.counts([logical.partial or logical.full]) != [0]


def engine_request(filters: Filters, logical: LogicalQuery, wanted: Wanted = PAGE) -> EngineRequest:
    """What an engine is asked for a request that was understood so."""
    request = filters.request
    return EngineRequest(
        full=logical.full,
        partial=logical.partial,
        window=request.window(),
        selections=filters.selections,
        worded=filters.worded,
        headline=headline_number(request.q) if request.q else 0,
        pairs=logical.pairs,
        sort=request.sort,
        offset=(request.page - 1) * request.page_size,
        limit=request.page_size if wanted.hits else 0,
        facet_size=wanted.facet_size,
        group=request.group,
        story=request.story,
        facet_values=wanted.facet_values,
        buckets=wanted.buckets,
    )
