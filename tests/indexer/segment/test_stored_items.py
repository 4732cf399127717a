"""Stored items: smaller, and nothing lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.document import decode, document, encode
from indexer.item import Item
from indexer.segment.column_file import Columns
from indexer.segment.stored_items import StoredItems, compress, decompress, decompress_head
from tests.indexer.samples import items
from tests.search.samples import seed_items


@given(items().map(encode) | st.binary())
def test_what_was_compressed_comes_back(stored: bytes) -> None:
    assert decompress(compress(stored)) == stored


@given(items().map(encode) | st.binary())
def test_the_first_line_comes_back_alone(stored: bytes) -> None:
    assert decompress_head(compress(stored)) == stored.split(b"\n")[0]


def test_a_damaged_body_does_not_keep_the_item_from_being_read_without_it() -> None:
    stored = encode(replace(seed_items()[0], body="Words.", markdown="*Words.*"))
    damaged = compress(stored)[:-1]
    assert decode(decompress_head(damaged)) == decode(stored.split(b"\n")[0])
    with pytest.raises(ValueError, match="what is stored is damaged: it ends too soon"):
        decompress(damaged)


@pytest.mark.parametrize("bounds", [(-5, 4), (4, 2), (0, 99)])
def test_an_item_that_lies_outside_of_the_blob_is_damage(bounds: tuple[int, int]) -> None:
    columns = Columns(
        1, {"stored.offsets": np.array(bounds), "stored.blob": np.zeros(9, dtype=np.uint8)}
    )
    items = StoredItems(columns)
    for reading in (items.read, items.read_head):
        with pytest.raises(ValueError, match="what is stored is not where it should be"):
            reading(0)


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
