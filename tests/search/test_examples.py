"""Examples of what can be asked of an index stand in it."""

from pathlib import Path

import pytest

from indexer.item import Article, Provider
from search_app.search.examples import Examples, examples
from tests.search.samples import item, make, reader_of


def found(folder: Path) -> Examples:
    reader = reader_of(folder)
    try:
        with reader.acquire() as lease:
            return examples(lease.searcher)
    finally:
        reader.close()


def test_examples_are_words_values_and_dates_of_the_newest_items(tmp_path: Path) -> None:
    items = [
        item("a", "A to-do: the Night Tram", "2020-06-09", topics=("Rail",), type="video"),
        item("b", "When will Harbour Ferries sail?", "2020-06-08", topics=("Sea", "Rail")),
        item("c", "On it", "2020-06-10"),
    ]
    one = found(make(tmp_path, items))
    assert (one.phrase, one.other, one.topic) == (("night", "tram"), "harbour", "Rail")
    assert one.newest
    assert one.newest.isoformat() == "2020-06-10"


def test_an_index_without_items_has_no_examples(tmp_path: Path) -> None:
    one = found(make(tmp_path, []))
    assert one == Examples(None, "", "", "", "", None, 0)


@pytest.mark.parametrize(("others", "fewer"), [(0, 0), (1, 1), (2, 2), (3, 3), (9, 3)])
def test_an_item_has_more_outlets_than_the_example_says(
    tmp_path: Path, others: int, fewer: int
) -> None:
    outlets = [Provider(f"R{number}", f"r{number}.example") for number in range(others)]
    related = tuple(Article("A title", provider=outlet) for outlet in outlets)
    items = [item("a", domain="own.example", related=related)]
    assert found(make(tmp_path, items)).fewer_outlets == fewer
