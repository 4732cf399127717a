"""Waits for changes of the seeds folder, which the system reports through watchfiles.

It reports neither changes of a file behind a link nor that a link now leads elsewhere. So the
watcher looks at the targets of links itself, at every heartbeat or as often as takes a fifth of the
time. If the system refuses to report (its limits are reached, a folder may not be read) or cannot
know (another machine writes to a network folder), the watcher `polls`: whoever waits has to look
for changes regularly.

    changes ──► does any concern a seed or a folder of seeds? ──► are they over? ──► run
"""

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

# The part of watchfiles that its documentation names for those who need the waiting to end at
# times of their own; `watchfiles.watch` begins to listen only when it is first waited for.
from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from indexer.signals import Stop
from indexer.source import seed_file
from indexer.source.seed_file import StatKey

PAUSE_RATIO = 4
"""A pause is this many times as long as the work before it, which so takes a fifth of the time."""

Change = tuple[int, str]
"""What became of a path (1 added, 2 modified, 3 deleted), and the path."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """How long to wait for what, in seconds.

    `debounce`: a burst is over after this time without a change; `max_debounce`: a burst is acted
    on after this time even if it goes on. `grace`: a deleted file may come back within it, because
    some editors save that way. `heartbeat`: the time between two looks at what the system does not
    report. `overflow` is a number: if so many changes come at once, the system's queue may have
    dropped some.
    """

    debounce: float = 0.1
    max_debounce: float = 1.0
    grace: float = 0.3
    heartbeat: float = 0.5
    overflow: int = 1000


INTERVALS = Intervals()


class Relevance(IntEnum):
    """What a change concerns: nothing, a seed file, or a folder of seed files."""

    NONE = 0
    SEED = 1
    FOLDER = 2


@dataclass(frozen=True, slots=True)
class Tree:
    """The paths that are watched, all absolute: the seeds folder and the `folders` below it.
    `index` is the index folder, whose changes do not count; empty if it lies elsewhere."""

    root: str
    index: str
    folders: Collection[str]

    def relevance(self, path: str, is_folder: Callable[[str], bool] = os.path.isdir) -> Relevance:
        """What a change at a path concerns; `folders` tells that a path now gone was a folder."""
        if path == self.root:
            return Relevance.FOLDER
        if self.index and f"{path}/".startswith(f"{self.index}/"):
            return Relevance.NONE
        below = path.removeprefix(f"{self.root.rstrip('/')}/")
        if any(part.startswith(".") for part in below.split("/")):
            return Relevance.NONE
        if path in self.folders or is_folder(path):
            return Relevance.FOLDER
        if seed_file.is_seed(below) or os.path.islink(path):  # noqa: PTH114 - a text, as reported
            return Relevance.SEED  # a link may lead to one
        return Relevance.NONE


class ChangeWatcher:
    """Waits until something changed in a seeds folder, whether or not that is there.

    Raises nothing: if the system reports no changes, `warn` is called with the reason.
    `overflowed`: the last changes were so many that some may have been missed. `polls`: the system
    reports no changes, so whoever waits has to look.
    """

    def __init__(
        self,
        root: Path,
        index: Path,
        warn: Callable[[str], None],
        *,
        poll: bool = False,
        intervals: Intervals = INTERVALS,
    ) -> None:
        self.overflowed, self.polls = False, poll
        self._root, self._index, self._warn = root, index, warn
        self._intervals = intervals
        self._links: dict[str, StatKey | None] = {}
        self._next_look = 0.0
        self._watcher: RustNotify | None = None
        self._listen()

    def follow(self, links: Mapping[str, StatKey | None]) -> None:
        """Look at the targets of these links, too. Each comes with its stat key at the last run,
        `None` if it could not be seen then."""
        self._links, self._next_look = dict(links), 0.0

    def wait(self, seconds: float, stop: Stop) -> bool:
        """Whether there was a change; if not, the time is up or a stop was asked for."""
        self.overflowed = False
        until = _Until(seconds, stop, self._intervals.heartbeat, self._unreported)
        found = Relevance.NONE
        while not found and not until.is_set():
            found = self._reported(until, stop)
        found = found or until.found
        if found is Relevance.FOLDER:
            # The system reports changes below a new folder only as far as it was there in time and
            # the limits allowed, and does not say how far that is. So listen anew to everything.
            self._listen()
        return bool(found) and not stop.is_set()

    def close(self) -> None:
        """Listen no longer."""
        if self._watcher:
            self._watcher.close()
            self._watcher = None

    def _listen(self) -> None:
        """Listen to the folder that is there now, if there is one."""
        self.close()
        if self.polls:
            return
        self._identity = _identity(self._root)
        root = self._root.absolute()
        try:
            # Paths are UTF-8 to the watcher, whatever the locale says.
            watched = os.fsencode(root).decode()
            self._watcher = RustNotify([watched], False, False, 0, True, False)
            index = _below(self._index, self._root)
            self._tree = Tree(str(root), index, set(_folders(self._root)))
        except FileNotFoundError:
            return  # until `_unreported` finds a folder there
        except (OSError, UnicodeDecodeError, WatchfilesRustInternalError) as error:
            self.polls = True
            self._warn(
                f"the system gives no notice of changes in {self._root} ({error}), so they are "
                "looked for once a second, or as often as takes a fifth of the time; to be told of "
                "them, raise fs.inotify.max_user_watches and max_user_instances, and allow reading "
                "every folder"
            )

    def _reported(self, until: "_Until", stop: Stop) -> Relevance:
        """The greatest relevance among the next changes that the system reports, once a burst of
        them is over; `NONE` if there is none in time."""
        if self._watcher is None:
            time.sleep(0.05)
            return Relevance.NONE
        try:
            changes = self._burst(self._watcher, until)
            found = self._relevance(changes)
            if found and any(not os.path.lexists(path) for _, path in changes):
                grace = self._intervals.grace
                again = self._burst(self._watcher, _Until(grace, stop, grace))
                found = max(found, self._relevance(again))
            return found
        except WatchfilesRustInternalError:
            return Relevance.FOLDER  # a name is not UTF-8, or a limit was reached: begin anew

    def _burst(self, watcher: RustNotify, until: "_Until") -> set[Change]:
        # The watcher's own time limit loses the changes of the moment it is reached. So does
        # `until`, but then a run follows.
        longest, quiet = self._intervals.max_debounce, self._intervals.debounce
        reported = watcher.watch(round(longest * 1000), round(quiet * 1000), 0, until)
        if isinstance(reported, str):  # the reason why there are none
            return set()
        self.overflowed |= len(reported) >= self._intervals.overflow
        return {(kind, os.fsdecode(path.encode())) for kind, path in reported}

    def _relevance(self, changes: Iterable[Change]) -> Relevance:
        return max((self._tree.relevance(path) for _, path in changes), default=Relevance.NONE)

    def _unreported(self) -> Relevance:
        """The relevance of what the system does not report: that another folder, or none, is at the
        path of the seeds folder, and what happened to the targets of links."""
        if self.polls:
            return Relevance.NONE
        if _identity(self._root) != self._identity:
            return Relevance.FOLDER
        began = time.monotonic()
        found = Relevance.NONE
        if began < self._next_look:
            return found
        for path, before in self._links.items():
            if (now := seed_file.stat_key(path)) != before:
                self._links[path] = now
                is_file = before is not None and not path.endswith("/")
                # A link that led nowhere may lead to a folder now.
                found = max(found, Relevance.SEED if is_file else Relevance.FOLDER)
        self._next_look = time.monotonic() + PAUSE_RATIO * (time.monotonic() - began)
        return found


class _Until:
    """Ends the waiting if a stop is asked for, if the time is up, or if `look`, called at every
    heartbeat, has `found` something."""

    def __init__(
        self,
        seconds: float,
        stop: Stop,
        heartbeat: float,
        look: Callable[[], Relevance] = lambda: Relevance.NONE,
    ) -> None:
        self.found = Relevance.NONE
        self._stop, self._heartbeat, self._look = stop, heartbeat, look
        now = time.monotonic()
        self._end, self._next_look = now + seconds, now + heartbeat

    def is_set(self) -> bool:
        """Whether to stop waiting; the watcher asks this again and again."""
        now = time.monotonic()
        if not self.found and now >= self._next_look:
            self._next_look = now + self._heartbeat
            self.found = self._look()
        return bool(self.found) or now >= self._end or self._stop.is_set()


def _identity(root: Path) -> StatKey | None:
    """Tells the folder at a path from another one; `None` if there is none to be seen."""
    return seed_file.stat_key(seed_file.path_below(root, "") or "./")


def _folders(root: Path) -> Iterator[str]:
    """The folders below the root that are not hidden, links to folders included."""
    for path, names, _ in os.walk(root.absolute()):
        names[:] = [name for name in names if not name.startswith(".")]
        for name in names:
            yield os.path.join(path, name)  # noqa: PTH118 - as text: there may be many


def _below(index: Path, root: Path) -> str:
    """The index folder as the reports name it if it lies in the root; empty if it does not."""
    real, real_root = Path(os.path.realpath(index)), Path(os.path.realpath(root))
    if real != real_root and real.is_relative_to(real_root):
        return str(root.absolute() / real.relative_to(real_root))
    return ""
