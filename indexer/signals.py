"""How Ctrl-C or a signal stops a run.

A signal sets a flag, which the run checks before each task. Where the run only computes, reads or
waits, inside `Stop.at_once`, the signal also raises `KeyboardInterrupt` at once. It raises nothing
anywhere else, so every context that was entered is left: no lock and no half-written generation
stays behind. Worker processes are ended by the process that started them.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from signal import Signals
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that ask a command to end."""


class Stop:
    """Says whether a run is to stop: once `signal` is set, which only `SignalHandler` does."""

    def __init__(self) -> None:
        self.signal: Signals | None = None
        self._at_once = 0

    def is_set(self) -> bool:
        """Whether a signal came; named as the method of an event is."""
        return self.signal is not None

    def check(self) -> None:
        """Raise `KeyboardInterrupt` if a signal came."""
        if self.is_set():
            raise KeyboardInterrupt

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """While this is entered, a signal raises `KeyboardInterrupt` wherever the main thread is:
        for work that may be dropped half done."""
        self._at_once += 1
        try:
            self.check()  # a signal before this line was only noted
            yield
        finally:
            self._at_once -= 1
        self.check()  # an error raised while Python disposes of an object gets lost; the flag stays


NEVER = Stop()
"""For runs that no signal stops."""


class SignalHandler(Stop):
    """Handles the signals while it is entered, and ignores them afterwards if one came: the process
    is about to end. `signal` is the first that came; later ones change nothing.

    A signal that the process ignored before, as under `nohup`, stays ignored.
    """

    def __enter__(self) -> "SignalHandler":
        handlers = {number: signal.getsignal(number) for number in STOPPING}
        self._before = {n: was for n, was in handlers.items() if was is not signal.SIG_IGN}
        for number in self._before:
            signal.signal(number, self._receive)
        self._hook, sys.unraisablehook = sys.unraisablehook, self._dispose
        return self

    def __exit__(self, *error: object) -> None:
        sys.unraisablehook = self._hook
        for number, before in self._before.items():
            signal.signal(number, signal.SIG_IGN if self.signal else before)

    def _dispose(self, lost: "sys.UnraisableHookArgs") -> None:
        """Print an error raised while Python disposes of an object, unless a signal raised it."""
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            self._hook(lost)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self.signal is None:
            self.signal = Signals(number)
            if self._at_once:
                raise KeyboardInterrupt
