"""The file of synonyms as a server uses it: read again when it has changed."""

import logging
import time
from math import inf
from pathlib import Path

from indexer.source.synonyms_file import read_synonyms
from search_app.search.query.synonyms import Synonyms

log = logging.getLogger(__name__)

Key = tuple[int, int, int] | None
"""What changes with a file; `None` if it is not there."""


class SynonymsFile:
    """A file that may change, or not be there. Any number of threads may ask for its synonyms.

    That it is not there is wrong only if a setting names it, which is called `named_by`. The file
    system is asked at most once in `recheck` seconds; a change is noticed so much later.
    """

    def __init__(self, path: Path, recheck: float = 0.01, *, named_by: str = "") -> None:
        self._path, self._recheck, self._named_by = path, recheck, named_by
        self._found: tuple[float, Key] = (-inf, None)  # when it was looked at, and what was found
        self._read: tuple[Key, Synonyms] | None = None

    def synonyms(self) -> Synonyms:
        """The synonyms that the file holds now. What is wrong with it is logged when it is read."""
        key = self.key()
        read = self._read
        if read is None or key != read[0]:
            found, problems = read_synonyms(self._path, named_by=self._named_by)
            for problem in problems:
                log.warning("%s", problem)
            self._read = read = (key, Synonyms(found))
        return read[1]

    def key(self) -> Key:
        """What changes with the file."""
        (looked, key), now = self._found, time.monotonic()
        if now - looked >= self._recheck:
            self._found = now, (key := self._key_now())
        return key

    def _key_now(self) -> Key:
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino
