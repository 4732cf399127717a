"""The hits of a page are those of a full sort by `definitions.sort_key`."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import document
from indexer.engines.whoosh.gather import Gatherer
from indexer.item import Article, Item, Provider
from search_app.search.engine import Query
from search_app.search.engines.whoosh import order
from search_app.search.engines.whoosh.matches import Leaf, Matches, Numbers, Scores
from search_app.search.engines.whoosh.order import Order, Scorer, first
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.expression import AnyOf, Term
from search_app.search.request import Sort, no_selections
from tests.contract.corpora import examples
from tests.contract.definitions import Standing, sort_key
from tests.contract.engines import UNMERGED, Step, opened

SPREAD = 1.5
CAREFUL = settings(max_examples=examples(60, 1500), deadline=None)
DAY = datetime(2020, 6, 9, tzinfo=UTC)


@CAREFUL
@given(
    st.lists(st.tuples(*[st.integers(0, 3)] * 3, st.sampled_from((0.0, 0.5)))),
    st.integers(1, 40),
)
def test_the_first_are_those_of_a_full_sort(rows: list[tuple[float, ...]], count: int) -> None:
    """With many ties; the place in the list is the last key, in which none are equal."""
    full = sorted((*row, place) for place, row in enumerate(rows))
    columns = [np.array(column) for column in zip(*rows, strict=True)] or [np.zeros(0)]
    keys = [*columns, np.arange(len(rows))]
    assert first(keys, count).tolist() == [int(row[-1]) for row in full[:count]]


def segment(rows: list[tuple[int, int | None, int]]) -> Segment:
    """Documents of an id, a day and as many outlets."""
    gatherer = Gatherer()
    for number, day, outlets in rows:
        when = None if day is None else DAY + timedelta(days=day)
        related = tuple(
            Article("x", provider=Provider("", f"{place}.com")) for place in range(outlets)
        )
        made = document(Item(f"{number:03d}", Article("x", published=when), related=related))
        gatherer.add(made)
    return Segment(gatherer.columns())


@st.composite
def worlds(draw: st.DrawFn) -> list[list[tuple[int, int | None, int]]]:
    """Up to four segments, whose ids go across them in no order."""
    ids = draw(st.permutations(range(draw(st.integers(1, 12)))))
    row = st.tuples(st.none() | st.integers(-1, 2), st.integers(0, 2))
    made: list[list[tuple[int, int | None, int]]] = [[] for _ in range(4)]
    for id in ids:
        made[draw(st.integers(0, 3))].append((id, *draw(row)))
    return [rows for rows in made if rows]


@CAREFUL
@given(worlds(), st.sampled_from(Sort), st.integers(0, 6), st.integers(1, 6), st.data())
def test_a_page_is_cut_from_a_full_sort(
    rows: list[list[tuple[int, int | None, int]]],
    sort: Sort,
    offset: int,
    limit: int,
    data: st.DataObject,
) -> None:
    made = [segment(some) for some in rows]
    hits, exact, standings = [], [], []
    for place, some in enumerate(rows):
        scores = [data.draw(st.sampled_from((0.5, 1.0, 1.25))) for _ in some]
        hits.append(estimated(scores, [data.draw(st.sampled_from((1.0, SPREAD))) for _ in some]))
        exact.append(scores)
        for number, (id, day, outlets) in enumerate(some):
            date = None if day is None else int((DAY + timedelta(days=day)).timestamp())
            standing = Standing(0, scores[number], date, outlets, f"{id:03d}")
            standings.append((sort_key(standing, sort), (place, number, scores[number])))
    wanted = [row for _, row in sorted(standings)][offset : offset + limit]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "FEW", 0)
        assert (
            Order(made, [SPREAD] * len(made)).page(hits, scorer(exact), sort, offset, limit)
            == wanted
        )


def estimated(scores: list[float], less: list[float]) -> Matches:
    """Documents from 0 on that score at least so many times less than this."""
    numbers = np.arange(len(scores), dtype=np.int32)
    least = (np.array(scores) / np.array(less)).astype(np.float32)
    return Matches(numbers, (Leaf(numbers, least),))


def scorer(exact: list[list[float]]) -> Scorer:
    return lambda place, numbers: np.array([exact[place][number] for number in numbers])


@pytest.mark.parametrize("sort", Sort)
def test_scores_that_are_equal_when_rounded_are_equal_in_order(sort: Sort) -> None:
    """The newer comes first, though its score is less by what rounding takes away."""
    found = Order([segment([(0, 0, 1), (1, 1, 1)])], [SPREAD])
    exact = [1.0 + 1e-9, 1.0]
    page = found.page([estimated(exact, [1.0, 1.0])], scorer([exact]), sort, 0, 2)
    assert [number for _, number, _ in page] == ([0, 1] if sort is Sort.OLDEST else [1, 0])


@pytest.mark.parametrize("offset", [0, 1, 2500, 4995])
@pytest.mark.parametrize("sort", Sort)
def test_of_thousands_few_are_scored_and_the_page_is_that_of_a_full_sort(
    sort: Sort, offset: int
) -> None:
    draw = np.random.default_rng(7)
    whole = segment([(number, number % 5, number % 3) for number in range(5000)])
    exact = [draw.integers(1, 4000, 5000).astype(np.float64)]
    hits = [estimated(exact[0].tolist(), draw.uniform(1.0, 1.03, 5000).tolist())]
    scored: list[int] = []

    def count(place: int, numbers: Numbers) -> Scores:
        scored.extend(numbers.tolist())
        return exact[place][numbers]

    page = Order([whole], [1.03]).page(hits, count, sort, offset, 10)
    dates, outlets = whole.columns["numbers.date"], whole.columns["numbers.outlets"]
    standings = [
        Standing(0, exact[0][n], int(dates[n]), int(outlets[n]), f"{n:03d}") for n in range(5000)
    ]
    wanted = sorted(range(5000), key=lambda n: sort_key(standings[n], sort))[offset : offset + 10]
    assert [number for _, number, _ in page] == wanted
    assert len(scored) < 1000


def test_a_small_segment_whose_estimates_are_vague_does_not_make_a_large_one_s_so() -> None:
    large, small = (
        segment([(n, 0, 1) for n in range(first, last)])
        for first, last in ((0, 5000), (5000, 5003))
    )
    exact = [[float(n) for n in range(1, 5001)], [4000.0, 1.0, 2.0]]
    hits = [estimated(exact[0], [1.0] * 5000), estimated(exact[1], [10.0] * 3)]
    scored: list[tuple[int, int]] = []

    def count(place: int, numbers: Numbers) -> Scores:
        scored.extend((place, number) for number in numbers.tolist())
        return np.array([exact[place][number] for number in numbers])

    page = Order([large, small], [1.03, 20.0]).page(hits, count, Sort.RELEVANCE, 0, 10)
    assert [(place, number) for place, number, _ in page] == [(0, n) for n in range(4999, 4989, -1)]
    assert len(scored) < 300


@pytest.mark.parametrize("offset", [0, 2, 3, 40, 2990])
@pytest.mark.parametrize("scoring", [0, 3])
def test_of_hits_that_score_nothing_only_the_newest_are_looked_at(
    scoring: int, offset: int
) -> None:
    whole = segment([(number, number % 7, 1) for number in range(3000)])
    exact = [[1.0 if number < scoring else 0.0 for number in range(3000)]]
    leaf = estimated(exact[0][:scoring], [1.0] * scoring).leaves
    scored: list[int] = []

    def count(place: int, numbers: Numbers) -> Scores:
        scored.extend(numbers.tolist())
        return np.array([exact[place][number] for number in numbers])

    hits = [Matches(np.arange(3000, dtype=np.int32), leaf)]
    page = Order([whole], [SPREAD]).page(hits, count, Sort.RELEVANCE, offset, 10)
    ranks = whole.columns["recency"]
    wanted = sorted(range(3000), key=lambda n: (-exact[0][n], ranks[n]))[offset : offset + 10]
    assert [number for _, number, _ in page] == wanted
    assert len(scored) <= 10 + scoring


def test_equal_items_are_in_order_of_their_dates_in_whatever_segment(
    tmp_path: Path,
) -> None:
    """The same words in a large segment and in a small one: the newer item first."""
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
        with opened("whoosh", tmp_path / large.id, steps, UNMERGED) as (searcher, _):
            for count in range(2, len(words) + 1):
                for some in permutations(words, count):
                    hits = searcher.search(asked(some)).hits
                    assert [hit.id for hit in hits] == ["new", "old"], some


def asked(words: tuple[str, ...]) -> Query:
    return Query(
        full=AnyOf(tuple(Term("text", word) for word in words)),
        partial=None,
        window=(None, None),
        selections=no_selections(),
        sort=Sort.RELEVANCE,
        offset=0,
        limit=2,
        facet_size=0,
    )
