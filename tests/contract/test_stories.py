"""Every engine tells each story once: entries, their order, pages and counts as defined."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.search.protocols import EngineRequest
from search_app.search.query.logical import Expression, MatchAll, any_of
from search_app.search.request import Group, Sort, no_selections
from tests.contract.corpora import STORIES, leaves, selections, worded, worlds
from tests.contract.engines import Opener, Step, opened
from tests.contract.test_search import CAREFUL, assert_equal

full: st.SearchStrategy[Expression] = st.one_of(
    st.just(MatchAll()), st.lists(leaves, min_size=1, max_size=5).map(any_of)
)
"""Most find several of a few items."""


@st.composite
def queries(draw: st.DrawFn) -> EngineRequest:
    """Queries that find many items, so that stories have several, in both tiers."""
    words = draw(st.just({}) | worded)
    chosen = draw(st.just(no_selections()) | selections)
    more = draw(st.none() | full)
    asked = draw(full)
    return EngineRequest(
        full=asked,
        partial=any_of([asked, more]) if more else None,
        window=(None, None),
        selections={group: (*some, *words.get(group, ())) for group, some in chosen.items()},
        worded=words,
        sort=draw(st.sampled_from(Sort)),
        offset=draw(st.integers(0, 4)),
        limit=draw(st.integers(1, 5)),
        facet_size=draw(st.sampled_from((0, 2, 50))),
        group=Group.STORY,
        story=draw(st.sampled_from(("", "", "", *STORIES))),
    )


@CAREFUL
@given(worlds(), st.lists(queries(), min_size=1, max_size=12))
@pytest.mark.usefixtures("unmerged")
def test_each_story_is_one_entry_as_defined(
    engine: str, opener: Opener, steps: list[Step], asked: list[EngineRequest]
) -> None:
    with (
        TemporaryDirectory() as folder,
        opened(engine, Path(folder), steps, opener) as (searcher, corpus),
    ):
        for query in asked:
            assert_equal(searcher, searcher.search(query), corpus.search(query))
