"""The evaluator whose work is done by the compiled kernel."""

from collections.abc import Sequence

from indexer.schema import FACETS
from search_app.search import ranking
from search_app.search.engines.whoosh.cost_limit import DEFAULT_COSTS, CostLimit, Costs
from search_app.search.engines.whoosh.day_columns import DayColumns
from search_app.search.engines.whoosh.explainer import Explainer
from search_app.search.engines.whoosh.native import collect, fuzzy, segment
from search_app.search.engines.whoosh.near_terms import joined
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.signal_columns import SignalColumns
from search_app.search.engines.whoosh.similarity import BM25F
from search_app.search.explanation import Explanation
from search_app.search.protocols import EngineRequest, EngineResult, NearTerm, ScoredDoc
from search_app.search.query.logical import Expression


class NativeEvaluator:
    """Implements `Evaluator`. Scores are rounded to `decimals`. With fewer hits left than
    `exhaustive_below`, all are scored rather than bounds computed to find out which need not be."""

    def __init__(
        self,
        segments: Sequence[SegmentReader],
        similarity: BM25F,
        costs: Costs = DEFAULT_COSTS,
        decimals: int = ranking.DECIMALS,
        exhaustive_below: int = 200,
        now: float | None = None,
    ) -> None:
        self._signals = SignalColumns(segments, now)
        self._segments, self._similarity = segments, similarity
        self._costs, self._decimals = costs, decimals
        self._days = DayColumns(segments)
        self._index = segment.Index(
            segments, similarity, 10.0**decimals, exhaustive_below, self._days
        )

    def search(self, query: EngineRequest) -> EngineResult:
        """See `Evaluator.search`."""
        limit = CostLimit(self._segments, query, self._costs)
        worded = limit.worded()
        totals, page, facets, stories, on_days, signals = collect.search(
            self._index, query, worded, limit.tiers(), self._signals
        )
        values, sizes = zip(*facets, strict=True)
        return EngineResult(
            total=sum(totals),
            complete=totals[0],
            hits=tuple([ScoredDoc(*hit) for hit in page]),
            facets=dict(zip(FACETS, values, strict=True)),
            facet_sizes=dict(zip(FACETS, sizes, strict=True)) if query.facet_size else {},
            skipped=limit.skipped,
            stories=stories,
            histogram=self._days.histogram(on_days, query.buckets, query.window),
            signals=signals,
        )

    def explain(self, query: EngineRequest, hits: Sequence[ScoredDoc]) -> list[Explanation]:
        """See `Evaluator.explain`."""
        explainer = Explainer(
            self._segments, self._similarity, self._signals, query, self._costs, self._decimals
        )
        return [explainer.explain(hit) for hit in hits]

    def counts(self, expressions: Sequence[Expression]) -> list[int]:
        """See `Evaluator.counts`."""
        return collect.counts(self._index, expressions)

    def doc_freqs(self, terms: Sequence[str]) -> list[int]:
        """See `Evaluator.doc_freqs`."""
        return self._index.doc_freqs(terms)

    def near_terms(self, word: str, max_edits: int) -> list[NearTerm]:
        """See `Evaluator.near_terms`."""
        return joined(fuzzy.near(one, word, max_edits) for one in self._index.segments)
