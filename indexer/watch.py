"""The story of a watch: a reindex, then another after every burst of changes, until told to stop.

    run → say what is new → wait for a change ─┐
     ↑    └ it failed: say so, once            │ or until it is time to look anyway
     └─────────────────────────────────────────┘

A run that fails changes nothing and ends nothing: it is tried again with the next change, and
without one after a pause that grows. `--full` holds until a run has succeeded.
"""

from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from indexer.errors import NewsdexError, SeedsMissing
from indexer.interruption import Interruptible, Interruption
from indexer.notices import CROWD, Notices
from indexer.plan import Change
from indexer.reindex import Options, Progress, Report, reindex
from indexer.store import Store

REGULARLY = 600.0
"""Seconds after which a run looks even if nobody told of a change: a link may lead to a file
elsewhere, and of a network folder another machine's changes are not told."""

AFTER_MANY = 2.0
"""Seconds after which a run looks again where so much changed that some may have been missed."""

FIRST_PAUSE, LAST_PAUSE = 1.0, 60.0
"""Seconds after which a failed run is tried again: at first, and after many failures."""


class Voice(Protocol):
    """Says what happens while watching."""

    def tell(self, report: Report, before: Report | None) -> None:
        """Of a run that succeeded, and the one that did before it."""

    def note(self, message: str) -> None:
        """Of anything else."""

    def progress(self) -> AbstractContextManager[Progress]:
        """While a run reads files."""


def watch(
    root: Path,
    index: Path,
    store: Store,
    options: Options,
    voice: Voice,
    interruption: Interruption,
    *,
    poll: bool = False,
) -> None:
    """Keep the index up to date with the seeds folder `root`; `poll`: never trust the system's
    notices. `index` is where the store is, if it has a folder.

    Raises `KeyboardInterrupt`, having left nothing half done, once `interruption` is told to
    stop, and `SeedsMissing` if the seeds folder is not there to begin with.
    """
    session = _Session(root, store, options, voice, interruption)
    with closing(Notices(root, index, voice.note, poll=poll)) as notices:
        wait = session.round()
        voice.note(f"watching {root}; Ctrl-C ends it")
        while True:
            with interruption.held_back():
                notices.wait(wait, interruption)
            wait = session.round(crowded=notices.crowded)


class _Session:
    """The runs of a watch, and what is to be remembered from one to the next."""

    def __init__(
        self, root: Path, store: Store, options: Options, voice: Voice, interruption: Interruption
    ) -> None:
        self._root, self._store, self._options = root, store, options
        self._voice, self._interruption = voice, interruption
        self._last: Report | None = None
        self._failures = 0
        self._said = ""

    def round(self, *, crowded: bool = False) -> float:
        """Reindex, and say what came of it; the seconds after which to do so in any case."""
        outcome = self._attempt()
        self._interruption.check()
        if isinstance(outcome, Report):
            return self._succeeded(outcome, crowded)
        if isinstance(outcome, SeedsMissing) and self._last is None and not self._failures:
            raise outcome
        return self._failed(outcome)

    def _attempt(self) -> Report | Exception:
        """One run: what it did, or why it did nothing."""
        options = replace(self._options, full=self._options.full and self._last is None)
        store = Interruptible(self._store, self._interruption)
        try:
            with self._voice.progress() as progress:

                def show(done: int, total: int) -> None:
                    self._interruption.check()
                    progress(done, total)

                return reindex(self._root, store, options, show)
        except (NewsdexError, OSError, MemoryError) as error:
            return error
        except KeyboardInterrupt:
            store.release()
            raise

    def _succeeded(self, report: Report, crowded: bool) -> float:
        self._voice.tell(report, self._last)
        if self._failures and not report.switched:
            self._voice.note("the last run went well: the index is up to date")
        self._last, self._failures, self._said = report, 0, ""
        return AFTER_MANY if crowded or _is_large(report) else REGULARLY

    def _failed(self, error: Exception) -> float:
        message = _reason(error)
        if message != self._said:
            self._voice.note(f"{message} (tried again with the next change and after a pause)")
            self._said = message
        self._failures += 1
        return pause(self._failures)


def pause(failures: int) -> float:
    """Seconds to wait after so many failures in a row."""
    return min(LAST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 16))


def _is_large(report: Report) -> bool:
    changes = report.changes
    return changes[Change.ADDED] + changes[Change.CHANGED] + changes[Change.REMOVED] >= CROWD


def _reason(error: Exception) -> str:
    """Why a run failed, in a sentence."""
    if isinstance(error, NewsdexError):
        return str(error)
    if isinstance(error, MemoryError):
        return "the run needs more memory than there is; nothing was changed; try with --jobs 1"
    return f"the run failed, and nothing was changed: {error}"
