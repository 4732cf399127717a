"""The limit on what a query may cost: what is over it is left out, and told; the rest is not."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from indexer.analysis.tokenizer import stem
from search_app.search import service
from search_app.search.engines.whoosh.backends import BACKENDS, FASTEST
from search_app.search.engines.whoosh.cost_limit import Costs
from search_app.search.engines.whoosh.searcher import WhooshSearcher
from search_app.search.protocols import EngineRequest, Searcher
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    Exclude,
    Expression,
    MatchAll,
    MatchNone,
    Phrase,
    Prefix,
    Term,
    leaves,
)
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest, Sort, no_selections
from tests.contract.corpora import expressions
from tests.contract.engines import Opener, tuned
from tests.search.samples import ids, item, make, reader_of, selected

RARE, COMMON = Term("text", "rare"), Term("text", "common", stem("common"))
PAIR = Phrase("text", ("common", "words"))
BEGINNING = Prefix("text", "com")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty items with `common words`, one of them `rare`."""
    items = [item(f"{n:02d}", f"common words{' rare' * (n == 7)}") for n in range(20)]
    return make(tmp_path_factory.mktemp("cost"), items)


def opener(backend: str, at_least: int, per_document: int) -> Opener:
    costs = Costs(at_least=at_least, per_document=per_document)
    return partial(WhooshSearcher, backend=tuned(backend, costs=costs))


@contextmanager
def room_for(
    index: Path, at_least: int, per_document: int = 0, backend: str = FASTEST.name
) -> Iterator[Searcher]:
    """A searcher with room for so many postings."""
    with (
        closing(reader_of(index, opener(backend, at_least, per_document))) as reader,
        reader.acquire() as lease,
    ):
        searcher = lease.searcher
        yield searcher


@pytest.fixture(params=BACKENDS)
def searcher(index: Path, request: pytest.FixtureRequest) -> Iterator[Searcher]:
    """One with room for some twenty postings."""
    with room_for(index, 5, 1, request.param) as searcher:
        yield searcher


def query(full: Expression, partial: Expression | None = None) -> EngineRequest:
    return EngineRequest(full, partial, (None, None), no_selections(), Sort.RELEVANCE, 0, 100, 0)


@pytest.mark.parametrize(
    ("asked", "left", "out"),
    [
        (RARE, RARE, ()),
        (COMMON, MatchNone(), (COMMON,)),
        (PAIR, MatchNone(), (PAIR,)),
        (BEGINNING, MatchNone(), (BEGINNING,)),
        (AllOf((RARE, COMMON)), RARE, (COMMON,)),
        (AnyOf((COMMON, RARE, PAIR)), RARE, (COMMON, PAIR)),
        (AllOf((RARE, Exclude(COMMON))), RARE, (COMMON,)),
        (AllOf((RARE, AnyOf((COMMON, PAIR)))), RARE, (COMMON, PAIR)),
        (AllOf((MatchAll(), Exclude(COMMON))), MatchAll(), (COMMON,)),
        (AnyOf((AllOf((RARE, COMMON)), AllOf((RARE, PAIR)))), RARE, (COMMON, PAIR)),
        (AllOf((RARE, Exclude(AllOf((RARE, COMMON))))), RARE, (COMMON,)),
    ],
)
def test_what_would_take_too_much_is_as_if_it_were_not_there(
    searcher: Searcher, asked: Expression, left: Expression, out: tuple[Expression, ...]
) -> None:
    found, wanted = searcher.search(query(asked)), searcher.search(query(left))
    assert found.skipped == out
    assert wanted.skipped == ()
    assert (found.total, found.hits, found.facets) == (wanted.total, wanted.hits, wanted.facets)


def test_what_must_be_filtered_costs_more_and_a_type_nothing(index: Path) -> None:
    for free, dear in (
        (COMMON, Term("title", "common", stem("common"))),
        (PAIR, Phrase("title", PAIR.terms)),
    ):
        with room_for(index, cost(index, free)) as searcher:
            assert searcher.search(query(free)).skipped == ()
            assert searcher.search(query(dear)).skipped == (dear,)
    with room_for(index, 0) as searcher:
        assert searcher.search(query(Prefix("type", "a"))).skipped == ()


def cost(index: Path, leaf: Expression) -> int:
    """The least room in which a leaf is not left out."""
    for room in range(2000):
        with room_for(index, room) as searcher:
            if not searcher.search(query(leaf)).skipped:
                return room
    raise AssertionError(f"{leaf} costs too much in any room")


def test_what_is_admitted_once_is_admitted_in_part_too(index: Path) -> None:
    with room_for(index, 45, 1) as searcher:
        found = searcher.search(query(AllOf((COMMON, RARE, PAIR)), AnyOf((PAIR, RARE, COMMON))))
    assert found.skipped == (PAIR,)
    assert (found.complete, found.total) == (1, 20)


def test_what_is_not_asked_for_in_part_is_not_left_out(index: Path) -> None:
    """Items enough match in full, so that what may match in part takes nothing."""
    for backend in BACKENDS:
        with room_for(index, 45, 1, backend) as searcher:
            found = searcher.search(query(COMMON, AnyOf((COMMON, BEGINNING))))
        assert (found.complete, found.total, found.skipped) == (20, 20, ())


def test_the_room_grows_with_the_index(index: Path) -> None:
    everything = AllOf((COMMON, PAIR, BEGINNING))
    with room_for(index, 5, 100) as searcher:
        assert searcher.search(query(everything)).skipped == ()


def test_a_selected_value_that_would_take_too_much_is_one_that_no_item_has(
    searcher: Searcher,
) -> None:
    asked = replace(query(MatchAll()), selections=selected(topic="w"))
    for one, total, skipped in ((RARE, 1, ()), (COMMON, 0, (COMMON,))):
        found = searcher.search(replace(asked, worded={"topic": {"w": one}}))
        assert (found.total, found.skipped) == (total, skipped)
        assert found.facets["topic"] == (("w", total),)


def test_who_asked_is_told_what_was_left_out(searcher: Searcher) -> None:
    asked = 'rare common "common words" com* "words common"'
    results = service.search(searcher, SearchRequest(q=asked, match=Match.ALL))
    (note,) = results.notes
    assert note.kind == "too_much"
    assert "“common words”" in note.message
    assert "1 more" in note.message
    assert ids(results) == ["07"]
    assert "<mark>" not in results.hits[0].title_html.replace("<mark>rare</mark>", "rare")


def test_the_leaves_of_an_expression_are_in_order_with_those_taken_away() -> None:
    asked = AllOf((RARE, Exclude(AnyOf((COMMON, MatchAll()))), PAIR))
    assert list(leaves(asked)) == [RARE, COMMON, PAIR]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(expressions)
def test_no_leaf_costs_more_than_its_kind_can_cost(seeds_index: Path, asked: Expression) -> None:
    costs = Costs()
    with closing(reader_of(seeds_index)) as reader, reader.acquire() as lease:
        searcher = lease.searcher
        assert isinstance(searcher, WhooshSearcher)
        for segment in searcher.segments:
            for leaf in leaves(asked):
                assert costs.of(segment, leaf) <= costs.max_per_document(leaf) * segment.size


def test_a_search_is_done_by_the_fastest_there_is_or_says_what_would_be_faster(
    seeds_index: Path,
) -> None:
    with closing(reader_of(seeds_index)) as reader, reader.acquire() as lease:
        searcher = lease.searcher
        assert searcher.stats().advice == next(iter(BACKENDS.values())).advice
    for name, backend in BACKENDS.items():
        opener = partial(WhooshSearcher, backend=backend)
        with closing(reader_of(seeds_index, opener)) as reader, reader.acquire() as lease:
            searcher = lease.searcher
            assert ("C compiler" in searcher.stats().advice) == (name == "vectorized")
