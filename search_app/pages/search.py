"""A page of results, made in one pass of what a search found.

A page has a bound on its bytes, so whoever shows one tries levels of detail until it fits. What
does not repeat in each hit is bounded here: a search that is too long is not repeated in links that
a reader can do without.
"""

from datetime import date

from msgspec import Struct

from search_app.detail import Detail
from search_app.links import SearchLinks, search_links
from search_app.pages.carried import hidden_fields
from search_app.pages.display import Display
from search_app.pages.filters import MOST_VALUES, Choice, Filters, choices, filters
from search_app.pages.help import Example
from search_app.pages.hits import HitView, HitViews
from search_app.pages.told import LONGEST_SHOWN, searched, sentences
from search_app.search.answering import Wanted
from search_app.search.protocols import Buckets
from search_app.search.query.rewrite import Match
from search_app.search.request import Group, SearchRequest, Sort, Spelling
from search_app.search.results import Results
from search_app.template_filters import counted, short

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


class Spelt(Struct, frozen=True):
    """That results are for another spelling than the one that was typed, or that there is one."""

    corrected: str
    as_typed_url: str
    did_you_mean: str
    did_you_mean_url: str


class About(Struct, frozen=True):
    """What there is to say about the results: that some have only some of the words, and where to
    find those with all of them; and notes."""

    relaxed: str
    all_words_url: str
    notes: tuple[str, ...]


class Paging(Struct, frozen=True):
    """The number of the first hit, and the other pages: `None` stands for a gap between their
    numbers."""

    first: int
    numbers: tuple[Choice | None, ...]
    previous_url: str
    next_url: str


class Shapes(Struct, frozen=True):
    """Where the search gives something else than a page."""

    feed_url: str
    api_url: str
    csv_url: str


class Advice(Struct, frozen=True):
    """Where a search that finds nothing, or nothing more, can lead."""

    first_url: str
    any_word_url: str
    examples: tuple[Example, ...]


class SearchPage(Struct, frozen=True):
    """What the search page shows, all of it plain values.

    `query` is what the box holds, `searched` what the results are for. `summary` says in a sentence
    what is found. `hidden` are the parameters that the form carries besides its controls;
    `spelling` is what the button that applies filters sends to keep a query as it was typed.
    Without an address something is no link.
    """

    query: str
    searched: str
    summary: str
    hidden: tuple[tuple[str, str], ...]
    figure: str
    noun: str
    range: str
    entries: int
    total: int
    spelt: Spelt
    about: About
    is_long: bool
    filters: Filters
    kept: tuple[str, str] | None
    sorts: tuple[Choice, ...]
    hits: tuple[HitView, ...]
    paging: Paging
    advice: Advice | None
    shapes: Shapes
    took: str
    generation: str


def search_page(
    results: Results,
    display: Display,
    detail: Detail,
    today: date,
    examples: tuple[Example, ...] = (),
) -> SearchPage:
    """The page of these results on a day in UTC, with its hits in this detail; `examples` say what
    can be asked where nothing is found."""
    request = results.request
    links = search_links(request, display.base)
    sought = searched(request.q, results.corrected)
    narrowing, noun = filters(results, links), _noun(results)
    controls = {"since", "until", *[group.name for group in narrowing.groups]}
    kept = _kept(links)
    view = HitViews(request, links, display, detail, today).view
    return SearchPage(
        query=request.q,
        searched=sought,
        summary=_summary(results, sought, noun),
        hidden=(*hidden_fields(links.parameters, controls), *kept[1:]),
        figure=f"{results.entries:,}" if results.entries else "No",
        noun=noun,
        range=_range(results),
        entries=results.entries,
        total=results.total,
        spelt=_spelt(results, links, sought),
        about=_about(results, links),
        is_long=links.is_long,
        filters=narrowing,
        kept=kept[0] if kept else None,
        sorts=_sorts(request, links),
        hits=tuple([view(hit) for hit in results.hits]),
        paging=_paging(results, links),
        advice=None if results.hits else _advice(results, links, examples),
        shapes=_shapes(results, links),
        took=f"{max(results.took_ms, 1):.0f}",
        generation=results.generation,
    )


def _kept(links: SearchLinks) -> list[tuple[str, str]]:
    """What of a search another query is not to have, but other filters are. A button sends one
    parameter: the first. If there is a second, the form must carry it."""
    return [pair for name in ("story", "spelling") for pair in links.parameters if pair[0] == name]


def _spelt(results: Results, links: SearchLinks, sought: str) -> Spelt:
    corrected, meant = results.corrected, results.did_you_mean
    return Spelt(
        sought if corrected else "",
        links.changed(spelling=Spelling.OFF) if corrected else "",
        short(meant or "", LONGEST_SHOWN),
        links.changed(q=meant) if meant else "",
    )


def _about(results: Results, links: SearchLinks) -> About:
    return About(
        _relaxed(results) if results.relaxed else "",
        links.changed(match=Match.ALL) if results.relaxed and results.complete else "",
        sentences(results.notes),
    )


def _advice(results: Results, links: SearchLinks, examples: tuple[Example, ...]) -> Advice:
    return Advice(
        links.changed(), "" if results.total else _any_word_url(results.request, links), examples
    )


def _shapes(results: Results, links: SearchLinks) -> Shapes:
    """The addresses of the search in other shapes. Its feed has the newest items of what was
    sought, whatever the order and number of the page's hits, and with all words unless the page
    asks for any."""
    request, corrected = results.request, results.corrected
    query = {"q": corrected.query} if corrected else {}
    group = "" if request.group is Group.NONE else request.group  # programs have another default
    match = Match.ANY if request.match is Match.ANY else ""
    return Shapes(
        links.changed(
            "/search.atom",
            **query,
            **{"sort": "", "match": match, "spelling": "", "group": group, "page_size": ""},
        ),
        links.changed("/api/search", group=group),
        links.changed("/search.csv", group=group),
    )


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


def _summary(results: Results, sought: str, noun: str) -> str:
    """`42 stories for climate, sorted by newest, page 2`."""
    request = results.request
    found = f"{results.entries:,} {noun}" if results.entries else f"No {noun}"
    parts = [f"{found} for {sought}" if sought else found]
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
        parts.append(f"in {counted(results.total, 'item')}")
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


def _sorts(request: SearchRequest, links: SearchLinks) -> tuple[Choice, ...]:
    chosen = _sort(request)
    titles = {sort: title for sort, (title, _) in SORTS.items()}
    if not request.q.strip():
        del titles[Sort.RELEVANCE]
    values = ["" if sort is Sort.RELEVANCE else sort for sort in titles]
    return choices(titles, links.each("sort", values), chosen)


def _paging(results: Results, links: SearchLinks) -> Paging:
    """The first page, the last, and those around this one. If the search is too long, only this
    one has a number."""
    request, last = results.request, results.pages
    here, size = request.page, request.page_size
    near = [one for one in sorted({1, last, *range(here - 2, here + 3)}) if 1 <= one <= last]
    urls = dict(
        zip(near, links.each("page", ["" if n == 1 else str(n) for n in near]), strict=True)
    )
    numbers: list[Choice | None] = []
    for number, before in zip(near, [0, *near], strict=False):
        if number - before > 1:
            numbers.append(None)
        numbers.append(Choice(str(number), urls[number], number == here))
    if links.is_long:
        numbers = [Choice(f"{here:,}", "", True)]
    return Paging(
        (here - 1) * size + 1,
        tuple(numbers) if last > 1 else (),
        urls.get(here - 1, ""),
        urls.get(here + 1, ""),
    )
