"""Every engine gives the answer the definitions give: hits, scores, order, facets."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.item import Item
from search_app.search.answering import engine_request
from search_app.search.filters import understood
from search_app.search.protocols import EngineRequest, EngineResult, Searcher
from search_app.search.query.parser import parse
from search_app.search.query.rewrite import Match, rewrite
from search_app.search.request import SearchRequest
from tests.conditions import examples
from tests.contract.corpora import expressions, queries, requests, typed, worlds
from tests.contract.engines import Opener, Step, opened

CAREFUL = settings(
    max_examples=examples(10, 600),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def without_body(item: Item) -> Item:
    has_body = bool(item.body or item.markdown)
    return replace(item, body="", markdown="", body_left_out=has_body)


def assert_equal(searcher: Searcher, found: EngineResult, wanted: EngineResult) -> None:
    assert [hit.id for hit in found.hits] == [hit.id for hit in wanted.hits]
    assert searcher.items(found.hits) == [without_body(hit.ref) for hit in wanted.hits]
    scores = [hit.score for hit in wanted.hits]
    assert [hit.score for hit in found.hits] == pytest.approx(scores, abs=1.5e-6)
    assert found.total == wanted.total
    assert (found.complete, found.relaxed) == (wanted.complete, wanted.relaxed)
    assert found.facets == wanted.facets
    assert found.facet_sizes == wanted.facet_sizes
    assert found.histogram == wanted.histogram
    assert found.stories == wanted.stories
    assert found.signals == wanted.signals
    assert [hit.others for hit in found.hits] == [hit.others for hit in wanted.hits]


def assert_as_defined(
    engine: str, opener: Opener, steps: list[Step], asked: list[EngineRequest]
) -> None:
    with (
        TemporaryDirectory() as folder,
        opened(engine, Path(folder), steps, opener) as (searcher, corpus),
    ):
        for query in asked:
            assert_equal(searcher, searcher.search(query), corpus.search(query))


@CAREFUL
@given(worlds(), st.lists(queries(expressions), min_size=1, max_size=12))
@pytest.mark.usefixtures("unmerged")
def test_any_expression_is_evaluated_as_defined(
    engine: str, opener: Opener, steps: list[Step], asked: list[EngineRequest]
) -> None:
    assert_as_defined(engine, opener, steps, asked)


def query_of(request: SearchRequest, searcher: Searcher) -> EngineRequest:
    """What the service asks an engine for a request."""
    vocabulary = searcher.vocabulary
    meaning = rewrite(parse(request.q).tree, request.match, vocabulary)
    return engine_request(understood(request, vocabulary), meaning)


@CAREFUL
@given(worlds(), st.lists(requests, min_size=1, max_size=12))
def test_any_request_is_answered_as_defined(
    engine: str, opener: Opener, steps: list[Step], asked: list[SearchRequest]
) -> None:
    with (
        TemporaryDirectory() as folder,
        opened(engine, Path(folder), steps, opener) as (searcher, corpus),
    ):
        for request in asked:
            query = query_of(request, searcher)
            assert_equal(searcher, searcher.search(query), corpus.search(query))


@CAREFUL
@given(worlds(steps_at_most=2), st.lists(typed, min_size=1, max_size=8))
def test_what_matches_in_full_matches_in_part(
    engine: str, steps: list[Step], asked: list[str]
) -> None:
    with TemporaryDirectory() as folder, opened(engine, Path(folder), steps) as (searcher, corpus):
        for text in asked:
            meaning = rewrite(parse(text).tree, Match.AUTO, searcher.vocabulary)
            if meaning.partial:
                assert corpus.scores(meaning.full).keys() <= corpus.scores(meaning.partial).keys()
