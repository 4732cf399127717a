"""Marking, in a text, the words a query found it by.

The text is analysed as it was for the index, so a mark stands exactly where a term does: on
`COVID-19` for `covid19`, on `reforms` for `reform`, on a whole phrase and not on its scattered
words. Only the hits of one page are ever marked.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape

from indexer import analysis
from indexer.analysis import Piece
from indexer.document import url_key
from indexer.item import Article
from indexer.letters import fold
from search_app.search.expression import Keyword, Scored, Sequence, Start, Term

Span = tuple[int, int]


class Marker:
    """The terms of one query, ready to be found in texts. Immutable, cheap to make."""

    def __init__(self, leaves: Iterable[Scored | Keyword]) -> None:
        leaves = list(leaves)
        telling = [leaf for leaf in leaves if not _common(leaf)] or leaves
        self._areas = {
            area: _Terms([leaf for leaf in telling if leaf.field in ("text", area)])
            for area in ("title", "excerpt", "related", "provider", "topic")
        }
        keywords = [leaf for leaf in leaves if isinstance(leaf, Keyword)]
        self._urls = {leaf.value for leaf in keywords if leaf.field == "url"}
        self._domains = {leaf.value for leaf in keywords if leaf.field == "outlet"}

    def spans(self, text: str, area: str) -> list[Span]:
        """Where in a text of this area (`title`, `excerpt`, `related`, `provider`, `topic`)
        something was found: distinct, in order, not overlapping."""
        return _merged(self._areas[area].spans(text))

    def found(self, text: str, area: str) -> bool:
        """Whether anything was found in a text of this area."""
        return bool(self.spans(text, area))

    def names(self, article: Article) -> bool:
        """Whether the query names this article's outlet or address outright."""
        if article.provider and article.provider.domain in self._domains:
            return True
        urls = (article.url, article.amp_url, article.cached_url) if self._urls else ()
        return any(url_key(url) in self._urls for url in urls if url)

    def html(self, text: str, area: str) -> str:
        """The text, escaped for HTML, with `<mark>` around what was found."""
        spans = self.spans(text, area)
        if not spans:
            return escape(text)
        out, at = [], 0
        for start, end in spans:
            out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
            at = end
        return "".join([*out, escape(text[at:])])


class _Terms:
    """The leaves that can be found in one area, sorted by how they are looked up."""

    def __init__(self, leaves: list[Scored | Keyword]) -> None:
        words = [leaf for leaf in leaves if isinstance(leaf, Term)]
        self._words = frozenset(leaf.stem or leaf.exact for leaf in words)
        self._starts = tuple(leaf.prefix for leaf in leaves if isinstance(leaf, Start))
        self._rows = [leaf.terms for leaf in leaves if isinstance(leaf, Sequence)]
        keys = {trace(term) for term in (*self._words, *self._starts)}
        self._traces = re.compile("|".join(map(re.escape, keys))) if keys else None
        self._row_keys = [tuple({trace(term) for term in row}) for row in self._rows]

    def spans(self, text: str) -> list[Span]:
        """Where something stands. Only words with a trace of a term in them are analysed."""
        if not (self._traces or self._rows):
            return []
        plain = _plain(text)
        spans: list[Span] = []
        if self._traces and self._traces.search(plain):
            spans += self._word_spans(text, plain, self._traces)
        rows = [
            row
            for row, keys in zip(self._rows, self._row_keys, strict=True)
            if all(key in plain for key in keys)
        ]
        if rows:
            pieces = list(analysis.pieces(text))
            spans += [span for row in rows for span in _row_spans(row, pieces)]
        return spans

    def _word_spans(self, text: str, plain: str, traces: re.Pattern[str]) -> Iterator[Span]:
        raws = text.split(" ")
        if plain.count(" ") + 1 == len(raws):  # folding left the blanks where they were
            found = {plain.count(" ", 0, trace.start()) for trace in traces.finditer(plain)}
        else:
            found = set(range(len(raws)))
        at = 0
        for place, raw in enumerate(raws):
            if place in found:
                for piece in analysis.pieces(raw):
                    if self._is_found(piece.term):
                        yield at + piece.start, at + piece.end
            at += len(raw) + 1

    def _is_found(self, term: str) -> bool:
        return (
            term in self._words
            or analysis.stem(term) in self._words
            or (bool(self._starts) and term.startswith(self._starts))
        )


def trace(term: str) -> str:
    """Letters that stand, in a row, in every word that has this term: what a text is glanced at
    for before it is analysed. Of a stem, what no ending changes of the first three letters.

    Snowball's English rules touch the first three letters of a word only in a final e, i or y
    (`using`, `use`; `flies`, `fly`), and in three exceptions (`dying`, `lying`, `tying`).
    """
    plain = term.removeprefix(analysis.STEM_MARK).translate(_LINKS)
    if not term.startswith(analysis.STEM_MARK):
        return plain
    if plain in ("die", "lie", "tie"):
        return plain[0]
    return plain[:3].rstrip("eiy") or plain[:1]


_LINKS = dict.fromkeys(map(ord, "-\u2010\u2011.'\u2019&,_"))


def _plain(text: str) -> str:
    """A text folded, without the marks that link the parts of a word: `oreilly` for `O'Reilly`."""
    return fold(text).translate(_LINKS)


def _row_spans(row: tuple[str, ...], pieces: list[Piece]) -> Iterator[Span]:
    """Where the terms of a row stand at successive positions: from the first to the last."""
    places = {(piece.term, piece.position): piece for piece in pieces}
    for piece in pieces:
        if piece.term == row[0]:
            last = piece
            for step, term in enumerate(row[1:], start=1):
                following = places.get((term, piece.position + step))
                if following is None:
                    break
                last = following
            else:
                yield piece.start, last.end


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
