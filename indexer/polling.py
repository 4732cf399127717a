"""Changes of a seeds folder found by walking it again and comparing, without any notice of them."""

import time
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from indexer import seeds
from indexer.errors import SeedsMissing
from indexer.item import Problem

QUIET = 0.1
"""Seconds without a change after which a burst of them is over."""

LONGEST = 1.0
"""Seconds after which a burst is acted on even if it goes on."""

LOOK = 1.0
"""Seconds between two comparisons."""

SHARE = 4
"""A comparison that takes long is followed by a pause this many times as long."""


class Stop(Protocol):
    """Says when waiting is to end at once."""

    def is_set(self) -> bool:
        """Whether it is."""


class Polling:
    """Finds changes by walking the seeds and comparing with the walk before."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._cost = 0.0
        self._seen = self._look()
        self._next = time.monotonic() + LOOK

    def changed(self, seconds: float, stop: Stop) -> bool:
        """Whether the seeds are others now than at the last look; then, once they rest."""
        if (early := self._next - time.monotonic()) > seconds:
            pause(seconds, stop)
            return False
        pause(early, stop)
        before, self._seen = self._seen, self._look()
        changed = before != self._seen
        end = time.monotonic() + LONGEST
        while before != self._seen and time.monotonic() < end and not stop.is_set():
            pause(QUIET, stop)
            before, self._seen = self._seen, self._look()
        self._next = time.monotonic() + max(LOOK, SHARE * self._cost)
        return changed

    def _look(self) -> bytes:
        """A digest of what the walk finds: paths, sizes, times, inodes and what is amiss."""
        began = time.monotonic()
        digest = blake2b()
        try:
            for found in seeds.walk(self._root):
                row = (
                    (found.path, found.message)
                    if isinstance(found, Problem)
                    else (found.path, found.size, found.mtime_ns, found.inode)
                )
                digest.update(repr(row).encode())
        except SeedsMissing as error:
            digest.update(str(error).encode(errors="backslashreplace"))
        self._cost = time.monotonic() - began
        return digest.digest()


def pause(seconds: float, stop: Stop) -> None:
    """Sleep, but no longer than until `stop` is set."""
    end = time.monotonic() + seconds
    while not stop.is_set() and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 0.05))
