"""Granian's HTTP worker, inside this process: from a listening socket to a WSGI application.

Granian reads requests and writes answers in threads of its own, in Rust, without the interpreter's
lock. Only a whole request takes a Python thread, and only until its answer is whole. A connection
that is idle, slow, or does not read its answers takes some memory and no thread. Only a `Stream`
keeps its thread until the client has taken it.

The documented way to start Granian is a supervisor that forks its workers. It would be a second
process, and leave its worker behind if it is killed. Here one process does everything, and the
limits hold over all of it. For that we call what Granian's own server calls (`granian.server.mt`),
so its version is pinned; `tests/test_attacks.py` tests what we rely on.
"""

import asyncio
import logging
import socket
import sys
import threading
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast

from granian._futures import _new_cbscheduler
from granian._granian import SocketHolder, WorkerSignal, WSGIWorker
from granian.http import HTTP1Settings
from granian.wsgi import Response

from search_app.serving.stream import Stream
from search_app.serving.wsgi import App, Environ, whole

log = logging.getLogger(__name__)

UNEXPECTED_HEADERS = [("Content-Type", "application/json"), ("Retry-After", "5")]
UNEXPECTED = b'{"error":{"kind":"unexpected","message":"this could not be answered; try again"}}'
"""The answer if even the application's own error handlers fail."""

WITHOUT_TLS: tuple[object, ...] = (False, None, None, None, "tls1.3", None, [], False)
WITHOUT_METRICS = (None, None)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a worker takes: Python `threads`, open `connections`, bytes of a request's `headers`
    (twice that if they arrive at once, as the buffer is measured between two reads); and seconds it
    waits for the headers of a request, on a new connection or on one kept open."""

    threads: int
    connections: int = 4_096
    headers: int = 65_536
    header_seconds: float = 10.0


class Worker:
    """Serves an application on one listening socket, which it takes over, in threads of its own."""

    def __init__(self, app: App, listener: socket.socket, limits: Limits) -> None:
        self._stop, self._stopped = WorkerSignal(), threading.Event()
        self._stop.add_cb(self._stopped.set)
        listener.setblocking(False)
        holder = cast(Any, SocketHolder)(listener.detach(), False, limits.connections)
        http = HTTP1Settings(
            header_read_timeout=int(limits.header_seconds * 1000),
            max_buffer_size=limits.headers,
        )
        self._worker = cast(Any, WSGIWorker)(
            1,
            (None, holder),
            None,  # no supervisor to report to
            1,  # thread of Rust: it moves bytes, and is never what is waited for
            1,
            limits.threads,
            30,  # seconds until a thread without work ends
            limits.connections,
            "1",  # HTTP/1: without TLS no browser speaks another
            http,
            None,
            None,
            *WITHOUT_TLS,
            WITHOUT_METRICS,
        )
        with closing(asyncio.new_event_loop()) as loop:  # asked for, but not used for WSGI
            self._scheduler = cast(Any, _new_cbscheduler)(loop, _bridge(app), True)

    def start(self) -> None:
        """Begin to accept connections."""
        self._worker.serve_mtr(self._scheduler, None, self._stop)

    def stop(self) -> None:
        """Stop accepting; close each connection once the request at work on it is answered."""
        self._stop.set()

    def stopped(self, seconds: float) -> bool:
        """Whether the last connection is closed; waits up to this many seconds for it."""
        return self._stopped.wait(seconds)


def _bridge(app: App) -> Any:
    """The function that Granian calls for each request: it asks the application and hands over the
    answer: whole, or chunk by chunk if it is a `Stream`."""
    plain: Environ = {
        "SCRIPT_NAME": "",
        "wsgi.version": (1, 0),
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
    }

    def answer(protocol: Any, scope: Environ) -> Any:
        start = cast(Any, Response)()
        try:
            body = app(plain | scope, start)
            if isinstance(body, Stream):
                with closing(body):  # Granian takes all chunks before it returns
                    protocol.response_iter(start.status, start.headers, _Chunks(body))
                return start.status
            answered = whole(body)
        except Exception:  # whatever it is, the client is answered and the log has the traceback
            log.exception("a request could not be answered")
            start("503", UNEXPECTED_HEADERS)
            answered = UNEXPECTED
        protocol.response_bytes(start.status, start.headers, answered)
        return start.status

    return answer


class _Chunks:
    """The chunks of a stream, for Granian, which would end an answer that breaks off like a whole
    one in any case, and log the error in words of its own."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def __next__(self) -> bytes:
        try:
            return next(self._stream)
        except StopIteration:
            raise
        except Exception:  # whatever it is, Granian must learn nothing but the end
            log.exception("an answer broke off")
            raise StopIteration from None

    def close(self) -> None:
        """Granian calls this; whoever made this closes the stream."""
