"""What a request takes of a processor, without a server: an order on stdin, figures on stdout.

It knows of the application only `create_app` and WSGI, so it measures the code of other checkouts,
too: those that Python finds first. The settings are those of the environment.
"""

import json
import sys
import time
from statistics import fmean, median
from typing import Any

from search_app.app import create_app

WARM = 100
"""Requests that are made before, and not counted."""


def main() -> None:
    """Carry out the order: its `paths`, one after the other."""
    app, order = create_app(), json.load(sys.stdin)
    times, sizes = [], []
    for path in order["paths"][:WARM]:
        answered(app, path)
    for path in order["paths"]:
        began = time.thread_time()
        sizes.append(answered(app, path))
        times.append(time.thread_time() - began)
    figures = {
        "mean": round(1000 * fmean(times), 4),
        "p50": round(1000 * median(times), 4),
        "bytes": round(fmean(sizes)),
    }
    json.dump(figures, sys.stdout)


def answered(app: Any, path: str) -> int:
    """Ask for an address; how many bytes the answer has. Raises `RuntimeError` if it is no 200."""
    place, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": place,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    started: list[str] = []
    body = app(environ, lambda status, *_: started.append(status))
    size = sum(map(len, body))
    if not started[0].startswith("200"):
        raise RuntimeError(f"{started[0]} for {path}")
    return size


if __name__ == "__main__":
    main()
