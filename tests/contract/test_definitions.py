"""The formulas, and the four orders."""

from itertools import pairwise
from math import log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.tokenizer import stem
from indexer.item import Article, Item
from search_app.search.protocols import EngineRequest
from search_app.search.query.logical import Term
from search_app.search.ranking import K1, idf
from search_app.search.request import Sort, no_selections
from tests.contract.definitions import Standing, normalised, saturated, sort_key
from tests.contract.engines import opened

counts = st.integers(1, 10**7)
weights = st.floats(0.25, 1e4)
lengths = st.floats(0, 1e5)
standings = st.builds(
    Standing,
    tier=st.integers(0, 1),
    score=st.sampled_from((0.0, 1.5, 2.0)),
    date=st.none() | st.sampled_from((-(10**11), 0, 10**9, 253_402_300_799)),
    outlets=st.integers(0, 3),
    id=st.sampled_from("abc"),
)


def test_the_formulas_give_the_figures_of_the_paper() -> None:
    assert idf(10, 3) == log(1 + 7.5 / 3.5) ** 1.2
    assert normalised(10, 10, 0.75) == 1
    assert normalised(20, 10, 0.75) == pytest.approx(1 / (0.25 + 0.75 * 2))
    assert saturated(1) == pytest.approx(2.2 / 2.2)
    assert saturated(2) == pytest.approx(2 * 2.2 / (2 + 1.2))


@given(counts, st.floats(0, 1), st.floats(0, 1))
def test_a_rarer_term_weighs_more_and_none_weighs_nothing(
    items: int, one: float, other: float
) -> None:
    rare, common = sorted((round(one * items), round(other * items)))
    assert idf(items, rare) >= idf(items, common) > 0


@given(weights, weights)
def test_more_occurrences_count_more_but_never_beyond_the_bound(one: float, other: float) -> None:
    few, many = sorted((one, other))
    assert 0 < saturated(few) <= saturated(many) <= K1 + 1


@given(lengths, lengths, st.floats(1, 1e5))
def test_an_occurrence_in_a_longer_part_counts_less(one: float, other: float, mean: float) -> None:
    short, long = sorted((one, other))
    assert normalised(short, mean, 0.6) >= normalised(long, mean, 0.6) > 0


def order(sort: Sort, *standings: Standing) -> str:
    ranked = sorted(standings, key=lambda standing: sort_key(standing, sort))
    return "".join(standing.id for standing in ranked)


FULL, PARTIAL = 0, 1
BEST = Standing(FULL, 9.0, 100, 1, "a")
GOOD = Standing(FULL, 5.0, 300, 3, "b")
WIDE = Standing(PARTIAL, 99.0, 200, 9, "c")
UNDATED = Standing(FULL, 7.0, None, 3, "d")


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        (Sort.RELEVANCE, "adbc"),
        (Sort.NEWEST, "badc"),
        (Sort.OLDEST, "abdc"),
        (Sort.COVERAGE, "dbac"),
    ],
)
def test_each_order_puts_first_what_it_is_named_for(sort: Sort, ids: str) -> None:
    assert order(sort, BEST, GOOD, WIDE, UNDATED) == ids


@pytest.mark.parametrize("sort", Sort)
def test_ties_go_to_the_newer_item_and_then_by_id(sort: Sort) -> None:
    old, new = Standing(0, 1.0, 1, 1, "a"), Standing(0, 1.0, 2, 1, "b")
    same = Standing(0, 1.0, 2, 1, "c")
    undated = Standing(0, 1.0, None, 1, "0")
    assert order(sort, undated, same, old, new) == ("abc0" if sort is Sort.OLDEST else "bca0")


@pytest.mark.parametrize("sort", Sort)
def test_items_without_a_date_come_after_the_oldest_there_are(sort: Sort) -> None:
    long_ago = Standing(0, 1.0, -(10**12), 1, "b")
    assert order(sort, Standing(0, 1.0, None, 1, "a"), long_ago) == "ba"


def test_the_exact_form_adds_a_tenth_and_scores_have_six_decimals(tmp_path: Path) -> None:
    titles = ("reforms", "reform", "other", "reforms a", "reform a b", "reform a b c d")
    items = tuple(Item(title, Article(title)) for title in titles)
    word = Term("text", "reforms", stem("reforms"))
    query = EngineRequest(
        full=word,
        partial=None,
        window=(None, None),
        selections=no_selections(),
        sort=Sort.RELEVANCE,
        offset=0,
        limit=10,
        facet_size=0,
    )
    with opened("whoosh", tmp_path, [(items, ())]) as (searcher, _):
        scores = {hit.id: hit.score for hit in searcher.search(query).hits}
    with_stem, exactly = idf(6, 5), idf(6, 2)
    added = scores["reforms"] / scores["reform"] - 1
    assert added == pytest.approx(exactly / 10 / with_stem, rel=1e-4)
    found = list(scores.values())
    assert [round(score, 6) for score in found] == found
    assert [round(score, 5) for score in found] != found


@given(
    st.lists(standings, max_size=3, unique_by=lambda standing: standing.id), st.sampled_from(Sort)
)
def test_the_order_is_total_and_undated_items_are_last_by_date(
    found: list[Standing], sort: Sort
) -> None:
    ranked = sorted(found, key=lambda standing: sort_key(standing, sort))
    for one, other in pairwise(ranked):
        assert sort_key(one, sort) < sort_key(other, sort)
        if sort in (Sort.NEWEST, Sort.OLDEST):
            assert one.tier < other.tier or one.date is not None or other.date is None
