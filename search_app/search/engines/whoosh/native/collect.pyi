from search_app.search.engines.whoosh.native.program import ProgramNode
from search_app.search.engines.whoosh.native.segment import Index

VERSION: int

def search(
    index: Index,
    tiers: list[ProgramNode],
    enough: int,
    column: int,
    rising: bool,
    offset: int,
    limit: int,
    exhaustive_below: int,
    facet_size: int,
    selected: list[list[tuple[str, int]]],
) -> tuple[
    list[int],
    list[tuple[str, float, tuple[int, int]]],
    list[tuple[tuple[str, int], ...]],
]: ...
