"""Items that report the same story are found, and others are kept apart."""

import pytest

from tests.relevance.story_grouping import ARTICLES, measure


@pytest.mark.slow
@pytest.mark.skipif(not ARTICLES.exists(), reason=f"the articles are not there: {ARTICLES}")
@pytest.mark.parametrize(("size", "recall"), [(6, 0.7), (1, 0.015)])
def test_items_of_a_story_are_grouped_and_others_are_not(size: int, recall: float) -> None:
    """Single headlines, a dozen words each, say too little for more."""
    found = measure(ARTICLES, size)
    assert found.precision >= 0.97, found
    assert found.recall >= recall, found
