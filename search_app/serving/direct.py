"""WSGI middleware that answers what is asked most without what a framework does for a request."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from search_app.serving.wsgi import ROUTE, App, Environ

FAILED = "newsdex.failed"
"""The key of the environment under which the error of an answer is passed on."""

Make = Callable[[Environ], bytes]
"""Makes the body of an answer to a request."""

Made = tuple[str, Make]
"""A media type, and what makes bodies of that type."""

Compute = Callable[[Environ, Make], bytes]
"""Has the body of an answer made, somewhere, and returns it."""


def here(environ: Environ, make: Make) -> bytes:
    """The body of an answer, made by this thread."""
    return make(environ)


class Direct:
    """An application in front of another, which answers requests of a few routes itself; `compute`
    has the answers made. `Cached` leaves the route, but none for a request that is neither GET nor
    HEAD, or at fault. All else it passes on; errors, too: that application knows what to say of
    them."""

    def __init__(
        self,
        app: App,
        answers: Mapping[str, Made],
        compute: Compute = here,
    ) -> None:
        self._app, self._answers, self._compute = app, answers, compute

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """See PEP 3333."""
        answer = self._answers.get(environ.get(ROUTE, ""))
        if answer is None:
            return self._app(environ, start_response)
        media_type, make = answer
        try:
            body = self._compute(environ, make)
        except Exception as error:  # the application behind answers and logs whatever it is
            environ[FAILED] = error
            return self._app(environ, start_response)
        headers = [
            ("Content-Type", media_type),
            ("Content-Length", str(len(body))),
            ("X-Robots-Tag", "noindex"),
        ]
        start_response("200 OK", headers)
        return [body]
