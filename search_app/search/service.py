"""A search from request to results: parse, rewrite, ask the engine, highlight the hits."""

import time
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from indexer.document import headline_number
from search_app.search.answer_notes import notes_on
from search_app.search.filters import KEYED, Filters, understood
from search_app.search.highlighting.highlighter import Highlighter
from search_app.search.highlighting.marking_cost import MAX_COST, CostLimit
from search_app.search.hits import Found, highlighter_of, hits_of
from search_app.search.protocols import (
    MIN_FULL_MATCHES,
    Buckets,
    EngineRequest,
    EngineResult,
    Searcher,
)
from search_app.search.query.logical import Expression, MatchAll, all_of, leaves
from search_app.search.query.lost_addresses import without_lost_addresses
from search_app.search.query.parser import Parsed, parse
from search_app.search.query.recency_words import seeks_recent
from search_app.search.query.rewrite import LogicalQuery, Match, rewrite
from search_app.search.query.synonyms import NO_SYNONYMS, Synonyms
from search_app.search.query.tree import Note
from search_app.search.request import FACET_SIZE, SearchRequest, Sort, Spelling, no_selections
from search_app.search.results import (
    Corrected,
    FacetValue,
    Hit,
    Preset,
    Results,
    StoryItems,
)
from search_app.search.signals import DEFAULT_SIGNALS, NO_SIGNALS, Signals
from search_app.search.similar import like_item
from search_app.search.spelling.correction import Correction, Speller
from search_app.search.timeline import presets, timeline
from search_app.search.weighing import weighed_search

MAX_EXPLAINED = 500
"""The most words explained in an answer; those of a query are explained in each of its hits."""

MOST_OF_STORY = 20
"""The most items of a story that are returned with one of them."""


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


def search(
    searcher: Searcher,
    request: SearchRequest,
    notes: tuple[Note, ...] = (),
    max_marking_cost: int = MAX_COST,
    synonyms: Synonyms = NO_SYNONYMS,
    like: Expression | None = None,
    signals: Signals = DEFAULT_SIGNALS,
    wanted: Wanted = PAGE,
) -> Results:
    """The results of a request from one generation. No text of `request.q` is an error.

    With `like` (see `similar`) the hits are what is like that, and the query narrows them as it is
    typed; else `signals` count beside the words.

    Words also find their `synonyms`. `notes` are about the generation and come before those about
    the query. If highlighting the hits would cost more than `max_marking_cost` steps (see
    `marking_cost`), the remaining texts are not marked, their related articles count as matched
    only if the query names their outlet or URL, and the note `not_all_marked` says so.
    """
    began = time.perf_counter()
    filters = understood(request, searcher.vocabulary)
    request = filters.request
    answered = answer_to(searcher, filters, synonyms, like, signals, wanted)
    searched, engine_asked, answer = answered.searched, answered.engine_asked, answered.found
    found = list(
        map(Found, searcher.items(answer.hits), searcher.stories(answer.hits), answer.hits)
    )
    explained = _explained(searcher, engine_asked, found) if request.explain else []
    found[: len(explained)] = explained
    limit = CostLimit(max_marking_cost)
    highlighter = Highlighter(())
    if wanted.marks:
        highlighter = highlighter_of(searcher, searched.logical, filters, answer)
    hits = hits_of(searcher, found, highlighter, limit)
    facets = _facets(searcher, filters, answer)
    return Results(
        request=request,
        total=answer.total,
        relaxed=answer.relaxed,
        corrected=answered.corrected,
        did_you_mean=answered.did_you_mean,
        complete=answer.complete,
        notes=(*notes, *answered.notes(filters, limit, len(explained))),
        generation=searcher.generation,
        took_ms=round((time.perf_counter() - began) * 1000, 3),
        hits=hits,
        facets=facets,
        stories=answer.stories,
        facet_sizes={group: answer.facet_sizes.get(group, 0) for group in facets},
        timeline=timeline(answer.histogram, request) if answer.histogram else None,
        presets=_presets(searcher) if wanted.presets else (),
    )


def _presets(searcher: Searcher) -> tuple[Preset, ...]:
    newest = searcher.stats().newest
    return presets(newest) if newest else ()


def _explained(
    searcher: Searcher, asked: EngineRequest, found: Sequence[Found], most: int = MAX_EXPLAINED
) -> list[Found]:
    """The hits with their explanations: the first ones, and one at least."""
    words = [*leaves(asked.full), *(leaves(asked.partial) if asked.partial else ())]
    some = found[: max(1, most // max(1, len(words)))]
    explanations = searcher.explain(asked, [one.doc for one in some if one.doc])
    return [
        one._replace(explanation=explanation)
        for one, explanation in zip(some, explanations, strict=True)
    ]


def get(
    searcher: Searcher,
    id: str,
    request: SearchRequest | None = None,
    synonyms: Synonyms = NO_SYNONYMS,
) -> Hit | None:
    """One item with its coverage; `None` if no item has this id. What a search of the request marks
    in a hit is marked, be the item one of its hits or not."""
    item = searcher.get(id)
    if item is None:
        return None
    highlighter = Highlighter(())
    if request:
        filters = understood(replace(request, page=1), searcher.vocabulary)
        counted = Wanted(hits=False, facet_size=0)
        answer = answer_to(searcher, filters, synonyms, None, NO_SIGNALS, counted)
        highlighter = highlighter_of(searcher, answer.searched.logical, filters, answer.found)
    return hits_of(searcher, [Found(item, searcher.story(id))], highlighter, CostLimit())[0]


def same_story(searcher: Searcher, hit: Hit, most: int = MOST_OF_STORY) -> StoryItems:
    """The other items of the story of an item, at most so many of them."""
    if not hit.story:
        return StoryItems()
    answer = searcher.search(
        EngineRequest(
            full=MatchAll(),
            partial=None,
            window=(None, None),
            selections=no_selections(),
            sort=Sort.OLDEST,
            offset=0,
            limit=most + 1,
            facet_size=0,
            story=hit.story,
        )
    )
    others = [item for item in searcher.items(answer.hits) if item.id != hit.item.id][:most]
    return StoryItems(tuple(others), answer.total - 1 - len(others))


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
        engine_asked = engine_request(shown, query.logical, wanted)
        recent = seeks_recent(query.parsed.tree.children)
        weighed = weighed_search(searcher, engine_asked, NO_SIGNALS if like else signals, recent)
        return Answer(asked, query, *weighed, better)

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


def similar(
    searcher: Searcher,
    id: str,
    request: SearchRequest,
    notes: tuple[Note, ...] = (),
    synonyms: Synonyms = NO_SYNONYMS,
    wanted: Wanted = PAGE,
) -> Results | None:
    """What is like one item, without the item itself and those of its story; `None` if no item has
    this id."""
    item = searcher.get(id)
    if item is None:
        return None
    like = like_item(searcher, item)
    return search(searcher, request, notes, synonyms=synonyms, like=like, wanted=wanted)


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


def _facets(
    searcher: Searcher, filters: Filters, answer: EngineResult
) -> dict[str, tuple[FacetValue, ...]]:
    facets = {}
    for group, counts in answer.facets.items():
        selected = filters.selections[group]
        if group == "language" and not selected and len(searcher.vocabulary.languages) < 2:
            continue  # it would tell nothing
        facets[group] = shown_values(searcher, group, counts, selected)
        if group == "year":
            facets[group] = tuple(sorted(facets[group], key=lambda year: year.value, reverse=True))
    return facets


def shown_values(
    searcher: Searcher, group: str, counts: Sequence[tuple[str, int]], selected: Sequence[str]
) -> tuple[FacetValue, ...]:
    """Values of a facet group with their counts, as they are shown."""
    values = [value for value, _ in counts]
    labels = searcher.vocabulary.labels(group, values)
    given = values if group in KEYED else labels
    are_selected = map(selected.__contains__, values)
    return tuple(map(FacetValue, given, labels, [count for _, count in counts], are_selected))
