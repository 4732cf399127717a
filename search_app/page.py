"""From results to what the search page shows: every choice with the address it leads to."""

from dataclasses import dataclass, replace

from search_app.links import parameters, search_url, toggled
from search_app.search.request import Match, SearchRequest, Sort
from search_app.search.results import FacetValue, Results
from search_app.search.service import FACET_SIZE

GROUP_TITLES = {"topic": "Topic", "provider": "Outlet", "type": "Kind", "year": "Year"}
SORT_TITLES = {
    Sort.RELEVANCE: "Best match",
    Sort.NEWEST: "Newest",
    Sort.OLDEST: "Oldest",
    Sort.COVERAGE: "Widest coverage",
}
MATCH_TITLES = {Match.AUTO: "All, then some", Match.ALL: "All words", Match.ANY: "Any word"}
OPEN_VALUES = 8
"""Facet values shown of a group before the reader asks for the rest."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to the same search with one thing changed."""

    label: str
    url: str
    selected: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A group of the sidebar. `rest` is folded away until asked for."""

    name: str
    title: str
    shown: tuple[Choice, ...]
    rest: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All of the search page that is not simply in `results`.

    `chips` are what is selected, each with the address without it; `hidden` the parameters a form
    must carry besides its own fields; `numbers` the page links, `None` where pages are left out.
    """

    results: Results
    groups: tuple[FacetGroup, ...]
    chips: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    matches: tuple[Choice, ...]
    hidden: tuple[tuple[str, str], ...]
    previous_url: str
    next_url: str
    numbers: tuple[Choice | None, ...]
    clear_url: str
    all_url: str
    any_url: str

    @property
    def first(self) -> int:
        """The rank of the page's first hit, from 1."""
        request = self.results.request
        return (request.page - 1) * request.page_size + 1

    @property
    def outlets(self) -> int:
        """How many outlets carried the items found; 0 if the facets do not tell."""
        outlets = self.results.facets["provider"]
        narrowed = any(outlet.selected for outlet in outlets)
        return 0 if narrowed or len(outlets) >= FACET_SIZE else len(outlets)

    def topic(self, topic: str) -> Choice:
        """The same search narrowed to a topic; without it where it is selected."""
        request = self.results.request
        selected = topic in request.selections["topic"]
        return Choice(topic, search_url(toggled(request, "topic", topic)), selected)


def page(results: Results) -> Page:
    """The page of these results."""
    request = results.request
    bare = SearchRequest(q=request.q, match=request.match, sort=request.sort)
    return Page(
        results=results,
        groups=tuple(_group(request, name, values) for name, values in results.facets.items()),
        chips=tuple(_chips(results)),
        sorts=tuple(_sorts(request)),
        matches=tuple(
            Choice(title, search_url(replace(request, match=match, page=1)), match is request.match)
            for match, title in MATCH_TITLES.items()
        ),
        hidden=tuple(
            (name, value) for name, value in parameters(replace(request, page=1)) if name != "q"
        ),
        previous_url=_page_url(results, request.page - 1),
        next_url=_page_url(results, request.page + 1),
        numbers=tuple(_numbers(results)),
        clear_url=search_url(bare),
        all_url=search_url(replace(request, match=Match.ALL, page=1)),
        any_url=search_url(replace(request, match=Match.ANY, page=1)),
    )


def _sorts(request: SearchRequest) -> list[Choice]:
    """Without a query nothing is a better match than anything else, and the newest come first."""
    queried = bool(request.q.strip())
    sorts = [sort for sort in SORT_TITLES if queried or sort is not Sort.RELEVANCE]
    chosen = request.sort if request.sort in sorts else Sort.NEWEST
    return [
        Choice(SORT_TITLES[sort], search_url(replace(request, sort=sort, page=1)), sort is chosen)
        for sort in sorts
    ]


def _group(request: SearchRequest, name: str, values: tuple[FacetValue, ...]) -> FacetGroup:
    choices = [
        Choice(_label(name, v), search_url(toggled(request, name, v.value)), v.selected, v.count)
        for v in values
    ]
    chosen = [choice for choice in choices[OPEN_VALUES:] if choice.selected]
    rest = [choice for choice in choices[OPEN_VALUES:] if not choice.selected]
    return FacetGroup(name, GROUP_TITLES[name], (*choices[:OPEN_VALUES], *chosen), tuple(rest))


def _label(group: str, value: FacetValue) -> str:
    """Kinds are written in lower case, everything else as people write it."""
    return value.label.capitalize() if group == "type" else value.label


def _chips(results: Results) -> list[Choice]:
    request = results.request
    chips = []
    for group, values in results.facets.items():
        for value in values:
            if value.selected:
                url = search_url(toggled(request, group, value.value))
                chips.append(Choice(_label(group, value), url, True))
    if request.since:
        url = search_url(replace(request, since="", page=1))
        chips.append(Choice(f"Since {request.since}", url, True))
    if request.until:
        url = search_url(replace(request, until="", page=1))
        chips.append(Choice(f"Until {request.until}", url, True))
    return chips


def _page_url(results: Results, number: int) -> str:
    if not 1 <= number <= results.pages:
        return ""
    return search_url(replace(results.request, page=number))


def _numbers(results: Results) -> list[Choice | None]:
    """The first page, the last, and those around this one; `None` for each gap."""
    here, last = results.request.page, results.pages
    near = sorted({1, last, *range(here - 2, here + 3)} & set(range(1, last + 1)))
    links: list[Choice | None] = []
    for number, before in zip(near, [0, *near], strict=False):
        if number - before > 1:
            links.append(None)
        links.append(Choice(str(number), _page_url(results, number), number == here))
    return links
