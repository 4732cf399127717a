"""A system over all collections, and what it reached."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.relevance.collection import Collection
from tests.relevance.measuring import NDCG, Run, Scores, Values, mean, measured

System = Callable[[Collection, Path], Run]
"""Indexes a collection in a new folder and answers its queries."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A system's values, and the hits they come from, by collection."""

    system: str
    scores: Mapping[str, Scores]
    runs: Mapping[str, Run]

    def mean(self, collection: str, measure: str = NDCG) -> float:
        """The mean over the queries of a collection."""
        return mean(self.scores[collection][measure])

    def macro(self, measure: str = NDCG) -> float:
        """The mean of the collections' means."""
        return sum(self.mean(name, measure) for name in self.scores) / len(self.scores)

    def values(self, measure: str = NDCG) -> dict[str, Values]:
        """The value of each query, by collection."""
        return {name: scores[measure] for name, scores in self.scores.items()}


def best(evaluations: Iterable[Evaluation]) -> Evaluation:
    """The one whose macro nDCG@10 is highest."""
    return max(evaluations, key=Evaluation.macro)


def evaluate(name: str, system: System, collections: Iterable[Collection]) -> Evaluation:
    """Run a system over the collections, each in a temporary folder of its own."""
    scores, runs = {}, {}
    for collection in collections:
        with TemporaryDirectory(prefix="relevance-") as folder:
            run = system(collection, Path(folder, "work"))
        runs[collection.name] = run
        scores[collection.name] = measured(collection.qrels, run)
    return Evaluation(name, scores, runs)
