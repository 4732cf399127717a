"""The field table and its fingerprint."""

from dataclasses import replace

import pytest

from indexer.analysis import english, tokenizer
from indexer.schema import (
    DOCUMENT_VERSION,
    FACETS,
    FIELDS,
    TABLE,
    ZONE_GAP,
    ZONES,
    Kind,
    fingerprint,
)


def test_fingerprint_is_the_same_for_the_same_table() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 16


@pytest.mark.parametrize(
    ("group", "place", "value"),
    [
        (0, 0, (replace(ZONES[0], weight=3.0), *ZONES[1:])),
        (0, 0, ZONES[:-1]),
        (0, 1, FIELDS[:-1]),
        (0, 1, (replace(FIELDS[0], zones=("title",)), *FIELDS[1:])),
        (0, 1, (*FIELDS[:-1], replace(FIELDS[-1], kind=Kind.KEYWORD))),
        (0, 2, ZONE_GAP - 1),
        (0, 0, (replace(ZONES[0], b=0.5), *ZONES[1:])),
        *((1, place, 0) for place in range(3)),
    ],
)
def test_fingerprint_changes_with_what_makes_an_index_unfit(
    group: int, place: int, value: object
) -> None:
    table: list[list[object]] = [list(one) for one in TABLE]
    assert fingerprint(table) == fingerprint()
    table[group][place] = value
    assert fingerprint(table) != fingerprint()


def test_fingerprint_knows_how_terms_are_made() -> None:
    assert {tokenizer.VERSION, english.STEMMER_RELEASE, DOCUMENT_VERSION} == set(TABLE[1])


def test_fields_are_made_of_zones_that_exist() -> None:
    zones = {zone.name for zone in ZONES}
    for field in FIELDS:
        assert set(field.zones) <= zones
        assert bool(field.zones) == (field.kind is Kind.TEXT)


def test_the_text_field_has_every_zone() -> None:
    assert FIELDS[0].name == "text"
    assert FIELDS[0].zones == tuple(zone.name for zone in ZONES)


def test_facets_are_keyword_fields() -> None:
    kinds = {field.name: field.kind for field in FIELDS}
    assert {kinds[name] for name in FACETS.values()} == {Kind.KEYWORD}
