"""The score and the order of hits in plain numbers, by which engines that compute them otherwise
are judged; the product's own words on both are in `search_app.search.ranking`."""

from dataclasses import dataclass

from search_app.search.ranking import K1
from search_app.search.request import Sort


def normalised(length: float, mean: float, b: float) -> float:
    """What one occurrence counts in a part of this length, its weight aside: 1 at the mean."""
    return 1 / (1 - b + b * length / mean)


def saturated(weight: float) -> float:
    """The share of its idf a term adds, from the sum of what its occurrences count."""
    return weight * (K1 + 1) / (weight + K1)


def fresh(date: int | None, past: list[int], now: float, day: int = 86_400) -> float:
    """How fresh an item is; `past`: the dates of all items until now."""
    anchor = max(past, default=0)
    if now - anchor <= 30 * day:
        anchor = int(now)
    if date is None or date > anchor:
        return 0.0
    halves = [(anchor - date) / (days * day) for days in (7, 90, 1095)]
    return float(sum(2.0**-half for half in halves) / 3)


@dataclass(frozen=True, slots=True)
class Standing:
    """What orders a hit. `tier` 0: matches in full, 1: in part. `date` in UTC seconds."""

    tier: int
    score: float
    date: int | None
    outlets: int
    id: str


def sort_key(standing: Standing, sort: Sort) -> tuple[float | int | str, ...]:
    """Ascending key: what comes first is smallest."""
    newest = -(-(1 << 62) if standing.date is None else standing.date)
    tier, relevance = standing.tier, -standing.score
    if sort is Sort.RELEVANCE:
        return (tier, relevance, newest, standing.id)
    if sort is Sort.COVERAGE:
        return (tier, -standing.outlets, relevance, newest, standing.id)
    by_date = newest if sort is Sort.NEWEST else -newest
    return (tier, standing.date is None, by_date, relevance, standing.id)
