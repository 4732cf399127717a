"""When to look at the seeds folder again: the system tells of changes, or else we look for them.

The system's notices come through watchfiles. Where it refuses them (its limits are reached, a
folder may not be read) or cannot know (a network folder that another machine writes to), what
the walk of the seeds finds is compared with what it found before.

    changes ──► does any concern a seed or a folder of seeds? ──► are they over? ──► run
"""

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

# The part of watchfiles that its documentation names for those who need the waiting to end at
# times of their own; `watchfiles.watch` begins to listen only when it is first waited for.
from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from indexer import seeds
from indexer.polling import LONGEST, QUIET, Polling, Stop, pause

GRACE = 0.3
"""Seconds in which a file that is gone may come back: some editors save by deleting first."""

HEARTBEAT = 0.5
"""Seconds between two looks at whether the seeds folder is still the one that is watched."""

CROWD = 1000
"""Of so many changes at once the system may have dropped some: its queue is finite, too."""

Change = tuple[int, str]
"""What became of a path (1 added, 2 modified, 3 deleted), and the path."""


class Concern(IntEnum):
    """How far a change concerns us: not at all, as a seed, or as a folder of seeds."""

    NONE = 0
    SEED = 1
    FOLDER = 2


@dataclass(frozen=True, slots=True)
class Tree:
    """What is watched: the seeds folder and the `folders` below it, as absolute paths. `index`
    concerns nobody, if it lies there, too; it is empty if not."""

    root: str
    index: str
    folders: Collection[str]

    def concern(self, path: str, is_folder: Callable[[str], bool] = os.path.isdir) -> Concern:
        """What a change at a path is to us. A folder that is gone is known from before."""
        if path == self.root:
            return Concern.FOLDER
        if self.index and f"{path}/".startswith(f"{self.index}/"):
            return Concern.NONE
        below = path.removeprefix(f"{self.root.rstrip('/')}/")
        if any(part.startswith(".") for part in below.split("/")):
            return Concern.NONE
        if path in self.folders or is_folder(path):
            return Concern.FOLDER
        return Concern.SEED if seeds.is_seed(below) else Concern.NONE


class Notices:
    """Waits until something changed in a seeds folder, whether or not that is there.

    Raises nothing: where the system gives no notices `warn` is told why, and how we go on.
    `crowded`: the last changes were so many that some may have been missed.
    """

    def __init__(self, root: Path, index: Path, warn: Callable[[str], None], *, poll: bool) -> None:
        self.crowded = False
        self._root, self._index, self._warn = root, index, warn
        self._listener: _Listener | None = None
        self._polling = Polling(root) if poll else None
        self._listen()

    def wait(self, seconds: float, stop: Stop) -> bool:
        """Whether something changed; if not, the time is up or `stop` is set."""
        end = time.monotonic() + seconds
        self.crowded = False
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
        if self._polling:
            return self._polling.changed(seconds, stop)
        if self._listener is None:  # the folder is gone
            pause(min(seconds, HEARTBEAT), stop)
            self._listen()
            return self._listener is not None or self._polling is not None
        found = self._listener.changed(seconds, stop)
        self.crowded |= self._listener.crowded
        if found is Concern.FOLDER:
            # What is below a new folder is listened to only as far as it was there in time and
            # the limits allowed, and nobody says how far that is; so all is begun anew.
            self._listen()
        return found is not Concern.NONE

    def _listen(self) -> None:
        """Listen to the folder that is there now."""
        self.close()
        if self._polling:
            return
        try:
            self._listener = _Listener(self._root, self._index)
        except FileNotFoundError:
            return  # for now; `_changed` tries again
        except (OSError, WatchfilesRustInternalError) as error:
            self._polling = Polling(self._root)
            self._warn(
                f"the system gives no notice of changes in {self._root} ({error}), so they are "
                "looked for once a second, or as often as that costs little; to be told of them, "
                "raise fs.inotify.max_user_watches and max_user_instances, and allow reading "
                "every folder"
            )


class _Listener:
    """Notices of one folder, for as long as it is the one that stands at its path."""

    def __init__(self, root: Path, index: Path) -> None:
        self.crowded = False
        self._root = root
        self._identity = _identity(root)
        self._watcher = RustNotify([str(root.absolute())], False, False, 0, True, False)
        self._tree = Tree(str(root.absolute()), _below(index, root), set(_folders(root)))

    def changed(self, seconds: float, stop: Stop) -> Concern:
        """The greatest concern among the changes of a burst, after its end; none if there are
        none in time."""
        self.crowded = False
        until = _Until(seconds, stop, self._moved)
        try:
            while not until.is_set():
                changes = self._changes(until)
                seen = self._concern(changes)
                if seen and any(not os.path.lexists(path) for _, path in changes):
                    seen = max(seen, self._concern(self._changes(_Until(GRACE, stop, _never))))
                if seen:
                    return seen
        except WatchfilesRustInternalError:
            return Concern.FOLDER  # a name is not UTF-8, or a limit was reached: begin anew
        return Concern.FOLDER if self._moved() else Concern.NONE

    def close(self) -> None:
        """Listen no longer."""
        self._watcher.close()

    def _changes(self, until: "_Until") -> set[Change]:
        # No time limit of the watcher's own: when one is reached, changes of that moment are
        # lost. So they are when `until` ends it, but then a run follows.
        found = self._watcher.watch(round(LONGEST * 1000), round(QUIET * 1000), 0, until)
        changes = set() if isinstance(found, str) else found
        self.crowded |= len(changes) >= CROWD
        return changes

    def _concern(self, changes: Iterable[Change]) -> Concern:
        return max((self._tree.concern(path) for _, path in changes), default=Concern.NONE)

    def _moved(self) -> bool:
        return _identity(self._root) != self._identity


class _Until:
    """Ends the waiting: when `stop` does, when the time is up, or when something else is found,
    which is looked for at every heartbeat."""

    def __init__(self, seconds: float, stop: Stop, found: Callable[[], bool]) -> None:
        self._end = time.monotonic() + seconds
        self._beat = time.monotonic() + HEARTBEAT
        self._stop, self._found = stop, found
        self._over = False

    def is_set(self) -> bool:
        """Whether it is over. Asked between any two steps of waiting."""
        now = time.monotonic()
        self._over = self._over or now >= self._end or self._stop.is_set()
        if not self._over and now >= self._beat:
            self._beat = now + HEARTBEAT
            self._over = self._found()
        return self._over


def _never() -> bool:
    return False


def _identity(root: Path) -> tuple[int, int] | None:
    """Which folder stands at a path; `None` if none does, or nobody may know."""
    try:
        status = root.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _folders(root: Path) -> Iterator[str]:
    """The folders below the root that are not hidden, links to folders included."""
    for path, names, _ in os.walk(root.absolute()):
        names[:] = [name for name in names if not name.startswith(".")]
        for name in names:
            yield os.path.join(path, name)  # noqa: PTH118 - as text: there may be many


def _below(index: Path, root: Path) -> str:
    """The index folder as the notices name it if it lies in the root; empty if it does not."""
    real, real_root = index.resolve(), root.resolve()
    if real != real_root and real.is_relative_to(real_root):
        return str(root.absolute() / real.relative_to(real_root))
    return ""
