"""Counts entries of the results: hits, or the stories that they report."""

from collections.abc import Sequence

import numpy as np

from search_app.search.engines.whoosh.segment_reader import Mask, Numbers


class HitCounter:
    """Counts hits."""

    def __init__(self) -> None:
        self.total = 0

    def add(self, hits: Sequence[Mask]) -> list[Mask]:
        """Count hits of each segment; returns those of stories that had none before, which is
        all."""
        self.total += sum(int(np.count_nonzero(mask)) for mask in hits)
        return list(hits)


class StoryCounter(HitCounter):
    """Counts the stories that hits report. `keys`: see `global_order.story_keys`."""

    def __init__(self, keys: Sequence[Numbers]) -> None:
        super().__init__()
        self.keys = keys
        self._hits = np.zeros(
            1 + max((int(some.max(initial=-1)) for some in keys), default=-1), int
        )

    def empty(self) -> "StoryCounter":
        """A counter of the same stories that has counted nothing."""
        return StoryCounter(self.keys)

    def add(self, hits: Sequence[Mask]) -> list[Mask]:
        """See `HitCounter.add`."""
        both = list(zip(self.keys, hits, strict=True))
        new = [mask & (self._hits[keys] == 0) for keys, mask in both]
        for keys, mask in both:
            self._hits += np.bincount(keys[mask], minlength=len(self._hits))
        self.total = int(np.count_nonzero(self._hits))
        return new

    def others(self, place: int, number: int) -> int:
        """How many more hits report the story of a hit."""
        return int(self._hits[self.keys[place][number]]) - 1
