"""What is known of every document without asking the postings: facet values, sort keys, ids.

Read once when a generation is opened, shared by all threads, never changed.
"""

from dataclasses import dataclass
from typing import Any

from indexer.fields import FACETS


@dataclass(frozen=True, slots=True)
class Columns:
    """One segment's values, a row a document number; rows of deleted documents hold nothing."""

    ids: list[str]
    dates: list[int | None]
    outlets: list[int]
    facets: dict[str, list[tuple[str, ...]]]


MISSING = (1 << 63) - 1
"""What Whoosh's number columns hold for a document that has no value."""


def columns(reader: Any) -> Columns:
    """The columns of an atomic Whoosh reader."""
    outlets = [count or 0 for count in _numbers(reader, "outlets")]
    facets = {group: _values(reader, field) for group, field in FACETS.items()}
    return Columns(list(reader.column_reader("id")), _numbers(reader, "date"), outlets, facets)


def _values(reader: Any, field: str) -> list[tuple[str, ...]]:
    """Each document's values of a keyword field, from the field's postings."""
    rows: list[tuple[str, ...]] = [()] * reader.doc_count_all()
    for term in reader.lexicon(field):
        value = (term.decode(),)
        for number in reader.postings(field, term).all_ids():
            rows[number] += value
    return rows


def _numbers(reader: Any, field: str) -> list[int | None]:
    """Each document's number, `None` where it has none."""
    if not reader.has_column(field):
        return [None] * reader.doc_count_all()
    return [None if value == MISSING else value for value in reader.column_reader(field)]
