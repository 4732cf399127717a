"""Analyses a chunk of a text: a word, or several that signs link (`COVID-19`, `O'Reilly's`, `C++`).

A chunk consists of parts. Each has a term, its folded text, and may have others, which stand at the
same position (overlays):

    variant    the word spelt out or in the singular       Lüttich: luettich · MPs: mp · 1980s: 1980
    surface    the form as written, where it tells more    WHO: w.h.o · U.S.: u.s · Bücher: bücher
    pieces     the words that a name is made of            YouTube: you, tube · GPT4: gpt, 4

The chunk as a whole may have a joined form, written as one word (`covid19`), and a symbol form,
whose marks are its meaning (`c++`, `.net`).

The surface form is what makes a text written just as a query was typed come first: an acronym in
capitals (`WHO`, not `who`), a word with its accents (`Bücher`, not `Bucher`).
"""

import re
from itertools import pairwise
from typing import NamedTuple

from indexer.analysis.english import STOP_WORDS
from indexer.analysis.folding import MARKS, UNSPACED, fold
from indexer.analysis.signs import plain

MAX_TERM = 64
"""Characters of a term at most. Longer ones are cut, in the index and in queries alike."""

Token = tuple[str, int, int, int, bool]
"""A term, its position in the chunk, its start and end in the text, and whether it is an overlay.

A plain tuple takes a fifth of the time to make, and the garbage collector does not track it. With
tens of thousands of tracked objects remembered, the collector would now and then stop the process
for a third of a second."""

Form = tuple[str, ...]
"""Terms at successive positions: a way in which a typed word may stand in a text."""

_CHAR = rf"[\w{MARKS}]"
_LETTER = r"[^\W\d_]"
_LINK = "-.'&,"
AND = re.compile(r"(?<!\S)&(?!\S)|(?<=\w{3})&(?=\w{3})")
"""An ampersand that is read as the word `and`: alone, or between two words (not in `AT&T`)."""

CHUNK = re.compile(
    rf"(?:(?<![\w.])\.(?={_LETTER}))?{_CHAR}+(?:(?:(?<=\.{_LETTER})\.)?[{_LINK}]{_CHAR}+)*"
    r"(?:(?:\+\+|[+#])(?!\w))?|(?<!\S)&(?!\S)"
)
"""A chunk of a text whose signs are plain."""

_PART = re.compile(
    rf"(?P<plural>\d+'?[sS](?!\w))"
    rf"|(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\w)|\d+(?:\.\d+)+(?!\w))"
    rf"|(?P<dotted>(?<!\w){_LETTER}(?:\.{_LETTER})+(?!\w))"
    rf"|(?P<unspaced>[{UNSPACED}]+)"
    rf"|(?P<versioned>{_LETTER}+(?=\d+(?:\.\d+)+(?!\w)))"
    rf"|(?P<sign>{AND.pattern})"
    rf"|(?P<word>(?:(?![{UNSPACED}_]){_CHAR})+)"
)
_POSSESSIVE = re.compile(r"(?<=\D)'[sS]$")
_SIGNED = re.compile(rf"({_LETTER}{{1,3}})(\+\+|[+#])")
_ACRONYM = re.compile(rf"{_LETTER}{{2,6}}")
_PLURAL_ACRONYM = re.compile(r"((?=.*[A-Z].*[A-Z]s)[A-Z][A-Za-z]{0,4}[A-Z])s")
_PLURAL_CODE = re.compile(r"(\w*\d)s")
_ACCENTED = re.compile("[\u00c0-\u024f\u0386-\u03ce\u0401\u0451\u1e00-\u1fff]")
SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "đ": "dj"}
    | {"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe", "Đ": "Dj"}
)
_RUN = re.compile(r"[A-Za-z]+|[0-9]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAME_PREFIX = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|St|Al|El|.)")
_ORDINAL = re.compile(r"[0-9]+(?:st|nd|rd|th|s)", re.IGNORECASE)
_MAX_PIECES = 8
_INITIALS = re.compile(r"[^\Waeiou\d_]{2,3}")
_TYPED_PLURAL = re.compile(r"([^\Waeiou\d_]{1,5}[^\Waeious\d_])s")
_LONGEST_SPLIT = 8
_SPLITTABLE = re.compile("[\u3005-\u3007\u3041-\u309f\u3400-\u9fff\uac00-\ud7a3]")

LONG_MARK = re.compile(
    "(?<=[\u30a1-\u30fa\u30fc\uff66-\uff9f]{3})[\u30fc\uff70](?![\u30a1-\u30fc\uff66-\uff9f])"
)
"""The long mark at the end of a word in katakana, which is written or left out."""

_VOICING = re.compile("[\u3099\u309a\uff9e\uff9f]")
_CELL = re.compile(f"(?s:.){_VOICING.pattern}?")  # a character, and its voicing mark apart

Span = tuple[str, int, int]
"""A term, its start and end in the chunk."""


class _Part(NamedTuple):
    """A part of a chunk: see above; `""` and `()` are what it does not have.

    `cells`: the characters of a text in an unspaced script; `runs`, `humps`: a
    name cut where letters and digits meet, and where a capital begins a word, too.
    """

    term: str
    start: int
    end: int
    variant: str = ""
    surface: str = ""
    cells: tuple[Span, ...] = ()
    runs: tuple[Span, ...] = ()
    humps: tuple[Span, ...] = ()
    is_dotted: bool = False
    is_plural: bool = False


class Chunk(NamedTuple):
    """An analysed chunk. `parts`: what it consists of; `words`: the terms of these, at successive
    positions; `tokens`: all terms, the overlays last; `joined`: its joined forms; `symbol`: its
    symbol form, or ""."""

    raw: str
    parts: tuple[_Part, ...]
    words: Form
    tokens: tuple[Token, ...]
    joined: tuple[str, ...]
    symbol: str


class TypedChunk(NamedTuple):
    """A chunk that was typed. `forms`: the ways to search for it, the first of them as it is typed,
    and `surface` its surface form, or ""; `words`: one form, with a term for each of its positions;
    `spelt`: the same with umlauts spelt out."""

    forms: tuple[Form, ...]
    surface: str
    words: Form
    spelt: Form


def chunks(text: str) -> list[tuple[int, Chunk]]:
    """The chunks of a text that hold a word, and where each begins."""
    found = [(match.start(), _chunk(match[0])) for match in CHUNK.finditer(plain(text))]
    return [(start, chunk) for start, chunk in found if chunk.parts]


def typed_chunks(text: str) -> list[TypedChunk]:
    """The chunks of a typed text that hold a word."""
    return [_typed(chunk) for _, chunk in chunks(text)]


def _chunk(raw: str) -> Chunk:
    raw = _POSSESSIVE.sub("", raw)
    parts = [part for match in _PART.finditer(raw) if (part := _part(match)).term]
    words: list[str] = []
    tokens: list[Token] = []
    overlays: list[Token] = []
    for part in parts:
        overlays += _overlays(part, len(words))
        for term, start, end in _words(part):
            tokens.append((term, len(words), start, end, False))
            words.append(term)
    joined, symbol = _joined(raw, parts), _symbol(raw, words)
    overlays += [(term, 0, parts[0].start, parts[-1].end, True) for term in joined]
    if symbol:
        overlays.append((symbol, 0, 0, len(raw), True))
    return Chunk(raw, tuple(parts), tuple(words), (*tokens, *overlays), joined, symbol)


def _typed(chunk: Chunk) -> TypedChunk:
    parts, words = chunk.parts, chunk.words
    forms = ((chunk.symbol,),) if chunk.symbol else tuple(dict.fromkeys(_forms(chunk)))
    first = parts[0]
    is_word = len(words) == 1 and forms[0] == (first.term,) and not first.is_plural
    surface = first.surface if is_word else ""
    row = forms[0] if len(words) == 1 else words  # `c++` where it was typed so, not `c`
    spelt = tuple(
        part.variant if part.variant and not part.is_plural else term
        for part in parts
        for term, _, _ in _words(part)
    )
    return TypedChunk(forms, surface, row, spelt if spelt != words else row)


def _words(part: _Part) -> list[Span]:
    """The terms of a part, at successive positions: one, or the bigrams of an unspaced script."""
    if len(part.cells) < 2:
        return [(part.term, part.start, part.end)]
    terms = _bigrams([cell for cell, _, _ in part.cells])
    return [
        (term, start, end)
        for term, ((_, start, _), (_, _, end)) in zip(terms, pairwise(part.cells), strict=True)
    ]


def _overlays(part: _Part, at: int) -> list[Token]:
    """The other terms of a part at position `at`; of an unspaced script its single characters, each
    at the position of the bigram that begins with it, the last one at that of the last bigram."""
    if len(part.cells) > 1:
        last = at + len(part.cells) - 2
        return [
            (fold(cell), min(place, last), start, end, True)
            for place, (cell, start, end) in enumerate(part.cells, at)
        ]
    whole = [(term, part.start, part.end) for term in (part.variant, part.surface) if term]
    spans = dict.fromkeys([*whole, *part.runs, *part.humps])
    return [(term, at, start, end, True) for term, start, end in spans]


def _part(match: re.Match[str]) -> _Part:
    """The part that a match of `_PART` is; its term is empty if it holds nothing but marks."""
    kind, text, (start, end) = match.lastgroup, match[0], match.span()
    term = fold(text)[:MAX_TERM]
    match kind:
        case "plural":
            number = text[:-1].rstrip("'")[: MAX_TERM - 1]
            return _Part(f"{number}s", start, end, number, is_plural=True)
        case "number":
            return _Part(term.replace(",", ""), start, end)
        case "dotted":
            return _dotted(text, start, end)
        case "unspaced":
            return _Part(term, start, end, cells=_cells(match))
        case "sign":
            return _Part("and", start, end)
        case _:
            return _word(text, term, start, end)


def _dotted(text: str, start: int, end: int) -> _Part:
    """An acronym with dots; `M.P.s` is a plural."""
    letters = fold(text).split(".")
    term = "".join(letters)[:MAX_TERM]
    is_plural = len(letters) > 2 and text[-1] == "s" and text[:-1].isupper()
    if is_plural:
        letters.pop()
    variant = term[:-1] if is_plural else ""
    surface = ".".join(letters)[:MAX_TERM]
    return _Part(term, start, end, variant, surface, is_dotted=True, is_plural=is_plural)


def _word(text: str, term: str, start: int, end: int) -> _Part:
    plural = _PLURAL_ACRONYM.fullmatch(text) or _PLURAL_CODE.fullmatch(text)
    if plural:
        base = fold(plural[1])[:MAX_TERM]
        surface = ".".join(base) if _is_acronym(plural[1], base) else ""
        return _Part(term, start, end, base, surface, is_plural=True)
    if not text.isascii():
        spelt = fold(text.translate(SPELT_OUT))[:MAX_TERM]
        surface = ".".join(term) if _is_acronym(text, term) else _accented(text)
        return _Part(term, start, end, spelt if spelt != term else "", surface)
    surface = ".".join(term) if _is_acronym(text, term) else ""
    runs, humps = _pieces(text, start)
    return _Part(term, start, end, "", surface, runs=runs, humps=humps)


def _is_acronym(text: str, term: str) -> bool:
    """Whether a word is written in capitals and short enough to be an acronym."""
    return text.isupper() and len(text) == len(term) and bool(_ACRONYM.fullmatch(text))


def _accented(text: str) -> str:
    """The word in lower case with its accents, `""` if it has none."""
    return text.lower()[:MAX_TERM] if _ACCENTED.search(text) else ""


def _pieces(text: str, start: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """See `_Part`: the `runs` and `humps` of a word in ASCII. A name such as `F16` or `McDonald`,
    whose pieces mean nothing apart, has none."""
    if (text.isalpha() and text[1:].islower()) or _ORDINAL.fullmatch(text):
        return (), ()
    runs = [match.span() for match in _RUN.finditer(text)]
    if any(end - at == 1 and text[at].isalpha() for at, end in runs):
        return (), ()
    humps = [span for at, end in runs for span in _humps(text, at, end)]
    return _cut(text, start, runs), _cut(text, start, humps)


def _humps(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The words in camel case between two offsets; a short one that begins a name goes with it."""
    edges = [start, *(match.start() for match in _HUMP.finditer(text, start, end)), end]
    spans: list[tuple[int, int]] = []
    for at, stop in pairwise(edges):
        if spans and (stop - at == 1 or _NAME_PREFIX.fullmatch(text, *spans[-1])):
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((at, stop))
    return spans


def _cut(text: str, start: int, spans: list[tuple[int, int]]) -> tuple[Span, ...]:
    if not 1 < len(spans) <= _MAX_PIECES:
        return ()
    return tuple((text[at:end].lower()[:MAX_TERM], start + at, start + end) for at, end in spans)


def _cells(match: re.Match[str]) -> tuple[Span, ...]:
    """The characters of a text in an unspaced script, each with its span; a long mark that may be
    left out belongs to the span of the one before it."""
    text, begin = match[0], match.start()
    cells = [(cell[0], begin + cell.start(), begin + cell.end()) for cell in _CELL.finditer(text)]
    for mark in reversed([begin + mark.start() for mark in LONG_MARK.finditer(text)]):
        at = next(number for number, cell in enumerate(cells) if cell[1] == mark)
        (before, start, _), (_, _, end) = cells[at - 1 : at + 1]
        cells[at - 1 : at + 1] = [(before, start, end)]
    return tuple(cells)


def _joined(raw: str, parts: list[_Part]) -> tuple[str, ...]:
    """The chunk written as one word, as it stands and with the variants of its parts; nothing where
    the signs between its parts do not allow that, or all of them are numbers (5-4 is not 54)."""
    if len(parts) < 2 or "_" in raw or "," in raw:
        return ()
    words = [part.term for part in parts]
    if not all(map(str.isalnum, words)) or all(map(str.isdigit, words)):
        return ()
    if any(part.cells for part in parts):
        return ()
    variants = [part.variant or part.term for part in parts]
    return tuple(dict.fromkeys("".join(some)[:MAX_TERM] for some in (words, variants)))


def _symbol(raw: str, words: list[str]) -> str:
    """The symbol form, `""` if there is none: `c++`, `.net`."""
    if len(words) != 1 or (raw[-1].isalnum() and raw[0] != "."):
        return ""
    if match := _SIGNED.fullmatch(raw):
        return fold(match[1]) + match[2]
    return f".{words[0]}"[:MAX_TERM] if raw[0] == "." else ""


def _forms(chunk: Chunk) -> list[Form]:
    """See `TypedChunk.forms`, where signs are not its meaning."""
    raw, parts, words, _, joined, _ = chunk
    if joined and "&" in raw and "and" not in words:
        return [(joined[0],)]  # single letters, as its parts are, follow each other too often
    if len(parts) == 1:
        return _forms_of_one(parts[0], words, raw.islower())
    # An acronym that is typed with dots can mean nothing else.
    typed = [part.surface if _is_only_surface(part) else part.term for part in parts]
    forms: list[Form] = [(term,) for term in joined]
    if any(part.cells for part in parts):
        return [*forms, words]
    forms += [tuple(typed), tuple(part.variant or part.term for part in parts)]
    if words[0] == "v" and len(words) == 2 and words[1][0].isdigit():
        forms.append(words[1:])
    return forms


def _forms_of_one(part: _Part, words: Form, is_lower: bool) -> list[Form]:
    """The forms of a chunk of one part. Where it was typed without capitals, `mps` may be a plural;
    in capitals, `GPS` is none."""
    if part.cells:
        return [words, *_splits(part.cells)]
    initials = _initials(part)
    if _is_only_surface(part):
        return [(part.surface,), *initials]
    variant = part.variant
    if is_lower and not variant and (plural := _TYPED_PLURAL.fullmatch(part.term)):
        variant = plural[1]
    forms = [words, (variant,)] if variant else [words]
    pieces = [tuple(term for term, _, _ in spans) for spans in (part.runs, part.humps) if spans]
    return [*forms, *pieces, *initials]


def _is_only_surface(part: _Part) -> bool:
    """Whether a part was typed with dots and would be a stop word without them: `U.S.`"""
    return part.is_dotted and part.term in STOP_WORDS


def _initials(part: _Part) -> list[Form]:
    """The letters of initials, which may stand apart: `j`, `r`, `r` for `JRR` or `J.R.R.`"""
    letters = part.surface.split(".") if part.is_dotted else list(part.term)
    is_short = part.is_dotted and len(letters) <= 4
    is_short = is_short or (part.term not in STOP_WORDS and bool(_INITIALS.fullmatch(part.term)))
    return [tuple(letters)] if is_short and not part.is_plural else []


def _splits(cells: tuple[Span, ...]) -> list[Form]:
    """The bigrams of a short Chinese, Japanese or Korean text, as if a blank stood in it somewhere,
    but not within a word in katakana."""
    texts = [cell for cell, _, _ in cells]
    if not 2 < len(texts) <= _LONGEST_SPLIT:
        return []
    edges = [at for at in range(1, len(texts)) if _SPLITTABLE.search(texts[at - 1] + texts[at])]
    return [(*_bigrams(texts[:at]), *_bigrams(texts[at:])) for at in edges]


def _bigrams(cells: list[str]) -> Form:
    if len(cells) == 1:
        return (fold(cells[0]),)
    return tuple(fold(first + second) for first, second in pairwise(cells))
