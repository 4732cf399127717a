"""Every engine tells each story once: entries, their order, pages and counts as defined."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.item import Article, Item
from search_app.search.protocols import EngineRequest
from search_app.search.query.logical import MatchAll, Term, any_of
from search_app.search.request import Group, Sort, no_selections
from tests.contract.corpora import leaves, queries, worlds
from tests.contract.engines import Opener, Step, opened
from tests.contract.test_search import CAREFUL, assert_as_defined, assert_equal

broad = st.just(MatchAll()) | st.lists(leaves, min_size=1, max_size=5).map(any_of)
"""They find several of a few items, so that stories have several hits, in both tiers."""


def grouped(query: EngineRequest) -> EngineRequest:
    """The query for stories, few of which there are to be skipped."""
    return replace(query, group=Group.STORY, offset=query.offset % 5)


@CAREFUL
@given(worlds(), st.lists(queries(broad).map(grouped), min_size=1, max_size=12))
@pytest.mark.usefixtures("unmerged")
def test_each_story_is_one_entry_as_defined(
    engine: str, opener: Opener, steps: list[Step], asked: list[EngineRequest]
) -> None:
    assert_as_defined(engine, opener, steps, asked)


def test_the_best_of_a_story_is_the_best_once_pairs_of_words_count(
    engine: str, opener: Opener, tmp_path: Path
) -> None:
    """With fewer stories than hits to be rescored, so that none may be left out sooner."""
    headline, day = "Old swing bridge shut for urgent repairs", datetime(2020, 6, 9, tzinfo=UTC)

    def report(id: str, excerpt: str) -> Item:
        return Item(id, Article(headline, excerpt=excerpt, published=day))

    apart, together = "toll one two three four five six seven gate", "toll gate" + 9 * " on"
    reports = (report("a", apart), report("b", together), report("c", 90 * "on " + together))
    words = Term("text", "toll"), Term("text", "gate")
    asked = EngineRequest(
        full=any_of(words),
        partial=None,
        window=(None, None),
        selections=no_selections(),
        sort=Sort.RELEVANCE,
        offset=0,
        limit=1,
        facet_size=0,
        rescored=2,
        group=Group.STORY,
    )
    with opened(engine, tmp_path, [(reports, ())], opener) as (searcher, corpus):
        for pairs, best in (((), "a"), ((words,), "b")):
            query = replace(asked, pairs=pairs)
            found = searcher.search(query)
            assert [(hit.id, hit.others) for hit in found.hits] == [(best, 2)]
            assert_equal(searcher, found, corpus.search(query))
