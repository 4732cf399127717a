"""How the segments of a generation are searched: by compiled code, or by arrays alone.

Both give the same answers. The compiled kernel is there where a C compiler was when Newsdex was
installed, and reads numbers as the columns hold them, least byte first; arrays serve everywhere.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from search_app.search.engine import Found, Query
from search_app.search.engines.whoosh.arrays import Arrays
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.engines.whoosh.weighting import JoinedBM25F


class Evaluator(Protocol):
    """Searches the segments of one generation."""

    def search(self, query: Query) -> Found:
        """See `Searcher.search`."""


log = logging.getLogger(__name__)

VERSION = 1
"""That of the kernel which this version of Newsdex can use."""

Maker = Callable[[Sequence[Segment], JoinedBM25F], Evaluator]


def makers() -> dict[str, Maker]:
    """Those there are, by name, the fastest first."""
    compiled = f"{__package__}.compiled"
    if sys.byteorder != "little" or find_spec(f"{compiled}.kernel") is None:
        return {"arrays": Arrays}
    try:
        kernel = import_module(f"{compiled}.kernel")
    except ImportError as error:
        log.warning("the compiled kernel cannot be loaded: %s", error)
        return {"arrays": Arrays}
    if kernel.VERSION != VERSION:
        log.warning("the compiled kernel is of another version of Newsdex")
        return {"arrays": Arrays}
    return {"compiled": import_module(f"{compiled}.evaluator").Compiled, "arrays": Arrays}


MAKERS = makers()

ADVICE = {
    "arrays": "searching without the compiled kernel, which gives the same answers several times "
    "faster; with a C compiler and Python's headers there, build it: `make clean serve`, or "
    "`pip install --force-reinstall --no-deps .`"
}
