"""Reindexes, then does so again after every burst of changes, until told to stop.

    run → report what is new → wait for a change ─┐
     ↑    └ it failed: say so, once               │ or until it is time to look anyway
     └────────────────────────────────────────────┘

A run that fails changes nothing and does not end the watch: it is tried again at the next change,
and without one after a pause that grows. `--full` applies until a run has succeeded.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, Protocol

from indexer.errors import NewsdexError, RemovalsRefused, SeedsMissing
from indexer.index.lock import writing
from indexer.reindex.diff import Change
from indexer.reindex.protocols import Store
from indexer.reindex.report import Options, Progress, Report
from indexer.reindex.run import reindex
from indexer.signals import Stop
from indexer.watch.changes import INTERVALS, PAUSE_RATIO, ChangeWatcher, Intervals

MAX_WAIT = 600.0
"""Seconds after which a run looks in any case: the system does not report what another machine
writes to a network folder."""

POLL_INTERVAL = 1.0
"""Seconds after which a run looks if the system reports no changes; longer after a long run, so
that runs take a fifth of the time."""

WAIT_AFTER_OVERFLOW = 2.0
"""Seconds after which a run looks again after so many changes that some may have been missed."""

FIRST_PAUSE, LAST_PAUSE = 1.0, 60.0
"""Seconds after which a failed run is tried again: at first, and after many failures."""


class Reporter(Protocol):
    """Reports what happens while watching."""

    def report(self, report: Report, before: Report | None) -> None:
        """Report a run that succeeded; `before` is the last one that did."""

    def note(self, message: str) -> None:
        """Report anything else."""

    def progress(self) -> AbstractContextManager[Progress]:
        """Enter this while a run reads files."""


def watch(
    root: Path,
    index: Path,
    store: Store,
    options: Options,
    reporter: Reporter,
    stop: Stop,
    *,
    poll: bool = False,
    intervals: Intervals = INTERVALS,
) -> NoReturn:
    """Keep the index up to date with the seeds folder `root`. `poll`: do not ask the system to
    report changes. `index` is the folder of the store.

    Raises `KeyboardInterrupt` once told to stop, leaving nothing half done, and `SeedsMissing` if
    the seeds folder is not there at the start.
    """

    def run(options: Options) -> Report:
        with writing(index), reporter.progress() as progress:
            return reindex(root, store, options, progress, stop)

    session = _Session(run, options, reporter, intervals.overflow)
    warn = reporter.note
    with closing(ChangeWatcher(root, index, warn, poll=poll, intervals=intervals)) as changes:
        wait = session.round(changes, noticed=True)
        reporter.note(f"watching {root}; Ctrl-C ends it")
        while True:
            noticed = changes.wait(wait, stop)
            stop.check()
            wait = session.round(changes, noticed=noticed)


class _Session:
    """The runs of a watch, and what is remembered from one to the next. `many`: after a run that
    wrote so many items, the next one looks for changes that the system did not report."""

    def __init__(
        self, run: Callable[[Options], Report], options: Options, reporter: Reporter, many: int
    ) -> None:
        self._run, self._options, self._reporter, self._many = run, options, reporter, many
        self._last: Report | None = None
        self._failures = 0
        self._last_note = ""

    def round(self, changes: ChangeWatcher, *, noticed: bool) -> float:
        """Reindex and report; returns the seconds after which to do so again in any case."""
        began = time.monotonic()
        options = replace(self._options, full=self._options.full and self._last is None)
        try:
            report = self._run(options)
        except NewsdexError as error:
            if isinstance(error, SeedsMissing) and self._last is None and not self._failures:
                raise
            wait = self._failed(error)
        else:
            changes.follow(report.links)
            wait = self._succeeded(report, changes.overflowed, noticed)
        if changes.polls:
            return min(wait, max(POLL_INTERVAL, PAUSE_RATIO * (time.monotonic() - began)))
        return wait

    def _succeeded(self, report: Report, overflowed: bool, noticed: bool) -> float:
        """Report the run, unless no change was noticed and it found nothing new."""
        last, self._last = self._last, report
        if noticed or last is None or report.switched or report.problems != last.problems:
            self._reporter.report(report, last)
        if self._failures and not report.switched:
            self._reporter.note("the last run went well: the index is up to date")
        self._failures, self._last_note = 0, ""
        written = sum(report.changes[c] for c in (Change.ADDED, Change.CHANGED, Change.REMOVED))
        return WAIT_AFTER_OVERFLOW if overflowed or written >= self._many else MAX_WAIT

    def _failed(self, error: NewsdexError) -> float:
        """Say why, but only once for each cause: files that vanish one by one are one cause."""
        message = str(error)
        about = type(error).__name__ if isinstance(error, RemovalsRefused) else message
        if about != self._last_note:
            self._reporter.note(f"{message} (tried again with the next change and after a pause)")
            self._last_note = about
        self._failures += 1
        return pause_after(self._failures)


def pause_after(failures: int) -> float:
    """Seconds to wait after this many failures in a row."""
    return min(LAST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 16))
