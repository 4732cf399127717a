"""Reads and writes Whoosh's table of contents, which lists the segments of a generation."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError, clean_files

from indexer.engines.whoosh.codec import ColumnsSegment
from indexer.engines.whoosh.whoosh_schema import whoosh_schema
from indexer.errors import IndexUnreadable
from indexer.index.manifest import AGAIN

NAME = "MAIN"
"""The index's name in Whoosh's files."""


class Contents(NamedTuple):
    """The segments of a generation, and the number of the table, one more in each generation."""

    segments: Sequence[ColumnsSegment] = ()
    number: int = 0


def new_segment(documents: int) -> ColumnsSegment:
    """A segment with a name that no other has."""
    return ColumnsSegment(NAME, documents)


def read(folder: Path) -> Contents:
    """The table of a generation; `IndexUnreadable` if the system refuses to read it.

    It is unpickled, which may run whatever was put there. So call this only for a generation that
    `IndexDirectory.load` has found whole and of this version.
    """
    try:
        table = TOC.read(FileStorage(str(folder), readonly=True), NAME, schema=whoosh_schema())
    except (OSError, EmptyIndexError) as error:  # a folder that may not be listed looks empty
        raise IndexUnreadable(f"{folder} cannot be opened: {error}; {AGAIN}") from error
    return Contents(table.segments, table.generation)


def write(folder: Path, contents: Contents) -> None:
    """Write the table, and remove the files of segments that it does not list."""
    storage = FileStorage(str(folder))
    TOC(whoosh_schema(), list(contents.segments), contents.number).write(storage, NAME)
    clean_files(storage, NAME, contents.number, contents.segments)
