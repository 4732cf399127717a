"""The one place where a stop is asked for, by Ctrl-C or a signal, and where it is heard.

A signal sets a flag. The run looks at it before each task, and where it only computes, reads or
waits, inside `Stop.at_once`, the signal raises `KeyboardInterrupt` there and then. Nowhere else
does it raise anything, so whatever is entered is also left: no lock and no half-written generation
stays behind. Processes that work for the run are ended by the one that started them.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from signal import Signals
from types import FrameType, TracebackType
from typing import Any

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that ask a command to end."""


class Stop:
    """Says whether a run is to stop. This one never does; `SignalHandler` does after a signal."""

    signal: Signals | None = None

    def is_set(self) -> bool:
        """Whether a signal came; the name is that of an event's method."""
        return self.signal is not None

    def check(self) -> None:
        """Raise `KeyboardInterrupt` if a signal came."""
        if self.signal is not None:
            raise KeyboardInterrupt

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """While this is entered, a signal raises `KeyboardInterrupt` wherever the main thread is:
        for work that may be dropped half done."""
        self.check()
        yield


NEVER = Stop()
"""For whoever runs to the end."""


class SignalHandler(Stop):
    """Answers the signals while it is entered. Left after one came, it goes on ignoring them: the
    process is about to end and needs no hurrying.

    What the process ignored before, as `nohup` and a shell's background jobs have it, it ignores
    still. `signal` is the first that came; later ones change nothing.
    """

    def __init__(self) -> None:
        self.signal = None
        self._at_once = 0
        self._before: dict[Signals, Any] = {}

    def __enter__(self) -> "SignalHandler":
        for number in STOPPING:
            before = signal.getsignal(number)
            if before is not signal.SIG_IGN:
                self._before[number] = before
                signal.signal(number, self._receive)
        self._hook, sys.unraisablehook = sys.unraisablehook, self._dispose
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sys.unraisablehook = self._hook
        for number, before in self._before.items():
            signal.signal(number, signal.SIG_IGN if self.signal else before)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """See `Stop.at_once`."""
        self._at_once += 1
        try:
            self.check()  # a signal before this line was only noted
            yield
        finally:
            self._at_once -= 1
        self.check()  # what is raised while Python disposes of an object gets lost: the flag is not

    def _dispose(self, lost: "sys.UnraisableHookArgs") -> None:
        """What is raised while Python disposes of an object is printed, but for a signal's."""
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            self._hook(lost)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self.signal is None:
            self.signal = Signals(number)
            if self._at_once:
                raise KeyboardInterrupt
