"""The paired randomisation test: could a difference as large as this one be luck?

Under the null hypothesis that two systems are equally good, which of them gave which value of a
query is a toss of a coin. So the signs of the differences are tossed many times; p is the share of
tosses whose difference of means is at least as large as the one seen, in either direction (Smucker,
Allan, Carterette: A comparison of statistical significance tests for information retrieval
evaluation, CIKM 2007). The toss that was seen counts among them, so that p is never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tests.relevance.measuring import Values

TOSSES = 20_000
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """The mean of one system less that of another, and how probable as much would be by luck."""

    difference: float
    p: float


def compared(
    ours: Mapping[str, Values], theirs: Mapping[str, Values], *, seed: int, tosses: int = TOSSES
) -> Comparison:
    """Two systems over the same queries of one or several collections. Each collection counts the
    same, however many its queries (the macro mean). Raises `ValueError` if the queries differ."""
    parts = []
    for name, values in ours.items():
        if values.keys() != theirs[name].keys():
            raise ValueError(f"{name}: only values of the same queries can be compared")
        differences = np.array([value - theirs[name][query] for query, value in values.items()])
        parts.append(differences / (len(differences) * len(ours)))
    shares = np.concatenate(parts)
    seen = float(shares.sum())
    # Two sums of the same values in another order may differ in the last bits.
    at_least = abs(seen) - 1e-12
    chance = np.random.default_rng(seed)
    as_large = 0
    for start in range(0, tosses, _AT_ONCE):
        count = min(_AT_ONCE, tosses - start)
        signs = chance.integers(0, 2, (count, len(shares)), dtype=np.int8) * 2.0 - 1.0
        as_large += int((np.abs(signs @ shares) >= at_least).sum())
    return Comparison(seen, (as_large + 1) / (tosses + 1))
