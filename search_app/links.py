"""The address of a search: every link on the page is one, so the back button always works."""

from dataclasses import replace
from urllib.parse import quote, urlencode

from indexer.schema import FACETS
from search_app.search.request import PAGE_SIZE, SearchRequest


def parameters(request: SearchRequest) -> list[tuple[str, str]]:
    """The parameters that give this request, defaults left out, in a fixed order."""
    pairs = [("q", request.q)]
    for group in FACETS:
        pairs += [(group, value) for value in request.selections[group]]
    pairs += [("since", request.since), ("until", request.until)]
    plain = SearchRequest()
    if request.sort is not plain.sort:
        pairs.append(("sort", request.sort))
    if request.match is not plain.match:
        pairs.append(("match", request.match))
    if request.page_size != PAGE_SIZE:
        pairs.append(("page_size", str(request.page_size)))
    if request.page != 1:
        pairs.append(("page", str(request.page)))
    return [(name, str(value)) for name, value in pairs if value]


def search_url(request: SearchRequest) -> str:
    """The page of a request; `/` for the empty one."""
    query = urlencode(parameters(request))
    return f"/search?{query}" if query else "/"


def toggled(request: SearchRequest, group: str, value: str) -> SearchRequest:
    """The request with a facet value added or taken away, from the first page."""
    chosen = request.selections[group]
    changed = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
    return replace(request, selections={**request.selections, group: changed}, page=1)


def item_url(id: str) -> str:
    """The page of an item."""
    return f"/items/{quote(id)}"
