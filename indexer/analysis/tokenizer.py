"""Cuts text into terms with offsets, for index, query and highlights alike, so that they agree.

A text consists of chunks, which `chunks` analyses: each has parts at successive positions, and
other terms at the positions of these, its overlays. `forms` tells how a typed word is searched for.

Every term is folded (case, accents, width, ligatures), except for a surface form. Whatever the
language of a text, its terms are the same; their stems are those of its language, see `languages`.
The index holds both, so that exact forms can rank first, and quotation marks and prefixes can ask
for exact forms alone. Scripts written without spaces give overlapping bigrams, as in Lucene's CJK
analysis, with single characters as overlays. No word is dropped.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from indexer.analysis import chunks, languages
from indexer.analysis.forms import TypedChunk, typed_chunks, typed_word
from indexer.analysis.parts import LONGEST_ACRONYM, MAX_TERM, Form

VERSION = 4
"""Raise it whenever the same text gives other terms. The schema fingerprint contains it."""

STEM_MARK = languages.STEM_MARK

REMEMBERED = 50_000
"""Words whose analysis is remembered, those that are not plain."""

REMEMBERED_STEMS = 8_192
"""Stems that are remembered: those of what is typed, and of the words that it finds. What was ever
typed must not fill the memory of a server."""

REMEMBERED_TYPED = 256
"""Typed texts whose analysis is remembered: a query asks for that of a word several times, and what
is suggested repeats the words of what was typed."""

SHORT = 16
"""Longer words are not remembered. They are rare, and in scripts without blanks a whole sentence is
a word, whose hundreds of tokens would fill the memory."""


_WORD = r"(?:[A-Za-z][a-z]*|[A-Z]+)"
_PLAIN = re.compile(
    r"[(<\[\"'\u2018\u201c]*"
    rf"(?:({_WORD}(?:-{_WORD})*)(?:['\u2019][sS])?|([0-9]+))"
    r"[)>\]\"'\u2019\u201d.,:;!?]*"
)
"""What most texts consist of: a word in small letters or in capitals, or several with hyphens
between them, or a number; with signs around it. It is analysed in a tenth of the time."""


class Token(NamedTuple):
    """A term of a text. `start`, `end`: offsets into the text; `position`: of the word, from 0.

    `overlay`: it shares the position of another term, see `chunks`.
    """

    term: str
    position: int
    start: int
    end: int
    overlay: bool


WordTokens = tuple[tuple[chunks.Token, ...], int]
"""The tokens of a text without blanks, and how many positions they take."""


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of a text in order of position; the overlays of a chunk follow its parts."""
    position = base = 0
    for raw in text.split():
        base = text.index(raw, base)
        tokens, width = analyze_chunk(raw)
        for term, at, start, end, overlay in tokens:
            yield Token(term, position + at, base + start, base + end, overlay)
        position += width
        base += len(raw)


def analyze_chunk(raw: str) -> WordTokens:
    """The tokens of a text without blanks, which no term spans. Of those that are no plain words
    most are remembered, because texts repeat them."""
    return _plain(raw) or (_remembered(raw) if len(raw) <= SHORT else _analyzed(raw))


def analyze(raw: str) -> WordTokens:
    """As `analyze_chunk`, for who remembers it otherwise."""
    return _plain(raw) or _analyzed(raw)


def _plain(raw: str) -> WordTokens | None:
    """The tokens of a text that is plain, and too short to have terms that are cut; else `None`."""
    if len(raw) > MAX_TERM:
        return None
    if raw.islower() and raw.isalpha() and raw.isascii():  # as most are
        return ((raw, 0, 0, len(raw), False),), 1
    match = _PLAIN.fullmatch(raw)
    if match is None:
        return None
    which = match.lastindex or 0
    text, (start, end) = match[which], match.span(which)
    if text.isupper() or "-" in text:
        return _of_words(text, start, end)
    return ((text.lower(), 0, start, end, False),), 1


def _of_words(text: str, start: int, end: int) -> WordTokens:
    """The tokens of plain words, as `chunks` has them: each has a surface form if it is an acronym,
    and several have a joined form."""
    tokens: list[chunks.Token] = []
    overlays: list[chunks.Token] = []
    words, at = text.split("-"), start
    for position, word in enumerate(words):
        term, stop = word.lower(), at + len(word)
        tokens.append((term, position, at, stop, False))
        if _is_acronym(word):
            overlays.append((".".join(term), position, at, stop, True))
        at = stop + 1
    if len(words) > 1:
        overlays.append((text.replace("-", "").lower(), 0, start, end, True))
    return (*tokens, *overlays), len(words)


def _is_acronym(word: str) -> bool:
    return 1 < len(word) <= LONGEST_ACRONYM and word.isupper()


def _analyzed(raw: str) -> WordTokens:
    tokens: list[chunks.Token] = []
    position = 0
    for base, chunk in chunks.chunks(raw):
        tokens += [
            (term, position + at, base + start, base + end, overlay)
            for term, at, start, end, overlay in chunk.tokens
        ]
        position += len(chunk.words)
    return tuple(tokens), position


_remembered = lru_cache(maxsize=REMEMBERED)(_analyzed)

stem = lru_cache(maxsize=REMEMBERED_STEMS)(languages.stem)
"""As `languages.stem`, remembered: a hit has the words of the query."""


def typed_stems(forms: tuple[str, ...], codes: tuple[str, ...]) -> tuple[str, ...]:
    """The distinct marked stems of a typed word in these languages, none for a number.

    `forms` are its surface form, if it has one, on whose accents endings depend, and the word
    folded. Where there are several languages, that comes last, for items in any other.
    """
    found = [stem(form, code) for form in forms for code in codes]
    distinct = tuple(dict.fromkeys(filter(None, found)))
    return (*distinct, forms[-1]) if distinct and len(codes) > 1 else distinct


def query_forms(text: str) -> tuple[Form, ...]:
    """The ways in which a typed word may stand in a text, each a sequence of exact forms; the first
    is the word as it is typed.

    `covid-19` gives `(covid19,)` and `(covid, 19)`; `C++` only `(c++,)`; several chunks (`and/or`)
    one sequence of all their words, and one with umlauts spelt out; a text without a word nothing.
    """
    found = _chunks(text)
    if len(found) == 1:
        return found[0].forms
    if not found:
        return ()
    words = tuple(word for chunk in found for word in chunk.words)
    spelt = tuple(word for chunk in found for word in chunk.spelt)
    return (words,) if spelt == words else (words, spelt)


def surface(text: str) -> str:
    """The surface form of a typed word, `""` if it has none. It stands only where the first of the
    word's forms does."""
    if text.isascii() and text.islower():
        return ""
    found = _chunks(text)
    return found[0].surface if len(found) == 1 else ""


def phrase(text: str) -> Form:
    """The exact forms of a text, one for each position, as the index holds them."""
    return tuple(word for chunk in _chunks(text) for word in chunk.words)


@lru_cache(maxsize=REMEMBERED_TYPED)
def _chunks(text: str) -> tuple[TypedChunk, ...]:
    """The chunks of a typed text that hold a word. The text is normalised first, as items are."""
    match = _PLAIN.fullmatch(text) if len(text) <= MAX_TERM else None
    if match and "-" not in (word := match[match.lastindex or 0]):
        term = word.lower()
        surface = ".".join(term) if _is_acronym(word) else ""
        return (typed_word(term, surface, is_lower=word.islower()),)
    return tuple(typed_chunks(unicodedata.normalize("NFC", text)))
