"""Every engine counts hits by date, and by the values that are asked for, as defined."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.item import Article, Item
from search_app.search.intervals import Interval
from search_app.search.protocols import Buckets, EngineRequest
from search_app.search.query.logical import MatchAll, Term, any_of
from search_app.search.request import Sort, no_selections
from search_app.search.signals import DAY
from tests.contract.corpora import buckets, facet_values, leaves, queries, worlds
from tests.contract.engines import Opener, Step, opened
from tests.contract.test_search import CAREFUL, assert_as_defined, assert_equal

NOON = int(datetime(2020, 1, 16, 12, tzinfo=UTC).timestamp())
"""Amid a day, a week, a month and longer."""

EVERYTHING = EngineRequest(
    full=MatchAll(),
    partial=None,
    window=(None, None),
    selections=no_selections(),
    sort=Sort.NEWEST,
    offset=0,
    limit=0,
    facet_size=0,
    buckets=Buckets(),
)


@st.composite
def counted(draw: st.DrawFn) -> EngineRequest:
    """A query that finds several of a few items, counted in every way."""
    broad = st.just(MatchAll()) | st.lists(leaves, min_size=1, max_size=5).map(any_of)
    query = draw(queries(broad))
    if draw(st.booleans()):
        query = replace(query, selections=no_selections(), worded={})
    return replace(
        query,
        story="",
        window=query.window if draw(st.booleans()) else (None, None),
        facet_size=draw(st.sampled_from((1, 2, 50))),
        facet_values=draw(facet_values),
        buckets=draw(buckets),
    )


@CAREFUL
@given(worlds(), st.lists(counted(), min_size=1, max_size=12))
@pytest.mark.usefixtures("unmerged")
def test_hits_are_counted_as_defined(
    engine: str, opener: Opener, steps: list[Step], asked: list[EngineRequest]
) -> None:
    assert_as_defined(engine, opener, steps, asked)


@pytest.mark.parametrize("interval", Interval)
def test_items_of_many_days_in_several_segments_are_counted(
    engine: str, opener: Opener, unmerged: None, tmp_path: Path, interval: Interval
) -> None:
    """Some hundred items, one in nine undated, some deleted; as if all are hits, and if few are."""
    began = datetime(2019, 12, 25, 22, tzinfo=UTC)

    def dated(number: int) -> Item:
        published = began + timedelta(hours=7 * number) if number % 9 else None
        return Item(f"{number:04d}", Article(f"word{number % 5} all", published=published))

    items = [dated(number) for number in range(400)]
    gone = tuple(one.id for one in items[::7])
    steps: list[Step] = [(tuple(items[:250]), ()), (tuple(items[250:]), ()), ((), gone)]
    with opened(engine, tmp_path, steps, opener) as (searcher, corpus):
        for full in (MatchAll(), Term("text", "word3"), Term("text", "all")):
            for most in (1, 12, 1000):
                for window in ((None, None), (NOON, None), (NOON, NOON + 50 * DAY)):
                    query = replace(
                        EVERYTHING, full=full, buckets=Buckets(interval, most), window=window
                    )
                    found = searcher.search(query)
                    assert_equal(searcher, found, corpus.search(query))
                    assert found.histogram
                    counted = sum(found.histogram.counts) + found.histogram.undated
                    assert counted == found.total > 20


def test_what_is_not_asked_for_is_not_counted(engine: str, opener: Opener, tmp_path: Path) -> None:
    items = (Item("a", Article("One", published=datetime(2020, 6, 9, tzinfo=UTC))),)
    with opened(engine, tmp_path, [(items, ())], opener) as (searcher, _):
        found = searcher.search(replace(EVERYTHING, buckets=None))
        assert (found.histogram, found.facet_sizes) == (None, {})
