"""A segment by itself: what it says of terms, and of items it cannot read."""

from dataclasses import replace

import pytest

from indexer.analysis import stem
from indexer.document import document
from indexer.engines.whoosh.gather import Gatherer
from indexer.errors import IndexDamaged
from search_app.search.engines.whoosh.segment import Segment
from tests.search.samples import item


def segment(*titles: str, deleted: tuple[int, ...] = ()) -> Segment:
    gatherer = Gatherer()
    for number, title in enumerate(titles):
        made = document(item(f"{number}", title))
        gatherer.add(made)
    return Segment(gatherer.columns(), deleted)


def test_an_item_that_cannot_be_read_is_damage_and_is_named() -> None:
    gatherer = Gatherer()
    made = document(item("a/b"))
    gatherer.add(replace(made, stored=b'{"id":"a/b"'))
    with pytest.raises(IndexDamaged, match="item a/b cannot be read: what is stored is no item"):
        Segment(gatherer.columns()).item(0)


def test_how_common_a_term_is_counts_the_deleted_and_its_frequency_does_not() -> None:
    some = segment("ferry", "ferries", "tram", deleted=(0,))
    assert some.commonness("ferry") == 1
    assert some.commonness(stem("ferry")) == 2
    assert (some.frequency("text", "ferry"), some.frequency("text", stem("ferry"))) == (0, 1)
    assert some.commonness("nowhere") == some.frequency("text", "nowhere") == 0


def test_a_beginning_counts_the_postings_of_all_its_terms() -> None:
    some = segment("ferry", "ferries ferry", "tram")
    assert some.commonness_of_all("ferr") == 3
    assert some.commonness_of_all("zz") == 0
    assert sorted(some.starting("text", "ferr").documents.tolist()) == [0, 1, 1]
