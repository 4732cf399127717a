"""The parts of a chunk: its words, and what else each may be called.

Each part has a term, its folded text, and may have others, which stand at the same position:

    variant    the word spelt out or in the singular       Lüttich: luettich · MPs: mp · 1980s: 1980
    surface    the form as written, where it tells more    WHO: w.h.o · U.S.: u.s · Bücher: bücher
    pieces     the words that a name is made of            YouTube: you, tube

The surface form is what makes a text written just as a query was typed come first: an acronym in
capitals (`WHO`, not `who`), a word with its accents (`Bücher`, not `Bucher`).
"""

import re
from itertools import pairwise
from typing import NamedTuple

from indexer.analysis.folding import MARKS, UNSPACED, fold

MAX_TERM = 64
"""Characters of a term at most. Longer ones are cut, in the index and in queries alike."""

LONGEST_ACRONYM = 6
"""Letters of an acronym at most."""

Form = tuple[str, ...]
"""Terms at successive positions: a way in which a typed word may stand in a text."""

Span = tuple[str, int, int]
"""A term, its start and end in the chunk."""

CHAR = rf"[\w{MARKS}]"
LETTER = r"[^\W\d_]"
AND = re.compile(r"&(?:(?<!\S&)(?!\S)|(?<=\w{3}&)(?=\w{3}))")
"""An ampersand that is read as the word `and`: alone, or between two words (not in `AT&T`). The
expression begins with it, so that nothing else of a text is looked at."""

PART = re.compile(
    rf"(?P<plural>\d+'?[sS](?!\w))"
    rf"|(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?![\d_])|\d+(?:\.\d+)+(?![\d_]))"
    rf"|(?P<dotted>(?<!\w){LETTER}(?:\.{LETTER})+(?!\w))"
    rf"|(?P<unspaced>[{UNSPACED}]+)"
    rf"|(?P<versioned>[^\W\d_{UNSPACED}]+(?=\d+(?:\.\d+)+(?!\w)))"
    rf"|(?P<sign>{AND.pattern})"
    rf"|(?P<word>(?:(?![{UNSPACED}_]){CHAR})+)"
)
_ACRONYM = re.compile(rf"{LETTER}{{2,{LONGEST_ACRONYM}}}")
_PLURAL_ACRONYM = re.compile(r"([A-Z][A-Za-z]{0,4}[A-Z])s")
_PLURAL_CODE = re.compile(r"(\w*\d)s")
_ACCENTED = re.compile(
    "[\u00c0-\u024f\u0386-\u03ce\u0401\u0403\u0407\u040c\u040e\u0419\u0439\u0451\u0453\u0457"
    "\u045c\u045e\u0622-\u0626\u0629\u0649\u06a9\u06cc\u0901\u0929\u0931\u0958-\u095f\u1e00-\u1fff]"
)
"""Letters that folding changes, other than from capitals to small ones: with accents, and those of
Cyrillic, Arabic and Devanagari that take another shape."""

SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "đ": "dj"}
    | {"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe", "Đ": "Dj"}
)
_RUN = re.compile(r"[A-Za-z]+|[0-9]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAME_PREFIX = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|St|Al|El|.)")
_ORDINAL = re.compile(r"[0-9]+(?:st|nd|rd|th|s)", re.IGNORECASE)
_MAX_PIECES = 8
LONG_MARK = re.compile(
    "(?<=[\u30a1-\u30fa\u30fc\uff66-\uff9f]{3})[\u30fc\uff70](?![\u30a1-\u30fc\uff66-\uff9f])"
)
"""The long mark at the end of a word in katakana, which is written or left out."""

_VOICING = re.compile("[\u3099\u309a\uff9e\uff9f]")
_CELL = re.compile(f"(?s:.){_VOICING.pattern}?")  # a character, and its voicing mark apart


class Part(NamedTuple):
    """A part of a chunk: see above; `""` and `()` are what it does not have.

    `cells`: the characters of a text in an unspaced script; `humps`: the words of a name in camel
    case.
    """

    term: str
    start: int
    end: int
    variant: str = ""
    surface: str = ""
    cells: tuple[Span, ...] = ()
    humps: tuple[Span, ...] = ()
    is_dotted: bool = False
    is_plural: bool = False


def words_of(part: Part) -> list[Span]:
    """The terms of a part, at successive positions: one, or the bigrams of an unspaced script."""
    if len(part.cells) < 2:
        return [(part.term, part.start, part.end)]
    terms = bigrams([cell for cell, _, _ in part.cells])
    return [
        (term, start, end)
        for term, ((_, start, _), (_, _, end)) in zip(terms, pairwise(part.cells), strict=True)
    ]


def read_parts(match: re.Match[str]) -> list[Part]:
    """The parts that a match of `PART` is: one, or none if it holds nothing but marks, or several
    where letters and digits meet."""
    kind, text, (start, end) = match.lastgroup, match[0], match.span()
    if not (term := fold(text)[:MAX_TERM]):
        return []
    match kind:
        case "plural":
            number = text[:-1].rstrip("'")[: MAX_TERM - 1]
            return [Part(f"{number}s", start, end, number, is_plural=True)]
        case "number":
            return [Part(term.replace(",", ""), start, end)]
        case "dotted":
            return [_dotted(text, start, end)]
        case "unspaced":
            return [Part(term, start, end, cells=_cells(match))]
        case "sign":
            return [Part("and", start, end)]
    return [_word(text[at:to], start + at, start + to) for at, to in _runs(text)]


def _runs(text: str) -> list[tuple[int, int]]:
    """Where a word is cut so that `GPT4` is read as `GPT-4`. A name such as `F16`, whose pieces
    mean nothing apart, stays whole, as do `20th` and the plural `GPT4s`."""
    whole = [(0, len(text))]
    if text.isalpha() or not text.isascii() or text.isdigit():
        return whole
    if _ORDINAL.fullmatch(text) or _PLURAL_CODE.fullmatch(text):
        return whole
    runs = [match.span() for match in _RUN.finditer(text)]
    is_one = len(runs) > _MAX_PIECES or any(to - at == 1 and text[at].isalpha() for at, to in runs)
    return whole if is_one or not runs else runs


def _dotted(text: str, start: int, end: int) -> Part:
    """An acronym with dots; `M.P.s` is a plural."""
    letters = fold(text).split(".")
    term = "".join(letters)[:MAX_TERM]
    is_plural = len(letters) > 2 and text[-1] == "s" and text[:-1].isupper()
    if is_plural:
        letters.pop()
    variant = term[:-1] if is_plural else ""
    surface = ".".join(letters)[:MAX_TERM]
    return Part(term, start, end, variant, surface, is_dotted=True, is_plural=is_plural)


def _word(text: str, start: int, end: int) -> Part:
    term = fold(text)[:MAX_TERM]
    plural = _PLURAL_ACRONYM.fullmatch(text) or _PLURAL_CODE.fullmatch(text)
    if plural:
        base = fold(plural[1])[:MAX_TERM]
        surface = ".".join(base) if _is_acronym(plural[1], base) else ""
        return Part(term, start, end, base, surface, is_plural=True)
    if not text.isascii():
        spelt = fold(text.translate(SPELT_OUT))[:MAX_TERM]
        surface = ".".join(term) if _is_acronym(text, term) else _accented(text)
        return Part(term, start, end, spelt if spelt != term else "", surface)
    surface = ".".join(term) if _is_acronym(text, term) else ""
    return Part(term, start, end, "", surface, humps=_humps(text, start))


def _is_acronym(text: str, term: str) -> bool:
    """Whether a word is written in capitals and short enough to be an acronym."""
    return text.isupper() and len(text) == len(term) and bool(_ACRONYM.fullmatch(text))


def _accented(text: str) -> str:
    """The word in lower case with its accents, `""` if it has none."""
    return text.lower()[:MAX_TERM] if _ACCENTED.search(text) else ""


def _humps(text: str, start: int) -> tuple[Span, ...]:
    """The words of a name in camel case, which begins at `start`; a short one that begins a name
    goes with the next (`McDonald`, `iPhone`)."""
    edges = [0, *(match.start() for match in _HUMP.finditer(text)), len(text)]
    spans: list[tuple[int, int]] = []
    for at, stop in pairwise(edges):
        if spans and (stop - at == 1 or _NAME_PREFIX.fullmatch(text, *spans[-1])):
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((at, stop))
    if not 1 < len(spans) <= _MAX_PIECES:
        return ()
    return tuple((text[at:to].lower()[:MAX_TERM], start + at, start + to) for at, to in spans)


def _cells(match: re.Match[str]) -> tuple[Span, ...]:
    """The characters of a text in an unspaced script, each with its span; a long mark that may be
    left out belongs to the span of the one before it."""
    begin, cells = match.start(), list[Span]()
    long_marks = {mark.start() for mark in LONG_MARK.finditer(match[0])}
    for cell in _CELL.finditer(match[0]):
        if cell.start() in long_marks:
            before, start, _ = cells.pop()
            cells.append((before, start, begin + cell.end()))
        else:
            cells.append((cell[0], begin + cell.start(), begin + cell.end()))
    return tuple(cells)


def bigrams(cells: list[str]) -> Form:
    """The overlapping pairs of characters, or the only character."""
    if len(cells) == 1:
        return (fold(cells[0]),)
    return tuple(fold(first + second) for first, second in pairwise(cells))
