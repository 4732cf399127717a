"""Being told to stop, by Ctrl-C or a signal, while a command goes on and on.

The first signal raises `KeyboardInterrupt` wherever the command is; where that would leave
something half done it is held back until that is done. Later ones find the command on its way
out and change nothing.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import FrameType, TracebackType
from typing import Any, TypeVar
from weakref import finalize

from indexer.errors import IndexLocked
from indexer.item import Item
from indexer.manifest import Manifest
from indexer.sources import Sources
from indexer.store import Batch, Store, Verdict
from indexer.workers import ALONE, STOPPING, Workers

T = TypeVar("T")


SOON = 0.005
"""Seconds after which a signal that came at a bad moment is sent again."""


class Interruption:
    """Answers the signals while it is entered. Left after one came, it goes on ignoring them: the
    process is about to end and needs no hurrying.

    What the process ignored before, as `nohup` and a shell's background jobs have it, it ignores
    still. `signal` is the one that came, `None` as long as none did.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self._held = 0
        self._due = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "Interruption":
        for number in STOPPING:
            before = signal.getsignal(number)
            if before is not signal.SIG_IGN:
                self._before[number] = before
                signal.signal(number, self._receive)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, signal.SIG_IGN if self.signal else before)

    def is_set(self) -> bool:
        """Whether a signal came; the name is that of an event's method."""
        return self.signal is not None

    def check(self) -> None:
        """Raise `KeyboardInterrupt` if a signal came, in case nobody heard it the first time:
        what is raised while Python disposes of an object gets lost."""
        if self.signal:
            raise KeyboardInterrupt

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """A signal that comes meanwhile raises `KeyboardInterrupt` at the end."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
        if self._due and not self._held:
            self._due = False
            raise KeyboardInterrupt

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self.signal is not None:
            return
        if _is_disposing(frame):
            again = threading.Timer(SOON, os.kill, (os.getpid(), number))
            again.daemon = True
            again.start()
            return
        self.signal = signal.Signals(number)
        if self._held:
            self._due = True
        else:
            raise KeyboardInterrupt


def _is_disposing(frame: FrameType | None) -> bool:
    """Whether Python disposes of an object just now: what is raised there is printed and lost."""
    while frame is not None:
        code = frame.f_code
        if code.co_name == "__del__" or code is finalize.__call__.__code__:
            return True
        frame = frame.f_back
    return False


class Interruptible:
    """A store, for one run. Wherever the run is cut off, `release` leaves no lock and no draft.

    A context manager that is interrupted while it is entered or left may never be left at all.
    Here neither can be interrupted, and what the run did not come to leave, `release` does.
    """

    def __init__(self, store: Store, interruption: Interruption) -> None:
        self._store, self._interruption = store, interruption
        self._entered: list[ExitStack] = []
        self._began = False

    def exclusive(self) -> AbstractContextManager[None]:
        """See `Store.exclusive`."""
        return self._kept(self._exclusive)

    def batch(self, *, full: bool, workers: Workers = ALONE) -> AbstractContextManager[Batch]:
        """See `Store.batch`."""
        return self._kept(lambda: self._store.batch(full=full, workers=workers))

    def current(self) -> Manifest:
        """See `Store.current`."""
        return self._store.current()

    def generations(self) -> list[str]:
        """See `Store.generations`."""
        return self._store.generations()

    def sources(self) -> Sources:
        """See `Store.sources`."""
        return self._store.sources()

    def items(self, ids: Sequence[str]) -> Iterator[Item]:
        """See `Store.items`."""
        return self._store.items(ids)

    def clear(self) -> None:
        """See `Store.clear`."""
        self._store.clear()

    def verify(self) -> list[Verdict]:
        """See `Store.verify`."""
        return self._store.verify()

    def rollback(self) -> Manifest:
        """See `Store.rollback`."""
        return self._store.rollback()

    def release(self) -> None:
        """Leave what a run that was cut off has entered, and clear what it has left lying."""
        with self._interruption.held_back():
            while self._entered:
                self._leave(self._entered[-1])
            if self._began:
                try:
                    with self._store.exclusive():
                        self._store.clear()
                except IndexLocked:
                    pass  # another reindex is at work already: it clears before it begins

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        with self._store.exclusive():
            self._began = True
            yield

    @contextmanager
    def _kept(self, make: Callable[[], AbstractContextManager[T]]) -> Iterator[T]:
        with self._interruption.held_back():
            stack = ExitStack()
            value = stack.enter_context(make())
            self._entered.append(stack)
        try:
            yield value
        finally:
            with self._interruption.held_back():
                self._leave(stack)

    def _leave(self, stack: ExitStack) -> None:
        if stack in self._entered:
            self._entered.remove(stack)
            stack.close()
