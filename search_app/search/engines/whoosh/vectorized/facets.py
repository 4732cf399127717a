"""Counts hits and their facet values: exactly, each group blind to its own selection.

A match that passes every selection is a hit and counts in every group. One that fails in exactly
one group counts in that group alone: selecting its value there would make it a hit. (The idea is
that of Lucene's "drill sideways".)
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from indexer.schema import FACETS
from search_app.search.engines.whoosh.global_order import facet_names, facet_values
from search_app.search.engines.whoosh.segment_reader import Mask, Numbers, SegmentReader
from search_app.search.engines.whoosh.vectorized.matcher import Matcher
from search_app.search.engines.whoosh.vectorized.stories import HitCounter, StoryCounter
from search_app.search.filters import Worded
from search_app.search.request import Selections

Keys = NDArray[np.int64]


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
    """Counts hits in total, as documents, and by facet value: as documents, or as stories if there
    are `stories`."""

    def __init__(self, facets: Facets, stories: StoryCounter | None = None) -> None:
        self._facets, self._stories = facets, stories
        self._counts = {group: np.zeros(len(names), int) for group, names in facets.names.items()}
        self._pairs: dict[str, list[Keys]] = {group: [] for group in facets.names}
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
            chosen = counted[documents]
            if self._stories:
                keys = self._stories.keys[place][documents[chosen]]
                self._pairs[group].append(ordinals[chosen].astype(np.int64) << 32 | keys)
            else:
                counts += np.bincount(ordinals[chosen], minlength=len(counts))

    def top(
        self, group: str, size: int, selected: Sequence[str], listed: Set[str] | None
    ) -> tuple[tuple[tuple[str, int], ...], int]:
        """The most frequent values with their counts, equal ones in order; then those selected. And
        how many values have been counted. Only those in `listed` are meant, unless it is `None`,
        or selected."""
        names, counts = self._facets.names[group], self._counts[group]
        if pairs := self._pairs[group]:
            counts = np.bincount(np.unique(np.concatenate(pairs)) >> 32, minlength=len(names))
        shown = counts
        if listed is not None:
            shown = np.where([name in listed for name in names], counts, 0)
        most = np.argsort(-shown, kind="stable")[:size]
        found = {names[ordinal]: int(counts[ordinal]) for ordinal in most if shown[ordinal]}
        for value in selected:
            at = bisect_left(names, value)
            found.setdefault(value, int(counts[at]) if names[at : at + 1] == [value] else 0)
        return tuple(found.items()), int(np.count_nonzero(shown))


class WordedValues:
    """Selected values that are expressions: for each group and value, which documents of each
    segment match. Counts the hits that do."""

    def __init__(
        self, worded: Worded, matcher: Matcher, stories: StoryCounter | None = None
    ) -> None:
        self._masks = {
            group: {
                value: [found.mask for found in matcher.matches(expression)]
                for value, expression in values.items()
            }
            for group, values in worded.items()
        }
        self._counts = {
            group: {value: stories.empty() if stories else HitCounter() for value in values}
            for group, values in worded.items()
        }

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
                self._counts[group][value].add([mask & own for mask, own in both])

    def counted(
        self, group: str, values: tuple[tuple[str, int], ...]
    ) -> tuple[tuple[str, int], ...]:
        """The values of a group with their counts, these among them."""
        own = {value: counter.total for value, counter in self._counts.get(group, {}).items()}
        return tuple((dict(values) | own).items())


def _column(
    segment: SegmentReader, group: str, names: Sequence[str]
) -> tuple[Numbers, Numbers, int]:
    """The global ordinals of all values, the document of each, and the size of the segment."""
    sizes = np.diff(segment.columns[f"facets.{group}.starts"])
    documents = np.repeat(np.arange(segment.size, dtype=np.int32), sizes)
    return facet_values(segment, group, names), documents, segment.size
