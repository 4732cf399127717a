from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from search_app.search.engines.whoosh.native.segment import Index
from search_app.search.engines.whoosh.signal_columns import SignalColumns
from search_app.search.filters import Worded
from search_app.search.protocols import EngineRequest
from search_app.search.query.logical import Expression
from search_app.search.signals import SignalWeights

VERSION: int

def search(
    index: Index,
    query: EngineRequest,
    worded: Worded,
    tiers: Iterable[Expression],
    signals: SignalColumns,
) -> tuple[
    list[int],
    list[tuple[str, float, tuple[int, int], int]],
    list[tuple[tuple[tuple[str, int], ...], int]],
    int | None,
    NDArray[np.int64],
    SignalWeights,
]: ...
def counts(index: Index, expressions: Sequence[Expression]) -> list[int]: ...
