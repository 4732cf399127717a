"""Text to terms with offsets: the same for index, query and highlight, so that they always agree.

A text is cut into chunks (`COVID-19`, `O'Reilly's`, `C++`, `東京都`), a chunk into pieces:

    parts    the words in it, at successive positions              covid 19 · o reilly · 東京 京都
    joined   the chunk written as one word, at the first position  covid19 · oreilly
    symbol   a form whose marks are its meaning                    c++ · .net · u.s

Every piece is folded (case, accents, width, ligatures). An English part also has a stem, kept
apart from the exact forms by `STEM_MARK`: the index holds both, so exact forms can be preferred,
and quotation marks and prefixes can ask for them alone. Scripts written without spaces give
overlapping bigrams, and single characters beside them. No word is dropped.

Stemming is Snowball's English (Porter 2) algorithm, bigrams as in Lucene's CJK analysis.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

VERSION = 1
"""Raise it whenever the same text gives other terms: the schema fingerprint contains it."""

STEM_MARK = "~"
MAX_TERM = 64
"""Characters of a term; what is longer is cut, in the index and in the query alike."""

COMMON_WORDS = frozenset(
    """
    a about after all also an and any are as at be been but by can could did do for from had has
    have he her his how i if in into is it its just more my no not of on one or our out over she
    so some than that the their them then there these they this to up us was we were what when
    which who will with would you your
    """.split()
)
"""English words too common to tell items apart. Indexed and searched like any other; they only
never count as the one word that makes a partial match, or marks a related article."""


class Piece(NamedTuple):
    """A term of a text. `start`, `end`: offsets into it; `position`: which word it is, from 0.

    `extra` is true for joined and symbol forms and for single characters of unspaced scripts,
    which stand beside the parts at the same position.
    """

    term: str
    position: int
    start: int
    end: int
    extra: bool


# Scripts written without spaces: kana, Han, Hangul, Thai, Lao, Myanmar, Khmer.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003134f"
)
# Combining marks and invisible joiners belong to the word they stand in; `\w` does not have them.
_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03"
    "\u0a3c-\u0a51\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd"
    "\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0dca-\u0ddf"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200d\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
)
_CHAR = rf"[\w{_MARKS}]"
_LINK = "-\u2010\u2011.'\u2019\u02bc&,"
_CHUNK = re.compile(
    rf"(?:(?<![\w.])\.(?=[^\W\d_]))?{_CHAR}+(?:[{_LINK}]{_CHAR}+)*(?:(?:\+\+|[+#])(?!\w))?"
)
_PART = re.compile(
    rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\w)|\d+(?:\.\d+)+(?!\w)"
    rf"|(?P<unspaced>[{_UNSPACED}]+)|(?:(?![{_UNSPACED}_]){_CHAR})+"
)
_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_SIGNED = re.compile(r"([^\W\d_]{1,3})(\+\+|[+#])")
_POSSESSIVE = re.compile(r"['\u2019\u02bc][sS]$")
_STEMMABLE = re.compile(r"[a-z]{3,}")

_STRIPPED = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06ed\u200b-\u200d\ufe00-\ufe0f]"
)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h"}
    | {"\u0131": "i"}
)


def fold(text: str) -> str:
    """The form in which words are compared: no case, accents, width, ligatures or vowel points."""
    if text.isascii():
        return text.lower()
    plain = _STRIPPED.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
    return unicodedata.normalize("NFC", plain.translate(_LETTERS))


class Chunk(NamedTuple):
    """A chunk analysed. `runs`: the ways to search for it, each a run of exact forms in a row."""

    pieces: tuple[Piece, ...]
    runs: tuple[tuple[str, ...], ...]
    width: int


def pieces(text: str) -> Iterator[Piece]:
    """The terms of a text in order of position; the extras of a chunk follow its parts."""
    position = 0
    for match in _CHUNK.finditer(text):
        base = match.start()
        chunk = _chunk(match.group())
        for term, at, start, end, extra in chunk.pieces:
            yield Piece(term, position + at, base + start, base + end, extra)
        position += chunk.width


@lru_cache(maxsize=200_000)
def stem(term: str) -> str:
    """The marked stem of an exact form, or `""` for one that has none (numbers, other scripts)."""
    if not _STEMMABLE.fullmatch(term):
        return ""
    with _STEMMER_LOCK:
        return STEM_MARK + str(_STEMMER.stemWord(term))


def runs(text: str) -> tuple[tuple[str, ...], ...]:
    """The ways a typed word may stand in a text: each a run of exact forms in a row.

    `covid-19` gives `(covid19,)` and `(covid, 19)`, `C++` only `(c++,)`, several chunks
    (`and/or`) one run of all their parts, and a text without a word in it nothing.
    """
    chunks = [chunk for match in _CHUNK.finditer(text) if (chunk := _chunk(match.group())).pieces]
    if len(chunks) == 1:
        return chunks[0].runs
    return (run,) if (run := phrase(text)) else ()


def phrase(text: str) -> tuple[str, ...]:
    """The exact forms of a text in a row: what it looks like in the index, word by word."""
    found: list[str] = []
    for match in _CHUNK.finditer(text):
        chunk = _chunk(match.group())
        if chunk.width == 1:
            found += chunk.runs[0]  # `c++` where it was typed so, not `c`
        else:
            found += [piece.term for piece in chunk.pieces if not piece.extra]
    return tuple(found)


_STEMMER = Stemmer.Stemmer("english", 0)  # its own cache is not safe to share; ours is
_STEMMER_LOCK = threading.Lock()


@lru_cache(maxsize=200_000)
def _chunk(raw: str) -> Chunk:
    parts, width = _parts(_POSSESSIVE.sub("", raw))
    if not parts:
        return Chunk((), (), 0)
    words = tuple(part.term for part in parts)
    extras = [*_singles(raw, parts)]
    symbol = _symbol(raw, words)
    joined = _joined(raw, words)
    if joined:
        extras.append(Piece(joined, 0, parts[0].start, parts[-1].end, True))
    if symbol:
        extras.append(Piece(symbol, 0, 0, len(raw), True))
    return Chunk((*parts, *extras), _searches(raw, words, joined, symbol), width)


def _parts(raw: str) -> tuple[list[Piece], int]:
    """The words of a chunk, and how many positions they take."""
    if _DOTTED.fullmatch(raw):
        return [Piece(fold(raw).replace(".", ""), 0, 0, len(raw), False)], 1
    found: list[Piece] = []
    position = 0
    for match in _PART.finditer(raw):
        start, end = match.span()
        if match.group("unspaced") and end - start > 1:
            for at in range(start, end - 1):
                found.append(Piece(fold(raw[at : at + 2]), position, at, at + 2, False))
                position += 1
        elif term := fold(match.group())[:MAX_TERM]:
            if term[0].isdigit():
                term = term.replace(",", "")
            found.append(Piece(term, position, start, end, False))
        position += 1
    return found, position


def _singles(raw: str, parts: list[Piece]) -> Iterator[Piece]:
    """The single characters of unspaced runs, so that one character can be searched for."""
    first: dict[int, int] = {part.start: part.position for part in parts}
    for match in _PART.finditer(raw):
        start, end = match.span()
        if match.group("unspaced") and end - start > 1:
            for at in range(start, end):
                if term := fold(raw[at]):
                    yield Piece(term, first[start] + at - start, at, at + 1, True)


def _symbol(raw: str, words: tuple[str, ...]) -> str:
    """`c++`, `.net`; and `u.s`, for a dotted or capital acronym that folds to a common word."""
    if match := _SIGNED.fullmatch(raw):
        return fold(match.group(1)) + match.group(2)
    if raw[0] == ".":
        return f".{words[0]}" if len(words) == 1 else ""
    if len(words) > 1 or len(words[0]) < 2 or words[0] not in COMMON_WORDS:
        return ""
    capital = raw.isupper() and len(raw) == len(words[0])
    return ".".join(words[0]) if capital or _DOTTED.fullmatch(raw) else ""


def _joined(raw: str, words: tuple[str, ...]) -> str:
    """The chunk written as one word, where its parts are linked by marks that allow it."""
    if len(words) < 2 or "_" in raw or "," in raw or not all(w.isalnum() for w in words):
        return ""
    return "" if re.search(f"[{_UNSPACED}]", raw) else "".join(words)[:MAX_TERM]


def _searches(
    raw: str, words: tuple[str, ...], joined: str, symbol: str
) -> tuple[tuple[str, ...], ...]:
    if symbol and not raw.isalpha():
        return ((symbol,),)  # typed with its marks, it means nothing else
    if joined and "&" in raw:
        return ((joined,),)  # its parts are single letters, which stand in a row too easily
    return ((joined,), words) if joined else (words,)
