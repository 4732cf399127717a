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
        SegmentReader(gatherer.columns()).item(0, with_body=False)


def test_how_many_documents_have_a_term_counts_the_deleted() -> None:
    some = segment("ferry", "ferries ferries", "tram", deleted=(0,))
    assert some.counts("ferry")[0] == 1
    assert some.counts(stem("ferry"))[0] == 2
    assert some.counts("nowhere")[0] == 0


def test_occurrences_are_counted_of_exact_forms_on_either_side_of_the_stems() -> None:
    some = segment("ferry", "ferries ferries", "北 北 北", "北")
    assert [some.counts(term)[1] for term in ("ferry", "ferries", "北")] == [1, 2, 4]
    assert some.counts(stem("ferry"))[1] == some.counts("nowhere")[1] == 0
    terms = some.terms
    for most in (0, 1, 2):  # added up, or read where they begin and end
        assert [
            terms.offsets.between(rows.start, rows.stop, most)
            for rows in map(terms.rows_of, ("ferry", "ferries", "北"))
        ] == [1, 2, 4]


def test_a_prefix_has_the_postings_of_all_its_exact_forms() -> None:
    some = segment("ferry", "ferries ferry", "tram 北")

    def count(prefix: str) -> int:
        return sum(rows.stop - rows.start for rows in some.terms.rows_starting(prefix))

    assert [count(prefix) for prefix in ("ferr", "北", "zz")] == [3, 1, 0]
    assert count("") == 5
