"""The segments that are to become one, each open, and how much of them is read at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from indexer.schema import ZONES
from indexer.segment import column_file
from indexer.segment.column_file import Array
from indexer.segment.postings import PositionOffsets, ranges
from indexer.segment.term_dictionary import TermDictionary


@dataclass(frozen=True, slots=True)
class MergeLimits:
    """How a merge is cut. `range_size`: postings that a task merges or weighs, unless one term has
    more; `copied`: bytes of stored items that are copied at a time; `shared_from`: from this many
    postings on, processes share the tasks."""

    range_size: int = 1 << 18
    copied: int = 1 << 22
    shared_from: int = 1 << 20


DEFAULT_LIMITS = MergeLimits()


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """A segment to be merged: the file of its columns, and its deleted documents."""

    path: Path
    deleted: Array = field(default_factory=lambda: np.zeros(0, np.int64))

    def alive(self, documents: int) -> Array:
        """Which of its documents, so many in all, are not deleted: a mask."""
        alive = np.ones(documents, bool)
        alive[self.deleted] = False
        return alive


class MergeInput:
    """A segment to be merged, open. `base`: the number that its first living document gets in the
    new segment; `numbers`: the numbers that all of its documents get, -1 for deleted ones."""

    def __init__(self, part: SegmentRef, base: int) -> None:
        self.part, self.base, self.columns = part, base, column_file.read(part.path)
        self.alive = part.alive(self.columns.documents)
        self.count = int(self.alive.sum())
        self.numbers = np.where(self.alive, base + np.cumsum(self.alive) - 1, -1).astype(np.int32)
        self.terms = TermDictionary.of(self.columns, "terms")
        self.starts = self.columns["postings.starts"].astype(np.int64)
        self.table = self.columns["tf_profiles"].reshape(-1, len(ZONES))
        self.offsets = PositionOffsets(self.columns, self.terms)

    def living(self, range_size: int) -> tuple[Array, Array, Array]:
        """How many living postings each term has, how many positions those have, and which rows of
        `table` they use (a mask). `range_size` postings are read at a time."""
        used = np.zeros(len(self.table), bool)
        counts = np.zeros(len(self.starts) - 1, np.int64)
        positions = counts.copy()
        for begin, end in ranges(self.starts, range_size):
            first, last = int(self.starts[begin]), int(self.starts[end])
            alive = self.alive[self.columns.read_slice("postings.documents", first, last)]
            used[self.columns.read_slice("postings.tf_profiles", first, last)[alive]] = True
            sizes = np.diff(self.offsets.bounds(first, last))
            bounds = self.starts[begin : end + 1] - first
            counts[begin:end] = np.diff(np.append(0, np.cumsum(alive))[bounds])
            positions[begin:end] = np.diff(np.append(0, np.cumsum(sizes * alive))[bounds])
        return counts, positions, used

    def stored(self, size: int) -> Iterator[Array]:
        """The stored items of living documents, one after the other, at most `size` bytes at a
        time."""
        offsets = self.columns["stored.offsets"]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], self.alive, [False]])))
        for first, last in edges.reshape(-1, 2).tolist():
            begin, end = int(offsets[first]), int(offsets[last])
            for at in range(begin, end, size):
                yield self.columns.read_slice("stored.blob", at, min(at + size, end))
