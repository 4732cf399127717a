"""The items of a benchmark: written where they are missing, and each parsed once for everybody."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from indexer.document import Document, document
from indexer.source import seed_file
from indexer.source.scan import scan
from indexer.source.seed_file import SeedFile
from indexer.source.validate.item_parser import parse_item

ROOT = Path(__file__).parents[2]
WRITER = ROOT.parent / "shared" / "tools" / "write_items.py"


class Unavailable(Exception):
    """What a benchmark needs and does not find here. It is reported; the others go on."""


class Corpus:
    """A folder of items, read when somebody first asks for what is in it.

    `seconds` is what reading and parsing took, 0 as long as nobody asked.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds = 0.0
        self._documents: tuple[Document, ...] = ()

    def documents(self) -> tuple[Document, ...]:
        """The items as documents, which is what every peer indexes."""
        if not self._documents:
            began = time.perf_counter()
            self._documents = tuple(_documents(self.folder))
            self.seconds = time.perf_counter() - began
        return self._documents

    def forget(self) -> None:
        """Let go of the documents: measuring should not share a heap with them."""
        self._documents = ()


def write(folder: Path, count: int) -> None:
    """Write so many items into a new folder; the same count always gives the same bytes."""
    if not WRITER.is_file():
        raise Unavailable(f"there are no items in {folder}, and no {WRITER.name} to write them")
    partial = folder.with_name(folder.name + ".partial")
    command = [sys.executable, str(WRITER), "--count", str(count), "--out", str(partial)]
    subprocess.run(command, check=True)
    partial.rename(folder)


def _documents(folder: Path) -> Iterator[Document]:
    """Raises `ValueError` for a file that is no item: no engine may have more than another."""
    for found in scan(folder):
        if not isinstance(found, SeedFile):
            raise ValueError(str(found))
        data = seed_file.read(found)
        if not isinstance(data, bytes):
            raise ValueError(str(data))
        reading = parse_item(data, found.path, found.id)
        if reading.item is None:
            raise ValueError(f"{found.path} is no item: {reading.problems}")
        yield document(reading.item)
