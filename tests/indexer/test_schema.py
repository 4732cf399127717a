"""The field table and its fingerprint."""

from dataclasses import replace
from typing import Any

import pytest

from indexer.analysis import tokenizer
from indexer.schema import (
    DOCUMENT_VERSION,
    FACETS,
    FIELDS,
    VERSIONS,
    ZONE_GAP,
    ZONES,
    Kind,
    fingerprint,
)


def test_fingerprint_is_the_same_for_the_same_table() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 16


@pytest.mark.parametrize(
    "changed",
    [
        {"zones": (replace(ZONES[0], weight=3.0), *ZONES[1:])},
        {"zones": ZONES[:-1]},
        {"fields": FIELDS[:-1]},
        {"fields": (replace(FIELDS[0], zones=("title",)), *FIELDS[1:])},
        {"fields": (*FIELDS[:-1], replace(FIELDS[-1], kind=Kind.KEYWORD))},
        {"zone_gap": ZONE_GAP - 1},
        *({"versions": (*VERSIONS[:n], 0, *VERSIONS[n + 1 :])} for n in range(len(VERSIONS))),
    ],
)
def test_fingerprint_changes_with_what_makes_an_index_unfit(changed: dict[str, Any]) -> None:
    assert fingerprint(**changed) != fingerprint()


def test_fingerprint_knows_how_terms_are_made() -> None:
    assert {tokenizer.VERSION, tokenizer.STEMMER_RELEASE, DOCUMENT_VERSION} == set(VERSIONS)


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
