"""The files of a site's own look: its logo, its style sheet, and the icon that browsers ask for."""

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from search_app.look import File
from search_app.state import state

site_files = Blueprint("site", __name__)


def _served(file: File | None) -> Response:
    """The file. Its address changes with its content, so browsers may keep it for a year."""
    if file is None:
        abort(404, "this site has no such file")
    response = Response(file.content, mimetype=file.media_type)
    response.set_etag(file.version)
    known = request.args.get("v") == file.version
    response.cache_control.public = True
    response.cache_control.max_age = 31_536_000 if known else 300
    response.make_conditional(request)
    return response


@site_files.get("/static/site/logo")
def logo() -> Response:
    """The logo of the site."""
    return _served(state(current_app.extensions).look.logo)


@site_files.get("/static/site/style.css")
def style() -> Response:
    """The accent of the site, and its own rules."""
    return _served(state(current_app.extensions).look.css)


@site_files.get("/favicon.ico")
def favicon() -> AnyResponse:
    """The icon, for whoever asks without having read a page."""
    if state(current_app.extensions).look.logo:
        return redirect(url_for("site.logo"))
    return redirect(url_for("static", filename="icon.svg"))
