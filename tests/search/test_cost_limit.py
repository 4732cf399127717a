"""The bound on what a query may take: what is over it is left out, and told; the rest is not."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from indexer.analysis import stem
from search_app.search import service
from search_app.search.engine import Query, Searcher
from search_app.search.engines.whoosh import effort, evaluators
from search_app.search.engines.whoosh.searcher import WhooshSearcher
from search_app.search.expression import (
    AllOf,
    AnyOf,
    Everything,
    Expression,
    Nothing,
    Sequence,
    Start,
    Term,
    Without,
    leaves,
)
from search_app.search.request import Match, SearchRequest, Sort, no_selections
from tests.contract.corpora import expressions
from tests.search.samples import ids, item, library, make

RARE, COMMON = Term("text", "rare"), Term("text", "common", stem("common"))
PAIR = Sequence("text", ("common", "words"))
BEGINNING = Start("text", "com")


@pytest.fixture
def searcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Searcher]:
    """Twenty items with `common words`, one of them `rare`; room for some twenty postings."""
    items = [item(f"{n:02d}", f"common words{' rare' * (n == 7)}") for n in range(20)]
    monkeypatch.setattr(effort, "AT_LEAST", 5)
    monkeypatch.setattr(effort, "PER_DOCUMENT", 1)
    with closing(library(make(tmp_path, items))) as lent, lent.lend() as searcher:
        yield searcher


def query(full: Expression, partial: Expression | None = None) -> Query:
    return Query(full, partial, (None, None), no_selections(), Sort.RELEVANCE, 0, 100, 0)


@pytest.mark.parametrize(
    ("asked", "left", "out"),
    [
        (RARE, RARE, ()),
        (COMMON, Nothing(), (COMMON,)),
        (PAIR, Nothing(), (PAIR,)),
        (BEGINNING, Nothing(), (BEGINNING,)),
        (AllOf((RARE, COMMON)), RARE, (COMMON,)),
        (AnyOf((COMMON, RARE, PAIR)), RARE, (COMMON, PAIR)),
        (AllOf((RARE, Without(COMMON))), RARE, (COMMON,)),
        (AllOf((RARE, AnyOf((COMMON, PAIR)))), RARE, (COMMON, PAIR)),
        (AllOf((Everything(), Without(COMMON))), Everything(), (COMMON,)),
        (AnyOf((AllOf((RARE, COMMON)), AllOf((RARE, PAIR)))), RARE, (COMMON, PAIR)),
        (AllOf((RARE, Without(AllOf((RARE, COMMON))))), RARE, (COMMON,)),
    ],
)
def test_what_would_take_too_much_is_as_if_it_were_not_there(
    searcher: Searcher, asked: Expression, left: Expression, out: tuple[Expression, ...]
) -> None:
    found, wanted = searcher.search(query(asked)), searcher.search(query(left))
    assert found.left_out == out
    assert wanted.left_out == ()
    assert (found.total, found.hits, found.facets) == (wanted.total, wanted.hits, wanted.facets)


def test_what_must_be_filtered_takes_more_and_a_type_nothing(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort, "PER_DOCUMENT", 0)
    for free, dear in (
        (COMMON, Term("title", "common", stem("common"))),
        (PAIR, Sequence("title", PAIR.terms)),
    ):
        monkeypatch.setattr(effort, "AT_LEAST", cost(searcher, free))
        assert searcher.search(query(free)).left_out == ()
        assert searcher.search(query(dear)).left_out == (dear,)
    monkeypatch.setattr(effort, "AT_LEAST", 0)
    monkeypatch.setattr(effort, "PER_DOCUMENT", 0)
    assert searcher.search(query(Start("type", "a"))).left_out == ()


def cost(searcher: Searcher, leaf: Expression) -> int:
    """The least room in which a leaf is not left out."""
    for room in range(2000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(effort, "AT_LEAST", room)
            patch.setattr(effort, "PER_DOCUMENT", 0)
            if not searcher.search(query(leaf)).left_out:
                return room
    raise AssertionError(f"{leaf} takes too much in any room")


def test_what_is_granted_once_is_granted_in_part_too(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort, "AT_LEAST", 45)
    found = searcher.search(query(AllOf((COMMON, RARE, PAIR)), AnyOf((PAIR, RARE, COMMON))))
    assert found.left_out == (PAIR,)
    assert (found.complete, found.total) == (1, 20)


def test_the_room_grows_with_the_index(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "PER_DOCUMENT", 100)
    everything = AllOf((COMMON, PAIR, BEGINNING))
    assert searcher.search(query(everything)).left_out == ()


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
    asked = AllOf((RARE, Without(AnyOf((COMMON, Everything()))), PAIR))
    assert list(leaves(asked)) == [RARE, COMMON, PAIR]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(expressions)
def test_no_expression_takes_more_than_is_said_of_it_without_looking(
    seeds_index: Path, asked: Expression
) -> None:
    with closing(library(seeds_index)) as lent, lent.lend() as searcher:
        assert isinstance(searcher, WhooshSearcher)
        for segment in searcher.segments:
            effort_of_all = sum(effort.effort(segment, leaf) for leaf in leaves(asked))
            assert effort_of_all <= effort.at_most(asked) * segment.size


def test_a_search_is_done_by_the_fastest_there_is_or_says_what_would_be_faster(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, maker in evaluators.MAKERS.items():
        monkeypatch.setattr(evaluators, "MAKERS", {name: maker})
        with closing(library(seeds_index)) as lent, lent.lend() as searcher:
            assert ("C compiler" in searcher.stats().advice) == (name == "arrays")
