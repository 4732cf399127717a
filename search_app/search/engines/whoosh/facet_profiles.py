"""Which documents have the same values in several facet groups, so that they count as one kind.

Most groups have few values, and one a document: of 100,000 items some 3,000 differ in topics, type
or year. To count hits by these profiles takes one look a hit instead of one a group and hit.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_app.search.engines.whoosh.segment_reader import Numbers

FEW = 16
"""There are few profiles if there are so many documents to each."""


class Values(NamedTuple):
    """The values of a facet group: those of a document begin at its place in `starts`, and each is
    less than `size`."""

    starts: NDArray[np.uint32]
    values: Numbers
    size: int


class Profiles(NamedTuple):
    """The profile of each document; of each profile a document that has it; and for each group
    whether documents of a profile have the same values there."""

    of_documents: Numbers
    examples: Numbers
    covers: NDArray[np.uint8]


def facet_profiles(groups: Sequence[Values], documents: int, few: int = FEW) -> Profiles:
    """The profiles of a segment's documents by as many of these groups as leave them few."""
    most = documents // few
    profiles, kinds = np.zeros(documents, np.int64), min(1, documents)
    covers = np.zeros(len(groups), np.uint8)
    sets = [_sets(group, most) for group in groups]
    for number in sorted(range(len(groups)), key=lambda number: sets[number].max(initial=0)):
        if len(own := sets[number]) < documents:
            continue
        joint = _renumbered(profiles * (int(own.max(initial=0)) + 1) + own)
        if joint.max(initial=0) < most:
            profiles, kinds, covers[number] = joint, int(joint.max(initial=0)) + 1, 1
    examples = np.zeros(kinds, np.int32)
    examples[profiles] = np.arange(documents)
    return Profiles(profiles.astype(np.int32), examples, covers)


def values_of(group: Values, documents: Numbers) -> Values:
    """The values of these documents alone, in this order."""
    starts, values, size = group
    have = np.diff(starts)[documents].astype(np.int64)
    begins = np.append(0, np.cumsum(have))
    places = np.arange(begins[-1]) + np.repeat(starts[documents] - begins[:-1], have)
    return Values(begins.astype(np.uint32), values[places], size)


def _sets(group: Values, most: int) -> NDArray[np.int64]:
    """For each document a number that those with the same values, in the same order, share; for
    none if there are more than `most` of these numbers."""
    starts, values, size = group
    begins, have = starts[:-1].astype(np.int64), np.diff(starts)
    sets = np.full(len(have), size, np.int64)
    some = np.flatnonzero(have)
    sets[some] = values[begins[some]]
    kinds = size + 1
    for place in range(1, int(have.max(initial=0))):
        some = some[have[some] > place]
        pairs = _renumbered(sets[some] * size + values[begins[some] + place])
        sets[some] = kinds + pairs
        kinds += int(pairs.max()) + 1
        if kinds > most:
            return np.zeros(0, np.int64)
    return _renumbered(sets)


def _renumbered(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers by their order among the distinct ones."""
    size = int(numbers.max(initial=0)) + 1
    if size > 8 * len(numbers):  # else to mark them takes less time than to sort them
        return np.unique(numbers, return_inverse=True)[1]
    seen = np.zeros(size, np.int64)
    seen[numbers] = 1
    found: NDArray[np.int64] = (np.cumsum(seen) - 1)[numbers]
    return found
