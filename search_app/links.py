"""Addresses of searches and items. Every choice on a page is a link, so the back button works.

Each begins with `base`, the path under which readers find the application: empty, or `/news`. For
what is read away from the site, scheme and host stand before it (`absolute_links.absolute_base`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_letters, digits
from typing import Any
from urllib.parse import quote, quote_plus

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
    query = "&".join([encoded(name, value) for name, value in parameters(request)])
    return f"{base}/search?{query}" if query else f"{base}/"


def view_url(path: str, request: SearchRequest, base: str, usual: SearchRequest = _DEFAULTS) -> str:
    """A request in another shape than a page: a feed, an export. `usual` is what the path gives if
    no parameters are given."""
    query = "&".join([encoded(name, value) for name, value in parameters(request, usual)])
    return f"{base}{path}?{query}" if query else f"{base}{path}"


@lru_cache(maxsize=1024)
def encoded(name: str, value: str) -> str:
    """One parameter of an address; cached, as all addresses of a page share most parameters."""
    return f"{name}={quote_plus(value)}"


_PLAIN = f"{ascii_letters}{digits}/-_.~".encode()
"""What `quote` leaves as it is, and most ids consist of."""


def item_url(id: str, base: str) -> str:
    """The page of an item."""
    return f"{base}/items/{quote(id) if id.encode().translate(None, _PLAIN) else id}"


LONG = 600
"""Bytes of a query string from which a page repeats it only in the links that it cannot do
without."""


@dataclass(frozen=True, slots=True)
class SearchLinks:
    """The addresses to which a page of results leads: each is that of the same search with
    something changed. `parameters` are those of the search, with their values; `pairs` are the same
    but for the page, each with its name, encoded once for all addresses, and `query` all of them;
    `own` is the query string of the page itself. `is_long`: a page must not repeat the search in
    each of its links."""

    base: str
    parameters: Sequence[tuple[str, str]]
    pairs: tuple[tuple[str, str], ...]
    names: frozenset[str]
    query: str
    own: str
    is_long: bool

    def changed(self, path: str = "/search", **parameters: str) -> str:
        """The first page of the search with other values of some parameters; without those that
        have none."""
        query = self._without(parameters)
        for name, value in parameters.items():
            if value:
                added = encoded(name, value)
                query = f"{query}&{added}" if query else added
        return f"{self.base}{path}?{query}" if query else self.base + path

    def each(self, name: str, values: Iterable[str], **others: str) -> list[str]:
        """What `changed` gives with each of these values of a parameter."""
        bare = self.changed(**{**others, name: ""})
        beginning = f"{bare}&" if "?" in bare else f"{bare}?"
        return [f"{beginning}{encoded(name, value)}" if value else bare for value in values]

    def beginning(self, path: str = "/search", **parameters: str) -> str:
        """What `changed` gives, so that one more parameter can be written behind it."""
        address = self.changed(path, **parameters)
        return f"{address}&" if "?" in address else f"{address}?"

    def without(self, *given: tuple[str, str]) -> str:
        """The first page of the search without some of its parameters, named with their values."""
        left_out = [encoded(name, value) for name, value in given]
        query = "&".join([text for _, text in self.pairs if text not in left_out])
        return f"{self.base}/search?{query}" if query else f"{self.base}/search"

    def _without(self, names: Collection[str]) -> str:
        """The query string without some parameters."""
        if self.names.isdisjoint(names):
            return self.query
        return "&".join([text for name, text in self.pairs if name not in names])


def search_links(request: SearchRequest, base: str) -> SearchLinks:
    """The links of the page of a request."""
    given = parameters(request)
    written = [(name, encoded(name, value)) for name, value in given]
    pairs = tuple([pair for pair in written if pair[0] != "page"])
    query = "&".join([text for _, text in pairs])
    own = "&".join([text for _, text in written])
    names = frozenset([name for name, _ in pairs])
    return SearchLinks(base, given, pairs, names, query, own, len(own) > LONG)
