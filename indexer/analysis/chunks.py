"""Analyses a chunk of a text: a word, or several that signs link (`COVID-19`, `O'Reilly's`, `C++`).

A chunk consists of parts, at successive positions. As a whole it may have a joined form, written as
one word (`covid19`), and a symbol form, whose marks are its meaning (`c++`, `.net`). These, and the
other terms of its parts, are its overlays: they stand at the position of a part.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from indexer.analysis.english import NO_CONTRACTIONS
from indexer.analysis.folding import fold
from indexer.analysis.parts import CHAR, LETTER, MAX_TERM, PART, Form, Part, read_parts, words_of
from indexer.analysis.signs import plain

Token = tuple[str, int, int, int, bool]
"""A term, its position in the chunk, its start and end in the text, and whether it is an overlay.

A plain tuple takes a fifth of the time to make, and the garbage collector does not track it. With
tens of thousands of tracked objects remembered, the collector would now and then stop the process
for a third of a second."""

_LINK = r"(?:[-.'&]|(?<=\d),(?=\d))"
CHUNK = re.compile(
    rf"(?:(?<![\w.])\.(?={LETTER}))?{CHAR}+(?:(?:(?<=\.{LETTER})\.)?{_LINK}{CHAR}+)*"
    r"(?:(?:\+\+|[+#])(?!\w))?|(?<!\S)&(?!\S)"
)
"""A chunk of a text whose signs are plain."""

_POSSESSIVE = re.compile(r"(?<=\D)'[sS]$")
_SIGNED = re.compile(rf"({LETTER}{{1,3}})(\+\+|[+#])")


class Chunk(NamedTuple):
    """An analysed chunk. `parts`: what it consists of; `words`: the terms of these, at successive
    positions; `tokens`: all terms, the overlays last; `joined`: its joined forms; `symbol`: its
    symbol form, or ""."""

    raw: str
    parts: tuple[Part, ...]
    words: Form
    tokens: tuple[Token, ...]
    joined: tuple[str, ...]
    symbol: str


def chunks(text: str) -> list[tuple[int, Chunk]]:
    """The chunks of a text that hold a word, and where each begins."""
    found = [(match.start(), _chunk(match[0])) for match in CHUNK.finditer(plain(text))]
    return [(start, chunk) for start, chunk in found if chunk.parts]


def _chunk(raw: str) -> Chunk:
    raw = _POSSESSIVE.sub("", raw)
    parts = [part for match in PART.finditer(raw) for part in read_parts(match)]
    words: list[str] = []
    tokens: list[Token] = []
    overlays: list[Token] = []
    for part in parts:
        overlays += _overlays(part, len(words))
        for term, start, end in words_of(part):
            tokens.append((term, len(words), start, end, False))
            words.append(term)
    joined, symbol = _joined(raw, parts), _symbol(raw, words)
    overlays += [(term, 0, parts[0].start, parts[-1].end, True) for term in joined]
    if symbol:
        overlays.append((symbol, 0, 0, len(raw), True))
    return Chunk(raw, tuple(parts), tuple(words), (*tokens, *overlays), joined, symbol)


def _overlays(part: Part, at: int) -> list[Token]:
    """The other terms of a part at position `at`; of an unspaced script its single characters, each
    at the position of the bigram that begins with it, the last one at that of the last bigram."""
    if len(part.cells) > 1:
        last = at + len(part.cells) - 2
        return [
            (fold(cell), min(place, last), start, end, True)
            for place, (cell, start, end) in enumerate(part.cells, at)
        ]
    whole = [(term, part.start, part.end) for term in (part.variant, part.surface) if term]
    spans = dict.fromkeys([*whole, *part.humps])
    return [(term, at, start, end, True) for term, start, end in spans]


def _joined(raw: str, parts: list[Part]) -> tuple[str, ...]:
    """The chunk written as one word, as it stands and with the variants of its parts; nothing where
    the signs between its parts do not allow that, or digits would meet (5-4 is not 54), or it
    would be another word (we'll is not well)."""
    if len(parts) < 2 or "_" in raw:
        return ()
    words = [part.term for part in parts]
    if not all(map(str.isalnum, words)):
        return ()
    if any(part.cells for part in parts):
        return ()
    variants = [part.variant or part.term for part in parts]
    rows = [row for row in (words, variants) if not _digits_meet(row)]
    joined = dict.fromkeys("".join(row)[:MAX_TERM] for row in rows)
    return tuple(word for word in joined if "'" not in raw or word not in NO_CONTRACTIONS)


def _digits_meet(row: Sequence[str]) -> bool:
    return any(word[-1].isdigit() and after[0].isdigit() for word, after in pairwise(row))


def _symbol(raw: str, words: list[str]) -> str:
    """The symbol form, `""` if there is none: `c++`, `.net`."""
    if len(words) != 1 or (raw[-1].isalnum() and raw[0] != "."):
        return ""
    if match := _SIGNED.fullmatch(raw):
        return fold(match[1]) + match[2]
    return f".{words[0]}"[:MAX_TERM] if raw[0] == "." else ""
