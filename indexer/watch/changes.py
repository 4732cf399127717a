"""Waits for a change of the seeds folder, as the system reports them.

The reports come through watchfiles. They do not cover a file behind a link, nor that a link now
leads elsewhere, so the watcher looks at the targets of links itself, at every heartbeat or as often
as takes a fifth of the time. If the system refuses to report (its limits are reached, a folder may
not be read) or cannot know (another machine writes to a network folder), it `polls`: whoever waits
has to look regularly.

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

FIFTH = 4
"""Work that is followed by a pause this many times as long takes a fifth of the time."""

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
    """What is watched: the seeds folder and the `folders` below it, as absolute paths. Changes of
    the `index` folder do not count; it is empty if it does not lie there."""

    root: str
    index: str
    folders: Collection[str]

    def relevance(self, path: str, is_folder: Callable[[str], bool] = os.path.isdir) -> Relevance:
        """What a change at a path concerns. A folder that is gone is known by `folders`."""
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
        self._links = _Links({})
        self._listener: _Listener | None = None
        self._listen()

    def follow(self, links: Mapping[str, StatKey | None]) -> None:
        """Look at the targets of these links, too. Each comes with its stat key at the last run,
        `None` if it could not be seen then."""
        self._links = _Links(links)

    def wait(self, seconds: float, stop: Stop) -> bool:
        """Whether there was a change; if not, the time is up or a stop was asked for."""
        end = time.monotonic() + seconds
        self.overflowed = False
        while not stop.is_set() and (left := end - time.monotonic()) > 0:
            if self._changed(left, stop):
                return not stop.is_set()
        return False

    def close(self) -> None:
        """Listen no longer."""
        if self._listener:
            self._listener.close()
            self._listener = None

    def _changed(self, seconds: float, stop: Stop) -> bool:
        if self.polls:
            pause(seconds, stop)
            return False
        if self._listener is None:  # the folder is gone
            pause(min(seconds, self._intervals.heartbeat), stop)
            self._listen()
            return self._listener is not None or self.polls
        found = self._listener.changed(seconds, stop, self._links)
        self.overflowed |= self._listener.overflowed
        if found is Relevance.FOLDER:
            # What is below a new folder is listened to only as far as it was there in time and
            # the limits allowed, and nobody says how far that is; so all is begun anew.
            self._listen()
        return found is not Relevance.NONE

    def _listen(self) -> None:
        """Listen to the folder that is there now."""
        self.close()
        if self.polls:
            return
        try:
            self._listener = _Listener(self._root, self._index, self._intervals)
        except FileNotFoundError:
            return  # for now; `_changed` tries again
        except (OSError, UnicodeDecodeError, WatchfilesRustInternalError) as error:
            self.polls = True
            self._warn(
                f"the system gives no notice of changes in {self._root} ({error}), so they are "
                "looked for once a second, or as often as takes a fifth of the time; to be told of "
                "them, raise fs.inotify.max_user_watches and max_user_instances, and allow reading "
                "every folder"
            )


def pause(seconds: float, stop: Stop) -> None:
    """Sleep, but no longer than until a stop is asked for."""
    end = time.monotonic() + seconds
    while not stop.is_set() and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 0.05))


class _Links:
    """The targets of links, each as it was when it was last seen."""

    def __init__(self, known: Mapping[str, StatKey | None]) -> None:
        self._known = dict(known)
        self._next = 0.0

    def changed(self) -> Relevance:
        """What any changes concern; a link that led nowhere may lead to a folder now."""
        began = time.monotonic()
        if began < self._next:
            return Relevance.NONE
        found = Relevance.NONE
        for path, before in self._known.items():
            if (now := seed_file.stat_key(path)) != before:
                self._known[path] = now
                is_file = before is not None and not path.endswith("/")
                found = max(found, Relevance.SEED if is_file else Relevance.FOLDER)
        self._next = time.monotonic() + FIFTH * (time.monotonic() - began)
        return found


class _Listener:
    """Listens to one folder, as long as no other one takes its place."""

    def __init__(self, root: Path, index: Path, intervals: Intervals) -> None:
        self.overflowed = False
        self._root, self._intervals = root, intervals
        self._identity = _identity(root)
        # Paths are UTF-8 to the watcher, whatever the locale says.
        watched = os.fsencode(root.absolute()).decode()
        self._watcher = RustNotify([watched], False, False, 0, True, False)
        self._tree = Tree(str(root.absolute()), _below(index, root), set(_folders(root)))

    def changed(self, seconds: float, stop: Stop, links: _Links) -> Relevance:
        """The greatest relevance among the changes of a burst, once it is over; `NONE` if there is
        no change in time."""
        self.overflowed = False
        until = _Until(seconds, stop, lambda: self._unreported(links), self._intervals.heartbeat)
        try:
            while not until.is_set():
                changes = self._changes(until)
                seen = self._relevance(changes)
                if seen and any(not os.path.lexists(path) for _, path in changes):
                    pause = self._intervals.grace
                    grace = _Until(pause, stop, lambda: Relevance.NONE, pause)
                    seen = max(seen, self._relevance(self._changes(grace)))
                if seen:
                    return seen
        except WatchfilesRustInternalError:
            return Relevance.FOLDER  # a name is not UTF-8, or a limit was reached: begin anew
        return until.found

    def close(self) -> None:
        """Listen no longer."""
        self._watcher.close()

    def _changes(self, until: "_Until") -> set[Change]:
        # The watcher's own time limit loses the changes of the moment it is reached. So does
        # `until`, but then a run follows.
        longest, quiet = self._intervals.max_debounce, self._intervals.debounce
        found = self._watcher.watch(round(longest * 1000), round(quiet * 1000), 0, until)
        reported = set() if isinstance(found, str) else found
        changes = {(kind, os.fsdecode(path.encode())) for kind, path in reported}
        self.overflowed |= len(changes) >= self._intervals.overflow
        return changes

    def _relevance(self, changes: Iterable[Change]) -> Relevance:
        return max((self._tree.relevance(path) for _, path in changes), default=Relevance.NONE)

    def _unreported(self, links: _Links) -> Relevance:
        """What changed without a report by the system."""
        moved = _identity(self._root) != self._identity
        return Relevance.FOLDER if moved else links.changed()


class _Until:
    """Ends the waiting if a stop is asked for, if the time is up, or if something was `found`: it
    looks at every heartbeat."""

    def __init__(
        self, seconds: float, stop: Stop, look: Callable[[], Relevance], heartbeat: float
    ) -> None:
        self.found = Relevance.NONE
        self._end = time.monotonic() + seconds
        self._stop, self._look, self._heartbeat = stop, look, heartbeat
        self._beat = time.monotonic() + heartbeat

    def is_set(self) -> bool:
        """Whether to stop waiting; the watcher asks this again and again."""
        now = time.monotonic()
        if not self.found and now >= self._beat:
            self._beat = now + self._heartbeat
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
    real, real_root = index.resolve(), root.resolve()
    if real != real_root and real.is_relative_to(real_root):
        return str(root.absolute() / real.relative_to(real_root))
    return ""
