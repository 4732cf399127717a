"""How browsers and crawlers find their way: a description of the search (OpenSearch 1.1), what
crawlers may read (RFC 9309), and a sitemap of all items (sitemaps.org).

A search has more addresses than a crawler could ever read, one for each combination of filters, and
they all show the same items. So crawlers are asked to keep out of them, and find each item in the
sitemap. Whatever they read all the same is marked `noindex`, but for the front page and the items.
"""

from contextlib import ExitStack

import msgspec
from flask import Blueprint, Response, abort, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from search_app import sitemap
from search_app.absolute_links import absolute_base, permanent_base
from search_app.assets import LOGO
from search_app.exports import streamed
from search_app.links import base_of, search_url
from search_app.request_params import parameters_of
from search_app.state import state
from search_app.template_filters import counted
from search_app.xml_text import legal_xml

discovery = Blueprint("discovery", __name__)

_XML = "application/xml; charset=utf-8"


@discovery.get("/opensearch.xml")
def opensearch() -> Response:
    """The description by which a browser adds this search to its own."""
    base = absolute_base()
    document = render_template("opensearch.xml", base=base, icon=_icon(base))
    return Response(
        legal_xml(document), content_type="application/opensearchdescription+xml; charset=utf-8"
    )


@discovery.get("/opensearch/suggest")
def suggest() -> Response:
    """Suggestions in the form of browsers: what was typed; texts; how many items each finds; the
    address of its search."""
    found = state(current_app.extensions).suggest(parameters_of(request.environ))
    base = absolute_base()
    answer = (
        found.request.q,
        [one.text for one in found.suggestions],
        [counted(one.count, "item") for one in found.suggestions],
        [search_url(one.request, base) for one in found.suggestions],
    )
    return Response(msgspec.json.encode(answer), content_type="application/x-suggestions+json")


@discovery.get("/favicon.ico")
def favicon() -> AnyResponse:
    """The icon, for whoever asks without having read a page."""
    return redirect(_icon(base_of(request.environ)))


def _icon(base: str) -> str:
    """The address of the site's icon, which is its logo, if it has one."""
    held = state(current_app.extensions)
    return held.assets.url(LOGO if held.look.logo else "icon.svg", base)


@discovery.get("/robots.txt")
def robots() -> Response:
    """What crawlers may read. Where there is no host to name it leads to no sitemap, as to refuse
    it would let crawlers read everything."""
    base, permanent = base_of(request.environ), permanent_base()
    lines = [
        "User-agent: *",
        *(f"Disallow: {base}{path}" for path in ("/search", "/api/", "/opensearch/")),
        *([f"Sitemap: {permanent}/sitemap.xml"] if permanent != base else []),
    ]
    return Response("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@discovery.get("/sitemap.xml")
def sitemap_index() -> Response:
    """The sitemaps there are: one for each so many items."""
    with state(current_app.extensions).reader.acquire() as lease:
        items = lease.searcher.stats().items
    numbers = range(1, sitemap.count(items) + 1)
    base = absolute_base()
    urls = [f"{base}/sitemap-{number}.xml" for number in numbers]
    document = render_template("sitemap_index.xml", urls=urls)
    return Response(document, content_type=_XML)


@discovery.get("/sitemap-<int:number>.xml")
def one_sitemap(number: int) -> Response:
    """One of the sitemaps, streamed."""
    with ExitStack() as stack:
        cursor = stack.enter_context(state(current_app.extensions).cursor(sitemap.REQUEST))
        if not 1 <= number <= sitemap.count(cursor.total):
            abort(404, f"there is no sitemap {number}")
        # The context of the request is gone when the chunks are made.
        chunks = sitemap.chunks(cursor, number, absolute_base())
        response = streamed(chunks, stack.pop_all(), sitemap.broken_off)
    response.content_type = _XML
    return response
