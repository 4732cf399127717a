"""Where phrases stand in a text: in time that grows with the text, whatever repeats in it.

The positions at which a term stands are the bits of one integer. Shift the integer of each term of
a phrase by the term's place in it, join them by AND, and the bits that are left are the positions
at which the phrase begins. That costs one step of the machine for 64 positions and a term, and lets
several terms stand at one position (`covid` and `covid19`), which the failure function of Knuth,
Morris and Pratt does not. Cf. Baeza-Yates and Gonnet, "A New Approach to Text Searching" (1992),
where the bits are the places of the pattern and the text is gone through.
"""

from collections.abc import Collection, Iterable, Iterator

from search_app.search.highlighting.marking_cost import CostLimit

Span = tuple[int, int]
Phrase = tuple[str, ...]


class Occurrences:
    """Of each term of a text, at which positions it stands, and on which characters."""

    def __init__(self) -> None:
        self._spans: dict[str, dict[int, Span]] = {}
        self._bits: dict[str, int] = {}

    def add(self, term: str, position: int, start: int, end: int) -> None:
        """A term stands there; where it already does, on the characters of both."""
        spans = self._spans.get(term)
        if spans is None:
            self._spans[term] = {position: (start, end)}
        elif position in spans:
            spans[position] = (spans[position][0], end)
        else:
            spans[position] = (start, end)

    def phrases(self, phrases: Iterable[Phrase], limit: CostLimit) -> Iterator[Span]:
        """Where the terms of a phrase stand at successive positions: from the start of the first
        to the end of the last. Stops where the limit is exceeded."""
        for phrase in phrases:
            begin = self._beginnings(phrase, limit)
            if begin:
                starts, ends, reach = self._spans[phrase[0]], self._spans[phrase[-1]], len(phrase)
                for position in _places(begin):
                    limit.left -= 1
                    if limit.left < 0:
                        return
                    yield starts[position][0], ends[position + reach - 1][1]

    def _beginnings(self, phrase: Phrase, limit: CostLimit) -> int:
        """The positions at which a phrase begins, as bits."""
        found = -1
        for place, term in enumerate(phrase):
            limit.left -= 1
            if not found or limit.left < 0 or term not in self._spans:
                return 0
            if term not in self._bits:
                self._bits[term] = _bits(self._spans[term])
            found &= self._bits[term] >> place
        return found


def _bits(positions: Collection[int]) -> int:
    """An integer with these bits set."""
    row = bytearray((max(positions) >> 3) + 1)
    for position in positions:
        row[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(row, "little")


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, ascending."""
    digits = bin(bits)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
