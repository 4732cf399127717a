"""Packed positions: what goes in comes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh.formats import PackedPositions

FORMAT = PackedPositions()


@given(st.lists(st.integers(0, 1 << 40)).map(sorted))
def test_positions_come_back(positions: list[int]) -> None:
    value = FORMAT.encode(positions)
    assert FORMAT.decode_positions(value) == positions
    assert FORMAT.decode_frequency(value) == len(positions)
    assert value


@pytest.mark.parametrize(
    ("positions", "value"),
    [([], "00"), ([0], "01"), ([126], "7f"), ([127], "8001"), ([5, 5, 6], "060102")],
)
def test_positions_are_differences_in_seven_bits_each(positions: list[int], value: str) -> None:
    assert FORMAT.encode(positions).hex() == value
