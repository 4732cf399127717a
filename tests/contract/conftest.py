"""What the suites over every engine share."""

import pytest

from indexer import engines
from search_app.search.engines.whoosh import evaluators, order
from tests.contract.engines import ENGINES, UnmergedStore


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return str(request.param)


@pytest.fixture(params=evaluators.MAKERS)
def evaluator(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way in turn in which segments are searched."""
    name = str(request.param)
    monkeypatch.setattr(evaluators, "MAKERS", {name: evaluators.MAKERS[name]})
    return name


@pytest.fixture
def unmerged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step stays a segment of its own, however small."""
    store = (UnmergedStore.__module__, UnmergedStore.__name__)
    monkeypatch.setitem(engines.STORES, "whoosh", store)


@pytest.fixture
def estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few the hits are, only those are scored that may be on the page."""
    monkeypatch.setattr(order, "FEW", 0)
