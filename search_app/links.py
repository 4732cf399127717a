"""Addresses of searches and items. Every choice on a page is a link, so the back button works.

Each begins with `base`, the path under which readers find the application: empty, or `/news`. For
what is read away from the site, scheme and host stand before it (`absolute_links.absolute_base`).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

from msgspec.structs import replace

from indexer.schema import FACETS
from search_app.search.request import SearchRequest

_DEFAULTS = SearchRequest()


def base_of(environ: Mapping[str, Any]) -> str:
    """The base of the addresses in the answer to a WSGI request, without a slash at its end."""
    return quote(environ.get("SCRIPT_NAME", "").rstrip("/"), encoding="latin-1")


def parameters(request: SearchRequest, usual: SearchRequest = _DEFAULTS) -> list[tuple[str, str]]:
    """The parameters that give this request, those left out that it shares with the `usual` one, in
    a fixed order."""
    pairs = [("q", request.q)] if request.q else []
    pairs += [(group, value) for group in FACETS for value in request.selections[group]]
    defaults = {"group": request.default_group, "page_size": request.default_page_size}
    for name in (
        *("since", "until", "sort", "match", "spelling", "group", "story", "page_size", "page"),
    ):
        value = getattr(request, name)
        if value != defaults.get(name, getattr(usual, name)):
            pairs.append((name, str(value)))
    return pairs


def search_url(request: SearchRequest, base: str) -> str:
    """The page of a request; the front page for the empty one."""
    query = "&".join([_encoded(name, value) for name, value in parameters(request)])
    return f"{base}/search?{query}" if query else f"{base}/"


def view_url(path: str, request: SearchRequest, base: str, usual: SearchRequest = _DEFAULTS) -> str:
    """A request in another shape than a page: a feed, an export. `usual` is what the path gives if
    no parameters are given."""
    query = "&".join([_encoded(name, value) for name, value in parameters(request, usual)])
    return f"{base}{path}?{query}" if query else f"{base}{path}"


@lru_cache(maxsize=1024)
def _encoded(name: str, value: str) -> str:
    """One parameter of an address; cached, as all addresses of a page share most parameters."""
    return f"{name}={quote_plus(value)}"


def toggled(request: SearchRequest, group: str, value: str) -> SearchRequest:
    """The request with a facet value added or taken away, from the first page."""
    chosen = request.selections[group]
    changed = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
    return replace(request, selections={**request.selections, group: changed}, page=1)


def item_url(id: str, base: str) -> str:
    """The page of an item."""
    return f"{base}/items/{quote(id)}"
