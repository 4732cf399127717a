"""What a search finds, counted only: by date, and by the values of one facet group."""

import time
from collections.abc import Set

from msgspec.structs import replace

from indexer.schema import FACETS
from search_app.search.answering import Answer, Wanted, answer_to
from search_app.search.filters import Filters, understood
from search_app.search.highlighting.marking_cost import CostLimit
from search_app.search.protocols import Buckets, Histogram, Searcher
from search_app.search.query.synonyms import NO_SYNONYMS, Synonyms
from search_app.search.query.tree import Note
from search_app.search.request import FacetRequest, SearchRequest, TimelineRequest
from search_app.search.results import FacetResults, TimelineResults
from search_app.search.service import shown_values
from search_app.search.signals import NO_SIGNALS
from search_app.search.timeline import presets, timeline

MAX_BUCKETS = 1_000
"""Buckets of the interval that was asked for; if there are more, a longer one is taken."""


def items_by_date(
    searcher: Searcher,
    request: TimelineRequest,
    notes: tuple[Note, ...] = (),
    synonyms: Synonyms = NO_SYNONYMS,
    most: int = MAX_BUCKETS,
) -> TimelineResults:
    """What the search of a request finds, by date. `notes` and `synonyms` as of a search."""
    began = time.perf_counter()
    asked = Buckets(request.interval, most) if request.interval else Buckets()
    wanted = Wanted(hits=False, facet_size=0, buckets=asked)
    filters, answer = _answered(searcher, request.search, wanted, synonyms)
    found = timeline(answer.found.histogram or Histogram(asked.finest), filters.request)
    more = []
    if request.interval and found.interval is not request.interval:
        message = (
            f"there are more than {most:,} {request.interval}s from the first item to the last, so "
            f"these are {found.interval}s; narrow the dates to see {request.interval}s"
        )
        more.append(Note("coarser_interval", message, 0, 0))
    newest = searcher.stats().newest
    return TimelineResults(
        query=filters.request.q,
        total=answer.found.total,
        relaxed=answer.found.relaxed,
        interval=found.interval,
        buckets=found.buckets,
        undated=found.undated,
        presets=presets(newest) if newest else (),
        corrected=answer.corrected,
        notes=(*notes, *answer.notes(filters, CostLimit()), *more),
        took_ms=_since(began),
        generation=searcher.generation,
    )


def values_of_facet(
    searcher: Searcher,
    request: FacetRequest,
    notes: tuple[Note, ...] = (),
    synonyms: Synonyms = NO_SYNONYMS,
) -> FacetResults:
    """The values of a facet group that a request asks for, each with its count in what the search
    finds. As in a search, the group's own selection does not count."""
    began = time.perf_counter()
    group, end = request.group, request.offset + request.limit
    listed: dict[str, Set[str]] = {name: frozenset() for name in FACETS if name != group}
    if request.prefix:
        listed[group] = searcher.vocabulary.beginning(group, request.prefix)
    wanted = Wanted(hits=False, facet_size=end, facet_values=listed)
    filters, answer = _answered(searcher, request.search, wanted, synonyms)
    size = answer.found.facet_sizes[group]
    counts, chosen = answer.found.facets[group], filters.selections[group]
    return FacetResults(
        query=filters.request.q,
        group=group,
        prefix=request.prefix,
        offset=request.offset,
        of=size,
        values=shown_values(searcher, group, counts[request.offset : min(end, size)], chosen),
        selected=shown_values(searcher, group, [one for one in counts if one[0] in chosen], chosen),
        corrected=answer.corrected,
        notes=(*notes, *answer.notes(filters, CostLimit())),
        took_ms=_since(began),
        generation=searcher.generation,
    )


def _answered(
    searcher: Searcher, request: SearchRequest, wanted: Wanted, synonyms: Synonyms
) -> tuple[Filters, Answer]:
    """The answer to a request of which no page is shown, and no score."""
    filters = understood(replace(request, page=1, explain=False), searcher.vocabulary)
    return filters, answer_to(searcher, filters, synonyms, None, NO_SIGNALS, wanted)


def _since(began: float) -> float:
    """Milliseconds."""
    return round((time.perf_counter() - began) * 1000, 3)
