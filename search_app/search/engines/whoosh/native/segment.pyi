from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from search_app.search.engines.whoosh.native.facets import FacetColumn

Array = NDArray[Any]

class Segment:
    def __init__(
        self,
        columns: Mapping[str, Array],
        stems: range,
        *,
        counts: Array,
        profile_zones: Array,
        field_zones: Array,
        zone_weights: Array,
        bucket_min: Array,
        share: Array,
        base: float,
        k1: float,
        error_ratio: float,
        living: Array,
        alive: Array | None,
        date_rank: Array,
        numbers: Sequence[Array],
        groups: list[FacetColumn],
    ) -> None: ...

class Index:
    def __init__(
        self,
        segments: list[Segment],
        names: list[list[str]],
        columns: int,
        fields: int,
        *,
        items: float,
        k1: float,
        decimals: float,
        rounding: float,
        missing: int,
    ) -> None: ...
