"""Marking, in a text, the words a query found it by.

The text is analysed as it was for the index, so a mark stands exactly where a term does: on
`COVID-19` for `covid19`, on `reforms` for `reform`, on a whole phrase and not on its scattered
words. Only the hits of one page are ever marked.
"""

from collections.abc import Iterable, Iterator
from html import escape

from indexer import analysis
from indexer.analysis import Piece
from search_app.search.expression import Keyword, Scored, Sequence, Start, Term

Span = tuple[int, int]


class Marker:
    """The terms of one query, ready to be found in texts. Immutable, cheap to make."""

    def __init__(self, leaves: Iterable[Scored | Keyword]) -> None:
        leaves = list(leaves)
        telling = [leaf for leaf in leaves if not _common(leaf)] or leaves
        self._areas: dict[str, _Terms] = {}
        for field in ("text", "title", "excerpt", "related", "provider", "topic"):
            self._areas[field] = _Terms([leaf for leaf in telling if leaf.field == field])
        keywords = [leaf for leaf in leaves if isinstance(leaf, Keyword)]
        self._urls = {leaf.value for leaf in keywords if leaf.field == "url"}
        self._domains = {leaf.value for leaf in keywords if leaf.field == "outlet"}

    def spans(self, text: str, area: str) -> list[Span]:
        """Where in a text of this area (`title`, `excerpt`, `related`, `provider`, `topic`)
        something was found: distinct, in order, not overlapping."""
        terms = [self._areas["text"], self._areas[area]]
        if not any(terms):
            return []
        pieces = list(analysis.pieces(text))
        return _merged(span for group in terms if group for span in group.spans(pieces))

    def found(self, text: str, area: str) -> bool:
        """Whether anything was found in a text of this area."""
        return bool(self.spans(text, area))

    def names(self, *, domain: str = "", url_key: str = "") -> bool:
        """Whether the query names this outlet or this address outright."""
        return domain in self._domains or url_key in self._urls

    def html(self, text: str, area: str) -> str:
        """The text, escaped for HTML, with `<mark>` around what was found."""
        out, at = [], 0
        for start, end in self.spans(text, area):
            out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
            at = end
        return "".join([*out, escape(text[at:])])


class _Terms:
    """The leaves of one field, sorted by how they are looked up."""

    def __init__(self, leaves: list[Scored | Keyword]) -> None:
        self._words = {leaf.exact for leaf in leaves if isinstance(leaf, Term)}
        self._stems = {leaf.stem for leaf in leaves if isinstance(leaf, Term) and leaf.stem}
        self._starts = tuple(leaf.prefix for leaf in leaves if isinstance(leaf, Start))
        self._rows = [leaf.terms for leaf in leaves if isinstance(leaf, Sequence)]

    def __bool__(self) -> bool:
        return bool(self._words or self._starts or self._rows)

    def spans(self, pieces: list[Piece]) -> Iterator[Span]:
        for piece in pieces:
            term = piece.term
            if (
                term in self._words
                or (self._starts and term.startswith(self._starts))
                or (self._stems and analysis.stem(term) in self._stems)
            ):
                yield piece.start, piece.end
        for row in self._rows:
            yield from _row_spans(row, pieces)


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
