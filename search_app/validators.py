"""Entity tags of answers (RFC 9110, section 8.8.3), so that nothing is searched again for a client
that has the answer already."""

from hashlib import blake2b

from flask import Response, current_app, request
from werkzeug.http import quote_etag

from search_app.state import state


def entity_tag() -> str:
    """The weak entity tag of the answer to this request, known before it is answered: it is that of
    the address, and of all that an answer depends on besides."""
    version = state(current_app.extensions).version()
    text = f"{version} {request.url_root} {request.full_path}"
    digest = blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()
    return quote_etag(digest, weak=True)


def not_modified(tag: str) -> Response | None:
    """304 if the client has the answer with this tag already."""
    digest = tag.removeprefix("W/").strip('"')
    if request.if_none_match.contains_weak(digest):
        return tagged(Response(status=304), tag)
    return None


def tagged(response: Response, tag: str) -> Response:
    """The response, to be kept but asked about each time before it is used again."""
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    return response
