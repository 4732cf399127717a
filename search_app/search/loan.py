"""An open searcher as it is lent, and whether what it reads is still what was looked at."""

import threading
import time

from indexer import manifest
from indexer.errors import IndexDamaged, IndexUnreadable
from indexer.home import Generation
from search_app.search.engine import Searcher
from search_app.search.query import Note

AGAIN = 5.0
"""Seconds after which a generation that could not be read, but may be whole, is tried again."""


class Loan:
    """An open searcher, why it is not that of the current generation (empty if it is), and how
    many requests use it. `asked` is what `CURRENT` said when it was opened."""

    def __init__(
        self, asked: str, found: Generation, mapped: tuple[str, ...], searcher: Searcher
    ) -> None:
        self.asked, self.generation, self.searcher = asked, found.name, searcher
        self.fault: IndexDamaged | None = None
        self.users = 0
        self._opened = time.monotonic()
        self.retired = threading.Event()
        self._paths = [
            str(found.folder / name) for name in found.manifest.files if name.endswith(mapped)
        ]
        self._keys = manifest.keys(self._paths)

    @property
    def warning(self) -> str:
        """What is wrong with the current generation, and what answers instead."""
        return f"{self.fault}; answering from {self.generation} instead" if self.fault else ""

    @property
    def notes(self) -> tuple[Note, ...]:
        """The same for readers, who are not concerned with files."""
        if not self.fault:
            return ()
        return (
            Note(
                "stand_in",
                f"the current index is damaged; generation {self.generation} answers in its stead, "
                "which may be out of date",
            ),
        )

    def may_be_mended(self) -> bool:
        """Whether what it stands in for could only not be read, and that some time ago."""
        passing = isinstance(self.fault, IndexUnreadable)
        return passing and time.monotonic() - self._opened >= AGAIN

    def changed(self) -> bool:
        """Whether a file that is mapped has been written to or taken away since."""
        return manifest.keys(self._paths) != self._keys

    def overwritten(self) -> bool:
        """Whether one has been written to: of one only taken away all is still there to us."""
        now = manifest.keys(self._paths)
        return any(key not in (None, was) for key, was in zip(now, self._keys, strict=True))
