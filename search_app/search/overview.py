"""What an index holds at a glance: its newest stories, those that most outlets carried lately, and
how its items spread over topics, outlets and time."""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from search_app.search.answering import Wanted
from search_app.search.intervals import Interval
from search_app.search.protocols import Searcher
from search_app.search.request import Group, SearchRequest, Sort
from search_app.search.results import FacetValue, Hit
from search_app.search.service import search
from search_app.search.timeline import presets

MANY = 4
"""So many outlets' stories of a span of time are enough to show; else a longer span is tried."""


class Overview(Struct, frozen=True):
    """An index at a glance. `topics` and `outlets` are the most frequent of `topics_in_all` and
    `outlets_in_all`, with counts of items or of stories, as facets have them. `covered` are the
    stories carried by several outlets, the most widely carried first, of the items since
    `covered_since`, or of all if that is empty. `newest`, and `covered` since a date, leave out
    what is dated in the future, unless there is nothing else. `first` is the day of the oldest
    item, `last` that of the newest one that is not of the future."""

    items: int
    newest: tuple[Hit, ...]
    covered: tuple[Hit, ...]
    covered_since: str
    topics: tuple[FacetValue, ...]
    topics_in_all: int
    outlets: tuple[FacetValue, ...]
    outlets_in_all: int
    first: date | None
    last: date | None


def overview(
    searcher: Searcher, today: date, group: Group = Group.NONE, most: int = 8, values: int = 12
) -> Overview:
    """At most `most` stories of each kind and `values` of each group, as of a day in UTC. Facets
    count items, or stories, as `group` says."""
    wanted = Wanted(marks=False, facet_size=values)
    newest = SearchRequest(sort=Sort.NEWEST, group=group, page_size=2 * most)
    found = search(searcher, newest, wanted=wanted)
    last = searcher.stats().newest
    since, covered = _covered(searcher, last, today, most)
    dates = [hit.item.article.published for hit in _oldest(searcher)]
    return Overview(
        items=found.total,
        newest=tuple(_one_per_story(_until(today, searcher, newest, found.hits)))[:most],
        covered=covered,
        covered_since=since,
        topics=found.facets["topic"],
        topics_in_all=found.facet_sizes["topic"],
        outlets=found.facets["provider"],
        outlets_in_all=found.facet_sizes["provider"],
        first=next((moment.date() for moment in dates if moment), None),
        last=last,
    )


def _until(
    today: date, searcher: Searcher, newest: SearchRequest, hits: tuple[Hit, ...]
) -> tuple[Hit, ...]:
    """The newest hits that are not of the days after today, and those without a date that were
    found; all that were found if there are no others."""
    dates = [hit.item.article.published for hit in hits]
    if not any(moment and moment.date() > today for moment in dates):
        return hits
    past = search(
        searcher, replace(newest, until=today.isoformat()), wanted=Wanted(marks=False, facet_size=0)
    ).hits
    undated = [hit for hit, moment in zip(hits, dates, strict=True) if not moment]
    return (*past, *undated) or hits


def _oldest(searcher: Searcher) -> tuple[Hit, ...]:
    """The oldest item; one without a date if none has any."""
    request = SearchRequest(sort=Sort.OLDEST, page_size=1)
    return search(searcher, request, wanted=Wanted(marks=False, facet_size=0)).hits


def _covered(
    searcher: Searcher, last: date | None, today: date, most: int
) -> tuple[str, tuple[Hit, ...]]:
    """The stories that most outlets carried in the last month of an index until today, or a year or
    all of it if these are few; and since when."""
    spans = {preset.interval: preset.since for preset in presets(last)} if last else {}
    for since in (spans.get(Interval.MONTH), spans.get(Interval.YEAR), ""):
        if since is not None:
            until = today.isoformat() if since else ""
            request = SearchRequest(
                sort=Sort.COVERAGE, group=Group.STORY, since=since, until=until, page_size=most
            )
            hits = search(searcher, request, wanted=Wanted(marks=False, facet_size=0)).hits
            covered = tuple([hit for hit in hits if hit.outlets > 1])
            if len(covered) >= MANY:
                break
    return since or "", covered


def _one_per_story(hits: Iterable[Hit]) -> Iterator[Hit]:
    seen: set[str] = set()
    for hit in hits:
        if not hit.story or hit.story not in seen:
            seen.add(hit.story)
            yield hit
