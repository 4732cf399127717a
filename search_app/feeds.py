"""Any search as a feed: `/search.atom` (RFC 4287, paged as RFC 5005 has it), `/search.json`."""

from collections.abc import Callable

import msgspec
from flask import Blueprint, Response, current_app, render_template, request
from msgspec.structs import replace

from search_app.absolute_links import absolute_base
from search_app.feed_model import DETAIL, UNDATED, Feed, feed, feed_request
from search_app.json_feed import json_feed
from search_app.request_params import parameters_of
from search_app.state import state
from search_app.xml_text import legal_xml

feeds = Blueprint("feeds", __name__)


@feeds.get("/search.atom")
def atom() -> Response:
    """The newest items that a search finds, as an Atom feed."""

    def shown(found: Feed) -> bytes:
        document = render_template(
            "feed.xml", feed=found, base=absolute_base(), undated=UNDATED, detail=DETAIL
        )
        return legal_xml(document).encode()

    return _feed("/search.atom", shown, "application/atom+xml; charset=utf-8")


@feeds.get("/search.json")
def as_json() -> Response:
    """The same as a JSON feed."""

    def shown(found: Feed) -> bytes:
        return msgspec.json.encode(json_feed(found, absolute_base()))

    return _feed("/search.json", shown, "application/feed+json")


def _feed(path: str, shown: Callable[[Feed], bytes], content_type: str) -> Response:
    asked = replace(feed_request(parameters_of(request.environ)), explain=False)
    held = state(current_app.extensions)
    found = feed(held.answer(asked), path, held.look.name, absolute_base())
    return Response(shown(found), content_type=content_type)
