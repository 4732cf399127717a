"""Addresses of searches. Every choice on a page is a link, so the back button always works."""

from functools import lru_cache
from urllib.parse import quote, quote_plus

from msgspec.structs import replace

from indexer.schema import FACETS
from search_app.search.request import SearchRequest

_DEFAULTS = SearchRequest()


def parameters(request: SearchRequest) -> list[tuple[str, str]]:
    """The parameters that give this request, defaults left out, in a fixed order."""
    pairs = [("q", request.q)] if request.q else []
    pairs += [(group, value) for group in FACETS for value in request.selections[group]]
    defaults = {"group": request.default_group, "page_size": request.default_page_size}
    for name in (
        *("since", "until", "sort", "match", "spelling", "group", "story", "page_size", "page"),
    ):
        value = getattr(request, name)
        if value != defaults.get(name, getattr(_DEFAULTS, name)):
            pairs.append((name, str(value)))
    return pairs


def search_url(request: SearchRequest) -> str:
    """The page of a request; `/` for the empty one."""
    query = "&".join([_encoded(name, value) for name, value in parameters(request)])
    return f"/search?{query}" if query else "/"


@lru_cache(maxsize=1024)
def _encoded(name: str, value: str) -> str:
    """One parameter of an address; cached, as all addresses of a page share most parameters."""
    return f"{name}={quote_plus(value)}"


def toggled(request: SearchRequest, group: str, value: str) -> SearchRequest:
    """The request with a facet value added or taken away, from the first page."""
    chosen = request.selections[group]
    changed = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
    return replace(request, selections={**request.selections, group: changed}, page=1)


def item_url(id: str) -> str:
    """The page of an item."""
    return f"/items/{quote(id)}"
