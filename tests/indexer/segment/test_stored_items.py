"""Stored items: smaller, and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import document, encode
from indexer.item import Item
from indexer.segment.stored_items import compress, decompress
from tests.indexer.samples import items
from tests.search.samples import seed_items


@given(items().map(encode) | st.binary())
def test_what_was_compressed_comes_back(stored: bytes) -> None:
    assert decompress(compress(stored)) == stored


def test_the_seeds_take_half_of_their_bytes() -> None:
    stored = [document(item).stored for item in seed_items()]
    assert sum(map(len, map(compress, stored))) < sum(map(len, stored)) / 2


@given(st.data())
def test_damage_is_an_error(data: st.DataObject) -> None:
    whole = compress(encode(seed_items()[0]))
    at, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    flipped = whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
    with pytest.raises(ValueError, match="what is stored is damaged"):
        decompress(whole[:at])
    try:
        found = decompress(flipped)
    except ValueError as error:
        found = str(error).encode()
    # A bit may only fill the last byte up.
    assert found == decompress(whole) or found.startswith(b"what is stored is damaged")


def test_an_empty_item_is_mostly_known() -> None:
    item: Item = seed_items()[0]
    assert len(compress(encode(item))) < len(encode(item)) / 2
