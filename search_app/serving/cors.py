"""Cross-origin resource sharing (the Fetch standard): which other sites may read the API's answers.

The API has no cookies and no secrets, so credentials are never allowed.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from search_app.serving.wsgi import App, Environ

ANY = "*"
EXPOSED = "ETag, Retry-After, X-Notes, X-Total-Count"
"""Headers of answers that pages of other sites may read."""

MAX_AGE = 86_400
"""Seconds for which a browser may remember that it may ask."""


def cors(origins: Collection[str], applies: Callable[[str], bool], app: App) -> App:
    """The application, its answers at paths where this `applies` readable by pages of `origins`, or
    of all where these are `ANY`."""

    def answer(environ: Environ, start_response: Any) -> Iterable[bytes]:
        if not applies(environ.get("PATH_INFO", "")):
            return app(environ, start_response)
        allowed = ANY if ANY in origins else environ.get("HTTP_ORIGIN", "")
        headers = [] if ANY in origins else [("Vary", "Origin")]
        if allowed in origins:
            headers.append(("Access-Control-Allow-Origin", allowed))
            headers.append(("Access-Control-Expose-Headers", EXPOSED))
            if environ.get("REQUEST_METHOD") == "OPTIONS":
                headers.append(("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"))
                headers.append(("Access-Control-Allow-Headers", "*"))
                headers.append(("Access-Control-Max-Age", str(MAX_AGE)))

        def start(status: str, given: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*given, *headers], *more)

        return app(environ, start)

    return answer if origins else app
