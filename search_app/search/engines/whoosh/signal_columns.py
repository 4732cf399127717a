"""The signals of each document of a generation, and what they multiply its score by: the arithmetic
of `search_app.search.signals` over columns."""

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial, reduce
from itertools import pairwise
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from indexer.segment import MISSING
from search_app.search.engines.whoosh.segment_reader import Mask, SegmentReader
from search_app.search.signals import CLOSE, DAY, HALF_LIVES, MANY_OUTLETS, SignalWeights

Values = NDArray[np.float64]


class SignalColumns:
    """The signals of all documents of a generation, one array for all segments, end to end.
    Immutable. `now`: UTC seconds, by default the end of this day, so that a day gives one order."""

    def __init__(self, segments: Sequence[SegmentReader], now: float | None = None) -> None:
        now = (time.time() // DAY + 1) * DAY if now is None else now
        self._bounds = np.cumsum([0, *(segment.size for segment in segments)]).tolist()
        alive = np.concatenate([np.zeros(0, bool), *(segment.alive for segment in segments)])
        heat = _column(segments, "heat")
        self._values = {
            "freshness": freshness(_column(segments, "date"), alive, now),
            "quality": percentiles(_column(segments, "quality"), alive) - 0.5,
            "heat": percentiles(np.where(heat < 0, MISSING, heat), alive) - 0.5,
            "coverage": coverage(_column(segments, "outlets")),
        }
        self._fresh = self._values["freshness"].data  # of which single ones are wanted
        fresh = self._values["freshness"][alive]
        self._all_fresh = (float(fresh.mean()), float(fresh.std())) if len(fresh) else (0.0, 0.0)
        self.multipliers = lru_cache(8)(partial(_multipliers, self._values, self._bounds))

    def of(self, place: int, number: int) -> dict[str, float]:
        """What the weight of each signal is multiplied by, of a document of a segment."""
        at = self._bounds[place] + number
        return {name: float(values[at]) for name, values in self._values.items()}

    def newness(self, documents: Sequence[tuple[int, int]]) -> float:
        """How many standard errors the mean freshness of these documents, each by its segment and
        its number, is above that of all living ones; 0 of none."""
        mean, deviation = self._all_fresh
        if not documents or not deviation:
            return 0.0
        fresh, bounds = self._fresh, self._bounds
        total: float = sum([fresh[bounds[place] + number] for place, number in documents])
        size = len(documents)
        return (total / size - mean) / (deviation / sqrt(size))


def _multipliers(
    signals: Mapping[str, Values], bounds: Sequence[int], weights: SignalWeights
) -> list[Values]:
    """What the score of each document of each segment is multiplied by."""
    factors = [1 + getattr(weights, name) * values for name, values in signals.items()]
    product = reduce(np.multiply, factors)
    return [product[begin:end] for begin, end in pairwise(bounds)]


def _column(segments: Sequence[SegmentReader], name: str) -> NDArray[np.int64]:
    """The numbers of all documents."""
    columns = [segment.columns[f"numbers.{name}"] for segment in segments]
    for segment, column in zip(segments, columns, strict=True):
        if len(column) != segment.size:
            raise IndexError("a column of numbers is not as long as the segment")
    return np.concatenate([np.zeros(0, np.int64), *columns])


def freshness(dates: NDArray[np.int64], alive: Mask, now: float) -> Values:
    """How fresh each document is; 0 of one that is undated or dated after the anchor."""
    known = dates != MISSING
    past = dates[alive & known & (dates <= now)]
    newest = int(past.max(initial=MISSING))
    anchor = now if now - newest <= CLOSE else newest
    ages = np.where(known & (dates <= anchor), anchor - np.maximum(dates, -(1 << 40)), np.inf)
    decayed: Values = np.mean([np.exp2(-ages / half_life) for half_life in HALF_LIVES], axis=0)
    return decayed


def percentiles(values: NDArray[np.int64], alive: Mask) -> Values:
    """The mid-rank of each value among those of the living documents, from 0 to 1; 1/2 of a missing
    one."""
    known = values != MISSING
    levels, counts = np.unique(values[known & alive], return_counts=True)
    if not len(levels):
        return np.full(len(values), 0.5)
    below = np.append(0, np.cumsum(counts))  # how many are below each level
    ranks = below[levels.searchsorted(values)] + below[levels.searchsorted(values, side="right")]
    return np.where(known, ranks / (2 * below[-1]), 0.5)


def coverage(outlets: NDArray[np.int64]) -> Values:
    """How widely each document was reported."""
    counted: Values = np.log(np.clip(outlets, 1, MANY_OUTLETS)) / log(MANY_OUTLETS)
    return counted
