"""The hits of a page are those of a full sort by `definitions.sort_key`, whoever sorts."""

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import document
from indexer.item import Article, Item, Provider
from indexer.segment.builder import SegmentBuilder
from search_app.search.engines.whoosh.backends import BACKENDS
from search_app.search.engines.whoosh.global_order import recency
from search_app.search.engines.whoosh.searcher import WhooshSearcher
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import BM25F
from search_app.search.engines.whoosh.vectorized.evaluator import smallest
from search_app.search.protocols import EngineRequest
from search_app.search.query.logical import AnyOf, Expression, MatchAll, Term
from search_app.search.request import Sort, no_selections
from tests.conditions import examples
from tests.contract.definitions import Standing, sort_key
from tests.contract.engines import UNMERGED, Step, opened, tuned
from tests.indexer.samples import segment_of

CAREFUL = settings(max_examples=examples(60, 1500), deadline=None)
DAY = datetime(2020, 6, 9, tzinfo=UTC)


@CAREFUL
@given(
    st.lists(st.tuples(*[st.integers(0, 3)] * 3, st.sampled_from((0.0, 0.5)))),
    st.integers(1, 40),
)
def test_the_smallest_are_those_of_a_full_sort(rows: list[tuple[float, ...]], count: int) -> None:
    """With many ties; the place in the list is the last key, in which none are equal."""
    full = sorted((*row, place) for place, row in enumerate(rows))
    columns = [np.array(column) for column in zip(*rows, strict=True)] or [np.zeros(0)]
    keys = [*columns, np.arange(len(rows))]
    assert smallest(keys, count).tolist() == [int(row[-1]) for row in full[:count]]


def segment(rows: list[tuple[int, int | None, int]]) -> SegmentReader:
    """Documents of an id, a day and as many outlets."""
    gatherer = SegmentBuilder()
    for number, day, outlets in rows:
        when = None if day is None else DAY + timedelta(days=day)
        related = tuple(
            Article("x", provider=Provider("", f"{place}.com")) for place in range(outlets)
        )
        made = document(Item(f"{number:03d}", Article("x", published=when), related=related))
        gatherer.add(made)
    return SegmentReader(segment_of(gatherer.columns()))


@st.composite
def worlds(draw: st.DrawFn) -> list[list[tuple[int, int | None, int]]]:
    """Up to four segments, whose ids go across them in no order."""
    ids = draw(st.permutations(range(draw(st.integers(1, 12)))))
    row = st.tuples(st.none() | st.integers(-1, 2), st.integers(0, 2))
    made: list[list[tuple[int, int | None, int]]] = [[] for _ in range(4)]
    for id in ids:
        made[draw(st.integers(0, 3))].append((id, *draw(row)))
    return [rows for rows in made if rows]


def standing(id: int, day: int | None, outlets: int) -> Standing:
    date = None if day is None else int((DAY + timedelta(days=day)).timestamp())
    return Standing(0, 0.0, date, outlets, f"{id:03d}")


@CAREFUL
@given(worlds())
def test_recency_compares_across_segments(rows: list[list[tuple[int, int | None, int]]]) -> None:
    ranks = recency([segment(some) for some in rows])
    found = [
        (int(rank), standing(*row))
        for rank_of, some in zip(ranks, rows, strict=True)
        for rank, row in zip(rank_of, some, strict=True)
    ]
    by_rank = [one for _, one in sorted(found, key=lambda pair: pair[0])]
    everyone = [one for _, one in found]
    assert by_rank == sorted(everyone, key=lambda s: sort_key(s, Sort.NEWEST))
    assert len({rank for rank, _ in found}) == len(found)


@pytest.mark.parametrize("backend", BACKENDS)
@settings(CAREFUL, max_examples=examples(60, 1500))
@given(worlds(), st.sampled_from(Sort), st.integers(0, 6), st.integers(1, 6))
def test_a_page_is_cut_from_a_full_sort(
    backend: str,
    rows: list[list[tuple[int, int | None, int]]],
    sort: Sort,
    offset: int,
    limit: int,
) -> None:
    made = [segment(some) for some in rows]
    evaluator = tuned(backend).make(made, BM25F(made))
    standings = [standing(*row) for some in rows for row in some]
    wanted = sorted(standings, key=lambda one: sort_key(one, sort))
    found = evaluator.search(asked(MatchAll(), sort, offset, limit)).hits
    assert [hit.id for hit in found] == [one.id for one in wanted[offset : offset + limit]]


@pytest.mark.parametrize("backend", BACKENDS)
def test_scores_that_are_equal_when_rounded_are_equal_in_order(
    tmp_path: Path, backend: str
) -> None:
    """The newer comes first, though its score is less by what rounding takes away."""
    old = Item("old", Article("red", published=DAY))
    new = Item("new", Article("red green", published=DAY + timedelta(days=1)))
    for decimals, first in ((6, "old"), (0, "new")):
        opener = partial(WhooshSearcher, backend=tuned(backend, decimals=decimals))
        steps: list[Step] = [((old, new), ())]
        with opened("whoosh", tmp_path / str(decimals), steps, opener) as (searcher, _):
            hits = searcher.search(asked(Term("text", "red"))).hits
            assert hits[0].id == first
            assert hits[0].score == round(hits[0].score, decimals)


@pytest.mark.parametrize("backend", BACKENDS)
def test_equal_items_are_in_order_of_their_dates_in_whatever_segment(
    tmp_path: Path, backend: str
) -> None:
    """The same words in a large segment and in a small one: the newer item first."""
    opener = partial(WhooshSearcher, backend=BACKENDS[backend])
    words = ("red", "green", "blue", "white", "black", "grey")
    filler = tuple(
        Item(f"f{n:04d}", Article(" ".join(["x", *words[n % 7 : n % 7 + 1]]) if n < 50 else "x"))
        for n in range(2000)
    )
    old, new = (
        Item(id, Article(" ".join(words), published=DAY + timedelta(days=day)))
        for id, day in (("old", 0), ("new", 1))
    )
    for large, small in ((old, new), (new, old)):
        steps: list[Step] = [((*filler, large), ()), ((small,), ())]
        with opened("whoosh", tmp_path / large.id, steps, opener, UNMERGED) as (searcher, _):
            for count in range(2, len(words) + 1):
                for some in permutations(words, count):
                    hits = searcher.search(asked(any_of_words(some), limit=2)).hits
                    assert [hit.id for hit in hits] == ["new", "old"], some


def any_of_words(words: tuple[str, ...]) -> Expression:
    return AnyOf(tuple(Term("text", word) for word in words))


def asked(
    expression: Expression, sort: Sort = Sort.RELEVANCE, offset: int = 0, limit: int = 10
) -> EngineRequest:
    return EngineRequest(
        full=expression,
        partial=None,
        window=(None, None),
        selections=no_selections(),
        sort=sort,
        offset=offset,
        limit=limit,
        facet_size=0,
    )
