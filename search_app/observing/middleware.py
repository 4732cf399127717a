"""WSGI middleware that measures each request, and tells the metrics and the access log of it."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from indexer.item import instant
from search_app.observing.access_log import AccessLog
from search_app.observing.metrics import Metrics
from search_app.observing.query_kind import query_kind
from search_app.serving.wsgi import ROUTE, App, Environ

UNROUTED = "none"
"""The route of a request that was refused before it had one, or that asked for nothing there is."""

SEARCHES = ("/", "/search", "/api/search")


class Observed:
    """An application whose requests are measured."""

    def __init__(self, app: App, metrics: Metrics, access_log: AccessLog | None) -> None:
        self._app, self._metrics, self._log = app, metrics, access_log

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """See PEP 3333."""
        began = time.perf_counter()
        status, size = "503", None  # if it raises, the server answers so

        def start(line: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal status, size
            status = line[:3]
            size = next((int(v) for name, v in headers if name == "Content-Length"), None)
            return start_response(line, headers, *more)

        try:
            return self._app(environ, start)
        finally:
            seconds = time.perf_counter() - began
            route, query = environ.get(ROUTE, UNROUTED), environ.get("QUERY_STRING", "")
            kind = query_kind(query) if route in SEARCHES else ""
            self._metrics.count(route, status, seconds, kind)
            if self._log:
                self._log.write(_line(environ, route, status, size, seconds), query)


def _line(
    environ: Environ, route: str, status: str, size: int | None, seconds: float
) -> dict[str, Any]:
    return {
        "time": instant(datetime.now(UTC)),
        "client": environ.get("REMOTE_ADDR", ""),
        "method": environ.get("REQUEST_METHOD", ""),
        "path": environ.get("PATH_INFO", "").encode("latin-1", "replace").decode(errors="replace"),
        "route": route,
        "status": int(status),
        "bytes": size,
        "ms": round(seconds * 1000, 3),
    }
