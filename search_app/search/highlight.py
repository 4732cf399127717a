"""Marking, in a text, the words a query found it by.

The text is analysed as it was for the index, so a mark stands exactly where a term does: on
`COVID-19` for `covid19`, on `reforms` for `reform`, on a whole phrase and not on its scattered
words. Only the hits of one page are ever marked.
"""

from collections.abc import Iterable, Iterator
from html import escape
from operator import attrgetter

from indexer import analysis
from indexer.analysis import Piece, Stretch
from indexer.document import url_key
from indexer.item import Article
from search_app.search.expression import Keyword, Scored, Sequence, Start, Term

Span = tuple[int, int]

_terms = attrgetter("terms")


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

    def spans(self, text: str) -> list[Span]:
        """Where something stands. Most texts are passed over at a glance at their words."""
        if not (self._words or self._starts or self._rows):
            return []
        raws = text.split()
        only_words = not (self._starts or self._rows)
        terms = map(_terms, map(analysis.stretch, raws))
        if only_words and all(map(self._words.isdisjoint, terms)):
            return []
        stretches = [analysis.stretch(raw) for raw in raws]
        spans = []
        at = 0
        for raw, stretch in zip(raws, stretches, strict=True):
            at = text.index(raw, at)
            if self._starts or not self._words.isdisjoint(stretch.terms):
                found = (piece for piece in stretch.pieces if self._is_found(piece.term))
                spans += [(at + piece.start, at + piece.end) for piece in found]
            at += len(raw)
        return spans + (self._row_spans(text, stretches) if self._rows else [])

    def _row_spans(self, text: str, stretches: list[Stretch]) -> list[Span]:
        """Where rows stand: the text is analysed as a whole only if all terms of one are in it."""
        every = frozenset[str]().union(*(stretch.terms for stretch in stretches))
        rows = [row for row in self._rows if every.issuperset(row)]
        pieces = list(analysis.pieces(text)) if rows else []
        return [span for row in rows for span in _row_spans(row, pieces)]

    def _is_found(self, term: str) -> bool:
        return (
            term in self._words
            or analysis.stem(term) in self._words
            or (bool(self._starts) and term.startswith(self._starts))
        )


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
