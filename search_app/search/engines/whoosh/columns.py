"""What is known of every document without asking the postings: ids, numbers, facets, lengths.

Read once when a generation is opened, shared by all threads, never changed. A row is a document
number of the index as a whole; the rows of deleted documents hold nothing of use.
"""

from array import array
from dataclasses import dataclass
from typing import Any

from indexer.fields import FACETS, FIELDS, Kind

Numbers = list[int | None]
"""A number field, row by row; `None` where a document has no value."""

MISSING = (1 << 63) - 1
"""What Whoosh's number columns hold for a document that has no value."""


@dataclass(frozen=True, slots=True)
class Columns:
    """`live` are the rows of the documents that are there, in order. `numbers` and `lengths` go by
    field, `facets` by group; `averages` are the mean lengths over living documents, at least 1."""

    live: list[int]
    ids: list[str]
    numbers: dict[str, Numbers]
    facets: dict[str, list[tuple[str, ...]]]
    lengths: dict[str, "array[int]"]
    averages: dict[str, float]


def columns(reader: Any) -> Columns:
    """The columns of a Whoosh reader."""
    leaves = list(reader.leaf_readers()) if reader.doc_count_all() else []
    numbers = [field.name for field in FIELDS if field.kind is Kind.NUMBER]
    texts = [field.name for field in FIELDS if field.kind is Kind.TEXT]
    live = [base + number for leaf, base in leaves for number in leaf.all_doc_ids()]
    lengths = {field: _lengths(leaves, field) for field in texts}
    return Columns(
        live=live,
        ids=[id for leaf, _ in leaves for id in leaf.column_reader("id")],
        numbers={field: _numbers(leaves, field) for field in numbers},
        facets={group: _values(leaves, field) for group, field in FACETS.items()},
        lengths=lengths,
        averages={field: _average(lengths[field], live) for field in texts},
    )


def _values(leaves: list[Any], field: str) -> list[tuple[str, ...]]:
    """Each document's values of a keyword field, from the field's postings."""
    rows: list[tuple[str, ...]] = []
    for leaf, base in leaves:
        rows += [()] * leaf.doc_count_all()
        for term in leaf.lexicon(field):
            value = (term.decode(),)
            for number in leaf.postings(field, term).all_ids():
                rows[base + number] += value
    return rows


def _numbers(leaves: list[Any], field: str) -> Numbers:
    rows: Numbers = []
    for leaf, _ in leaves:
        if leaf.has_column(field):
            values = leaf.column_reader(field)
            rows += [None if value == MISSING else value for value in values]
        else:
            rows += [None] * leaf.doc_count_all()
    return rows


def _lengths(leaves: list[Any], field: str) -> "array[int]":
    rows = array("i")
    for leaf, _ in leaves:
        numbers = range(leaf.doc_count_all())
        rows.extend(leaf.doc_field_length(n, field) or 0 for n in numbers)  # None where empty
    return rows


def _average(lengths: "array[int]", live: list[int]) -> float:
    """Of living documents alone: an index built step by step must score like one built at once."""
    return max(1.0, sum(lengths[row] for row in live) / max(1, len(live)))
