"""Cuts text into terms with offsets, for index, query and highlights alike, so that they agree.

A text consists of chunks (`COVID-19`, `O'Reilly's`, `C++`, `東京都`), a chunk of tokens:

    parts    the words in it, at successive positions              covid 19 · o reilly · 東京 京都
    joined   the chunk written as one word, at the first position  covid19 · oreilly
    symbol   a form whose marks are its meaning                    c++ · .net · u.s

Every token is folded (case, accents, width, ligatures). An English part also has a stem, which
`STEM_MARK` sets apart from exact forms. The index holds both, so that exact forms can rank first,
and quotation marks and prefixes can ask for exact forms alone. Scripts written without spaces give
overlapping bigrams, with single characters as overlays. No word is dropped.

Stemming is Snowball's English (Porter 2) algorithm, bigrams as in Lucene's CJK analysis.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import Stemmer

from indexer.analysis.folding import MARKS, UNSPACED, fold

VERSION = 1
"""Raise it whenever the same text gives other terms. The schema fingerprint contains it."""

STEMMER_RELEASE: str = Stemmer.version()
STEM_MARK = "~"
MAX_TERM = 64
"""Characters of a term at most. Longer ones are cut, in the index and in queries alike."""

REMEMBERED = 50_000
"""Words whose analysis is remembered: they make up nearly all of a text."""

SHORT = 16
"""Longer words are not remembered. They are rare, and in scripts without blanks a whole sentence is
a word, whose hundreds of tokens would fill the memory."""

STOP_WORDS = frozenset(
    """
    a about after all also an and any are as at be been but by can could did do for from had has
    have he her his how i if in into is it its just more my no not of on one or our out over she
    so some than that the their them then there these they this to up us was we were what when
    which who will with would you your
    """.split()
)
"""English words too common to tell items apart. They are indexed and searched like any other, but a
stop word alone makes no partial match and marks no related article."""


class Token(NamedTuple):
    """A term of a text. `start`, `end`: offsets into the text; `position`: of the word, from 0.

    `overlay`: true for joined and symbol forms and for single characters of unspaced scripts, which
    share the position of a part.
    """

    term: str
    position: int
    start: int
    end: int
    overlay: bool


_CHAR = rf"[\w{MARKS}]"
_LINK = "-\u2010\u2011.'\u2019&,"
_CHUNK = re.compile(
    rf"(?:(?<![\w.])\.(?=[^\W\d_]))?{_CHAR}+(?:[{_LINK}]{_CHAR}+)*(?:(?:\+\+|[+#])(?!\w))?"
)
_PART = re.compile(
    rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\w)|\d+(?:\.\d+)+(?!\w)"
    rf"|(?P<unspaced>[{UNSPACED}]+)|(?:(?![{UNSPACED}_]){_CHAR})+"
)
_VOICING = re.compile("[\u3099\u309a\uff9e\uff9f]")
_CELL = re.compile(f"(?s:.){_VOICING.pattern}?")  # a character, and its voicing mark apart
_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_SIGNED = re.compile(r"([^\W\d_]{1,3})(\+\+|[+#])")
_POSSESSIVE = re.compile(r"['\u2019\u02bc][sS]$")
_STEMMABLE = re.compile(r"[a-z]{3,}")


Plain = tuple[str, int, int, int, bool]
"""A `Token` as a plain tuple, which takes a fifth of the time to make. The garbage collector does
not track it. With tens of thousands of tracked objects remembered, the collector would now and then
stop the process for a third of a second."""


class Chunk(NamedTuple):
    """An analysed chunk. `forms`: the ways to search for it, each a sequence of exact forms;
    `width`: how many positions it takes."""

    tokens: tuple[Plain, ...]
    forms: tuple[tuple[str, ...], ...]
    width: int


WordTokens = tuple[tuple[Plain, ...], int]
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
    """The tokens of a text without blanks, which no term spans. Because texts repeat their words,
    most of them are remembered, not analysed again."""
    return _remembered(raw) if len(raw) <= SHORT else _analyze(raw)


def _analyze(raw: str) -> WordTokens:
    tokens: list[Plain] = []
    position = 0
    for match in _CHUNK.finditer(raw):
        base, chunk = match.start(), _chunk(match.group())
        tokens += [
            (term, position + at, base + start, base + end, overlay)
            for term, at, start, end, overlay in chunk.tokens
        ]
        position += chunk.width
    return tuple(tokens), position


_remembered = lru_cache(maxsize=REMEMBERED)(_analyze)


def stem_typed(term: str) -> str:
    """The marked stem of an exact form, `""` if it has none (numbers, other scripts).

    It is not remembered, because whatever people type would displace the words of texts.
    """
    if not _STEMMABLE.fullmatch(term):
        return ""
    with _STEMMER_LOCK:
        return STEM_MARK + str(_STEMMER.stemWord(term))


stem = lru_cache(maxsize=REMEMBERED)(stem_typed)
"""As `stem_typed`, for the words of texts, which are remembered because they repeat."""


def query_forms(text: str) -> tuple[tuple[str, ...], ...]:
    """The ways in which a typed word may stand in a text, each a sequence of exact forms.

    `covid-19` gives `(covid19,)` and `(covid, 19)`; `C++` only `(c++,)`; several chunks (`and/or`)
    one sequence of all their parts; a text without a word nothing.
    """
    if _is_plain(text):
        return ((text,),)
    chunks = _chunks(text)
    if len(chunks) == 1:
        return chunks[0].forms
    return (words,) if (words := phrase(text)) else ()


def phrase(text: str) -> tuple[str, ...]:
    """The exact forms of a text, one for each position, as the index holds them."""
    if all(map(_is_plain, text.split(" "))):
        return tuple(text.split(" "))
    forms: list[str] = []
    for chunk in _chunks(text):
        if chunk.width == 1:
            forms += chunk.forms[0]  # `c++` where it was typed so, not `c`
        else:
            forms += [term for term, *_, overlay in chunk.tokens if not overlay]
    return tuple(forms)


def _is_plain(text: str) -> bool:
    """Whether a text is certainly a single term, unchanged, so that it need not be analysed."""
    return text.isascii() and text.isalnum() and text.islower() and len(text) <= MAX_TERM


_STEMMER = Stemmer.Stemmer("english", 0)  # its own cache is not safe to share; ours is
_STEMMER_LOCK = threading.Lock()


def _chunks(text: str) -> list[Chunk]:
    """The chunks of a typed text that hold a word. The text is normalised first, as items are."""
    matches = _CHUNK.finditer(unicodedata.normalize("NFC", text))
    return [chunk for match in matches if (chunk := _chunk(match.group())).tokens]


def _chunk(raw: str) -> Chunk:
    raw = _POSSESSIVE.sub("", raw)
    parts, overlays = _words(raw)
    if not parts:
        return Chunk((), (), 0)
    words = tuple([part[0] for part in parts])
    symbol = _symbol(raw, words)
    joined = _joined(raw, words)
    if joined:
        (_, _, start, _, _), (_, _, _, end, _) = parts[0], parts[-1]
        overlays.append((joined, 0, start, end, True))
    if symbol:
        overlays.append((symbol, 0, 0, len(raw), True))
    return Chunk((*parts, *overlays), _searches(raw, words, joined, symbol), len(parts))


def _words(raw: str) -> tuple[list[Plain], list[Plain]]:
    """The words of a chunk, at successive positions; and the single characters of unspaced words,
    as overlays, so that one character can be searched for.

    An unspaced word of several characters is given as bigrams. A single character has the position
    of the bigram that begins with it, the last one that of the last bigram.
    """
    if _DOTTED.fullmatch(raw):
        term = fold(raw).replace(".", "")[:MAX_TERM]
        return [(term, 0, 0, len(raw), False)], []
    words: list[Plain] = []
    singles: list[Plain] = []
    for match in _PART.finditer(raw):
        if match.lastgroup and len(cells := _cells(match)) > 1:
            first, last = len(words), len(words) + len(cells) - 2
            for position, (start, end) in enumerate(cells, first):
                singles.append((fold(raw[start:end]), min(position, last), start, end, True))
            for position, ((start, _), (_, end)) in enumerate(pairwise(cells), first):
                words.append((fold(raw[start:end]), position, start, end, False))
        elif term := fold(match.group())[:MAX_TERM]:
            if term[0].isdigit():
                term = term.replace(",", "")
            words.append((term, len(words), *match.span(), False))
    return words, singles


def _cells(match: re.Match[str]) -> list[tuple[int, int]]:
    """The spans of the characters of a match."""
    if _VOICING.search(match.group()):
        return [cell.span() for cell in _CELL.finditer(match.string, *match.span())]
    return [(at, at + 1) for at in range(*match.span())]


def _symbol(raw: str, words: tuple[str, ...]) -> str:
    """The symbol form, `""` if there is none: `c++`, `.net`; `u.s` for an acronym in capitals or
    with dots that folds to a stop word."""
    if match := _SIGNED.fullmatch(raw):
        return fold(match.group(1)) + match.group(2)
    if raw[0] == ".":
        return f".{words[0]}"[:MAX_TERM] if len(words) == 1 else ""
    if len(words) > 1 or len(words[0]) < 2 or words[0] not in STOP_WORDS:
        return ""
    capital = raw.isupper() and len(raw) == len(words[0])
    return ".".join(words[0]) if capital or _DOTTED.fullmatch(raw) else ""


def _joined(raw: str, words: tuple[str, ...]) -> str:
    """The chunk written as one word, `""` if the marks between its parts do not allow that."""
    if len(words) < 2 or "_" in raw or "," in raw or not all(w.isalnum() for w in words):
        return ""
    return "" if re.search(f"[{UNSPACED}]", raw) else "".join(words)[:MAX_TERM]


def _searches(
    raw: str, words: tuple[str, ...], joined: str, symbol: str
) -> tuple[tuple[str, ...], ...]:
    """See `Chunk.forms`."""
    if symbol and not raw.isalpha():
        return ((symbol,),)  # typed with its marks, it can mean nothing else
    if joined and "&" in raw:
        return ((joined,),)  # single letters, as its parts are, follow each other too often
    return ((joined,), words) if joined else (words,)
