"""Sets of documents with their scores, as sorted arrays, and what can be done with them.

A set is either listed (document numbers ascending and distinct, a score each) or, for "every
document", left implicit. Scores are summed in the order the sets are given, so equal documents
have equal scores to the last bit, whatever segment they are in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]

FEW = 16
"""A list this many times shorter than another is looked up in it instead of marked off."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Documents of one segment: `numbers` ascending, and the score of each; `None`: all zero."""

    numbers: Numbers
    scores: Scores | None = None

    def __len__(self) -> int:
        return len(self.numbers)

    def where(self, keep: Mask) -> "Matches":
        """Those that a mask of the same length keeps."""
        scores = None if self.scores is None else self.scores[keep]
        return Matches(self.numbers[keep], scores)


NONE = Matches(np.zeros(0, np.int32))


def intersection(sets: Sequence[Matches], size: int) -> Matches:
    """What is in all of the sets, of a segment of `size` documents."""
    shortest_first = sorted(range(len(sets)), key=lambda place: len(sets[place]))
    common = sets[shortest_first[0]].numbers
    for place in shortest_first[1:]:
        common = common[contains(sets[place].numbers, common, size)]
    scores = None
    for matches in sets:
        if matches.scores is not None:
            found = scores_at(matches, common, size)
            scores = found if scores is None else scores + found
    return Matches(common, scores)


def union(sets: Sequence[Matches], size: int) -> Matches:
    """What is in any of the sets."""
    sets = [matches for matches in sets if len(matches)]
    if len(sets) < 2:
        return sets[0] if sets else NONE
    if sum(map(len, sets)) * FEW < size:
        return _union_of_few(sets)
    marked = np.zeros(size, bool)
    scored = [matches for matches in sets if matches.scores is not None]
    total = np.zeros(size) if scored else None
    for matches in sets:
        marked[matches.numbers] = True
        if total is not None and matches.scores is not None:
            total[matches.numbers] += matches.scores
    numbers = np.flatnonzero(marked).astype(np.int32)
    return Matches(numbers, None if total is None else total[numbers])


def _union_of_few(sets: Sequence[Matches]) -> Matches:
    numbers = np.unique(np.concatenate([matches.numbers for matches in sets]))
    if all(matches.scores is None for matches in sets):
        return Matches(numbers)
    total = np.zeros(len(numbers))
    for matches in sets:
        if matches.scores is not None:
            total[np.searchsorted(numbers, matches.numbers)] += matches.scores
    return Matches(numbers, total)


def contains(haystack: Numbers, needles: Numbers, size: int) -> Mask:
    """For each of the ascending `needles` whether it is in the ascending `haystack`."""
    if not len(haystack):
        return np.zeros(len(needles), bool)
    if len(needles) * FEW < len(haystack):
        places = np.searchsorted(haystack, needles)
        places[places == len(haystack)] = 0
        found: Mask = haystack[places] == needles
        return found
    marked = np.zeros(size, bool)
    marked[haystack] = True
    return marked[needles]


def scores_at(matches: Matches, numbers: Numbers, size: int) -> Scores:
    """The scores of documents that are all among the matches."""
    if matches.scores is None:
        return np.zeros(len(numbers))
    if len(numbers) == len(matches):
        return matches.scores
    if len(numbers) * FEW < len(matches):
        return matches.scores[np.searchsorted(matches.numbers, numbers)]
    marked = np.zeros(size, bool)
    marked[numbers] = True
    return matches.scores[marked[matches.numbers]]


def flat(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The indexes of several ranges, one after the other."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + sizes, sizes)
