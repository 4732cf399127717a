"""Finds phrases in a text, in time linear in the text however much repeats in it.

The positions of a term are the set bits of one integer. Shift the integer of each term of a phrase
right by the term's index in the phrase and AND them all: the bits left are the positions at which
the phrase begins. That costs one machine instruction per term and 64 positions. It also allows
several terms at one position (`covid` and `covid19`), which the failure function of Knuth, Morris
and Pratt does not. Compare Baeza-Yates and Gonnet, "A New Approach to Text Searching" (1992), where
the bits are the indices of the pattern.
"""

from collections.abc import Collection, Iterable, Iterator

from search_app.search.highlighting.marking_cost import CostLimit

Span = tuple[int, int]
Phrase = tuple[str, ...]


def merged(spans: Collection[Span]) -> list[Span]:
    """The spans in order, as one where they overlap or touch."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


class Occurrences:
    """The positions of each term of a text, and the span of characters at each."""

    def __init__(self) -> None:
        self._spans: dict[str, dict[int, Span]] = {}
        self._bits: dict[str, int] = {}

    def add(self, term: str, position: int, start: int, end: int) -> None:
        """Add a term at a position; a term already there is extended to `end`."""
        spans = self._spans.setdefault(term, {})
        spans[position] = (spans.get(position, (start, end))[0], end)

    def phrases(self, phrases: Iterable[Phrase], limit: CostLimit) -> Iterator[Span]:
        """The spans in which the terms of a phrase are at successive positions, each from the
        start of the first to the end of the last. Stops when the limit is exceeded."""
        for phrase in phrases:
            begin = self._beginnings(phrase, limit)
            if begin:
                starts, ends, reach = self._spans[phrase[0]], self._spans[phrase[-1]], len(phrase)
                for position in _set_bits(begin):
                    limit.left -= 1
                    if limit.left < 0:
                        return
                    yield starts[position][0], ends[position + reach - 1][1]

    def _beginnings(self, phrase: Phrase, limit: CostLimit) -> int:
        """The positions at which a phrase begins, as bits."""
        found = -1
        for index, term in enumerate(phrase):
            limit.left -= 1
            if not found or limit.left < 0 or term not in self._spans:
                return 0
            if term not in self._bits:
                self._bits[term] = _bits(self._spans[term])
            found &= self._bits[term] >> index
        return found


def _bits(positions: Collection[int]) -> int:
    """An integer with these bits set."""
    octets = bytearray((max(positions) >> 3) + 1)
    for position in positions:
        octets[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(octets, "little")


def _set_bits(bits: int) -> Iterator[int]:
    """The indices of the bits that are set, ascending."""
    digits = bin(bits)[:1:-1]
    bit = digits.find("1")
    while bit >= 0:
        yield bit
        bit = digits.find("1", bit + 1)
