"""The forms of a word find each other in every language, in one index of all of them."""

import pytest

from tests.relevance.languages import TWELVE, measure

pytestmark = pytest.mark.slow


def test_forms_that_a_languages_own_stemmer_joins_find_each_other() -> None:
    results = measure()
    assert [found.language for found in results] == list(TWELVE)
    for found in results:
        print(found)
        assert found.joined == 40
        assert found.found >= 0.9 * found.joined, found
