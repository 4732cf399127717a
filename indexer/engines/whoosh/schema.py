"""The Whoosh schema made from the field table.

We analyse, Whoosh stores: a field here only says how its postings are read. No pickled schema of
ours needs to know how to analyse, or is ever opened.
"""

from typing import Any

from whoosh import fields as whoosh
from whoosh.formats import Existence

from indexer.engines.whoosh.formats import PackedPositions
from indexer.engines.whoosh.gather import url_digest
from indexer.engines.whoosh.lists import SHIFT_STEP
from indexer.fields import FIELDS, Field, Kind


class Ready(whoosh.FieldType):  # type: ignore[misc]  # Whoosh ships no types
    """A field whose terms are made elsewhere; it is looked up by whole terms."""


class Addresses(Ready):
    """A field whose terms are digests; it is looked up by what they are digests of."""

    def to_bytes(self, value: str | bytes) -> bytes:
        """The term of an address, as `document.url_key` writes it."""
        return value if isinstance(value, bytes) else url_digest(value).to_bytes(8, "big")


def schema() -> Any:
    """The `whoosh.fields.Schema` of the field table."""
    return whoosh.Schema(**{field.name: _field(field) for field in FIELDS})


def _field(field: Field) -> whoosh.FieldType:
    if field.kind is Kind.TEXT:
        return Ready(PackedPositions(), None, scorable=True)
    if field.name == "url":
        return Addresses(Existence(), None)
    if field.kind is Kind.KEYWORD:
        return Ready(Existence(), None, sortable=field.name == "id")
    return whoosh.NUMERIC(int, bits=64, shift_step=SHIFT_STEP, sortable=True)
