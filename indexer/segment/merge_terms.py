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
    """The terms that one input adds to a range. `base`: see `MergeInput`; `begin`, `end`: which of
    the input's terms they are; `ranks`: their indexes in the range; `profiles`: for each row of the
    input's table of profiles, its row in the new one."""

    part: SegmentRef
    base: int
    begin: int
    end: int
    ranks: Array
    profiles: Array


class MergedTerms:
    """The terms of all living documents, in order, and the table of their profiles.

    `starts`, `exact` and `occurrences`: how many postings, postings of exact forms, and positions
    stand before each term; their last elements count all.
    """

    def __init__(self, opened: Sequence[MergeInput], range_size: int) -> None:
        self._opened = opened
        living = [one.living(range_size) for one in opened]
        terms: set[bytes] = set()
        for one, (own, _, _) in zip(opened, living, strict=True):
            terms.update(compress(one.terms, own.tolist()))
        self.terms = sorted(terms)
        places = {term: place for place, term in enumerate(self.terms)}
        counts = np.zeros(len(self.terms), np.int64)
        occurrences = counts.copy()
        self._ranks = []
        for one, (own, positions, _) in zip(opened, living, strict=True):
            ranks = np.array([places.get(term, -1) for term in one.terms], np.int32)
            is_living = own > 0
            counts[ranks[is_living]] += own[is_living]
            occurrences[ranks[is_living]] += positions[is_living]
            # A term that only deleted documents have goes where the one before it does.
            self._ranks.append(np.maximum.accumulate(np.maximum(ranks, 0)))
        self.starts = np.append(0, np.cumsum(counts))
        self.occurrences = np.append(0, np.cumsum(occurrences))
        self.exact = np.append(0, np.cumsum(counts * (occurrences > 0)))
        self._merge_profiles([used for _, _, used in living])

    def _merge_profiles(self, used: list[Array]) -> None:
        """Make the new table, and the maps to it from those of the inputs."""
        tables = [
            one.table[rows].astype(np.uint32) for one, rows in zip(self._opened, used, strict=True)
        ]
        table, places = distinct_rows(np.concatenate(tables))
        self.table = narrow(table)
        self.profile_type = np.dtype(np.min_scalar_type(max(len(table) - 1, 0)))
        self._maps = []
        bounds = np.cumsum([len(one) for one in tables])[:-1]
        for rows, new in zip(used, np.split(places, bounds), strict=True):
            own = np.zeros(len(rows), self.profile_type)
            own[rows] = new
            self._maps.append(own)

    def slices(self, begin: int, end: int) -> Iterator[TermSlice]:
        """What each input adds to the terms `[begin, end)`."""
        for one, ranks, profiles in zip(self._opened, self._ranks, self._maps, strict=True):
            first, last = np.searchsorted(ranks, (begin, end)).tolist()
            if first < last:
                own = ranks[first:last] - begin
                yield TermSlice(one.part, one.base, first, last, own, profiles)
