"""What requests take of a processor, without a server: orders on stdin, figures on stdout.

It knows of the application only `create_app` and WSGI, so it measures the code of other checkouts,
too: those that Python finds first. The settings are those of the environment.
"""

import json
import sys
import time
from typing import Any

from search_app.app import create_app


def main() -> None:
    """Carry out each order, a line with paths that are asked for one after the other: a line with
    the milliseconds of processor time that each took, and the bytes of its answer."""
    app = create_app()
    for line in sys.stdin:
        figures = []
        for path in json.loads(line):
            began = time.thread_time()
            size = answered(app, path)
            figures.append((1000 * (time.thread_time() - began), size))
        print(json.dumps(figures), flush=True)


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
