"""Facet counts from one pass over the matches: exact, each group blind to its own selection.

A match that passes every selection is a hit and counts in every group. One that fails in exactly
one group counts in that group alone: selecting its value there would make it a hit. (The idea is
that of Lucene's "drill sideways".)
"""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.fields import FACETS
from search_app.search.engines.whoosh.matches import Mask, Numbers, flat
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.request import Selections

MANY = 8
"""From this share of a segment on (an eighth), counting runs over all its values."""


class Facets:
    """The facet values of all segments under one numbering. Immutable."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._names = {group: _names(segments, group) for group in FACETS}
        self._groups = {
            group: [_Group(s, group, self._names[group]) for s in segments] for group in FACETS
        }

    def split(
        self, place: int, matches: Numbers, selections: Selections
    ) -> tuple[Mask | None, dict[str, Numbers]]:
        """Which matches of a segment are hits (`None`: all), and what each group counts over."""
        segment = self._segments[place]
        failed = {
            group: ~self._passing(segment, group, values)[matches]
            for group, values in selections.items()
            if values
        }
        if not failed:
            return None, dict.fromkeys(FACETS, matches)
        failures = np.sum(list(failed.values()), axis=0)
        hits = failures == 0
        counted = dict.fromkeys(FACETS, matches[hits])
        for group, misses in failed.items():
            counted[group] = matches[failures == misses]
        return hits, counted

    def counts(
        self, counted: Sequence[dict[str, Numbers]], selections: Selections, size: int
    ) -> dict[str, tuple[tuple[str, int], ...]]:
        """Group to its `size` most frequent values, and the selected ones with whatever count;
        `counted` gives for each segment what each group counts over."""
        return {
            group: self._top(group, [numbers[group] for numbers in counted], selections, size)
            for group in FACETS
        }

    def _passing(self, segment: Segment, group: str, values: Sequence[str]) -> Mask:
        names = segment.names[group]
        passing = np.zeros(segment.size, bool)
        ordinals = [names.find(value.encode()) for value in values]
        passing[segment.with_ordinals(group, ordinals)] = True
        return passing

    def _top(
        self, group: str, numbers: Sequence[Numbers], selections: Selections, size: int
    ) -> tuple[tuple[str, int], ...]:
        names = self._names[group]
        selected = sorted(selections.get(group, ()))
        if not (size or selected):
            return ()
        totals = np.zeros(len(names), np.int64)
        for values, counted in zip(self._groups[group], numbers, strict=True):
            values.add_to(totals, counted)
        found = np.flatnonzero(totals)
        if 0 < size < len(found):
            least = np.partition(totals[found], len(found) - size)[len(found) - size]
            found = found[totals[found] >= least]
        ranked = found[np.argsort(-totals[found], kind="stable")][:size].tolist()
        shown = {names[place].decode(): int(totals[place]) for place in ranked}
        for value in selected:
            if value not in shown:
                place = _place(names, value.encode())
                shown[value] = int(totals[place]) if place >= 0 else 0
        return tuple(shown.items())


class _Group:
    """One segment's values of one group, as places in the common numbering.

    Most documents have one value in a group. The first of each stands in a row of its own, with
    one place beyond the last for "none"; the others, few, are listed with their documents.
    """

    def __init__(self, segment: Segment, group: str, names: Sequence[bytes]) -> None:
        values = segment.columns[f"facets.{group}.values"].astype(np.int64)
        own = list(segment.names[group])
        if own != names:
            places = {name: place for place, name in enumerate(names)}
            values = np.array([places[name] for name in own], np.int64)[values]
        starts = segment.columns[f"facets.{group}.starts"].astype(np.int64)
        sizes = np.diff(starts)
        self._size = segment.size
        self._first = np.full(segment.size, len(names), np.int64)
        self._first[sizes > 0] = values[starts[:-1][sizes > 0]]
        others = np.ones(len(values), bool)
        others[starts[:-1][sizes > 0]] = False
        self._values, self._owners = values[others], segment.owners[group][others]
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


def _names(segments: Sequence[Segment], group: str) -> list[bytes]:
    return sorted(set().union(*(segment.names[group] for segment in segments)))


def _place(names: Sequence[bytes], name: bytes) -> int:
    place = bisect_left(names, name)
    return place if place < len(names) and names[place] == name else -1
