"""Sitemaps of all items (sitemaps.org/protocol.html), the oldest items first, so that new ones
change only the last sitemap."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from indexer.item import instant
from search_app.links import item_url
from search_app.search.cursor import Cursor
from search_app.search.request import SearchRequest, Sort

SIZE = 10_000
"""Items of a sitemap: so few that it stays below the 50 MB that one may have."""

LONGEST_URL = 2_047
"""Characters of an address in a sitemap; a longer one is left out."""

REQUEST = SearchRequest(sort=Sort.OLDEST)
"""The search that finds the items of the sitemaps, in their order."""

_HEAD = (
    b'<?xml version="1.0" encoding="utf-8"?>\n'
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
)


def count(items: int, size: int = SIZE) -> int:
    """How many sitemaps so many items take; one at least."""
    return max(1, -(-items // size))


def chunks(cursor: Cursor, number: int, base: str, size: int = SIZE) -> Iterator[bytes]:
    """The sitemap of this number, counted from 1, of the site at the absolute `base`."""
    yield _HEAD
    for batch in cursor.batches((number - 1) * size, number * size):
        lines = []
        for hit in batch:
            url, date = item_url(hit.item.id, base), hit.item.article.published
            if len(url) <= LONGEST_URL:
                lastmod = f"<lastmod>{instant(date)}</lastmod>" if date else ""
                lines.append(f"<url><loc>{escape(url)}</loc>{lastmod}</url>\n")
        yield "".join(lines).encode()
    yield b"</urlset>\n"


def broken_off(error: Exception) -> bytes:
    """What stands in place of the end, so that no parser takes the document for whole."""
    return b"<!-- broken off -->\n"
