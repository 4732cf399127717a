"""The evaluator whose work is done by the compiled kernel."""

from collections.abc import Sequence as Several

import numpy as np
from numpy.typing import NDArray

from indexer.schema import FACETS, ZONES, B
from indexer.segment import MISSING, NUMBERS
from search_app.search import ranking
from search_app.search.engines.whoosh.cost_limit import DEFAULT_COSTS, CostLimit, Costs
from search_app.search.engines.whoosh.global_order import facet_names, global_ordinals, recency
from search_app.search.engines.whoosh.native import collect, facets
from search_app.search.engines.whoosh.native import segment as columns
from search_app.search.engines.whoosh.native.bounds import bucket_bounds
from search_app.search.engines.whoosh.native.query_compiler import QueryCompiler
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import BM25F, PART_WEIGHTS
from search_app.search.protocols import MIN_FULL_MATCHES, EngineRequest, EngineResult, ScoredDoc
from search_app.search.query.logical import in_window
from search_app.search.request import Sort

SORTS = {
    Sort.RELEVANCE: (-1, False),
    Sort.NEWEST: (NUMBERS.index("date"), False),
    Sort.OLDEST: (NUMBERS.index("date"), True),
    Sort.COVERAGE: (NUMBERS.index("outlets"), False),
}
"""The column of numbers that hits are sorted by before their score, and whether it rises."""

ROUNDING = 1e-4
"""More than what rounding to `decimals`, and sums in another order, do to a score."""

_WEIGHTS = np.array(list(PART_WEIGHTS.values()))
_BITS = (1 << np.arange(len(ZONES))).astype(np.uint8)
_FIELD_ZONES = ((_WEIGHTS > 0) @ _BITS).astype(np.uint8)


class NativeEvaluator:
    """Implements `Evaluator`. `exhaustive_below`: so few hits are scored sooner than it is found
    out which of them need not be; `decimals`: scores are rounded to so many."""

    def __init__(
        self,
        segments: Several[SegmentReader],
        similarity: BM25F,
        costs: Costs = DEFAULT_COSTS,
        decimals: int = ranking.DECIMALS,
        exhaustive_below: int = 200,
    ) -> None:
        self._segments, self._similarity, self._costs = segments, similarity, costs
        self._exhaustive_below = exhaustive_below
        self._names = {group: facet_names(segments, group) for group in FACETS}
        self._ordinals = {
            group: {name: ordinal for ordinal, name in enumerate(names)}
            for group, names in self._names.items()
        }
        self._index = columns.Index(
            [
                self._segment(segment, ranks)
                for segment, ranks in zip(segments, recency(segments), strict=True)
            ],
            list(self._names.values()),
            len(NUMBERS),
            len(_WEIGHTS),
            items=float(similarity.items),
            k1=ranking.K1,
            decimals=10.0**decimals,
            rounding=ROUNDING,
            missing=MISSING,
        )

    def _segment(self, segment: SegmentReader, ranks: NDArray[np.int64]) -> columns.Segment:
        bucket_min, error_ratio = bucket_bounds(segment, self._similarity.means)
        return columns.Segment(
            segment.columns.arrays,
            segment.terms.stems,
            counts=segment.profiles.astype(np.float64),
            profile_zones=((segment.profiles > 0) @ _BITS).astype(np.uint8),
            field_zones=_FIELD_ZONES,
            zone_weights=_WEIGHTS,
            bucket_min=bucket_min,
            share=B / self._similarity.means,
            base=1 - B,
            k1=ranking.K1,
            error_ratio=error_ratio,
            living=segment.living,
            alive=None if segment.alive is None else segment.alive.view("u1"),
            date_rank=ranks,
            numbers=[segment.columns[f"numbers.{name}"] for name in NUMBERS],
            groups=[self._column(segment, group) for group in FACETS],
        )

    def _column(self, segment: SegmentReader, group: str) -> facets.FacetColumn:
        starts, values = (
            segment.columns[f"facets.{group}.{name}"] for name in ("starts", "values")
        )
        names = self._names[group]
        return facets.FacetColumn(
            starts, values, global_ordinals(segment, group, names), names, segment.living
        )

    def search(self, query: EngineRequest) -> EngineResult:
        """See `Evaluator.search`."""
        limit = CostLimit(self._segments, query, self._costs)
        compiler = QueryCompiler(self._index, self._segments, self._names)
        tiers = [compiler.node(in_window(limit.admit(query.full), query.window))]
        skipped = limit.skipped
        if query.partial is not None:
            tiers.append(compiler.node(in_window(limit.admit(query.partial), query.window)))
        column, rising = SORTS[query.sort]
        totals, page, counts = collect.search(
            self._index,
            tiers,
            MIN_FULL_MATCHES,
            column,
            rising,
            query.offset,
            query.limit,
            self._exhaustive_below,
            query.facet_size,
            [self._selected(group, query.selections.get(group, ())) for group in FACETS],
        )
        return EngineResult(
            total=sum(totals),
            complete=totals[0],
            hits=tuple([ScoredDoc(*hit) for hit in page]),
            facets=dict(zip(FACETS, counts, strict=True)),
            skipped=limit.skipped if len(totals) > 1 else skipped,  # else only `full` was asked
        )

    def _selected(self, group: str, values: Several[str]) -> list[tuple[str, int]]:
        known = self._ordinals[group]
        return [(value, known.get(value, -1)) for value in sorted(set(values))] if values else []
