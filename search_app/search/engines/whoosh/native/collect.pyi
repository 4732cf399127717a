from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]

VERSION: int

class Group:
    def __init__(self, starts: Array, values: Array, places: Array | None) -> None: ...

class Segment:
    def __init__(
        self,
        columns: Mapping[str, Array],
        stems: range,
        *,
        factors: Array,
        floors: Array,
        share: Array,
        base: float,
        k1: float,
        spread: float,
        living: Array,
        alive: Array | None,
        recency: Array,
        numbers: Sequence[Array],
        groups: list[Group],
    ) -> None: ...

class Index:
    def __init__(
        self,
        segments: list[Segment],
        names: list[list[str]],
        columns: int,
        *,
        items: float,
        k1: float,
        decimals: float,
        rounding: float,
        missing: int,
    ) -> None: ...
    def search(
        self,
        program: Program,
        full: int,
        partial: int,
        enough: int,
        column: int,
        rising: bool,
        offset: int,
        limit: int,
        few: int,
        size: int,
        selected: list[list[tuple[str, int]]],
    ) -> tuple[
        list[int],
        list[tuple[str, float, tuple[int, int]]],
        list[tuple[tuple[str, int], ...]],
    ]: ...

class Program:
    def __init__(self, index: Index) -> None: ...
    def term(self, exact: bytes, stem: bytes, boost: float, exact_boost: float) -> int: ...
    def row(self, terms: list[int]) -> int: ...
    def beginning(self, prefix: bytes) -> int: ...
    def listed(self, found: list[tuple[Array, Array | None]]) -> int: ...
    def span(self, column: int, low: int, high: int) -> int: ...
    def all(self, members: list[int]) -> int: ...
    def any(self, members: list[int]) -> int: ...
    def without(self, member: int) -> int: ...
    def everything(self) -> int: ...
    def nothing(self) -> int: ...
