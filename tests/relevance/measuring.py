"""nDCG@10, reciprocal rank at 10 and recall at 100 of each query, by ir-measures (trec_eval)."""

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

from tests.relevance.collection import Qrels

DEPTH = 100
"""Hits asked for."""

NDCG, MRR, RECALL = "nDCG@10", "RR@10", "R@100"
_MEASURES = {NDCG: nDCG @ 10, MRR: RR @ 10, RECALL: R @ DEPTH}

Run = Mapping[str, Sequence[str]]
"""Query to the ids of its hits, the best first."""

Values = Mapping[str, float]
"""Query to what a run reaches for it; every judged query has a value."""

Scores = Mapping[str, Values]
"""The values by measure."""


def measured(qrels: Qrels, run: Run) -> Scores:
    """How good a run is, judged query by judged query; a query that the run lacks counts 0. Ranks
    count, not scores: trec_eval would put hits of equal score in an order of its own."""
    ranked = {
        query: {id: float(DEPTH - rank) for rank, id in enumerate(hits[:DEPTH])}
        for query, hits in run.items()
    }
    scores: dict[str, dict[str, float]] = {name: {} for name in _MEASURES}
    names = {measure: name for name, measure in _MEASURES.items()}
    for metric in ir_measures.iter_calc(list(names), qrels, ranked):
        scores[names[metric.measure]][metric.query_id] = metric.value
    return scores


def mean(values: Values) -> float:
    """The mean over all queries."""
    return sum(values.values()) / len(values)
