"""The terms of a segment in order, searched where they lie: nothing is read to open them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from indexer.segment.column_file import Array, Columns


class TermDictionary:
    """A sorted table of byte strings: `blob` end to end, `offsets` where each begins (n + 1)."""

    def __init__(self, blob: Array, offsets: Array) -> None:
        self._blob, self._offsets = blob.data, offsets.data

    @classmethod
    def of(cls, columns: Columns, name: str) -> "TermDictionary":
        """The table of this name among a segment's columns."""
        return cls(columns[f"{name}.blob"], columns[f"{name}.offsets"])

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, index: int) -> bytes:
        return bytes(self._blob[self._offsets[index] : self._offsets[index + 1]])

    def __iter__(self) -> Iterator[bytes]:
        whole = bytes(self._blob)
        ends = self._offsets.tolist()
        return (whole[a:b] for a, b in pairwise(ends))

    def find(self, term: bytes) -> int:
        """The index of a term, -1 if it is not there."""
        index = self.first_from(term)
        return index if index < len(self) and self[index] == term else -1

    def starting(self, prefix: bytes) -> range:
        """The indexes of the terms that begin with a prefix of whole UTF-8 characters."""
        return range(self.first_from(prefix), self.first_from(prefix + b"\xff"))

    def first_from(self, term: bytes) -> int:
        """The index of the first term not less than this one."""
        return bisect_left(self, term)


def packed(terms: Iterable[bytes]) -> tuple[Array, Array]:
    """The blob and offsets of byte strings."""
    listed = list(terms)
    lengths = np.fromiter(map(len, listed), np.int64, len(listed))
    offsets = np.zeros(len(listed) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return np.frombuffer(b"".join(listed), np.uint8), offsets
