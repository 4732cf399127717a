"""How positions are stored: the differences between them as variable-length integers.

Whoosh pickles a list for every posting; this takes a third of the bytes and, being data and not
a program, can be read without trusting it.
"""

from collections.abc import Iterable

from whoosh.formats import Positions


class PackedPositions(Positions):  # type: ignore[misc]  # Whoosh ships no types
    """Positions in 7-bit groups, the least significant first, the high bit set on all but the
    last. No positions are one byte: Whoosh drops empty values and would misread the block."""

    def encode(self, positions: Iterable[int]) -> bytes:
        """The bytes of ascending positions."""
        out, before = bytearray(), 0
        for position in positions:
            delta, before = position - before + 1, position
            while delta > 0x7F:
                out.append(delta & 0x7F | 0x80)
                delta >>= 7
            out.append(delta)
        return bytes(out) or b"\0"

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
