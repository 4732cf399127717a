"""What a run found: tables for people, lines of JSON for programs."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.relevance.evaluation import Evaluation, best
from tests.relevance.measuring import MRR, NDCG, RECALL, Values
from tests.relevance.significance import Comparison, compared

REACHED = 0.7694
"""Macro nDCG@10 that the best peer is known to reach on these queries."""

TOLERANCE = 0.003
"""A run whose best peer is further below that does not count: something is wrong with the peers."""

BAR, GOAL = 0.004, 0.010
"""How far above the best peer's our macro nDCG@10 must be, and should be."""

LIKELY = 0.05
"""Differences whose p is not below this may be luck."""

HITS = 10
"""Hits of each query that are written to a file of results."""


def tables(ours: Evaluation, peers: Sequence[Evaluation], seed: int) -> Iterator[str]:
    """The values of all systems as a Markdown table, and how sure the differences are."""
    names = list(ours.scores)
    yield from _head("", *names, "macro")
    for measure in (NDCG, MRR, RECALL):
        for one in (ours, *peers):
            means = [*(one.mean(name, measure) for name in names), one.macro(measure)]
            yield _row(f"{measure} {one.system}", *(f"{value:.4f}" for value in means))
    for peer in peers:
        yield ""
        yield from differences(
            f"{ours.system} less {peer.system}", ours.values(), peer.values(), seed
        )


def differences(
    title: str, ours: Mapping[str, Values], theirs: Mapping[str, Values], seed: int
) -> Iterator[str]:
    """nDCG@10 of two systems compared on each collection that both know, and on all of them."""
    one = {name: values for name, values in ours.items() if name in theirs}
    other = {name: theirs[name] for name in one}
    found = [compared({name: one[name]}, {name: other[name]}, seed=seed) for name in one]
    better = [sum(v > other[name][q] for q, v in one[name].items()) for name in one]
    worse = [sum(v < other[name][q] for q, v in one[name].items()) for name in one]
    yield from _head(title, *one, "macro")
    yield _row(NDCG, *map(_told, [*found, compared(one, other, seed=seed)]))
    counts = zip([*better, sum(better)], [*worse, sum(worse)], strict=True)
    yield _row("queries better, worse", *(f"{up}, {down}" for up, down in counts))


def verdict(ours: Evaluation, peers: Sequence[Evaluation], seed: int) -> Iterator[str]:
    """Whether the run counts, and what it says: ours beside the best of the peers."""
    peer = best(peers)
    yield f"best peer: {peer.system}, macro {NDCG} {peer.macro():.4f} (known to reach {REACHED})"
    if peer.macro() < REACHED - TOLERANCE:
        yield f"THIS RUN DOES NOT COUNT: that is more than {TOLERANCE} too low"
    above = ours.macro() - peer.macro()
    judged = "goal reached" if above >= GOAL else "bar reached" if above >= BAR else "TOO LITTLE"
    yield f"ours: {ours.macro():.4f}, {above:+.4f} (bar {BAR:+}, goal {GOAL:+}): {judged}"
    for name in ours.scores:
        rival = max(peers, key=lambda one: one.mean(name))
        found = compared({name: ours.values()[name]}, {name: rival.values()[name]}, seed=seed)
        if found.difference < 0 and found.p < LIKELY:
            yield f"{name}: SIGNIFICANTLY BELOW {rival.system}, {_told(found)}"


def write_results(path: Path, evaluations: Iterable[Evaluation]) -> None:
    """One line for each system, collection and query: its values and first hits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for one in evaluations:
            for name, scores in one.scores.items():
                for query in scores[NDCG]:
                    values = {measure: scores[measure][query] for measure in scores}
                    hits = list(one.runs[name].get(query, ())[:HITS])
                    place = {"system": one.system, "collection": name, "query": query}
                    file.write(json.dumps({**place, **values, "hits": hits}) + "\n")


def read_results(path: Path, system: str) -> dict[str, dict[str, float]]:
    """nDCG@10 of a system from such a file, by collection and query."""
    found: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["system"] == system:
                found.setdefault(row["collection"], {})[row["query"]] = row[NDCG]
    return found


def _told(found: Comparison) -> str:
    return f"{found.difference:+.4f} (p {found.p:.3f})"


def _head(*cells: str) -> Iterator[str]:
    yield _row(*cells)
    yield _row("---", *["--:"] * (len(cells) - 1))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
