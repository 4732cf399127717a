"""The terms of the segments that are to become one, and the profiles of their postings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from indexer.segment.column_file import Array
from indexer.segment.merge_inputs import MergeInput, SegmentRef
from indexer.segment.postings import distinct_rows, narrow


@dataclass(frozen=True, slots=True)
class TermSlice:
    """What a part adds to a range of terms. `begin`, `end`: the terms among its own; `ranks`: their
    places within the range; `base`: the number of its first document; `profiles`: the rows of the
    common table that its own became."""

    part: SegmentRef
    base: int
    begin: int
    end: int
    ranks: Array
    profiles: Array


class MergedTerms:
    """The terms of all parts that living documents have, and their profiles. `starts`, `exact` and
    `occurrences`: how many postings, postings of exact forms and positions come before each term,
    and how many there are."""

    def __init__(self, opened: Sequence[MergeInput], at_a_time: int) -> None:
        self._opened = opened
        living = [one.living(at_a_time) for one in opened]
        terms: set[bytes] = set()
        for one, (own, _, _) in zip(opened, living, strict=True):
            terms.update(compress(one.terms(), own.tolist()))
        self.terms = sorted(terms)
        places = {term: place for place, term in enumerate(self.terms)}
        counts = np.zeros(len(self.terms), np.int64)
        occurrences = counts.copy()
        self._ranks = []
        for one, (own, codes, _) in zip(opened, living, strict=True):
            ranks = np.array([places.get(term, -1) for term in one.terms()], np.int32)
            having = own > 0
            counts[ranks[having]] += own[having]
            occurrences[ranks[having]] += codes[having]
            # A term that only deleted documents have goes where the one before it does.
            self._ranks.append(np.maximum.accumulate(np.maximum(ranks, 0)))
        self.starts = np.append(0, np.cumsum(counts))
        self.occurrences = np.append(0, np.cumsum(occurrences))
        self.exact = np.append(0, np.cumsum(counts * (occurrences > 0)))
        self._profiles(opened, [profiles for _, _, profiles in living])

    def _profiles(self, opened: Sequence[MergeInput], used: list[Array]) -> None:
        tables = [one.table[rows].astype(np.uint32) for one, rows in zip(opened, used, strict=True)]
        table, places = distinct_rows(np.concatenate(tables))
        self.table = narrow(table)
        self.profile_type = np.dtype(np.min_scalar_type(max(len(table) - 1, 0)))
        self._maps = []
        bounds = np.cumsum([len(one) for one in tables])[:-1]
        for rows, found in zip(used, np.split(places, bounds), strict=True):
            own = np.zeros(len(rows), self.profile_type)
            own[rows] = found
            self._maps.append(own)

    def slices(self, bases: Array, begin: int, end: int) -> Iterator[TermSlice]:
        """What each part adds to a range of terms."""
        for one, base, ranks, profiles in zip(
            self._opened, bases.tolist(), self._ranks, self._maps, strict=False
        ):
            first, last = np.searchsorted(ranks, (begin, end)).tolist()
            if first < last:
                own = ranks[first:last] - begin
                yield TermSlice(one.part, base, first, last, own, profiles)
