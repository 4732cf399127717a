"""One term's postings, walked as Whoosh walks them: one document after the other, or by the block.

Documents and weights are listed a block at a time, positions at the first question of a block.
Blocks are also what Whoosh skips: it asks the greatest weight and the least length of each, which
are computed for all of a term's blocks at the first question.
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
    """A term's postings in a field. `documents`: numbers, ascending; `weights`: single precision,
    `None` if all are 1; `rows`: which they are among the segment's postings, `None` for terms
    without positions."""

    documents: Array
    weights: Array | None = None
    rows: Array | None = None


class Postings(NamedTuple):
    """What a matcher walks over: a list, where its positions are (`None`: the field has none), and
    the length of the field in every document (`None`: it has none)."""

    listed: PostingList
    positions: Callable[[Array], list[list[int]]] | None = None
    lengths: Array | None = None


class BlockBounds(NamedTuple):
    """Of each block the greatest weight, and the least and the greatest length."""

    weight: list[float]
    shortest: list[int]
    longest: list[int]


class PostingMatcher(LeafMatcher):  # type: ignore[misc]  # Whoosh ships no types
    """See `whoosh.matching.LeafMatcher`."""

    def __init__(self, term: tuple[str, bytes], postings: Postings, format: Any, scorer: Any):
        self._term, self._postings = term, postings
        self.format, self.scorer = format, scorer
        self._size = len(postings.listed.documents)
        self.reset()

    def reset(self) -> None:
        """Go back to the first posting."""
        self._go_to(0)

    def copy(self) -> "PostingMatcher":
        """Another one that stands at the same posting."""
        return copy(self)

    def _go_to(self, place: int) -> None:
        self._block, self._row = divmod(place, BLOCK)
        self._slice = slice(self._block * BLOCK, (self._block + 1) * BLOCK)
        listed = self._postings.listed
        self._ids: list[int] = listed.documents[self._slice].tolist()
        self._weights: list[float] | None = None
        if listed.weights is not None:
            self._weights = listed.weights[self._slice].tolist()
        self._positions: list[list[int]] | None = None

    def is_active(self) -> bool:
        """Whether it stands at a posting."""
        return self._row < len(self._ids)

    def id(self) -> int:
        """The posting's document."""
        return self._ids[self._row]

    def all_ids(self) -> Iterator[int]:
        """The documents of this posting and of all after it."""
        return iter(self._postings.listed.documents[self._block * BLOCK + self._row :].tolist())

    def weight(self) -> float:
        """The posting's weight."""
        return 1.0 if self._weights is None else self._weights[self._row]

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
        find, rows = self._postings.positions, self._postings.listed.rows
        if find is None or rows is None:
            return []
        if self._positions is None:
            self._positions = find(rows[self._slice])
        return self._positions[self._row]

    def next(self) -> bool:
        """Go to the next posting; whether it is in another block."""
        if not self.is_active():
            raise ReadTooFar
        self._row += 1
        if self._row < len(self._ids):
            return False
        self._go_to((self._block + 1) * BLOCK)
        return True

    def skip_to(self, id: int) -> None:
        """Go to the first posting from here on whose document is not less than this."""
        if not self.is_active():
            raise ReadTooFar
        if id <= self._ids[-1]:
            self._row = bisect_left(self._ids, id, self._row)
        else:
            after = (self._block + 1) * BLOCK
            self._go_to(
                bisect_left(self._postings.listed.documents.data, id, min(after, self._size))
            )

    def skip_to_quality(self, minquality: float) -> int:
        """Go to the first block from here on that may hold a better score; how many were passed."""
        began = block = self._block
        while self.is_active() and self.block_quality() <= minquality:
            block += 1
            self._go_to(block * BLOCK)
        return block - began

    def block_min_id(self) -> int:
        """The first document of the block."""
        return self._ids[0]

    def block_max_id(self) -> int:
        """The last document of the block."""
        return self._ids[-1]

    def block_max_weight(self) -> float:
        """The greatest weight in the block."""
        return self._bounds.weight[self._bounded_block]

    def block_min_length(self) -> int:
        """The least length of the field in the block's documents; 0 if it has none."""
        return self._bounds.shortest[self._bounded_block]

    def block_max_length(self) -> int:
        """The greatest length of the field in the block's documents; 0 if it has none."""
        return self._bounds.longest[self._bounded_block]

    @property
    def _bounded_block(self) -> int:
        return min(self._block, (self._size - 1) // BLOCK)  # Whoosh asks after the end, too

    @cached_property
    def _bounds(self) -> BlockBounds:
        (documents, weights, _), lengths = self._postings.listed, self._postings.lengths
        begins = np.arange(0, self._size, BLOCK)
        none = [0] * len(begins)
        own = None if lengths is None else lengths[documents]
        return BlockBounds(
            [1.0] * len(begins)
            if weights is None
            else np.maximum.reduceat(weights, begins).tolist(),
            none if own is None else np.minimum.reduceat(own, begins).tolist(),
            none if own is None else np.maximum.reduceat(own, begins).tolist(),
        )
