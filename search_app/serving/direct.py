"""WSGI middleware that answers what is asked most without what a framework does for a request."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from search_app.serving.wsgi import ROUTE, App, Environ

FAILED = "newsdex.failed"
"""The key of the environment under which the error of an answer is passed on."""

Made = tuple[str, Callable[[Environ], bytes]]
"""A media type, and what makes the body of that type for a request."""


class Direct:
    """An application in front of another, which answers GET at a few paths itself, where `is_sound`
    finds no fault with a request. All else it passes on; errors, too: that application knows what
    to say of them."""

    def __init__(
        self, app: App, answers: Mapping[str, Made], is_sound: Callable[[Environ], bool]
    ) -> None:
        self._app, self._answers, self._is_sound = app, answers, is_sound

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """See PEP 3333."""
        path = environ.get("PATH_INFO", "")
        answer = self._answers.get(path)
        if answer is None or environ["REQUEST_METHOD"] != "GET" or not self._is_sound(environ):
            return self._app(environ, start_response)
        environ[ROUTE] = path
        media_type, make = answer
        try:
            body = make(environ)
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
