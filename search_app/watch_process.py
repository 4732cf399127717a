"""The process of `newsdex serve --watch` that keeps the index up to date beside the server.

It is a process of its own because reading and merging files would hold up requests. It ends with
the server, however that ends, and leaves the index in order, as after any signal.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from indexer.process_pool import started, when_parent_ends


@contextmanager
def watching(
    command: Callable[[Sequence[str]], object],
    arguments: Sequence[str],
    ended: Callable[[int], None],
    *,
    grace: float = 10.0,
) -> Iterator[None]:
    """While this is entered, `command(arguments)` runs in a process of its own. `ended` is called,
    with its exit code, if it ends before. It is left `grace` seconds to end in order."""
    process = started(_run, command, arguments, blocked=(), daemon=False)  # it starts some itself
    leaving = threading.Event()

    def wait() -> None:
        process.join()
        if not leaving.is_set():
            ended(process.exitcode or 0)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    try:
        yield
    finally:
        leaving.set()
        process.terminate()
        waiting.join(grace)


def _run(command: Callable[[Sequence[str]], object], arguments: Sequence[str]) -> None:
    when_parent_ends(partial(os.kill, os.getpid(), signal.SIGTERM))
    os.dup2(2, 1)  # stdout is the server's, which says there where it serves
    command(arguments)
