"""The file of a generation that says which items report the same story.

`names`: the name of each story, ascending. For each segment, under the name of its file: the story
of each document, as an index into `names`, -1 for one whose
story no other item reports.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import IndexDamaged
from indexer.index.manifest import REMEDY
from indexer.segment import column_file
from indexer.segment.column_file import Array, Columns

NAME = "stories.arrays"
ALONE = -1


@dataclass(frozen=True, slots=True)
class Stories:
    """`names` of the stories, ascending; `of_documents`: for each segment the story of each of its
    documents, as an index into `names`, `ALONE` for one whose story no other item reports."""

    names: Array
    of_documents: Sequence[Array]


def story_name(id: bytes) -> int:
    """The name of the story whose first item has this id."""
    return int.from_bytes(hashlib.blake2b(id, digest_size=8).digest(), "big")


def write(folder: Path, stories: Stories, files: Sequence[str]) -> None:
    """Write the file of a generation; `files` are those of its segments."""
    arrays = {"names": stories.names, **dict(zip(files, stories.of_documents, strict=True))}
    column_file.write(folder / NAME, Columns(0, arrays))


def read(folder: Path, files: Sequence[str]) -> Stories:
    """The stories of a generation whose segments have these files, in memory: nothing stays mapped.
    `IndexDamaged` if the file is missing or does not fit them."""
    columns = column_file.read(folder / NAME)
    try:
        return Stories(columns["names"].copy(), [columns[name].copy() for name in files])
    except KeyError as error:
        message = f"{folder / NAME} cannot be read: it lacks {error}; {REMEDY}"
        raise IndexDamaged(message) from error
