"""The base path: the path of a site below which readers find the application, such as `/news`.

WSGI has a name for it, `SCRIPT_NAME`; every address in an answer begins with that. A proxy passes
requests on either with the base path, which is then taken off here, or without it. So a request is
answered at both paths, and a monitor that asks the server itself need not know of the base path.
"""

import re
from collections.abc import Iterable
from typing import Any

from search_app.serving.wsgi import App, Environ

MAX_LENGTH = 200
_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")
"""Needs no escapes in an address, in a header or on a page, and never begins with two slashes."""


def base_path(text: str) -> str:
    """The base path that a text names; empty for the top of a site.

    Raises `ValueError`, which says what may be written, if it is no path.
    """
    path = text.rstrip("/")
    if len(path) > MAX_LENGTH or not _PATH.fullmatch(path):
        raise ValueError("write a path such as /news, of letters, digits and the signs . _ ~ -")
    return path


def below(base: str, app: App) -> App:
    """The application at a base path. If that is empty, it stays where the server says it is."""

    def answer(environ: Environ, start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        environ["SCRIPT_NAME"] = base
        if path == base or path.startswith(f"{base}/"):
            environ["PATH_INFO"] = path[len(base) :] or "/"
        return app(environ, start_response)

    return answer if base else app
