"""The evaluator whose work is done by the compiled `kernel`."""

from collections.abc import Sequence as Several

from indexer.engines.whoosh.gather import MISSING, NUMBERS
from indexer.fields import FACETS, B
from search_app.search import ranking
from search_app.search.engine import ENOUGH, Found, Query, Ranked
from search_app.search.engines.whoosh import order
from search_app.search.engines.whoosh.compiled import kernel
from search_app.search.engines.whoosh.compiled.writer import Writer
from search_app.search.engines.whoosh.effort import Effort
from search_app.search.engines.whoosh.facets import all_names, common_places
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.engines.whoosh.weighting import JoinedBM25F
from search_app.search.expression import in_window
from search_app.search.request import Sort

SORTS = {
    Sort.RELEVANCE: (-1, False),
    Sort.NEWEST: (NUMBERS.index("date"), False),
    Sort.OLDEST: (NUMBERS.index("date"), True),
    Sort.COVERAGE: (NUMBERS.index("outlets"), False),
}
"""The column of numbers that hits are sorted by before their score, and whether it rises."""


class Compiled:
    """Implements `Evaluator` for our own weighting."""

    def __init__(self, segments: Several[Segment], weighting: JoinedBM25F) -> None:
        self._segments, self._weighting = segments, weighting
        self._names = {group: all_names(segments, group) for group in FACETS}
        self._places = {
            group: {name: place for place, name in enumerate(names)}
            for group, names in self._names.items()
        }
        recency = order.recency(segments)
        self._index = kernel.Index(
            [self._segment(place, newest) for place, newest in enumerate(recency)],
            list(self._names.values()),
            len(NUMBERS),
            items=float(weighting.items),
            k1=ranking.K1,
            decimals=10.0**ranking.DECIMALS,
            rounding=order.ROUNDING,
            missing=MISSING,
        )

    def _segment(self, place: int, recency: order.Key) -> kernel.Segment:
        segment, weighting = self._segments[place], self._weighting
        return kernel.Segment(
            segment.columns.arrays,
            segment.stems,
            factors=segment.factors["text"],
            floors=weighting.floors(place),
            share=weighting.share,
            base=1 - B,
            k1=ranking.K1,
            spread=weighting.spreads[place],
            living=segment.living,
            alive=None if segment.alive is None else segment.alive.view("u1"),
            recency=recency.astype("i8"),
            numbers=[segment.columns[f"numbers.{name}"] for name in NUMBERS],
            groups=[self._group(segment, group) for group in FACETS],
        )

    def _group(self, segment: Segment, group: str) -> kernel.Group:
        starts, values = (
            segment.columns[f"facets.{group}.{name}"] for name in ("starts", "values")
        )
        return kernel.Group(starts, values, common_places(segment, group, self._names[group]))

    def search(self, query: Query) -> Found:
        """See `Evaluator.search`."""
        effort = Effort(self._segments, query)
        writer = Writer(self._index, self._segments, self._weighting)
        full = writer.node(in_window(effort.within(query.full), query.window))
        partial = -1
        if query.partial is not None:
            partial = writer.node(in_window(effort.within(query.partial), query.window))
        column, rising = SORTS[query.sort]
        totals, page, facets = self._index.search(
            writer.program,
            full,
            partial,
            ENOUGH,
            column,
            rising,
            query.offset,
            query.limit,
            order.FEW,
            query.facet_size,
            [self._selected(group, query.selections.get(group, ())) for group in FACETS],
        )
        return Found(
            total=sum(totals),
            complete=totals[0],
            hits=tuple([Ranked(*hit) for hit in page]),
            facets=dict(zip(FACETS, facets, strict=True)),
            left_out=effort.left_out,
        )

    def _selected(self, group: str, values: Several[str]) -> list[tuple[str, int]]:
        known = self._places[group]
        return [(value, known.get(value, -1)) for value in sorted(set(values))] if values else []
