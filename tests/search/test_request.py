"""The window of a request, and what an empty request asks for."""

import pytest

from indexer.schema import FACETS
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest, Sort, no_selections


@pytest.mark.parametrize(
    ("since", "until", "window"),
    [
        ("", "", (None, None)),
        ("2020", "", (1_577_836_800, None)),
        ("", "2020", (None, 1_609_459_200)),
        ("2020-06-09", "2020-06-09", (1_591_660_800, 1_591_747_200)),
        ("2020-06-09T00:47:00Z", "2020-06-09T00:47:00Z", (1_591_663_620, 1_591_663_621)),
        ("2021", "2020", (1_609_459_200, 1_609_459_200)),
    ],
)
def test_both_ends_of_the_window_are_included(
    since: str, until: str, window: tuple[int | None, int | None]
) -> None:
    assert SearchRequest(since=since, until=until).window() == window


def test_an_empty_request_asks_for_everything() -> None:
    request = SearchRequest()
    assert request.q == ""
    assert request.selections == no_selections() == dict.fromkeys(FACETS, ())
    assert (request.sort, request.match, request.page) == (Sort.RELEVANCE, Match.AUTO, 1)
