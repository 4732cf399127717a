"""The field table and its fingerprint."""

from dataclasses import replace

import pytest

from indexer import analysis, fields
from indexer.fields import FACETS, FIELDS, PARTS, Kind, fingerprint


def test_fingerprint_is_the_same_for_the_same_table() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 16


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (fields, "PARTS", (replace(PARTS[0], weight=3.0), *PARTS[1:])),
        (fields, "PARTS", PARTS[:-1]),
        (fields, "FIELDS", FIELDS[:-1]),
        (fields, "FIELDS", (replace(FIELDS[0], parts=("title",)), *FIELDS[1:])),
        (fields, "FIELDS", (*FIELDS[:-1], replace(FIELDS[-1], kind=Kind.KEYWORD))),
        (fields, "PART_GAP", 99),
        (fields, "DOCUMENT_VERSION", 0),
        (analysis, "VERSION", 0),
        (analysis, "STEMMER_RELEASE", "0.0"),
    ],
)
def test_fingerprint_changes_with_what_makes_an_index_unfit(
    module: object, name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint()
    monkeypatch.setattr(module, name, value)
    assert fingerprint() != before


def test_fields_are_made_of_parts_that_exist() -> None:
    parts = {part.name for part in PARTS}
    for field in FIELDS:
        assert set(field.parts) <= parts
        assert bool(field.parts) == (field.kind is Kind.TEXT)


def test_the_text_field_has_every_part() -> None:
    assert FIELDS[0].name == "text"
    assert FIELDS[0].parts == tuple(part.name for part in PARTS)


def test_facets_are_keyword_fields() -> None:
    kinds = {field.name: field.kind for field in FIELDS}
    assert {kinds[name] for name in FACETS.values()} == {Kind.KEYWORD}
