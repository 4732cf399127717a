"""How the segments of a generation are searched: by compiled code, or by NumPy alone.

Both give the same answers. The compiled kernel is there where a C compiler was when Newsdex was
installed, and reads numbers as the columns hold them, least byte first; NumPy serves everywhere.
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
from search_app.search.protocols import EngineRequest, EngineResult


class Evaluator(Protocol):
    """Searches the segments of one generation."""

    def search(self, query: EngineRequest) -> EngineResult:
        """See `Searcher.search`."""


@dataclass(frozen=True, slots=True)
class Backend:
    """A way to search. `advice`: what whoever runs the engine could do to have it faster."""

    name: str
    make: Callable[[Sequence[SegmentReader], BM25F], Evaluator]
    advice: str = ""


log = logging.getLogger(__name__)

VERSION = 4
"""That of the kernel which this version of Newsdex can use."""

VECTORIZED = Backend(
    "vectorized",
    VectorizedEvaluator,
    "searching without the compiled kernel, which gives the same answers several times faster; "
    "with a C compiler and Python's headers there, build it: `make clean serve`, or "
    "`pip install --force-reinstall --no-deps .`",
)


def backends(version: int = VERSION) -> dict[str, Backend]:
    """Those there are, by name, the fastest first; of a kernel none but of this version."""
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
