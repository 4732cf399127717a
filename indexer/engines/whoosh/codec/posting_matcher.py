"""One term's postings, walked as Whoosh walks them: one document after the other, or by the block.

Blocks are what Whoosh skips: it asks for the greatest weight and the least length of each. These
are computed for all blocks at the first question; positions are read a block at a time.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from copy import copy
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from whoosh.matching import LeafMatcher, ReadTooFar

from indexer.segment.column_file import Array

BLOCK = 128
"""Postings in a block, as in Whoosh's own files."""


class PostingList(NamedTuple):
    """A term's postings in a field. `documents`: numbers, ascending; `weights`: in single
    precision; `lengths`: of the field in these documents, 0 where it has none; `positions` returns
    those of the postings in a slice, a list for each."""

    documents: Array
    weights: Array
    lengths: Array
    positions: Callable[[slice], list[list[int]]]


def without_positions(some: slice) -> list[list[int]]:
    """The positions of postings that have none."""
    return [[]] * BLOCK


class PostingMatcher(LeafMatcher):  # type: ignore[misc]  # Whoosh ships no types
    """See `whoosh.matching.LeafMatcher`. It stands at the posting with the index `_at`."""

    def __init__(self, term: tuple[str, bytes], postings: PostingList, format: Any, scorer: Any):
        self._term, self._postings = term, postings
        self.format, self.scorer = format, scorer
        self._documents, self._weights = postings.documents.data, postings.weights.data
        self._size = len(postings.documents)
        self._positions: tuple[int, list[list[int]]] = -1, []
        self._at = 0

    def reset(self) -> None:
        """Go back to the first posting."""
        self._at = 0

    def copy(self) -> "PostingMatcher":
        """Another one that stands at the same posting."""
        return copy(self)

    def is_active(self) -> bool:
        """Whether it stands at a posting."""
        return self._at < self._size

    def id(self) -> int:
        """The posting's document."""
        return self._documents[self._at]

    def all_ids(self) -> Iterator[int]:
        """The documents of this posting and of all after it."""
        return iter(self._documents[self._at :].tolist())

    def weight(self) -> float:
        """The posting's weight."""
        return self._weights[self._at]

    def value(self) -> bytes:
        """What Whoosh's own files would hold of the posting, as the format encodes it."""
        value: bytes = self.format.encode(self._its_positions())
        return value

    def value_as(self, astype: str) -> Any:
        """The posting's `positions`, or whatever else the format can tell."""
        if astype == "positions":
            return self._its_positions()
        return super().value_as(astype)

    def _its_positions(self) -> list[int]:
        block, row = divmod(self._at, BLOCK)
        if self._positions[0] != block:
            some = slice(block * BLOCK, (block + 1) * BLOCK)
            self._positions = block, self._postings.positions(some)
        return self._positions[1][row]

    def next(self) -> bool:
        """Go to the next posting; whether it is in another block."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return self._at % BLOCK == 0 or self._at == self._size

    def skip_to(self, id: int) -> None:
        """Go to the first posting from here on whose document is not less than this."""
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._documents, id, self._at)

    def skip_to_quality(self, minquality: float) -> int:
        """Go to the first block from here on that may hold a better score; how many were passed."""
        passed = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._at = min((self._block + 1) * BLOCK, self._size)
            passed += 1
        return passed

    def block_min_id(self) -> int:
        """The first document of the block."""
        return self._documents[self._block * BLOCK]

    def block_max_id(self) -> int:
        """The last document of the block."""
        return self._documents[min((self._block + 1) * BLOCK, self._size) - 1]

    def block_max_weight(self) -> float:
        """The greatest weight in the block."""
        return self._bounds[0][self._block]

    def block_min_length(self) -> int:
        """The least length of the field in the block's documents."""
        return self._bounds[1][self._block]

    def block_max_length(self) -> int:
        """The greatest length of the field in the block's documents."""
        return self._bounds[2][self._block]

    @property
    def _block(self) -> int:
        return min(self._at, self._size - 1) // BLOCK  # Whoosh asks after the end, too

    @cached_property
    def _bounds(self) -> tuple[list[float], list[int], list[int]]:
        _, weights, lengths, _ = self._postings
        begins = np.arange(0, self._size, BLOCK)
        return (
            np.maximum.reduceat(weights, begins).tolist(),
            np.minimum.reduceat(lengths, begins).tolist(),
            np.maximum.reduceat(lengths, begins).tolist(),
        )
