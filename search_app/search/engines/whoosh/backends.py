"""The evaluators to choose from: compiled code, or NumPy alone.

Both give the same answers. The compiled kernel exists where a C compiler did when Newsdex was
installed, and needs a little-endian machine, as the columns are; NumPy serves everywhere.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import BM25F
from search_app.search.engines.whoosh.vectorized.evaluator import VectorizedEvaluator
from search_app.search.explanation import Explanation
from search_app.search.protocols import EngineRequest, EngineResult, NearTerm, ScoredDoc
from search_app.search.query.logical import Expression


class Evaluator(Protocol):
    """Searches the segments of one generation."""

    def search(self, query: EngineRequest) -> EngineResult:
        """See `Searcher.search`."""

    def explain(self, query: EngineRequest, hits: Sequence[ScoredDoc]) -> list[Explanation]:
        """See `Searcher.explain`."""

    def counts(self, expressions: Sequence[Expression]) -> list[int]:
        """See `Searcher.counts`."""

    def doc_freqs(self, terms: Sequence[str]) -> list[int]:
        """See `Searcher.doc_freqs`."""

    def near_terms(self, word: str, max_edits: int) -> list[NearTerm]:
        """See `Searcher.near_terms`."""


@dataclass(frozen=True, slots=True)
class Backend:
    """An evaluator to choose. `advice` tells whoever runs the engine how to make it faster."""

    name: str
    make: Callable[[Sequence[SegmentReader], BM25F], Evaluator]
    advice: str = ""


log = logging.getLogger(__name__)

VERSION = 13
"""The version of the kernel that this version of Newsdex can use."""

VECTORIZED = Backend(
    "vectorized",
    VectorizedEvaluator,
    "searching without the compiled kernel, which gives the same answers several times faster; "
    "with a C compiler and Python's headers there, build it: `make clean serve`, or "
    "`pip install --force-reinstall --no-deps .`",
)


def backends(version: int = VERSION) -> dict[str, Backend]:
    """The backends that exist, by name, the fastest first; a kernel only if it has this version."""
    native = f"{__package__}.native"
    if sys.byteorder != "little" or find_spec(f"{native}.collect") is None:
        return {"vectorized": VECTORIZED}
    try:
        kernel = import_module(f"{native}.collect")
    except ImportError as error:
        log.warning("the compiled kernel cannot be loaded: %s", error)
        return {"vectorized": VECTORIZED}
    if version != kernel.VERSION:
        log.warning("the compiled kernel is of another version of Newsdex")
        return {"vectorized": VECTORIZED}
    make = import_module(f"{native}.evaluator").NativeEvaluator
    return {"native": Backend("native", make), "vectorized": VECTORIZED}


BACKENDS = backends()
FASTEST = next(iter(BACKENDS.values()))
