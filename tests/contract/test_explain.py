"""What explains a score is its arithmetic: the tree's value is the score, to the last bit."""

import math
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from search_app.search import ranking
from search_app.search.explanation import Explanation
from search_app.search.protocols import EngineRequest, Searcher
from search_app.search.request import SearchRequest
from search_app.search.signals import SignalWeights
from tests.conditions import examples
from tests.contract.corpora import expressions, queries, requests, weights, worlds
from tests.contract.engines import Opener, Step, opened
from tests.contract.test_search import query_of

CAREFUL = settings(
    max_examples=examples(15, 600),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def nodes(explanation: Explanation) -> Iterator[Explanation]:
    yield explanation
    for detail in explanation.details:
        yield from nodes(detail)


def assert_follows(node: Explanation) -> None:
    """A value is what its description says of its details."""
    values = [detail.value for detail in node.details]
    if node.description.endswith("decimals, sum of"):
        assert node.value == pytest.approx(sum(values), abs=2e-6)
    elif node.description.endswith("and w the sum of"):
        w = sum(values)
        assert node.value == pytest.approx(w * (ranking.K1 + 1) / (w + ranking.K1))
    elif node.description.endswith("sum of"):
        assert node.value == pytest.approx(sum(values))
    elif node.description.endswith("product of"):
        assert node.value == pytest.approx(math.prod(values))
    elif node.description.endswith("greatest of"):
        assert node.value == max(values)
    elif node.description.startswith("idf, "):
        containing, items = values
        assert node.value == ranking.idf(int(items), int(containing))
    elif ", 1 + weight * " in node.description:
        assert node.value == 1 + values[0] * values[1]
    elif ", w / (w + k1) " in node.description:
        assert node.value == values[0] / (values[0] + ranking.K1)
    else:
        assert not values, node.description


def assert_explained(searcher: Searcher, query: EngineRequest) -> None:
    hits = searcher.search(query).hits
    explained = searcher.explain(query, hits)
    assert [one.value for one in explained] == [hit.score for hit in hits]
    for explanation in explained:
        for node in nodes(explanation):
            assert_follows(node)


@CAREFUL
@given(worlds(), st.lists(queries(expressions), min_size=1, max_size=15))
@pytest.mark.usefixtures("unmerged")
def test_any_score_is_explained(
    engine: str, opener: Opener, steps: list[Step], asked: list[EngineRequest]
) -> None:
    with (
        TemporaryDirectory() as folder,
        opened(engine, Path(folder), steps, opener) as (searcher, _),
    ):
        for query in asked:
            assert_explained(searcher, query)


@CAREFUL
@given(worlds(), st.lists(requests, min_size=1, max_size=15), weights)
def test_the_scores_of_any_request_are_explained(
    engine: str,
    opener: Opener,
    steps: list[Step],
    asked: list[SearchRequest],
    signals: SignalWeights,
) -> None:
    with (
        TemporaryDirectory() as folder,
        opened(engine, Path(folder), steps, opener) as (searcher, _),
    ):
        for request in asked:
            assert_explained(searcher, replace(query_of(request, searcher), signals=signals))
