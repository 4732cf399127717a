"""The body of an answer that is made while it is sent, so that it is never in memory as a whole.

Each chunk is made in a turn of its own, a slot of the gate that all requests pass (`Fairness`).
While the client takes a chunk, no slot is held, so a slow client holds up nobody.

An answer that breaks off must not look whole. A chunked answer ends like a whole one under servers
that cannot break a connection off, so it says itself that it is broken: `broken_off` makes the last
chunk. Then the error is raised, which the server logs.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import Self


class SlowClient(Exception):
    """A client took too long over a chunk."""


class Stream:
    """An iterable of chunks, as WSGI wants a body. Whoever made it or iterates over it must close
    it, which releases what `held` holds.

    A client may take `patience` seconds over a chunk. `clock` returns monotonic seconds.
    """

    def __init__(
        self,
        chunks: Iterator[bytes],
        held: ExitStack,
        broken_off: Callable[[Exception], bytes],
        *,
        patience: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._chunks, self._held, self._broken_off = chunks, held, broken_off
        self._patience, self._clock = patience, clock
        self._given: float | None = None  # when the last chunk was
        self._error: Exception | None = None
        self._turn: Callable[[], AbstractContextManager[None]] = nullcontext

    def take_turns(self, turn: Callable[[], AbstractContextManager[None]], held: ExitStack) -> Self:
        """Make each chunk in a `turn`, and release `held` at the end, too."""
        self._turn = turn
        self._held.push(held)
        return self

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        """The next chunk. After an error the last one is that of `broken_off`; then the error is
        raised."""
        if self._error:
            raise self._error
        try:
            if self._given is not None and self._clock() - self._given > self._patience:
                raise SlowClient(f"a chunk was not taken within {self._patience:g} seconds")
            with self._turn():
                chunk = next(self._chunks)
        except StopIteration:
            raise
        except Exception as error:
            self._error = error
            # What is held learns of the error, as if it had been raised inside of it.
            self._held.__exit__(type(error), error, error.__traceback__)
            return self._broken_off(error)
        self._given = self._clock()
        return chunk

    def close(self) -> None:
        """Release what is held. May be called more than once."""
        self._held.close()
