"""Our BM25 for Whoosh, from the figures of the living documents alone.

Whoosh counts deleted documents in its frequencies and lengths until their segment is merged. An
index that was built step by step would then score unlike one built at once; ours does not.
"""

from typing import Any

from whoosh.reading import TermNotFound
from whoosh.scoring import WeightingModel, WeightLengthScorer, WeightScorer

from search_app.search import ranking


class LiveBM25(WeightingModel):  # type: ignore[misc]  # Whoosh ships no types
    """BM25 with `averages`: field name to the mean length of the field in living documents."""

    def __init__(self, averages: dict[str, float]) -> None:
        self._averages = averages

    def idf(self, searcher: Any, fieldname: str, text: bytes) -> float:
        """See `ranking.idf`."""
        reader = searcher.get_parent().reader()
        return ranking.idf(reader.doc_count(), live_frequency(reader, fieldname, text))

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> Any:
        """A scorer of one term: Whoosh's own weight for fields without lengths."""
        if not searcher.schema[fieldname].scorable:
            return WeightScorer.for_(searcher, fieldname, text)
        return _Scorer(searcher, fieldname, text, self._averages[fieldname])


class _Scorer(WeightLengthScorer):  # type: ignore[misc]  # Whoosh ships no types
    def __init__(self, searcher: Any, fieldname: str, text: bytes, average: float) -> None:
        self._idf = searcher.idf(fieldname, text)
        self._average = average
        self.setup(searcher, fieldname, text)

    def _score(self, weight: float, length: float) -> float:
        return float(self._idf * ranking.bm25(weight, length, self._average))


def live_frequency(reader: Any, field: str, text: bytes) -> int:
    """In how many living documents a term occurs."""
    total = 0
    for leaf, _ in reader.leaf_readers():
        try:
            if leaf.has_deletions():
                total += sum(1 for _ in leaf.postings(field, text).all_ids())
            else:
                total += leaf.doc_frequency(field, text)
        except TermNotFound:
            continue
    return total


def average_length(reader: Any, field: str) -> float:
    """The mean length of a field over the living documents that are there; at least 1."""
    total = 0
    for leaf, _ in reader.leaf_readers():
        for number in leaf.all_doc_ids():
            total += leaf.doc_field_length(number, field) or 0  # None where it is empty
    return max(1.0, float(total / max(1, reader.doc_count())))
