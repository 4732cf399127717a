"""The stories that the documents of a segment report."""

import numpy as np
from numpy.typing import NDArray

from indexer.stories.story_file import ALONE

Numbers = NDArray[np.int32]


class SegmentStories:
    """`names` are those of all stories of the generation, ascending; `of_documents`: for each
    document of the segment the index of its story among them, or `ALONE`. Immutable."""

    def __init__(self, of_documents: Numbers, names: NDArray[np.uint64]) -> None:
        if len(of_documents) and not ALONE <= of_documents.min() <= of_documents.max() < len(names):
            raise IndexError("a document's story has no name")
        self.of_documents, self.names = of_documents, names

    def name(self, number: int) -> str:
        """The name of a document's story, 16 hexadecimal digits; empty if no other reports it."""
        story = int(self.of_documents[number])
        return "" if story == ALONE else f"{int(self.names[story]):016x}"

    def having(self, name: str) -> Numbers:
        """The documents that report the story of this name, ascending."""
        try:
            wanted = np.uint64(int(name, 16))
        except (ValueError, OverflowError):
            return np.zeros(0, np.int32)
        story = int(np.searchsorted(self.names, wanted))
        if story == len(self.names) or self.names[story] != wanted:
            return np.zeros(0, np.int32)
        return np.flatnonzero(self.of_documents == story).astype(np.int32)


def without_stories(documents: int) -> SegmentStories:
    """The stories of a segment of which each document is alone in its story."""
    return SegmentStories(np.full(documents, ALONE, np.int32), np.zeros(0, np.uint64))
