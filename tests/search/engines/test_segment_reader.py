"""A segment by itself: what it says of terms, and of items it cannot read."""

from dataclasses import replace

import pytest

from indexer.analysis.tokenizer import stem
from indexer.document import document
from indexer.errors import IndexDamaged
from indexer.segment.builder import SegmentBuilder
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from tests.search.samples import item


def segment(*titles: str, deleted: tuple[int, ...] = ()) -> SegmentReader:
    gatherer = SegmentBuilder()
    for number, title in enumerate(titles):
        made = document(item(f"{number}", title))
        gatherer.add(made)
    return SegmentReader(gatherer.columns(), deleted)


def test_an_item_that_cannot_be_read_is_damage_and_is_named() -> None:
    gatherer = SegmentBuilder()
    made = document(item("a/b"))
    gatherer.add(replace(made, stored=b'{"id":"a/b"'))
    with pytest.raises(IndexDamaged, match="item a/b cannot be read: what is stored is no item"):
        SegmentReader(gatherer.columns()).item(0)


def test_how_many_documents_have_a_term_counts_the_deleted() -> None:
    some = segment("ferry", "ferries ferries", "tram", deleted=(0,))
    assert some.doc_freq_with_deleted("ferry") == 1
    assert some.doc_freq_with_deleted(stem("ferry")) == 2
    assert some.doc_freq_with_deleted("nowhere") == 0


def test_occurrences_are_counted_of_exact_forms_on_either_side_of_the_stems() -> None:
    some = segment("ferry", "ferries ferries", "北 北 北", "北")
    assert [some.occurrence_count(term) for term in ("ferry", "ferries", "北")] == [1, 2, 4]
    assert some.occurrence_count(stem("ferry")) == some.occurrence_count("nowhere") == 0


def test_a_prefix_counts_the_postings_of_all_its_terms() -> None:
    some = segment("ferry", "ferries ferry", "tram")
    assert some.posting_count("ferr") == 3
    assert some.posting_count("zz") == 0
