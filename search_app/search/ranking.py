"""How hits are scored and ordered: the same for every engine.

Score: BM25 (Robertson and Zaragoza 2009, section 3.4) with the idf of section 3.3 kept positive
by adding one inside the logarithm, over the `text` field, in which the parts of an item are joined
with their weights before the word frequency saturates once: BM25F as in Robertson, Zaragoza and
Taylor 2004. Words with a field are scored over that field alone. `normalised` and `saturated` are
the formula in plain numbers, by which an engine is judged that computes it otherwise.
"""

from dataclasses import dataclass
from math import log

from indexer.fields import B
from search_app.search.request import Sort

K1 = 1.2
EXACT = 0.25
"""What finding the exact form adds, as a share of what finding the stem gives."""

DECIMALS = 6
"""Scores are rounded to this before they order anything, so that the order in which sums are
formed, which differs from segment to segment, decides nothing."""


def idf(items: int, containing: int) -> float:
    """Inverse document frequency of a term that `containing` of `items` have; above 0."""
    return log(1 + (items - containing + 0.5) / (containing + 0.5))


def normalised(length: float, mean: float) -> float:
    """What one occurrence counts in a part of this length, its weight aside: 1 at the mean."""
    return 1 / (1 - B + B * length / mean)


def saturated(weight: float) -> float:
    """The share of its idf a term adds, from the sum of what its occurrences count."""
    return weight * (K1 + 1) / (weight + K1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What orders a hit. `tier` 0: matches in full, 1: in part. `date` in UTC seconds."""

    tier: int
    score: float
    date: int | None
    outlets: int
    id: str


def sort_key(standing: Standing, sort: Sort) -> tuple[float | int | str, ...]:
    """Ascending key: what comes first is smallest. In every order what matches in part follows
    what matches in full, and items without a date come last by date."""
    newest = -_or_least(standing.date)
    tier, relevance = standing.tier, -standing.score
    if sort is Sort.RELEVANCE:
        return (tier, relevance, newest, standing.id)
    if sort is Sort.COVERAGE:
        return (tier, -standing.outlets, relevance, newest, standing.id)
    undated = standing.date is None
    by_date = newest if sort is Sort.NEWEST else -newest
    return (tier, undated, by_date, relevance, standing.id)


def _or_least(date: int | None) -> int:
    return -(1 << 62) if date is None else date
