"""Facet counts from one pass over the matches: exact, each group blind to its own selection.

A match that passes every selection is a hit and counts in every group. One that fails in exactly
one group counts in that group alone: selecting its value there would make it a hit. (The idea is
that of Lucene's "drill sideways".)
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.postings import flat
from indexer.fields import FACETS
from search_app.search.engines.whoosh.matches import Mask, Matches, Numbers
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.request import Selections

MANY = 8
"""From this share of a segment on (an eighth), counting runs over all its values."""

Filters = Mapping[str, Sequence[Mask]]
"""Group to which documents of each segment have a selected value; none for a group without."""


class Facets:
    """The facet values of all segments under one numbering. Immutable."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._names = {group: _names(segments, group) for group in FACETS}
        self._groups = {
            group: [_Group(s, group, self._names[group]) for s in segments] for group in FACETS
        }

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
        counted = [_split(place, numbers, filters) for place, numbers in enumerate(matches)]
        return {
            group: self._top(group, [numbers[group] for numbers in counted], selections, size)
            for group in FACETS
        }

    def _top(
        self, group: str, numbers: Sequence[Numbers], selections: Selections, size: int
    ) -> tuple[tuple[str, int], ...]:
        names, selected = self._names[group], sorted(selections.get(group, ()))
        if not (size or selected):
            return ()
        totals = np.zeros(len(names), np.int64)
        for values, counted in zip(self._groups[group], numbers, strict=True):
            values.add_to(totals, counted)
        found = np.flatnonzero(totals)
        counts = totals.take(found)
        if 0 < size < len(found):
            often = counts >= np.partition(counts, len(found) - size)[len(found) - size]
            found, counts = found[often], counts[often]
        order = np.argsort(-counts, kind="stable")[:size]
        shown = dict(
            zip(
                [names[place] for place in found.take(order).tolist()],
                counts.take(order).tolist(),
                strict=True,
            )
        )
        for value in selected:
            if value not in shown:
                place = _place(names, value)
                shown[value] = int(totals[place]) if place >= 0 else 0
        return tuple(shown.items())


def _having(segment: Segment, group: str, values: Sequence[str]) -> Mask:
    """Which documents of a segment have any of these values."""
    names = segment.names[group]
    having = np.zeros(segment.size, bool)
    having[segment.with_ordinals(group, [names.find(value.encode()) for value in values])] = True
    return having


def _split(place: int, matches: Numbers, filters: Filters) -> dict[str, Numbers]:
    """What each group counts over."""
    if not filters:
        return dict.fromkeys(FACETS, matches)
    failed = {group: ~masks[place].take(matches) for group, masks in filters.items()}
    failures = np.sum(list(failed.values()), axis=0)
    counted = dict.fromkeys(FACETS, matches[failures == 0])
    for group, misses in failed.items():
        counted[group] = matches[failures == misses]
    return counted


class _Group:
    """One segment's values of one group, as places in the common numbering.

    Most documents have one value in a group. The first of each stands in a row of its own, with
    one place beyond the last for "none"; the others, few, are listed with their documents.
    """

    def __init__(self, segment: Segment, group: str, names: Sequence[str]) -> None:
        values = segment.columns[f"facets.{group}.values"]
        own = [name.decode() for name in segment.names[group]]
        if own != names:
            places = {name: place for place, name in enumerate(names)}
            values = np.array([places[name] for name in own], np.int32)[values]
        starts = segment.columns[f"facets.{group}.starts"].astype(np.int64)
        sizes = np.diff(starts)
        self._size = segment.size
        self._first = np.full(segment.size, len(names), np.min_scalar_type(len(names)))
        self._first[sizes > 0] = values[starts[:-1][sizes > 0]]
        others = np.ones(len(values), bool)
        others[starts[:-1][sizes > 0]] = False
        self._values = values[others].astype(self._first.dtype)
        self._owners = np.repeat(np.arange(segment.size, dtype=np.int32), np.maximum(sizes - 1, 0))
        self._starts = np.concatenate([[0], np.cumsum(np.maximum(sizes - 1, 0))])

    def add_to(self, totals: NDArray[np.int64], numbers: Numbers) -> None:
        """Add how often each value occurs in these documents."""
        totals += np.bincount(self._first.take(numbers), minlength=len(totals) + 1)[:-1]
        if len(self._values):
            totals += np.bincount(self._others(numbers), minlength=len(totals))

    def _others(self, numbers: Numbers) -> NDArray[np.int64]:
        """The values of these documents that are not their first."""
        if len(numbers) * MANY > self._size:
            marked = np.zeros(self._size, bool)
            marked[numbers] = True
            return self._values[marked.take(self._owners)]
        starts = self._starts.take(numbers)
        return self._values.take(flat(starts, self._starts.take(numbers + 1) - starts))


def _names(segments: Sequence[Segment], group: str) -> list[str]:
    """The values of all segments; in order of bytes, which is that of code points."""
    values = set().union(*(segment.names[group] for segment in segments))
    return [name.decode() for name in sorted(values)]


def _place(names: Sequence[str], name: str) -> int:
    place = bisect_left(names, name)
    return place if place < len(names) and names[place] == name else -1
