"""A search from request to results: what answers it, its hits highlighted, its facets as shown."""

import time
from collections.abc import Sequence
from itertools import repeat

from msgspec.structs import replace

from search_app.search.answering import PAGE, Wanted, answer_to
from search_app.search.filters import KEYED, Filters, understood
from search_app.search.highlighting.highlighter import Highlighter
from search_app.search.highlighting.marking_cost import MAX_COST, CostLimit
from search_app.search.hits import Found, highlighter_of, hits_of
from search_app.search.protocols import EngineRequest, EngineResult, Searcher
from search_app.search.query.logical import Expression, MatchAll, leaves
from search_app.search.query.synonyms import NO_SYNONYMS, Synonyms
from search_app.search.query.tree import Note
from search_app.search.request import SearchRequest, Sort, no_selections
from search_app.search.results import FacetValue, Hit, Preset, Results, StoryItems
from search_app.search.signals import DEFAULT_SIGNALS, NO_SIGNALS, Signals
from search_app.search.similar import like_item
from search_app.search.timeline import presets, timeline

MAX_EXPLAINED = 500
"""The most words explained in an answer; those of a query are explained in each of its hits."""

MOST_OF_STORY = 20
"""The most items of a story that are returned with one of them."""


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
    explained = []
    if request.explain:
        explained = _explained(searcher, replace(engine_asked, signals=answer.signals), found)
    found[: len(explained)] = explained
    limit = CostLimit(max_marking_cost)
    highlighter = (
        highlighter_of(searcher, searched.logical, filters, answer)
        if wanted.marks
        else Highlighter(())
    )
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
        replace(one, explanation=explanation)
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


def _facets(
    searcher: Searcher, filters: Filters, answer: EngineResult
) -> dict[str, tuple[FacetValue, ...]]:
    facets = {}
    for group, counts in answer.facets.items():
        selected = filters.selections[group]
        if group == "language" and not selected and len(searcher.vocabulary.languages) < 2:
            continue  # it would tell nothing
        listed = sorted(counts, reverse=True) if group == "year" else counts
        facets[group] = shown_values(searcher, group, listed, selected)
    return facets


def shown_values(
    searcher: Searcher, group: str, counts: Sequence[tuple[str, int]], selected: Sequence[str]
) -> tuple[FacetValue, ...]:
    """Values of a facet group with their counts, as they are shown."""
    if not counts:
        return ()
    values, totals = zip(*counts, strict=True)
    labels = searcher.vocabulary.labels(group, values)
    given = values if group in KEYED else labels
    chosen = map(selected.__contains__, values) if selected else repeat(False)
    return tuple(map(FacetValue, given, labels, totals, chosen))
