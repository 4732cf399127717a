"""Headers that every answer has."""

from collections.abc import Iterable, Mapping
from typing import Any

from search_app.serving.wsgi import App, Environ, Headers


class WithHeaders:
    """An application, with these headers in each of its answers but 304, which leaves a client the
    headers that it has."""

    def __init__(self, app: App, headers: Mapping[str, str]) -> None:
        self._app, self._headers = app, list(headers.items())

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """See PEP 3333."""

        def start(status: str, headers: Headers, *more: Any) -> Any:
            added = [] if status.startswith("304") else self._headers
            return start_response(status, [*headers, *added], *more)

        return self._app(environ, start)
