"""Byte strings end to end, such as the terms of a segment, searched without unpacking them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from indexer.segment.column_file import Array, Columns


class TermDictionary:
    """A table of n byte strings. `blob` holds them end to end; `offsets`, n + 1, where each begins
    and the last one ends. Searching needs them in order; from the first search on, one in `step` is
    kept unpacked for it."""

    def __init__(self, blob: Array, offsets: Array, step: int = 64) -> None:
        self._blob, self._offsets, self._step = blob.data, offsets.data, step

    @classmethod
    def of(cls, columns: Columns, name: str) -> "TermDictionary":
        """The table with this name among a segment's columns."""
        return cls(columns[f"{name}.blob"], columns[f"{name}.offsets"])

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, index: int) -> bytes:
        return bytes(self._blob[self._offsets[index] : self._offsets[index + 1]])

    def __iter__(self) -> Iterator[bytes]:
        blob = bytes(self._blob)
        return (blob[begin:end] for begin, end in pairwise(self._offsets))

    def find(self, term: bytes) -> int:
        """The index of a term, -1 if it is not there."""
        index = self.first_from(term)
        return index if index < len(self) and self[index] == term else -1

    def starting(self, prefix: bytes) -> range:
        """The indexes of the terms that begin with a prefix of whole UTF-8 characters."""
        return range(self.first_from(prefix), self.first_from(prefix + b"\xff"))

    def first_from(self, term: bytes) -> int:
        """The index of the first term not less than this one."""
        block, step = bisect_left(self._landmarks, term), self._step
        return bisect_left(self, term, max(block - 1, 0) * step, min(block * step, len(self)))

    @cached_property
    def _landmarks(self) -> list[bytes]:
        """The first string of each `step`."""
        return [self[index] for index in range(0, len(self), self._step)]


def packed(strings: Sequence[bytes]) -> tuple[Array, Array]:
    """The blob and the offsets of byte strings."""
    offsets = np.zeros(len(strings) + 1, np.int64)
    np.cumsum([*map(len, strings)], out=offsets[1:])
    return np.frombuffer(b"".join(strings), np.uint8), offsets
