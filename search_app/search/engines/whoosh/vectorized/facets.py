"""Facet counts from one pass over the matches: exact, each group blind to its own selection.

A match that passes every selection is a hit and counts in every group. One that fails in exactly
one group counts in that group alone: selecting its value there would make it a hit. (The idea is
that of Lucene's "drill sideways".)
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.postings import flat
from indexer.fields import FACETS
from search_app.search.engines.whoosh.matches import Mask, Matches, Numbers
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.request import Selections

MANY = 8
"""So many times more values than documents are not all looked at."""

TOGETHER = 8192
"""Combinations of values of several groups that are counted at once."""

Counts = NDArray[np.int64]

Filters = Mapping[str, Sequence[Mask]]
"""Group to which documents of each segment have a selected value; none for a group without."""


class Facets:
    """The facet values of all segments under one numbering. Immutable."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._names = {group: all_names(segments, group) for group in FACETS}
        values = [
            {group: _Values(s, group, self._names[group]) for group in FACETS} for s in segments
        ]
        sizes = {group: len(names) + 1 for group, names in self._names.items()}
        self._firsts = [_Firsts(groups, sizes, values) for groups in _together(sizes)]
        self._rest = [{g: v.rest for g, v in some.items() if v.rest.values.size} for some in values]

    def filters(self, selections: Selections) -> Filters:
        """What the selections ask of documents."""
        return {
            group: [_having(segment, group, values) for segment in self._segments]
            for group, values in selections.items()
            if values
        }

    def passing(self, matches: Sequence[Matches], filters: Filters) -> list[Matches]:
        """The hits: matches that pass every filter."""
        return [
            found.where(
                np.logical_and.reduce([m[place].take(found.numbers) for m in filters.values()])
            )
            for place, found in enumerate(matches)
        ]

    def counts(
        self, matches: Sequence[Numbers], filters: Filters, selections: Selections, size: int
    ) -> dict[str, tuple[tuple[str, int], ...]]:
        """Group to its `size` most frequent values among the matches of each segment that pass
        every other group's filter, and the selected ones with whatever count."""
        if not (size or filters):
            return dict.fromkeys(FACETS, ())
        totals = {group: np.zeros(len(names) + 1, np.int64) for group, names in self._names.items()}
        for place, numbers in enumerate(matches):
            for groups, counted in _split(place, numbers, filters):
                self._add(totals, groups, place, counted)
        return {
            group: _top(names, totals[group][:-1], sorted(selections.get(group, ())), size)
            for group, names in self._names.items()
        }

    def _add(
        self, totals: Mapping[str, Counts], groups: Collection[str], place: int, numbers: Numbers
    ) -> None:
        """Add how often each value of these groups occurs in these documents of a segment."""
        for firsts in self._firsts:
            if not firsts.groups.isdisjoint(groups):
                for group, counts in firsts.counts(place, numbers):
                    if group in groups:
                        totals[group] += counts
        marked = None
        for group, rest in self._rest[place].items():
            if group in groups and len(rest.values) > MANY * len(numbers):
                totals[group] += rest.counts(numbers, len(totals[group]))
            elif group in groups:
                if marked is None:
                    marked = np.zeros(self._segments[place].size, bool)
                    marked[numbers] = True
                totals[group] += rest.counts_of_many(marked, len(totals[group]))


def _top(
    names: Sequence[str], totals: Counts, selected: Sequence[str], size: int
) -> tuple[tuple[str, int], ...]:
    """The most frequent values, those of equal counts by the alphabet; then what is selected."""
    found = np.flatnonzero(totals)
    counts = totals.take(found)
    if 0 < size < len(found):
        often = counts >= np.partition(counts, len(found) - size)[len(found) - size]
        found, counts = found[often], counts[often]
    order = np.argsort(-counts, kind="stable")[:size]
    places, times = found.take(order).tolist(), counts.take(order).tolist()
    shown = {names[place]: count for place, count in zip(places, times, strict=True)}
    for value in selected:
        if value not in shown:
            place = bisect_left(names, value)
            there = place < len(names) and names[place] == value
            shown[value] = int(totals[place]) if there else 0
    return tuple(shown.items())


def _having(segment: Segment, group: str, values: Sequence[str]) -> Mask:
    """Which documents of a segment have any of these values."""
    names = segment.names[group]
    having = np.zeros(segment.size, bool)
    having[segment.with_ordinals(group, [names.find(value.encode()) for value in values])] = True
    return having


def _split(
    place: int, matches: Numbers, filters: Filters
) -> Iterator[tuple[Collection[str], Numbers]]:
    """The documents to count over, with the groups that count over them."""
    if not filters:
        yield FACETS, matches
        return
    failed = {group: ~masks[place].take(matches) for group, masks in filters.items()}
    failures = np.sum(list(failed.values()), axis=0)
    others = FACETS.keys() - failed.keys()
    if others:
        yield others, matches[failures == 0]
    for group, misses in failed.items():
        yield [group], matches[failures == misses]


def _together(sizes: Mapping[str, int]) -> list[list[str]]:
    """Groups that are counted at once, the smallest first: as many as `TOGETHER` holds."""
    rows: list[list[str]] = []
    room = 0
    for group in sorted(sizes, key=sizes.__getitem__):
        room //= sizes[group]
        if not room:
            rows.append([])
            room = max(1, TOGETHER // sizes[group])
        rows[-1].append(group)
    return rows


@dataclass(frozen=True, slots=True)
class _Rest:
    """The values of a group that are not the first of their document; most have no other.
    `starts`: where those of each document begin; `owners`: whose each is."""

    values: Numbers
    starts: Numbers
    owners: Numbers

    def counts(self, numbers: Numbers, names: int) -> Counts:
        """How often each value occurs in these documents."""
        starts = self.starts.take(numbers)
        rows = flat(starts, self.starts.take(numbers + 1) - starts)
        return np.bincount(self.values.take(rows), minlength=names)

    def counts_of_many(self, marked: Mask, names: int) -> Counts:
        """The same of the documents that are marked."""
        return np.bincount(self.values[marked.take(self.owners)], minlength=names)


class _Values:
    """One segment's values of one group, as places in the common numbering: `first` of each
    document, one beyond the last name for none, and the `rest`."""

    def __init__(self, segment: Segment, group: str, names: Sequence[str]) -> None:
        values = segment.columns[f"facets.{group}.values"]
        places = common_places(segment, group, names)
        if places is not None:
            values = places[values]
        starts = segment.columns[f"facets.{group}.starts"].astype(np.int64)
        sizes = np.diff(starts)
        firsts = starts[:-1][sizes > 0]
        self.first = np.full(segment.size, len(names), np.int64)
        self.first[sizes > 0] = values[firsts]
        others = np.ones(len(values), bool)
        others[firsts] = False
        more = np.maximum(sizes - 1, 0)
        self.rest = _Rest(
            values[others].astype(np.int32),
            np.concatenate([[0], np.cumsum(more)]).astype(np.int32),
            np.repeat(np.arange(segment.size, dtype=np.int32), more),
        )


class _Firsts:
    """The first values of some groups in one number a document, so that counting takes one pass:
    the last group's value, times the size of the one before it, and so on."""

    def __init__(
        self, groups: Sequence[str], sizes: Mapping[str, int], values: Sequence[dict[str, _Values]]
    ) -> None:
        self.groups = frozenset(groups)
        self._order = groups
        self._shape = tuple(sizes[group] for group in groups)
        self._codes = [
            np.ravel_multi_index([some[group].first for group in groups], self._shape)
            for some in values
        ]

    def counts(self, place: int, numbers: Numbers) -> Iterator[tuple[str, Counts]]:
        """Each group, and how often each of its values is the first of these documents."""
        codes = self._codes[place].take(numbers)
        counts = np.bincount(codes, minlength=prod(self._shape)).reshape(self._shape)
        axes = range(len(self._shape))
        for axis, group in enumerate(self._order):
            yield group, counts.sum(axis=tuple(other for other in axes if other != axis))


def all_names(segments: Sequence[Segment], group: str) -> list[str]:
    """The values of all segments; in order of bytes, which is that of code points."""
    values = set().union(*(segment.names[group] for segment in segments))
    return [name.decode() for name in sorted(values)]


def common_places(segment: Segment, group: str, names: Sequence[str]) -> Numbers | None:
    """The place among all names of each value of a segment; `None` where that is its own."""
    own = [name.decode() for name in segment.names[group]]
    if own == names:
        return None
    places = {name: place for place, name in enumerate(names)}
    return np.array([places[name] for name in own], np.int32)
