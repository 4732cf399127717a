"""The process of `newsdex serve --watch` that keeps the index up to date beside the server.

It is a process of its own because reading and merging files would hold up requests. It ends with
the server, however that ends, and leaves the index in order, as after any signal.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


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
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(command, arguments))
    leaving = threading.Event()

    def wait() -> None:
        process.join()
        if not leaving.is_set():
            ended(process.exitcode or 0)

    process.start()
    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    try:
        yield
    finally:
        leaving.set()
        process.terminate()
        waiting.join(grace)


def _run(command: Callable[[Sequence[str]], object], arguments: Sequence[str]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.dup2(2, 1)  # stdout is the server's, which says there where it serves
    command(arguments)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
