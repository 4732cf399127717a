"""`newsdex serve`: the application behind Granian, with workers, until a signal ends it."""

import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from functools import partial

from search_app.app import create_app
from search_app.serving.admission import QueueLimits
from search_app.serving.granian_worker import Limits, Worker
from search_app.serving.listening import listening, room_for_connections, room_for_threads, url
from search_app.serving.workers import Workers
from search_app.settings import Settings
from search_app.state import state
from search_app.worker import answer_searches

CONNECTIONS = 4_096
SPARE_THREADS = 60
"""Threads besides those of requests at work and waiting: for health (20), streams and those
that wait to be one (20), and refusals."""

THREADS_OF_WORKER = 8
"""Those of a worker process. Where the system allows fewer, none is started."""

GRACE = 5.0
"""Seconds that requests at work have left when the server is told to end."""

SWITCH_INTERVAL = 0.001
"""Seconds after which a computing thread gives way to another thread of Python."""


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until interrupted. `announce` is given the address once requests are answered.

    Raises `UsageError` if the address cannot be listened on, `KeyboardInterrupt` at the end; at
    SIGTERM the process ends by that signal, as one that does not handle it does. Either way
    requests at work are answered first.
    """
    workers = Workers(partial(answer_searches, settings), settings.workers)
    app = create_app(settings, workers=workers)
    sys.setswitchinterval(SWITCH_INTERVAL)
    with (
        _signals_queued() as next_signal,
        closing(state(app.extensions)),
        listening(settings.host, settings.port) as listeners,
    ):
        address = url(listeners, settings.host)
        threads = settings.threads + QueueLimits().places + SPARE_THREADS
        of_all = threads + THREADS_OF_WORKER * settings.workers
        room = room_for_threads(of_all)
        limits = Limits(
            threads=min(threads, room),
            connections=max(1, room_for_connections(CONNECTIONS) // len(listeners)),
        )
        servers = [Worker(app, listener, limits) for listener in listeners]
        with workers if room == of_all else nullcontext():
            try:
                for server in servers:
                    server.start()
                announce(address)
                ended = next_signal()
            finally:
                end = time.monotonic() + GRACE
                for server in servers:
                    server.stop()
                for server in servers:
                    server.stopped(max(0.0, end - time.monotonic()))
    if ended == signal.SIGINT:
        raise KeyboardInterrupt
    signal.signal(ended, signal.SIG_DFL)
    signal.raise_signal(ended)


@contextmanager
def _signals_queued() -> Iterator[Callable[[], signal.Signals]]:
    """While this is entered, SIGINT and SIGTERM end nothing; the function waits for the next one
    and returns it. A signal that the process ignores stays ignored.

    Python writes the number of each signal into the socket in whichever thread it arrives. A
    handler that runs just before the main thread falls asleep would wake nobody; blocking the
    signals would leave them to the threads of a library that began before, which they would end.
    """
    reading, writing = socket.socketpair()
    with reading, writing:
        writing.setblocking(False)  # as Python demands
        wakeup = signal.set_wakeup_fd(writing.fileno())
        handlers = {
            number: signal.signal(number, lambda *_: None)
            for number in (signal.SIGINT, signal.SIGTERM)
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        try:
            yield lambda: signal.Signals(reading.recv(1)[0])
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(wakeup)
