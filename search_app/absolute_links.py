"""Addresses with scheme and host, for what is read away from this site: feeds, sitemaps."""

from flask import abort, current_app, request

from search_app.links import base_of
from search_app.serving.host import origin_of
from search_app.state import state

NO_HOST = (
    "the request names no host that addresses could begin with; write one in the header Host (or "
    "whoever runs this server names one for good, by NEWSDEX_PUBLIC_URL)"
)


def absolute_base() -> str:
    """What absolute addresses of this site begin with: scheme and host, then the base path. Answers
    400 if there is no host to name."""
    if not _origin():
        abort(400, NO_HOST)
    return permanent_base()


def permanent_base() -> str:
    """What a lasting address begins with: that of absolute ones, or the base path alone if there is
    no host to name."""
    return _origin() + base_of(request.environ)


def _origin() -> str:
    """Scheme and host, which the settings name or else the request, as a trusted proxy may have
    written it; "" if neither does."""
    public_url = state(current_app.extensions).settings.public_url
    return public_url or origin_of(request.environ)
