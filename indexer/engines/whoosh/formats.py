"""How positions are stored: the differences between them as variable-length integers.

Whoosh pickles a list for every posting; this takes a third of the bytes and, being data and not
a program, can be read without trusting it.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from whoosh.formats import Positions

from indexer.engines.whoosh.columns import Array

NOWHERE = b"\0"
"""The encoding of no positions: Whoosh drops empty values and would misread the block."""


class PackedPositions(Positions):  # type: ignore[misc]  # Whoosh ships no types
    """Differences, one added, in 7-bit groups, the least significant first, the high bit set on
    all but the last. No positions are one byte."""

    def encode(self, positions: Iterable[int]) -> bytes:
        """The bytes of ascending positions."""
        out, before = bytearray(), 0
        for position in positions:
            delta, before = position - before + 1, position
            while delta > 0x7F:
                out.append(delta & 0x7F | 0x80)
                delta >>= 7
            out.append(delta)
        return bytes(out) or NOWHERE

    def decode_positions(self, value: bytes) -> list[int]:
        """The positions that `encode` was given."""
        positions, position, delta, shift = [], 0, 0, 0
        for byte in value:
            delta |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                if delta:
                    position += delta - 1
                    positions.append(position)
                delta = shift = 0
        return positions

    def decode_frequency(self, value: bytes) -> int:
        """How many positions there are."""
        return len(self.decode_positions(value))


def packed(positions: Array, sizes: Array) -> list[bytes]:
    """What `PackedPositions.encode` makes of each of several rows of ascending positions, at once;
    `sizes`: how long each row is, at least 1."""
    begins = np.cumsum(sizes) - sizes
    deltas: Array = np.diff(positions.astype(np.int64), prepend=0)
    deltas[begins] = positions[begins]
    deltas += 1
    widths = np.ones(len(deltas), np.int64)
    for bits in range(7, 63, 7):
        widths += deltas >= 1 << bits
    ends = np.cumsum(widths)
    out = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    for group in range(int(widths.max(initial=0))):
        here = widths > group
        more = np.where(widths[here] > group + 1, 0x80, 0)
        out[(ends - widths)[here] + group] = deltas[here] >> 7 * group & 0x7F | more
    blob = out.tobytes()
    bounds = [0, *ends[begins + sizes - 1].tolist()]
    return [blob[begin:end] for begin, end in pairwise(bounds)]
