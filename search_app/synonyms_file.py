"""The file of synonyms as a server uses it: read again when it has changed."""

import logging
from pathlib import Path

from indexer.source.synonyms_file import read_synonyms
from search_app.search.query.synonyms import NO_SYNONYMS, Synonyms

log = logging.getLogger(__name__)

Key = tuple[int, int, int] | None
"""What changes with a file; `None` if it is not there."""


class SynonymsFile:
    """A file that may change, or not be there. Any number of threads may ask for its synonyms."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[Key, Synonyms] = (None, NO_SYNONYMS)

    def synonyms(self) -> Synonyms:
        """The synonyms that the file holds now. What is wrong with it is logged when it is read."""
        key = self.key()
        if key != self._read[0]:
            found, problems = read_synonyms(self._path)
            for problem in problems:
                log.warning("%s", problem)
            self._read = (key, Synonyms(found))
        return self._read[1]

    def key(self) -> Key:
        """What changes with the file."""
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino
