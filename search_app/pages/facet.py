"""The page of all values of a facet group in what a search finds, to choose several from."""

from msgspec import Struct

from search_app.links import SearchLinks, parameters, search_links
from search_app.pages.carried import hidden_fields
from search_app.pages.display import Display
from search_app.pages.filters import TITLES, Value, checkboxes
from search_app.pages.told import searched, sentences
from search_app.search.request import FacetRequest
from search_app.search.results import FacetResults


class FacetPage(Struct, frozen=True):
    """`path` is the page's own; `hidden` are the parameters of the search that the box has not, and
    `carried` those of which nothing here is a checkbox. `range` says which of the values are shown,
    `chosen` are those chosen that are not among them."""

    path: str
    query: str
    searched: str
    group: str
    title: str
    plural: str
    prefix: str
    range: str
    hidden: tuple[tuple[str, str], ...]
    carried: tuple[tuple[str, str], ...]
    chosen: tuple[Value, ...]
    values: tuple[Value, ...]
    back_url: str
    previous_url: str
    next_url: str
    notes: tuple[str, ...]


def facet_page(asked: FacetRequest, found: FacetResults, display: Display) -> FacetPage:
    """The page of what a request found."""
    request, group = asked.search, asked.group
    links = search_links(request, display.base)
    title, plural = TITLES[group]
    end = found.offset + len(found.values)
    return FacetPage(
        path=f"{display.base}/search/facets/{group}",
        query=request.q,
        searched=searched(request.q, found.corrected),
        group=group,
        title=title,
        plural=plural,
        prefix=found.prefix,
        range=f"{found.offset + 1:,}–{end:,} of {found.of:,}" if found.values else "",
        hidden=hidden_fields(links.parameters),
        carried=tuple([pair for pair in parameters(request) if pair[0] not in (group, "page")]),
        chosen=checkboxes(group, [one for one in found.selected if one not in found.values]),
        values=checkboxes(group, found.values),
        back_url=links.changed(),
        previous_url=_at(asked, links, found.offset - asked.limit) if found.offset else "",
        next_url=_at(asked, links, end) if end < found.of else "",
        notes=sentences(found.notes, found.corrected),
    )


def _at(asked: FacetRequest, links: SearchLinks, offset: int) -> str:
    """The same page with the values from another one on."""
    return links.changed(
        f"/search/facets/{asked.group}",
        prefix=asked.prefix,
        offset=str(offset) if offset > 0 else "",
    )
