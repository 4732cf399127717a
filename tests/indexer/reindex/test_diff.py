"""Which files are gone, and of which that is not known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.reindex.diff import missing


@pytest.mark.parametrize(
    ("unreadable", "gone"),
    [
        ([], ["a", "b/c", "b/d/e", "bc"]),
        (["a"], ["b/c", "b/d/e", "bc"]),
        (["b/"], ["a", "bc"]),
        (["b/d/"], ["a", "b/c", "bc"]),
        (["b"], ["a", "b/c", "b/d/e", "bc"]),
        ([""], []),
    ],
)
def test_what_cannot_be_looked_at_is_not_gone(unreadable: list[str], gone: list[str]) -> None:
    assert missing(["bc", "b/d/e", "b/c", "a", "here"], {"here"}, unreadable) == gone


IDS = st.sets(st.text("ab/", min_size=1, max_size=4))


@given(IDS, IDS)
def test_nothing_is_gone_that_is_there_or_was_not(before: set[str], found: set[str]) -> None:
    assert set(missing(before, found)) == before - found
