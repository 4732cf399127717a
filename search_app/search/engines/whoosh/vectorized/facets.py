"""Facet counts from one pass over the matches: exact, each group blind to its own selection.

A match that passes every selection is a hit and counts in every group. One that fails in exactly
one group counts in that group alone: selecting its value there would make it a hit. (The idea is
that of Lucene's "drill sideways".)
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.schema import FACETS
from search_app.search.engines.whoosh.global_order import facet_names, global_ordinals
from search_app.search.engines.whoosh.segment_reader import Mask, Numbers, SegmentReader
from search_app.search.request import Selections

Shown = tuple[tuple[str, int], ...]
"""Values, each with its count."""


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """The values of a group in one segment, by global ordinal, and the document of each."""

    ordinals: Numbers
    documents: Numbers

    def having(self, wanted: Mask, size: int) -> Mask:
        """Which of so many documents have one of the values that are wanted, by ordinal."""
        mask = np.zeros(size, bool)
        mask[self.documents[wanted.take(self.ordinals)]] = True
        return mask


class Facets:
    """The facet values of all segments under one numbering. Immutable."""

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self._segments = segments
        self.names = {group: facet_names(segments, group) for group in FACETS}
        self._columns = {
            group: [_column(segment, group, names) for segment in segments]
            for group, names in self.names.items()
        }

    def filters(self, place: int, selections: Selections) -> dict[str, Mask]:
        """Of each group with a selection, which documents of a segment have a selected value."""
        return {
            group: self._columns[group][place].having(
                np.isin(self.names[group], values), self._segments[place].size
            )
            for group, values in selections.items()
            if values
        }

    def counter(self) -> "Counter":
        """A counter of hits and their values, which has counted nothing yet."""
        return Counter(self.names, self._columns)


class Counter:
    """The one place where hits are counted, in total and by facet value: as documents. To count
    distinct values of a key instead, a story's for example, count them here, and in the class of
    the same name in `native.facets`."""

    def __init__(
        self, names: Mapping[str, Sequence[str]], columns: Mapping[str, Sequence[FacetColumn]]
    ) -> None:
        self._names, self._columns = names, columns
        self._counts = {group: np.zeros(len(names[group]), np.int64) for group in names}
        self.totals: list[int] = []

    def add_hits(self, masks: Sequence[Mask]) -> None:
        """Count the hits of the next tier in each segment."""
        self.totals.append(sum(int(np.count_nonzero(mask)) for mask in masks))

    def add_values(self, place: int, matches: Mask, filters: Mapping[str, Mask]) -> None:
        """Count the values of the matches in a segment, in each group of those that pass every
        other group's filter."""
        for group, columns in self._columns.items():
            others = [mask for other, mask in filters.items() if other != group]
            counted = np.logical_and.reduce([matches, *others])
            column = columns[place]
            ordinals = column.ordinals[counted.take(column.documents)]
            self._counts[group] += np.bincount(ordinals, minlength=len(self._names[group]))

    def top(self, group: str, size: int, selected: Sequence[str]) -> Shown:
        """The most frequent values, those of equal counts in order; then what is selected."""
        names, counts = self._names[group], self._counts[group]
        order = np.argsort(-counts, kind="stable")[:size]
        shown = {names[ordinal]: int(counts[ordinal]) for ordinal in order if counts[ordinal]}
        for value in selected:
            ordinal = bisect_left(names, value)
            there = ordinal < len(names) and names[ordinal] == value
            shown.setdefault(value, int(counts[ordinal]) if there else 0)
        return tuple(shown.items())


def _column(segment: SegmentReader, group: str, names: Sequence[str]) -> FacetColumn:
    values = segment.columns[f"facets.{group}.values"]
    ordinals = global_ordinals(segment, group, names)
    sizes = np.diff(segment.columns[f"facets.{group}.starts"])
    return FacetColumn(
        values if ordinals is None else ordinals[values],
        np.repeat(np.arange(segment.size, dtype=np.int32), sizes),
    )
