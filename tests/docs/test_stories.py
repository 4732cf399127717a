"""Which items report the same story, as documented."""

from pathlib import Path

import pytest

from indexer.stories.policy import DEFAULT_POLICY
from tests.docs.markdown import INDEXER, code
from tests.indexer.stories.index import found_in
from tests.indexer.stories.test_finder import at, others

TITLE = "Which items report the same story?"
ROWS = INDEXER.table(TITLE, "headlines of two items of one day")


def test_the_rules_are_those_of_the_code() -> None:
    policy = DEFAULT_POLICY
    assert [float(row["value"]) for row in INDEXER.table(TITLE, "rule")] == [
        policy.likeness,
        policy.shared_address,
        policy.seconds / 86_400,
        policy.min_words,
        policy.max_sharing,
        policy.max_address_items,
    ]


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_each_example_is_found_as_documented(tmp_path: Path, number: int) -> None:
    row = ROWS[number]
    text = row["headlines of two items of one day"]
    titles = code(text) or code(ROWS[number - 1]["headlines of two items of one day"])
    url = "https://a.example/1" if "one address" in text else ""
    items = [at(str(n), title, n, url=url) for n, title in enumerate(titles)]
    if "a week later" in text:
        items.append(at("2", titles[0], 7 * 24))
    is_one = row["one story?"].startswith("yes")
    assert found_in(tmp_path, *items, *others()) == ([["0", "1"]] if is_one else [])
