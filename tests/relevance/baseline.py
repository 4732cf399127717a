"""The values that the suite holds us to: a change of the ranking that lowers them fails.

Kept are thousandths of nDCG@10, query by query, since only that tells a loss from luck: a drop is
real if it is larger than `at_least` and the paired randomisation test finds its p below `likely`.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.relevance.collection import Collection
from tests.relevance.measuring import Values
from tests.relevance.significance import compared

FILE = Path(__file__).with_name("baseline.json")


class Outdated(Exception):
    """The baseline is of other queries or judgments than those at hand."""


def write_baseline(
    values: Mapping[str, Values], collections: Iterable[Collection], file: Path = FILE
) -> None:
    """Hold the next runs to these values of nDCG@10."""
    kept = {
        collection.name: {
            "of": _digest(collection),
            "thousandths": [round(values[collection.name][q] * 1000) for q in collection.queries],
        }
        for collection in collections
    }
    lines = (f"{json.dumps(name)}: {json.dumps(what)}" for name, what in kept.items())
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def read_baseline(collections: Iterable[Collection], file: Path = FILE) -> dict[str, Values]:
    """The values that were kept, by collection; raises `Outdated` if they are not of these."""
    kept = json.loads(file.read_text(encoding="utf-8"))
    values: dict[str, Values] = {}
    for collection in collections:
        found = kept.get(collection.name, {})
        if found.get("of") != _digest(collection):
            raise Outdated(f"{collection.name} is not what the baseline was made of; make it anew")
        pairs = zip(collection.queries, found["thousandths"], strict=True)
        values[collection.name] = {query: value / 1000 for query, value in pairs}
    return values


def drops(
    baseline: Mapping[str, Values],
    values: Mapping[str, Values],
    *,
    seed: int,
    at_least: float = 0.003,
    likely: float = 0.05,
) -> Iterator[str]:
    """A line for each collection, and one for the macro mean, whose drop is real."""
    subsets = {name: [name] for name in baseline} | {"macro": list(baseline)}
    for title, names in subsets.items():
        then = {name: baseline[name] for name in names}
        now = {name: _rounded(values[name]) for name in names}
        found = compared(now, then, seed=seed)
        if found.difference < -at_least and found.p < likely:
            yield f"{title}: nDCG@10 fell by {-found.difference:.4f} (p {found.p:.4f})"


def _rounded(values: Values) -> Values:
    """As exact as what is kept, so that a query nothing happened to differs by nothing."""
    return {query: round(value * 1000) / 1000 for query, value in values.items()}


def _digest(collection: Collection) -> int:
    """Tells these queries and judgments from others."""
    judged = json.dumps([collection.queries, collection.qrels], sort_keys=True)
    return zlib.crc32(judged.encode())
