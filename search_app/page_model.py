"""Makes the search page of results: every link with the address it leads to.

Each address repeats the whole search. If that is long, not all addresses fit into the page. `page`
gives room to the most useful ones first: the next and the previous page come first, facets last. An
address that does not fit is empty, and its link is shown as text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace

from indexer.facet_values import value_key
from search_app.links import parameters, search_url, toggled
from search_app.search.query.rewrite import Match
from search_app.search.request import FACET_SIZE, Group, SearchRequest, Sort, Spelling
from search_app.search.results import FacetValue, Hit, Results
from search_app.template_filters import short

GROUP_TITLES = {
    "topic": "Topic",
    "provider": "Outlet",
    "type": "Kind",
    "year": "Year",
    "language": "Language",
}
SORT_TITLES = {
    Sort.RELEVANCE: "Best match",
    Sort.NEWEST: "Newest",
    Sort.OLDEST: "Oldest",
    Sort.COVERAGE: "Widest coverage",
}
GROUPING_TITLES = {Group.NONE: "Every item", Group.STORY: "One per story"}
MATCH_TITLES = {Match.AUTO: "All, then some", Match.ALL: "All words", Match.ANY: "Any word"}
OPEN_VALUES = 8
"""Facet values of a group that are shown before the reader opens the rest."""

LONGEST_LABEL = 60
"""Characters shown of a link's label; a longer one is cut."""


class Link(Struct, frozen=True):
    """A link to the same search with one thing changed. Without `url` there was no room for it."""

    label: str
    url: str
    selected: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A group of the sidebar. `rest` is folded until the reader opens it; `unlisted` counts the
    values for which there was no room."""

    name: str
    title: str
    shown: tuple[Link, ...]
    rest: tuple[Link, ...]
    unlisted: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What the search page shows besides `results`.

    `base` begins every address here. `chips` are the selected values, each with the address without
    it; `hidden_fields` the parameters a form must carry besides its own fields; `numbers` the page
    links, `None` for a gap; `crowded`: there was no room for some of the addresses. `as_typed_url`
    leads to what was asked for and corrected, `did_you_mean_url` to what may have been meant; both
    keep all else.
    """

    results: Results
    base: str
    hidden_fields: tuple[tuple[str, str], ...]
    next_url: str
    previous_url: str
    clear_url: str
    sorts: tuple[Link, ...]
    matches: dict[Match, Link]
    groupings: tuple[Link, ...]
    numbers: tuple[Link | None, ...]
    chips: tuple[Link, ...]
    groups: tuple[FacetGroup, ...]
    crowded: bool
    as_typed_url: str = ""
    did_you_mean_url: str = ""

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

    @property
    def api_fields(self) -> list[tuple[str, str]]:
        """The parameters of the same search of the API, which shows every item by default."""
        return parameters(replace(self.results.request, page=1, default_group=Group.NONE))

    def story_url(self, hit: Hit) -> str:
        """The address of all items of the story of a hit that were found."""
        request = replace(self.results.request, group=Group.NONE, story=hit.story, page=1)
        return search_url(request, self.base)

    def topic(self, topic: str) -> Link:
        """The same search narrowed to a topic; without it where it is selected."""
        request = self.results.request
        chosen = {value_key(value): value for value in request.selections["topic"]}
        value = chosen.get(value_key(topic), topic) if chosen else topic
        url = search_url(toggled(request, "topic", value), self.base)
        return Link(topic, url, value in chosen.values())


_ENTITY = len("&quot;")


@dataclass(slots=True)
class Room:
    """The bytes left on a page: for `addresses` of searches, each of which begins with `base`, and
    for the rest of the `facets`. `crowded` is set once an address did not fit."""

    base: str
    addresses: int = 60_000
    facets: int = 90_000
    crowded: bool = False

    def url(self, request: SearchRequest) -> str:
        """The address of a request; empty if there is no room for it."""
        url = search_url(request, self.base)
        size = len(url) + len("amp;") * url.count("&")
        if size > self.addresses:
            self.crowded = True
            return ""
        self.addresses -= size
        return url

    def holds(self, label: str, markup: int = 170) -> bool:
        """Whether there is room for a facet value with this label; if so, it is taken."""
        size = markup + _ENTITY * len(label)
        if size > self.facets:
            return False
        self.facets -= size
        return True


def page(results: Results, base: str) -> Page:
    """The page of these results, with addresses that begin with `base`. The order of the arguments
    is that in which they take `room`."""
    request, room = results.request, Room(base)
    return Page(
        results=results,
        base=base,
        hidden_fields=tuple(
            (name, value) for name, value in parameters(replace(request, page=1)) if name != "q"
        ),
        as_typed_url=_if(results.corrected, replace(request, spelling=Spelling.OFF, page=1), room),
        did_you_mean_url=_if(
            results.did_you_mean, replace(request, q=results.did_you_mean or "", page=1), room
        ),
        next_url=_page_url(results, request.page + 1, room),
        previous_url=_page_url(results, request.page - 1, room),
        clear_url=room.url(_without_filters(request)),
        sorts=tuple(_sorts(request, room)),
        matches={
            match: Link(
                title, room.url(replace(request, match=match, page=1)), match is request.match
            )
            for match, title in MATCH_TITLES.items()
        },
        groupings=tuple(
            [
                Link(
                    title,
                    room.url(replace(request, group=group, story="", page=1)),
                    group is request.group,
                )
                for group, title in GROUPING_TITLES.items()
            ]
        ),
        numbers=tuple(_numbers(results, room)),
        chips=tuple(_chips(results, room)),
        groups=tuple(_group(request, name, v, room) for name, v in results.facets.items()),
        crowded=room.crowded,
    )


def _if(there: object, request: SearchRequest, room: Room) -> str:
    """The address of a request, if there is a reason to offer it."""
    return room.url(request) if there else ""


def _without_filters(request: SearchRequest) -> SearchRequest:
    return SearchRequest(
        q=request.q,
        match=request.match,
        sort=request.sort,
        group=request.group,
        default_group=request.default_group,
    )


def _sorts(request: SearchRequest, room: Room) -> Iterator[Link]:
    """Without a query nothing is a better match than anything else, and the newest come first."""
    queried = bool(request.q.strip())
    sorts = [sort for sort in SORT_TITLES if queried or sort is not Sort.RELEVANCE]
    chosen = request.sort if request.sort in sorts else Sort.NEWEST
    for sort in sorts:
        url = room.url(replace(request, sort=sort, page=1))
        yield Link(SORT_TITLES[sort], url, sort is chosen)


def _group(
    request: SearchRequest, name: str, values: tuple[FacetValue, ...], room: Room
) -> FacetGroup:
    """The first values are shown, and every selected one; the others are folded."""
    first, later = values[:OPEN_VALUES], values[OPEN_VALUES:]
    chosen = [value for value in later if value.selected]
    others = [value for value in later if not value.selected]
    shown = tuple(_choices(request, name, (*first, *chosen), room))
    rest = tuple(_choices(request, name, others, room))
    return FacetGroup(name, GROUP_TITLES[name], shown, rest, len(values) - len(shown) - len(rest))


def _choices(
    request: SearchRequest, name: str, values: Iterable[FacetValue], room: Room
) -> Iterator[Link]:
    for value in values:
        label = _label(name, value)
        if room.holds(label):
            url = room.url(toggled(request, name, value.value))
            yield Link(label, url, value.selected, value.count)


def _label(group: str, value: FacetValue) -> str:
    """Kinds are written in lower case, everything else as people write it."""
    return short(value.label.capitalize() if group == "type" else value.label, LONGEST_LABEL)


def _chips(results: Results, room: Room) -> Iterator[Link]:
    request = results.request
    for group, values in results.facets.items():
        for value in values:
            if value.selected:
                url = room.url(toggled(request, group, value.value))
                yield Link(_label(group, value), url, True)
    for name, date in (("since", request.since), ("until", request.until)):
        if date:
            url = room.url(replace(request, page=1, **{name: ""}))
            yield Link(f"{name.capitalize()} {date}", url, True)
    if request.story:
        yield Link("One story", room.url(replace(request, page=1, story="")), True)


def _page_url(results: Results, number: int, room: Room) -> str:
    if not 1 <= number <= results.pages:
        return ""
    return room.url(replace(results.request, page=number))


def _numbers(results: Results, room: Room) -> Iterator[Link | None]:
    """The first page, the last, and those around this one; `None` for each gap."""
    here, last = results.request.page, results.pages
    near = sorted({1, last, *range(here - 2, here + 3)} & set(range(1, last + 1)))
    for number, before in zip(near, [0, *near], strict=False):
        if number - before > 1:
            yield None
        yield Link(str(number), _page_url(results, number, room), number == here)
