"""A page of results, made in one pass of what a search found.

A page has a bound on its bytes, so whoever shows one tries levels of detail until it fits. What
does not repeat in each hit is bounded here: a search that is too long is not repeated in links that
a reader can do without.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from indexer.schema import FACETS
from search_app.detail import Detail
from search_app.links import SearchLinks, search_links
from search_app.pages.carried import hidden_fields
from search_app.pages.display import Display
from search_app.pages.filters import (
    MOST_VALUES,
    Chip,
    Choice,
    Dates,
    FacetGroup,
    chips,
    dates,
    facet_groups,
)
from search_app.pages.help import Example
from search_app.pages.hits import HitView, HitViews
from search_app.search.answering import Wanted
from search_app.search.protocols import Buckets
from search_app.search.query.rewrite import Match
from search_app.search.request import Group, SearchRequest, Sort, Spelling
from search_app.search.results import Results
from search_app.template_filters import sentence, short

WANTED = Wanted(
    facet_size=MOST_VALUES,
    facet_values={"year": frozenset()},
    buckets=Buckets(most=36),
    presets=True,
)
"""What of a search a page shows."""

SORTS = {
    Sort.RELEVANCE: ("Best match", "best match first"),
    Sort.NEWEST: ("Newest", "sorted by newest"),
    Sort.OLDEST: ("Oldest", "sorted by oldest"),
    Sort.COVERAGE: ("Most covered", "most covered first"),
}
"""What an order is called, and how a page tells that it has it."""

MATCHES = {Match.AUTO: "All, then some", Match.ALL: "All words", Match.ANY: "Any word"}
GROUPINGS = {Group.NONE: "Every item", Group.STORY: "One per story"}

Option = TypeVar("Option", bound=StrEnum)

LONGEST_SHOWN = 200
"""Characters of a query that a page repeats besides the box."""


class SearchPage(Struct, frozen=True):
    """What the search page shows, all of it plain values.

    `query` is what the box holds, `searched` what the results are for. `summary` says in a sentence
    what is found. `hidden` are the parameters that the form carries besides its controls;
    `numbers` the page links, `None` for a gap; `spelling` is what the button that applies filters
    sends to keep a query as it was typed. Without an address something is no link.
    """

    base: str
    query: str
    searched: str
    summary: str
    hidden: tuple[tuple[str, str], ...]
    figure: str
    noun: str
    range: str
    entries: int
    total: int
    first: int
    corrected: str
    as_typed_url: str
    did_you_mean: str
    did_you_mean_url: str
    relaxed: str
    all_words_url: str
    any_word_url: str
    notes: tuple[str, ...]
    is_long: bool
    chips: tuple[Chip, ...]
    clear_url: str
    sorts: tuple[Choice, ...]
    matches: tuple[Choice, ...]
    groupings: tuple[Choice, ...]
    groups: tuple[FacetGroup, ...]
    dates: Dates
    spelling: str
    hits: tuple[HitView, ...]
    numbers: tuple[Choice | None, ...]
    previous_url: str
    next_url: str
    first_url: str
    feed_url: str
    api_url: str
    csv_url: str
    took: str
    generation: str
    examples: tuple[Example, ...]


def search_page(
    results: Results, display: Display, detail: Detail, examples: tuple[Example, ...] = ()
) -> SearchPage:
    """The page of these results, with its hits in this detail; `examples` say what can be asked
    where nothing is found."""
    request = results.request
    links = search_links(request, display.base)
    query = request.q.strip()
    searched = short(results.corrected.query if results.corrected else query, LONGEST_SHOWN)
    selected = chips(results, links)
    groups = facet_groups(results, links)
    noun = _noun(results)
    view = HitViews(request, links, display, detail).view
    group = "" if request.group is Group.NONE else request.group  # programs have another default
    return SearchPage(
        base=display.base,
        query=request.q,
        searched=searched,
        summary=_summary(results, searched, noun),
        hidden=hidden_fields(request, {"since", "until", *[group.name for group in groups]}),
        figure=f"{results.entries:,}" if results.entries else "No",
        noun=noun,
        range=_range(results),
        entries=results.entries,
        total=results.total,
        first=(request.page - 1) * request.page_size + 1,
        corrected=searched if results.corrected else "",
        as_typed_url=links.changed(spelling=Spelling.OFF) if results.corrected else "",
        did_you_mean=short(results.did_you_mean or "", LONGEST_SHOWN),
        did_you_mean_url=links.changed(q=results.did_you_mean) if results.did_you_mean else "",
        relaxed=_relaxed(results) if results.relaxed else "",
        all_words_url=links.changed(match=Match.ALL)
        if results.relaxed and results.complete
        else "",
        any_word_url=_any_word_url(request, links) if not results.total else "",
        notes=tuple([f"{sentence(note.message)}." for note in results.notes]),
        is_long=links.is_long,
        chips=selected,
        clear_url=_without_filters(links) if selected else "",
        sorts=_sorts(request, links),
        matches=_choices(MATCHES, "match", request.match, Match.AUTO, links) if query else (),
        groupings=_choices(GROUPINGS, "group", request.group, request.default_group, links),
        groups=groups,
        dates=dates(results, links),
        spelling="" if request.spelling is Spelling.ON else Spelling.OFF,
        hits=tuple([view(hit) for hit in results.hits]),
        numbers=_numbers(results, links),
        previous_url=_page_url(results, request.page - 1, links),
        next_url=_page_url(results, request.page + 1, links),
        first_url=links.changed(),
        feed_url=_feed_url(request, links, group),
        api_url=links.changed("/api/search", group=group),
        csv_url=links.changed("/search.csv", group=group),
        took=f"{max(results.took_ms, 1):.0f}",
        generation=results.generation,
        examples=examples,
    )


_UNFILTERED = {**dict.fromkeys(FACETS, ""), "since": "", "until": "", "story": ""}
"""The parameters that narrow a search."""


def _feed_url(request: SearchRequest, links: SearchLinks, group: str) -> str:
    """The feed of what a page shows: its newest items, whatever the order and number of the page's
    hits, and with all words unless the page asks for any."""
    match = Match.ANY if request.match is Match.ANY else ""
    return links.changed("/search.atom", sort="", match=match, group=group, page_size="")


def _noun(results: Results) -> str:
    """What the entries of a page are."""
    if results.stories is None:
        return "item" if results.total == 1 else "items"
    return "story" if results.stories == 1 else "stories"


def _sort(request: SearchRequest) -> Sort:
    """The order of the hits. Without a query nothing is a better match than anything else, and the
    newest come first."""
    is_newest = request.sort is Sort.RELEVANCE and not request.q.strip()
    return Sort.NEWEST if is_newest else request.sort


def _summary(results: Results, searched: str, noun: str) -> str:
    """`42 stories for climate, sorted by newest, page 2`."""
    request = results.request
    found = f"{results.entries:,} {noun}" if results.entries else f"No {noun}"
    parts = [f"{found} for {searched}" if searched else found]
    if results.hits:
        parts.append(SORTS[_sort(request)][1])
    if request.page > 1:
        parts.append(f"page {request.page:,}")
    return ", ".join(parts)


def _range(results: Results) -> str:
    """`in 34 items, from 12 outlets, 11–20 shown`; what tells nothing is left out."""
    if not results.hits:
        return ""
    parts = []
    if results.stories is not None:
        parts.append(f"in {results.total:,} {'item' if results.total == 1 else 'items'}")
    outlets = results.facet_sizes.get("provider", 0)
    if outlets > 1 and not results.request.selections["provider"]:
        parts.append(f"carried by {outlets:,} outlets")
    if results.pages > 1:
        first = (results.request.page - 1) * results.request.page_size + 1
        parts.append(f"{first:,}–{first + len(results.hits) - 1:,} shown")
    return ", ".join(parts)


def _relaxed(results: Results) -> str:
    """That some of the hits have only some of the words."""
    if not results.complete:
        return "No item holds all the words; these hold some of them."
    items = "1 item holds" if results.complete == 1 else f"{results.complete:,} items hold"
    return f"Only {items} all the words; items with some of them follow."


def _any_word_url(request: SearchRequest, links: SearchLinks) -> str:
    """The address of the items with any of the words, if that finds more."""
    is_wider = len(request.q.split()) > 1 and request.match is not Match.ANY
    return links.changed(match=Match.ANY) if is_wider else ""


def _without_filters(links: SearchLinks) -> str:
    return links.changed(page_size="", spelling="", **_UNFILTERED)


def _sorts(request: SearchRequest, links: SearchLinks) -> tuple[Choice, ...]:
    chosen = _sort(request)
    sorts = SORTS if request.q.strip() else [sort for sort in SORTS if sort is not Sort.RELEVANCE]
    return tuple(
        [
            Choice(
                SORTS[sort][0],
                links.changed(sort="" if sort is Sort.RELEVANCE else sort),
                sort is chosen,
            )
            for sort in sorts
        ]
    )


def _choices(
    titles: Mapping[Option, str],
    name: str,
    chosen: Option,
    default: Option,
    links: SearchLinks,
) -> tuple[Choice, ...]:
    """The values of a parameter as links; none if the search is too long."""
    if links.is_long:
        return ()
    return tuple(
        [
            Choice(
                title,
                links.changed(**{"story": "", name: "" if value is default else value}),
                value is chosen,
            )
            for value, title in titles.items()
        ]
    )


def _page_url(results: Results, number: int, links: SearchLinks) -> str:
    if not 1 <= number <= results.pages:
        return ""
    return links.changed(page="" if number == 1 else str(number))


def _numbers(results: Results, links: SearchLinks) -> tuple[Choice | None, ...]:
    """The first page, the last, and those around this one; `None` for each gap. If the search is
    too long, only this one."""
    here, last = results.request.page, results.pages
    if last < 2:
        return ()
    if links.is_long:
        return (Choice(f"{here:,}", "", True),)
    near = [one for one in sorted({1, last, *range(here - 2, here + 3)}) if 1 <= one <= last]
    numbers: list[Choice | None] = []
    for number, before in zip(near, [0, *near], strict=False):
        if number - before > 1:
            numbers.append(None)
        numbers.append(Choice(str(number), _page_url(results, number, links), number == here))
    return tuple(numbers)
