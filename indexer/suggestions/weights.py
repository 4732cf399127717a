"""What an item counts where the use of a word, a topic or an outlet is added up: more if it is new.

    weight = UNIT * (1 + freshness * 2 ** (-age / half_life))

The age, in whole days, is that at the newest item of the index, so that nothing changes by itself
from day to day. Weights are whole numbers: their sums do not depend on how items are spread over
segments.
"""

from dataclasses import dataclass

import numpy as np

from indexer.segment import MISSING
from indexer.segment.column_file import Array

UNIT = 1000
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class SuggestionPolicy:
    """`freshness`: how many times as much as an old item the newest one counts besides; `half_life`
    in days. A phrase is suggested if at least `min_items` titles have it, and one in `of_items`."""

    freshness: float = 3.0
    half_life: float = 30.0
    min_items: int = 2
    of_items: int = 30_000

    def frequent(self, items: int) -> int:
        """How many titles must have a phrase, of so many items."""
        return max(self.min_items, items // self.of_items)


DEFAULT_POLICY = SuggestionPolicy()


def weights(dates: Array, newest: int, policy: SuggestionPolicy) -> Array:
    """The weights of items with these dates, in seconds, `MISSING` for those without, which count
    as old. `newest`: the latest date of all."""
    oldest = int(policy.half_life * 20)  # by then the rest is less than a unit
    fresh = [UNIT * policy.freshness * 2 ** (-age / policy.half_life) for age in range(oldest)]
    table = np.array([*(UNIT + round(more) for more in fresh), UNIT])
    ages = np.where(dates == MISSING, oldest, (newest - dates) // _DAY)
    counts: Array = table[np.minimum(ages, oldest)]
    return counts
