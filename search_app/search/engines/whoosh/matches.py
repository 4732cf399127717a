"""Sets of documents as sorted arrays, and what each of them scores at least.

A set lists document numbers, ascending and distinct. What a document scores is found in two steps:
an estimate for all of a set, from the buckets of their postings; then the exact score of the few
that may be on the page (see `scoring`). An estimate is never more than the score, but for the
rounding of single precision, and never less than the score divided by what a bucket spans.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Scores = NDArray[np.float64]
Estimates = NDArray[np.float32]
Mask = NDArray[np.bool_]

FEW = 16
"""A list this many times shorter than another is looked up in it instead of marked off."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What one leaf of a query adds: to each of `documents`, ascending, `table[value]`; without a
    table, the value itself."""

    documents: Numbers
    values: NDArray[Any]
    table: Estimates | None = None

    def at(self, rows: NDArray[np.int64] | Mask | slice) -> Estimates:
        """What is added to the documents in these rows."""
        values = self.values[rows]
        return values if self.table is None else self.table.take(values)


@dataclass(frozen=True, slots=True)
class Matches:
    """Documents of one segment. Of each leaf, what it adds to documents not listed is not meant."""

    numbers: Numbers
    leaves: tuple[Leaf, ...] = ()

    def __len__(self) -> int:
        return len(self.numbers)

    def where(self, keep: Mask) -> "Matches":
        """Those that a mask of the same length keeps."""
        return Matches(self.numbers[keep], self.leaves)


NONE = Matches(np.zeros(0, np.int32))


def intersection(sets: Sequence[Numbers], size: int) -> Numbers:
    """What is in all of the sets, of a segment of `size` documents."""
    common, *others = sorted(sets, key=len)
    for numbers in others:
        if numbers is not common:
            common = common[contains(numbers, common, size)]
    return common


def union(sets: Sequence[Numbers], size: int) -> Numbers:
    """What is in any of the sets."""
    sets = [numbers for numbers in sets if len(numbers)]
    if len(sets) < 2:
        return sets[0] if sets else NONE.numbers
    if sum(map(len, sets)) * FEW < size:
        return np.unique(np.concatenate(sets))
    marked = np.zeros(size, bool)
    for numbers in sets:
        marked[numbers] = True
    return np.flatnonzero(marked).astype(np.int32)


def without(numbers: Numbers, taken: Numbers, size: int) -> Numbers:
    """What is in the first set and not in the second."""
    return numbers[~contains(taken, numbers, size)] if len(taken) else numbers


def contains(haystack: Numbers, needles: Numbers, size: int) -> Mask:
    """For each of the `needles` whether it is in the ascending `haystack`."""
    if not len(haystack):
        return np.zeros(len(needles), bool)
    if len(needles) * FEW < len(haystack):
        return located(haystack, needles)[1]
    marked = np.zeros(size, bool)
    marked[haystack] = True
    return marked.take(needles)


def located(haystack: NDArray[Any], needles: NDArray[Any]) -> tuple[NDArray[np.int64], Mask]:
    """For each of the `needles` its row in the ascending `haystack`, which is not empty, and
    whether it is there; of one that is not the row means nothing."""
    rows = haystack.searchsorted(needles)
    return rows, haystack.take(rows, mode="clip") == needles


def estimates(matches: Matches, size: int) -> Estimates:
    """What each of the matches scores at least."""
    numbers = matches.numbers
    if len(matches.leaves) == 1 and matches.leaves[0].documents is numbers:
        return matches.leaves[0].at(slice(None))
    if len(numbers) * FEW < size:
        return _estimates_of_few(numbers, matches.leaves)
    total = np.zeros(size, np.float32)
    for leaf in matches.leaves:
        total[leaf.documents] = total.take(leaf.documents) + leaf.at(slice(None))
    return total.take(numbers)


def _estimates_of_few(numbers: Numbers, leaves: Sequence[Leaf]) -> Estimates:
    total = np.zeros(len(numbers), np.float32)
    for leaf in leaves:
        total += _added(numbers, leaf)
    return total


def _added(numbers: Numbers, leaf: Leaf) -> Estimates:
    """What a leaf adds to each of these documents."""
    added = np.zeros(len(numbers), np.float32)
    if not len(numbers) or not len(leaf.documents):
        return added
    if len(leaf.documents) < len(numbers):
        rows, there = located(numbers, leaf.documents)
        added[rows[there]] = leaf.at(there)
    else:
        rows, there = located(leaf.documents, numbers)
        added[there] = leaf.at(rows[there])
    return added
