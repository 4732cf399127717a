"""Reads from an index folder which items it says report the same story."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexer.engines.whoosh import toc
from indexer.engines.whoosh.store import WhooshStore
from indexer.item import Item
from indexer.segment import column_file
from indexer.segment.document_ids import DocumentIds
from indexer.segment.merge_inputs import SegmentRef
from indexer.segment.merge_policy import MergePolicy
from indexer.stories import story_file
from indexer.stories.story_file import ALONE, Stories
from tests.indexer.samples import write

SEVERAL = MergePolicy(growth=4, small=0)
"""So few items are enough for several segments."""


STORY_NAMES = (7, 2**40, 2**64 - 1)


def by_number(segments: Sequence[SegmentRef]) -> Stories:
    """Stories by ids, whatever the items are: those whose bytes have sums with equal remainders of
    three report the same story, but about every fifth is alone."""
    of_documents = []
    for segment in segments:
        columns = column_file.read(segment.path)
        ids = DocumentIds(columns)
        numbers = np.array([sum(ids[number]) for number in range(columns.documents)], int)
        of_documents.append(np.where(numbers % 5 == 4, ALONE, numbers % 3).astype(np.int32))
        of_documents[-1][segment.deleted] = ALONE
    return Stories(np.array(STORY_NAMES, np.uint64), of_documents)


def groups(index: Path) -> dict[int, list[str]]:
    """The name of each story of the current generation, and the ids of its items in order."""
    folder = index / WhooshStore(index).current().generation
    segments = toc.read(folder).segments
    found = story_file.read(folder, [listed.filename for listed in segments])
    members = defaultdict(list)
    for listed, stories in zip(segments, found.of_documents, strict=True):
        ids = DocumentIds(column_file.read(folder / listed.filename))
        for number, story in enumerate(stories.tolist()):
            if story != ALONE:
                assert not listed.is_deleted(number)
                members[int(found.names[story])].append(ids[number].decode())
    return {name: sorted(ids) for name, ids in members.items()}


def found_in(folder: Path, *items: Item) -> list[list[str]]:
    """The ids of the items of each story that a new index of these items has."""
    write(WhooshStore(folder), items)
    return sorted(groups(folder).values())
