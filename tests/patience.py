"""An end to what would never come to one."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 20
"""Seconds after which something waits for what never comes."""


@contextmanager
def patience() -> Iterator[None]:
    """A `TimeoutError` for what waits for ever, such as the reader of a pipe nobody writes to."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
