"""Interrupted at any moment, a run leaves no lock, no draft, and an index that is whole."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any
from weakref import finalize

import pytest

from indexer.engines.whoosh.store import WhooshStore
from indexer.reindex.report import Options, Progress, Report, silent
from indexer.signals import STOPPING, SignalHandler, Stop
from indexer.watch.loop import watch
from tests.conditions import CAMPAIGN
from tests.indexer.samples import run, seed

pytestmark = pytest.mark.slow

STEP, NARROW = (3, 1) if CAMPAIGN else (1201, 11)
"""Of the calls and returns of a run, and of those around contexts, each that is a multiple of
this is interrupted once."""


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """The handlers of before, which one that was interrupted does not give back; while a test
    runs, none is ignored, as the hangup is under `nohup`."""
    before = {number: signal.getsignal(number) for number in STOPPING}
    for number, handler in before.items():
        if handler is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", STOPPING)
def test_a_signal_is_noted_and_heard_where_it_is_asked_for(number: signal.Signals) -> None:
    with SignalHandler() as stop:
        stop.check()
        signal.raise_signal(number)  # raises nothing here
        signal.raise_signal(STOPPING[0])
        assert stop.is_set()
        assert stop.signal is number
        with pytest.raises(KeyboardInterrupt):
            stop.check()
    assert signal.getsignal(number) is signal.SIG_IGN


def test_where_work_may_be_dropped_a_signal_raises_at_once() -> None:
    done = []

    def work(stop: Stop) -> None:
        with stop.at_once():
            done.append("before")
            signal.raise_signal(signal.SIGTERM)
            done.append("after")

    with SignalHandler() as stop:
        with pytest.raises(KeyboardInterrupt):
            work(stop)
        with pytest.raises(KeyboardInterrupt):
            work(stop)  # it does not begin
    assert done == ["before"]


def test_without_a_signal_everything_is_as_before() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    before = {number: signal.getsignal(number) for number in STOPPING}
    with SignalHandler() as stop:
        signal.raise_signal(signal.SIGHUP)
        assert not stop.is_set()
        assert signal.getsignal(signal.SIGINT) is not before[signal.SIGINT]
    assert {number: signal.getsignal(number) for number in STOPPING} == before


class Interrupter:
    """Sends SIGINT at the call or return of this number in files with such a name: a profiler
    is told of each."""

    def __init__(self, at: int, *files: str) -> None:
        self._left, self._files = at, files

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        if any(name in frame.f_code.co_filename for name in self._files):
            self._left -= 1
            if self._left < 0:
                sys.setprofile(None)
                signal.raise_signal(signal.SIGINT)


class Silence:
    """Implements `indexer.watch.loop.Voice`. Ends the watch as soon as it has nothing to do."""

    def __init__(self) -> None:
        self.rested = False

    def report(self, report: Report, before: Report | None) -> None:
        """Say nothing."""

    def note(self, message: str) -> None:
        """Stop before anything is waited for."""
        sys.setprofile(None)
        self.rested = True
        signal.raise_signal(signal.SIGINT)

    def progress(self) -> AbstractContextManager[Progress]:
        """Show nothing."""
        return nullcontext(silent)


def interrupted(interrupter: Interrupter, place: Path, options: Options) -> bool:
    """Watch until interrupted in the first run; `False` if that was over before."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the one before left it ignored
    store, voice = WhooshStore(place / "index"), Silence()
    with SignalHandler() as stop, suppress(KeyboardInterrupt):
        sys.setprofile(interrupter)
        try:
            watch(place / "seeds", place / "index", store, options, voice, stop)
        finally:
            sys.setprofile(None)
    return not voice.rested


# What was being written when the run was cut off is closed as Python disposes of it.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("files", "step", "full"),
    [
        (("/indexer/", "contextlib.py"), STEP, False),
        (("/indexer/", "contextlib.py"), STEP, True),
        (("contextlib.py",), NARROW, False),
        (("signals.py", "lock.py"), NARROW, False),
    ],
)
def test_a_run_interrupted_at_any_call_or_return_leaves_nothing_behind(
    tmp_path: Path, files: tuple[str, ...], step: int, full: bool
) -> None:
    seeds, index = tmp_path / "seeds", tmp_path / "index"
    for name in "abc":
        seed(seeds, name, "Item")
    run(seeds, index)
    cut = 0
    for at in count(0, step):
        seed(seeds, "a", "Item", excerpt=f"round{at}")
        before = (index / "CURRENT").read_text()
        if not interrupted(Interrupter(at, *files), tmp_path, Options(full=full)):
            break
        cut += 1
        kept = WhooshStore(index).generations()
        assert {path.name for path in index.iterdir()} == {"CURRENT", *kept}, at
        assert len(kept) <= 2
        assert not any(verdict.faults for verdict in WhooshStore(index).verify())
        switched = (index / "CURRENT").read_text() != before
        assert run(seeds, index).switched is not switched
    assert cut > 5


class Disposed:
    """Is told to stop while it is disposed of."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


class Named:
    """Can be referred to weakly."""


def finalized() -> None:
    finalize(Named(), signal.raise_signal, signal.SIGTERM)


@pytest.mark.parametrize("dispose", [Disposed, finalized])
def test_a_signal_that_comes_while_an_object_is_disposed_of_is_heard_all_the_same(
    dispose: Callable[[], object], capfd: pytest.CaptureFixture[str]
) -> None:
    """What is raised there is printed, and then forgotten."""
    with SignalHandler() as stop, pytest.raises(KeyboardInterrupt), stop.at_once():
        dispose()
    assert stop.signal is signal.SIGTERM
    assert capfd.readouterr().err == ""
