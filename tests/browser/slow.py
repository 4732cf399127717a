"""A server over the seeds whose searches can be made to answer late, or not at all."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.serving import make_server

from indexer.engines import open_store
from indexer.reindex.report import Options
from indexer.reindex.run import reindex
from search_app.app import create_app
from search_app.settings import Settings
from search_app.state import state

Wsgi = Callable[..., Iterable[bytes]]


class Slow:
    """Answers each page of results after the seconds that `delays` has for a part of its query
    string; answers those of `broken` once with an error. `asked` has the query strings, as they
    came."""

    def __init__(self, app: Wsgi) -> None:
        self._app = app
        self.asked: list[str] = []
        self.delays: dict[str, float] = {}
        self.broken: set[str] = set()

    def __call__(self, environ: dict[str, str], start: Callable[..., object]) -> Iterable[bytes]:
        asked = environ["QUERY_STRING"]
        if environ["PATH_INFO"] == "/search":
            self.asked.append(asked)
            delays = [seconds for part, seconds in self.delays.items() if part in asked]
            time.sleep(max(delays, default=0))
            if asked in self.broken:
                self.broken.remove(asked)
                start("503 Service Unavailable", [("Content-Type", "text/html")])
                return [b"<!doctype html><title>Broken</title>"]
        return self._app(environ, start)


@contextmanager
def serving(seeds: Path, folder: Path) -> Iterator[tuple[str, Slow]]:
    """The address of such a server, whose index is made in a folder, without a closing slash."""
    reindex(seeds, open_store("whoosh", folder), Options())
    app = create_app(Settings.load({}, index=folder))
    middleware = Slow(app.wsgi_app)
    server = make_server("127.0.0.1", 0, middleware, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", middleware
    server.shutdown()
    thread.join()
    server.server_close()
    state(app.extensions).reader.close()
