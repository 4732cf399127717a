"""`newsdex serve`: the application behind Granian, in this one process, until a signal ends it."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from search_app.app import create_app
from search_app.serving.admission import QueueLimits
from search_app.serving.granian_worker import Limits, Worker
from search_app.serving.listening import listening, room_for_connections, room_for_threads, url
from search_app.settings import Settings
from search_app.state import state

CONNECTIONS = 4_096
SPARE_THREADS = 40
"""Threads besides those of requests at work and waiting: for health (20) and refusals."""

GRACE = 5.0
"""Seconds for which requests at work may go on when the server is told to end."""

SWITCH_INTERVAL = 0.001
"""Seconds after which a thread that computes lets another one of Python's have its turn."""


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until interrupted. `announce` is given the address once requests are answered.

    Raises `UsageError` if the address cannot be listened on, `KeyboardInterrupt` at the end; at
    SIGTERM the process ends by that signal, as one that does not handle it does. Either way
    requests at work are answered first.
    """
    app = create_app(settings)
    sys.setswitchinterval(SWITCH_INTERVAL)
    with (
        _signals_held() as ending,
        closing(state(app.extensions).reader),
        listening(settings.host, settings.port) as listeners,
    ):
        address = url(listeners, settings.host)
        limits = Limits(
            threads=room_for_threads(settings.threads + QueueLimits().places + SPARE_THREADS),
            connections=max(1, room_for_connections(CONNECTIONS) // len(listeners)),
        )
        workers = [Worker(app, listener, limits) for listener in listeners]
        try:
            for worker in workers:
                worker.start()
            announce(address)
            ended = signal.sigwait(ending)
        finally:
            end = time.monotonic() + GRACE
            for worker in workers:
                worker.stop()
            for worker in workers:
                worker.stopped(max(0.0, end - time.monotonic()))
    if ended == signal.SIGINT:
        raise KeyboardInterrupt
    signal.signal(ended, signal.SIG_DFL)
    signal.raise_signal(ended)


@contextmanager
def _signals_held() -> Iterator[set[signal.Signals]]:
    """While SIGINT and SIGTERM wait until they are asked for, if they are not ignored; which of
    them. A handler would not do: one that runs just before the main thread falls asleep wakes
    nobody. Threads started meanwhile hold them back, too."""
    ending = {
        number
        for number in (signal.SIGINT, signal.SIGTERM)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield ending
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
