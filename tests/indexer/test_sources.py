"""The record of sources: written, read back, and the names it gives outlets."""

from pathlib import Path

import pytest

from indexer import sources
from indexer.errors import IndexDamaged
from indexer.item import Article, Provider
from indexer.sources import Record, outlet_names, outlets
from tests.indexer.samples import item

RECORDS = {
    "b": Record("seeds/b.md", "f1", (("example.com", "Exämple"), ("other.org", "Other"))),
    "a": Record("seeds/\udcff/a.md", "f2"),
}


def test_records_come_back_in_the_order_of_their_ids(tmp_path: Path) -> None:
    sources.write(tmp_path, RECORDS)
    assert list(sources.read(tmp_path).items()) == sorted(RECORDS.items())


def test_a_record_that_cannot_be_read_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"sources\.json cannot be read"):
        sources.read(tmp_path)
    (tmp_path / sources.NAME).write_text('{"a":')
    with pytest.raises(IndexDamaged, match=r"sources\.json cannot be read"):
        sources.read(tmp_path)


def test_outlets_are_the_distinct_pairs_of_domain_and_name() -> None:
    one = item(
        provider=Provider("A", "a.com"),
        related=(
            Article("1", provider=Provider("A", "a.com")),
            Article("2"),
            Article("3", provider=Provider("B", "a.com")),
        ),
    )
    assert outlets(one) == (("a.com", "A"), ("a.com", "B"))


def test_an_outlet_has_the_name_most_items_give_it_and_of_equals_the_first() -> None:
    records = [
        Record("", "", (("a.com", "Rare"), ("b.com", "Second"))),
        Record("", "", (("a.com", "Usual"), ("b.com", "First"))),
        Record("", "", (("a.com", "Usual"),)),
    ]
    assert outlet_names(records) == {"a.com": "Usual", "b.com": "First"}
