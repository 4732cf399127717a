"""Marking, in a text, the words a query found it by.

The text is analysed as it was for the index, so a mark stands exactly where a term does: on
`COVID-19` for `covid19`, on `reforms` for `reform`, on a whole phrase and not on its scattered
words. Only the hits of one page are ever marked.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from indexer import analysis
from indexer.analysis import Piece
from indexer.document import url_key
from indexer.item import Article
from indexer.letters import fold
from search_app.search.expression import Keyword, Scored, Start, Term
from search_app.search.expression import Sequence as Row

Span = tuple[int, int]

FEW = 16
"""So many traces are looked for sooner than all words of a page are analysed."""

TRACES = 1_024
"""Terms of queries of which the trace is remembered: those of a few queries. People may type
anything, and all that was ever typed is nothing to fill the memory with."""

AREAS = ("title", "excerpt", "related", "provider", "topic")
"""The fields a text can be of; that of the outlets' names and domains is `provider`."""


class Marker:
    """The terms of one query, ready to be found in texts. Immutable, cheap to make."""

    def __init__(self, leaves: Iterable[Scored | Keyword]) -> None:
        leaves = list(dict.fromkeys(leaves))
        words = [leaf for leaf in leaves if not isinstance(leaf, Keyword)]
        telling = [leaf for leaf in words if not _common(leaf)] or words
        anywhere = _Terms([leaf for leaf in telling if leaf.field == "text"])
        self._areas = dict.fromkeys(AREAS, anywhere)
        for area in {leaf.field for leaf in telling}.intersection(AREAS):
            self._areas[area] = _Terms([leaf for leaf in telling if leaf.field in ("text", area)])
        keywords = [leaf for leaf in leaves if isinstance(leaf, Keyword)]
        self._urls = {leaf.value for leaf in keywords if leaf.field == "url"}
        self._domains = {leaf.value for leaf in keywords if leaf.field == "outlet"}

    def spans(self, texts: Sequence[tuple[str, str]]) -> list[list[Span]]:
        """Where something was found in each of the texts, which come with the area they are of:
        distinct, in order, not overlapping. Many texts at once take little more than one."""
        found: list[list[Span]] = [[] for _ in texts]
        for terms in dict.fromkeys(self._areas.values()):
            places = [n for n, (area, _) in enumerate(texts) if self._areas[area] is terms]
            for at, spans in terms.spans([texts[place][1] for place in places]):
                found[places[at]] += spans
        return [_merged(spans) if spans else spans for spans in found]

    def names(self, article: Article) -> bool:
        """Whether the query names this article's outlet or address outright."""
        if article.provider and article.provider.domain in self._domains:
            return True
        urls = (article.url, article.amp_url, article.cached_url) if self._urls else ()
        return any(url_key(url) in self._urls for url in urls if url)


def marked(text: str, spans: Sequence[Span]) -> str:
    """The text, escaped for HTML, with `<mark>` around what was found."""
    if not spans:
        return escape(text)
    out, at = [], 0
    for start, end in spans:
        out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*out, escape(text[at:])])


class _Terms:
    """The leaves that can be found in one area, sorted by how they are looked up."""

    def __init__(self, leaves: Iterable[Scored | Keyword]) -> None:
        words = [leaf for leaf in leaves if isinstance(leaf, Term)]
        self._words = frozenset(leaf.stem or leaf.exact for leaf in words)
        self._starts = tuple(leaf.prefix for leaf in leaves if isinstance(leaf, Start))
        self._rows = [leaf.terms for leaf in leaves if isinstance(leaf, Row)]
        begin = {*self._words, *self._starts, *(row[0] for row in self._rows)}
        self._traces = {trace(term) for term in begin}
        self._is_glanced = len(self._traces) <= FEW and min(map(len, self._traces), default=2) > 1
        self._known: dict[str, _Beginning | None] = {}

    def spans(self, texts: Sequence[str]) -> Iterator[tuple[int, list[Span]]]:
        """Where something stands: the place of a text, and spans in it. Of a few long traces the
        words that have one are analysed; else all are, each once for all texts."""
        if not texts or not self._traces:
            return
        plain = _plain(texts)
        places: Iterable[int] = range(len(texts))
        if self._is_glanced:
            places = sorted({n for t in self._traces for n, line in enumerate(plain) if t in line})
        for at in places:
            yield at, list(self._in_text(texts[at], plain[at]))

    def _in_text(self, text: str, plain: str) -> Iterator[Span]:
        raws, known = text.split(" "), self._known
        places: Iterable[int] = range(len(raws))
        if self._is_glanced:
            places = sorted({n for trace in self._traces for n in _words_with(trace, plain)})
        at = before = 0
        for place in places:
            raw = raws[place]
            found = known[raw] if raw in known else self._beginning(raw)
            if found is not None:
                at += sum(map(len, raws[before:place])) + place - before
                before = place
                for start, end in found.spans:
                    yield at + start, at + end
                for row in found.rows:
                    if all(trace(term) in plain for term in row):
                        yield from _row_spans(row, _from_word(raws, place, at, len(row)))

    def _beginning(self, raw: str) -> "_Beginning | None":
        """What stands in a word or begins there; `None` if nothing does."""
        pieces, _ = analysis.stretch(raw)
        terms = {term for term, *_ in pieces}
        spans = [(start, end) for term, _, start, end, _ in pieces if self._is_found(term)]
        rows = [row for row in self._rows if row[0] in terms]
        self._known[raw] = _Beginning(spans, rows) if spans or rows else None
        return self._known[raw]

    def _is_found(self, term: str) -> bool:
        return (
            term in self._words
            or analysis.stem(term) in self._words
            or (bool(self._starts) and term.startswith(self._starts))
        )


class _Beginning(NamedTuple):
    """Of a word: spans of terms in it, and rows that may begin with one of its pieces."""

    spans: list[Span]
    rows: list[tuple[str, ...]]


@lru_cache(maxsize=TRACES)
def trace(term: str) -> str:
    """Letters that stand, in a row, in every word that has this term: what a text is glanced at
    for before it is analysed. Of a stem, what no ending changes of it.

    Snowball's English rules cut endings off and put none on but those of `hope` (hoping), `happi`
    (happy) and `sensibl` (sensibility), and make `die` of `dying`, `tie` of `tying`.
    """
    plain = "".join(term.removeprefix(analysis.STEM_MARK).translate(_DROPPED).split())
    if not term.startswith(analysis.STEM_MARK):
        return plain
    if len(plain) == 3 and plain.endswith("ie"):
        return plain[0]
    return plain[:-1] if plain[-1:] in "eiyl" else plain


_LINKS = b"-.'&,_"
_DROPPED = dict.fromkeys([*_LINKS, *map(ord, "\u2010\u2011\u2019")])
"""The marks that link the parts of a word, as `analysis` has them."""


def _plain(texts: Sequence[str]) -> list[str]:
    """The texts folded, without the marks that link the parts of a word: `oreilly` for
    `O'Reilly`. Each has the blanks it had. All at once: that costs little more than one."""
    whole = "\n".join(map(_folded, texts)).encode()
    return whole.translate(None, _LINKS).decode().split("\n")


def _folded(text: str) -> str:
    text = text.replace("\n", "_")
    if text.isascii():
        return text.lower()
    return " ".join([w.lower() if w.isascii() else _folded_word(w) for w in text.split(" ")])


def _folded_word(word: str) -> str:
    """Without the white space that some characters may fold to, or be."""
    return _remembered(word) if len(word) <= analysis.SHORT else _fold(word)


def _fold(word: str) -> str:
    return "".join(fold(word).translate(_DROPPED).split())


_remembered = lru_cache(maxsize=analysis.REMEMBERED)(_fold)


def _words_with(trace: str, plain: str) -> Iterator[int]:
    """Which words, counted by blanks, a trace stands in."""
    at, before, word = plain.find(trace), 0, 0
    while at >= 0:
        word += plain.count(" ", before, at)
        yield word
        before, at = at, plain.find(trace, at + 1)


def _row_spans(row: tuple[str, ...], pieces: Sequence[Piece]) -> Iterator[Span]:
    """Where the terms of a row stand at successive positions: from the first to the last."""
    places = {(piece.term, piece.position): piece for piece in pieces}
    for piece in pieces:
        if piece.term == row[0]:
            found = [places.get((term, piece.position + step)) for step, term in enumerate(row)]
            if (last := found[-1]) and all(found):
                yield piece.start, last.end


def _from_word(raws: Sequence[str], first: int, base: int, length: int) -> list[Piece]:
    """The pieces of a word, counted by blanks and beginning at `base`, and of those after it that
    a row of so many terms which begins in it may reach."""
    found: list[Piece] = []
    position, wanted = 0, length
    for place in range(first, len(raws)):
        pieces, width = analysis.stretch(raws[place])
        for term, at, start, end, extra in pieces:
            found.append(Piece(term, position + at, base + start, base + end, extra))
        wanted += 0 if position else width
        position += width
        base += len(raws[place]) + 1
        if position >= wanted:
            break
    return found


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _common(leaf: Scored | Keyword) -> bool:
    return isinstance(leaf, Term) and leaf.exact in analysis.COMMON_WORDS
