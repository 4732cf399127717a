"""The segments that are to become one, each open; what is read of them at a time is bounded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress
from pathlib import Path

import numpy as np

from indexer.schema import ZONES
from indexer.segment.column_file import Array, Columns
from indexer.segment.postings import PositionOffsets, ranges
from indexer.segment.term_dictionary import TermDictionary


@dataclass(frozen=True, slots=True)
class MergeLimits:
    """How a merge is cut. `range_size`: postings that are dealt with at a time, unless one term has
    more; `copied`: bytes of stored items that are; `shared_from`: postings from which on the work
    is shared among processes."""

    range_size: int = 1 << 18
    copied: int = 1 << 22
    shared_from: int = 1 << 20


DEFAULT_LIMITS = MergeLimits()


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """A segment to be merged: the file of its columns, and its deleted documents."""

    path: Path
    deleted: Array = field(default_factory=lambda: np.zeros(0, np.int64))


class MergeInput:
    """A part, open. `numbers`: what becomes of its documents' numbers, -1 for deleted ones; `None`
    if they stay."""

    def __init__(self, part: SegmentRef, opened: Columns) -> None:
        self.part, self.columns = part, opened
        self.alive = np.ones(opened.documents, bool)
        self.alive[part.deleted] = False
        self.count = int(self.alive.sum())
        self.numbers: Array | None = None
        if self.count < opened.documents:
            self.numbers = np.where(self.alive, np.cumsum(self.alive) - 1, -1).astype(np.int32)
        self.starts = opened["postings.starts"].astype(np.int64)
        self.table = opened["tf_profiles"].reshape(-1, len(ZONES))
        self.offsets = PositionOffsets(opened)

    def terms(self) -> Iterator[bytes]:
        """Its lexicon."""
        return iter(TermDictionary.of(self.columns, "terms"))

    def living(self, at_a_time: int) -> tuple[Array, Array, Array]:
        """Living postings of each term, their occurrences, and which profiles they have; so many
        postings are read at a time."""
        used = np.zeros(len(self.table), bool)
        counts = np.zeros(len(self.starts) - 1, np.int64)
        occurrences = counts.copy()
        for begin, end in ranges(self.starts, at_a_time):
            first, last = int(self.starts[begin]), int(self.starts[end])
            alive = self.alive[self.columns.read_slice("postings.documents", first, last)]
            used[self.columns.read_slice("postings.tf_profiles", first, last)[alive]] = True
            sizes = np.diff(self.offsets.bounds(first, last))
            bounds = self.starts[begin : end + 1] - first
            counts[begin:end] = np.diff(np.append(0, np.cumsum(alive))[bounds])
            occurrences[begin:end] = np.diff(np.append(0, np.cumsum(sizes * alive))[bounds])
        return counts, occurrences, used

    def lengths(self) -> Array:
        """The lengths of living documents, a row each."""
        lengths: Array = self.columns["lengths"].reshape(-1, len(ZONES))[self.alive]
        return lengths

    def stored_sizes(self) -> Array:
        """The bytes of each living document's item."""
        sizes: Array = np.diff(self.columns["stored.offsets"])[self.alive]
        return sizes

    def stored(self, at_a_time: int) -> Iterator[Array]:
        """The items of living documents, so many bytes at a time."""
        offsets = self.columns["stored.offsets"]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], self.alive, [False]])))
        for first, last in edges.reshape(-1, 2).tolist():
            begin, end = int(offsets[first]), int(offsets[last])
            for at in range(begin, end, at_a_time):
                yield self.columns.read_slice("stored.blob", at, min(at + at_a_time, end))

    def strings(self, name: str) -> list[bytes]:
        """The byte strings of living documents."""
        return list(compress(TermDictionary.of(self.columns, name), self.alive.tolist()))
