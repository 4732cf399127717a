"""Counts hits and their facet values: exactly, each group blind to its own selection.

A match that passes every selection is a hit and counts in every group. One that fails in exactly
one group counts in that group alone: selecting its value there would make it a hit. (The idea is
that of Lucene's "drill sideways".)
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np

from indexer.schema import FACETS
from search_app.search.engines.whoosh.global_order import facet_names, facet_values
from search_app.search.engines.whoosh.segment_reader import Mask, Numbers, SegmentReader
from search_app.search.engines.whoosh.vectorized.matcher import Matcher
from search_app.search.filters import Worded
from search_app.search.request import Selections


class Facets:
    """The facet values of all segments, by their global ordinals. Immutable."""

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self.names = {group: facet_names(segments, group) for group in FACETS}
        self.columns = [
            {group: _column(segment, group, names) for group, names in self.names.items()}
            for segment in segments
        ]

    def filters(self, place: int, selections: Selections) -> dict[str, Mask]:
        """For each group with a selection, which documents of a segment have a selected value."""
        filters = {}
        for group, selected in selections.items():
            if selected:
                ordinals, documents, size = self.columns[place][group]
                values = set(selected)
                wanted = np.array([name in values for name in self.names[group]], bool)
                filters[group] = np.zeros(size, bool)
                filters[group][documents[wanted[ordinals]]] = True
        return filters


class Counter:
    """The one place where hits are counted, in total and by facet value: as documents. To count
    distinct values of a key instead, a story's for example, count them here, and in the class of
    the same name in `native.facets`."""

    def __init__(self, facets: Facets) -> None:
        self._facets = facets
        self._counts = {group: np.zeros(len(names), int) for group, names in facets.names.items()}
        self.totals: list[int] = []

    def add_hits(self, masks: Sequence[Mask]) -> None:
        """Count the hits of the next tier in each segment."""
        self.totals.append(sum(int(np.count_nonzero(mask)) for mask in masks))

    def add_values(self, place: int, matches: Mask, filters: Mapping[str, Mask]) -> None:
        """Count the values of the matches in a segment, in each group of those that pass every
        other group's filter."""
        for group, counts in self._counts.items():
            others = [mask for other, mask in filters.items() if other != group]
            counted = np.logical_and.reduce([matches, *others])
            ordinals, documents, _ = self._facets.columns[place][group]
            counts += np.bincount(ordinals[counted[documents]], minlength=len(counts))

    def top(self, group: str, size: int, selected: Sequence[str]) -> tuple[tuple[str, int], ...]:
        """The most frequent values with their counts, equal ones in order; then those selected."""
        names, counts = self._facets.names[group], self._counts[group]
        most = np.argsort(-counts, kind="stable")[:size]
        found = {names[ordinal]: int(counts[ordinal]) for ordinal in most if counts[ordinal]}
        for value in selected:
            at = bisect_left(names, value)
            found.setdefault(value, int(counts[at]) if names[at : at + 1] == [value] else 0)
        return tuple(found.items())


class WordedValues:
    """Selected values that are expressions: for each group and value, which documents of each
    segment match. Counts the hits that do."""

    def __init__(self, worded: Worded, matcher: Matcher) -> None:
        self._masks = {
            group: {
                value: [found.mask for found in matcher.matches(expression)]
                for value, expression in values.items()
            }
            for group, values in worded.items()
        }
        self._counts = {group: dict.fromkeys(values, 0) for group, values in worded.items()}

    def widen(self, filters: Sequence[Mapping[str, Mask]]) -> None:
        """Let what matches pass the filters of its groups, which are given for each segment."""
        for group, values in self._masks.items():
            for masks in values.values():
                for mask, of_segment in zip(masks, filters, strict=True):
                    of_segment[group][mask] = True

    def add_hits(self, hits: Sequence[Mask]) -> None:
        """Count the hits of the next tier in each segment."""
        for group, values in self._masks.items():
            for value, masks in values.items():
                both = zip(masks, hits, strict=True)
                self._counts[group][value] += sum(int((mask & own).sum()) for mask, own in both)

    def counted(
        self, group: str, values: tuple[tuple[str, int], ...]
    ) -> tuple[tuple[str, int], ...]:
        """The values of a group with their counts, these among them."""
        return tuple((dict(values) | self._counts.get(group, {})).items())


def _column(
    segment: SegmentReader, group: str, names: Sequence[str]
) -> tuple[Numbers, Numbers, int]:
    """The global ordinals of all values, the document of each, and the size of the segment."""
    sizes = np.diff(segment.columns[f"facets.{group}.starts"])
    documents = np.repeat(np.arange(segment.size, dtype=np.int32), sizes)
    return facet_values(segment, group, names), documents, segment.size
