from collections.abc import Sequence

from search_app.search.engines.whoosh.day_columns import DayColumns
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import BM25F

class Segment: ...

class Index:
    segments: list[Segment]

    def __init__(
        self,
        readers: Sequence[SegmentReader],
        similarity: BM25F,
        decimals: float,
        exhaustive_below: int,
        days: DayColumns,
    ) -> None: ...
    def doc_freqs(self, terms: Sequence[str]) -> list[int]: ...
