"""Addresses with scheme and host, for what is read away from this site: feeds, sitemaps."""

from flask import current_app, request

from search_app.links import base_of
from search_app.state import state


def absolute_base() -> str:
    """What absolute addresses of this site begin with: scheme and host, which the settings name or
    else the request, as a trusted proxy may have written it; then the base path."""
    origin = state(current_app.extensions).settings.public_url or request.host_url
    return origin.rstrip("/") + base_of(request.environ)
