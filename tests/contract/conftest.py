"""What the suites over every engine share."""

from functools import partial

import pytest

from indexer import engines
from search_app.search.engines.whoosh.backends import BACKENDS
from search_app.search.engines.whoosh.searcher import WhooshSearcher
from tests.contract.engines import ENGINES, Opener, UnmergedStore, tuned


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return str(request.param)


@pytest.fixture(params=BACKENDS)
def opener(request: pytest.FixtureRequest) -> Opener:
    """Each way in turn in which segments are searched; however few the hits are, the kernel scores
    only those that may be on the page."""
    settings = {"exhaustive_below": 0} if request.param == "native" else {}
    return partial(WhooshSearcher, backend=tuned(request.param, **settings))


@pytest.fixture
def unmerged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step stays a segment of its own, however small."""
    store = (UnmergedStore.__module__, UnmergedStore.__name__)
    monkeypatch.setitem(engines.STORES, "whoosh", store)
