"""Marking, in a text, the words a query found it by.

The text is analysed as it was for the index, so a mark stands exactly where a term does: on
`COVID-19` for `covid19`, on `reforms` for `reform`, on a whole phrase and not on its scattered
words. Only the hits of one page are ever marked, and what that may cost is bounded: see
`marking_cost`.
"""

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from indexer.analysis import tokenizer
from indexer.item import Article
from indexer.urls import url_key
from search_app.search.highlighting.marking_cost import (
    ANALYSED,
    GLANCED,
    KNOWN,
    PER_WORD,
    PIECES,
    PIECES_KNOWN,
    READ,
    READ_FOLDED,
    CostLimit,
)
from search_app.search.highlighting.phrase_spans import Occurrences, Phrase, Span
from search_app.search.highlighting.prefilter import plain_texts, prefilter_key, words_with
from search_app.search.query.logical import Keyword, Prefix, Scored, Term
from search_app.search.query.logical import Phrase as Row

GLANCE = 8
"""Of a trace so many letters are looked for: a text made for it costs that many comparisons a
letter, and more letters rule out few more words."""

BLOCK = 25_000
"""So many characters are looked through at once, before it is asked what may still be."""

HIGHLIGHT_FIELDS = ("title", "excerpt", "related", "provider", "topic")
"""The fields a text can be of; that of the outlets' names and domains is `provider`."""


class Highlighter:
    """The terms of one query, ready to be found in texts. Immutable, cheap to make.

    Up to `max_traces` traces are looked for sooner than all words of a page are analysed.
    """

    def __init__(self, leaves: Iterable[Scored | Keyword], max_traces: int = 16) -> None:
        leaves = list(dict.fromkeys(leaves))
        words = [leaf for leaf in leaves if not isinstance(leaf, Keyword)]
        telling = [leaf for leaf in words if not _common(leaf)] or words
        anywhere = _Terms([leaf for leaf in telling if leaf.field == "text"], max_traces)
        self._areas = dict.fromkeys(HIGHLIGHT_FIELDS, anywhere)
        for area in {leaf.field for leaf in telling}.intersection(HIGHLIGHT_FIELDS):
            here = [leaf for leaf in telling if leaf.field in ("text", area)]
            self._areas[area] = _Terms(here, max_traces)
        self._distinct = list(dict.fromkeys(self._areas.values()))
        keywords = [leaf for leaf in leaves if isinstance(leaf, Keyword)]
        self._urls = {leaf.value for leaf in keywords if leaf.field == "url"}
        self._domains = {leaf.value for leaf in keywords if leaf.field == "outlet"}

    def spans(
        self, texts: Sequence[tuple[str, str]], limit: CostLimit | None = None
    ) -> list[list[Span]]:
        """Where something was found in each of the texts, which come with the area they are of:
        distinct, in order, not overlapping. Many texts at once take little more than one.

        Where `limit` is exceeded, by default that of one answer, the text in work and what is
        still to come have no spans; who passed it can tell.
        """
        limit = limit or CostLimit()
        found: list[list[Span]] = [[] for _ in texts]
        for block in _blocks(texts):
            for terms in self._distinct:
                places = [n for n in block if self._areas[texts[n][0]] is terms]
                for at, spans in terms.spans([texts[place][1] for place in places], limit):
                    found[places[at]] = _merged(spans) if spans else spans
        return found

    def matches_outlet(self, article: Article) -> bool:
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

    def __init__(self, leaves: Iterable[Scored | Keyword], max_traces: int) -> None:
        words = [leaf for leaf in leaves if isinstance(leaf, Term)]
        self._words = frozenset(leaf.stem or leaf.exact for leaf in words)
        self._starts = _shortest(leaf.prefix for leaf in leaves if isinstance(leaf, Prefix))
        self._rows = [leaf.terms for leaf in leaves if isinstance(leaf, Row)]
        begin = {*self._words, *self._starts, *(row[0] for row in self._rows)}
        self._traces = {prefilter_key(term)[:GLANCE] for term in begin}
        shortest = min(map(len, self._traces), default=2)
        self._is_glanced = len(self._traces) <= max_traces and shortest > 1
        self._row_terms = {term for row in self._rows for term in row}
        self._is_rows_alone = not self._words and not self._starts
        self._row_traces = [_glanced(row, max_traces) for row in self._rows]
        self._glances = sum(map(len, self._row_traces))
        self._known: dict[str, _Beginning | None] = {}
        self._long: dict[str, tokenizer.WordTokens] = {}

    def spans(self, texts: Sequence[str], limit: CostLimit) -> Iterator[tuple[int, list[Span]]]:
        """Where something stands: the place of a text, and spans in it. Of a few long traces the
        words that have one are analysed; else all are, each once for all texts."""
        if not texts or not self._traces or limit.is_exceeded:
            return
        plain = plain_texts(texts)
        limit.left -= self._looked_through(texts, plain)
        places: Iterable[int] = range(len(texts))
        if self._is_glanced:
            places = sorted({n for t in self._traces for n, line in enumerate(plain) if t in line})
        for at in places:
            spans = self._in_text(texts[at], plain[at], limit)
            if limit.is_exceeded:
                return
            yield at, spans

    def _looked_through(self, texts: Sequence[str], plain: Sequence[str]) -> int:
        """What it costs to fold the texts and to glance at them."""
        size = sum(map(len, plain))
        folded = 0
        if not all(map(str.isascii, texts)):
            both = zip(texts, plain, strict=True)
            folded = sum([len(text) + len(line) for text, line in both if not text.isascii()])
        glances = len(self._traces) if self._is_glanced else 0
        return size // READ + folded // READ_FOLDED + glances * size // GLANCED

    def _in_text(self, text: str, plain: str, limit: CostLimit) -> list[Span]:
        rows: set[int] | None = None
        if self._is_rows_alone:
            rows = self._rows_traced(plain, limit)
            if not rows:
                return []
        raws, known = text.split(" "), self._known
        places: Sequence[int] = range(len(raws))
        if self._is_glanced:
            places = sorted({n for trace in self._traces for n in words_with(trace, plain)})
        limit.left -= len(places) // KNOWN
        at = before = 0
        spans: list[Span] = []
        begins: list[tuple[int, int]] = []
        for place in places:
            raw = raws[place]
            if raw in known:
                found = known[raw]
            elif limit.left >= len(raw):
                found = self._beginning(raw, limit)
            else:
                limit.exceed()
                return []
            if found is not None:
                at += sum(map(len, raws[before:place])) + place - before
                before = place
                for start, end in found.spans:
                    spans.append((at + start, at + end))
                if found.rows:
                    rows = self._rows_traced(plain, limit) if rows is None else rows
                    if not rows.isdisjoint(found.rows):
                        begins.append((place, at))
        limit.left -= len(spans)
        if begins and rows and limit.left >= 0:
            longer = [self._rows[row] for row in sorted(rows)]
            spans += self._reached(raws, begins, longer, limit).phrases(longer, limit)
        return spans

    def _rows_traced(self, plain: str, limit: CostLimit) -> set[int]:
        """The rows, by number, of which the text has all traces."""
        limit.left -= self._glances * len(plain) // GLANCED
        found = set()
        for row, traces in enumerate(self._row_traces):
            for letters in traces:
                if letters not in plain:
                    break
            else:
                found.add(row)
        return found

    def _beginning(self, raw: str, limit: CostLimit) -> "_Beginning | None":
        """What stands in a word or begins there; `None` if nothing does."""
        pieces, _ = self._analysed(raw)
        limit.left -= PER_WORD + len(raw) // ANALYSED + len(pieces) // PIECES
        spans = [(start, end) for term, _, start, end, _ in pieces if self._is_found(term)]
        terms = {piece[0] for piece in pieces} if self._rows else ()
        rows = [n for n, row in enumerate(self._rows) if row[0] in terms]
        self._known[raw] = _Beginning(spans, rows) if spans or rows else None
        return self._known[raw]

    def _is_found(self, term: str) -> bool:
        return (
            term in self._words
            or (term.isascii() and tokenizer.stem(term) in self._words)
            or (bool(self._starts) and _begins(term, self._starts))
        )

    def _reached(
        self,
        raws: Sequence[str],
        begins: Sequence[tuple[int, int]],
        rows: Iterable[Phrase],
        limit: CostLimit,
    ) -> Occurrences:
        """The terms of rows in the words in which a row may begin, which are told by their places
        and where they begin, and in as many words after each as the longest row may reach. No word
        is gone through twice. Positions do not count what is not reached: no row spans that."""
        reached, wanted = Occurrences(), self._row_terms
        longest = max(map(len, rows))
        position = reach = 0
        add, stretch, short = reached.add, tokenizer.analyze_chunk, tokenizer.SHORT
        following = [place for place, _ in begins[1:]]
        for (place, at), end in zip(begins, [*following, len(raws)], strict=True):
            for word in range(place, end):
                raw = raws[word]
                found, width = stretch(raw) if len(raw) <= short else self._analysed(raw)
                if word == place:
                    reach = max(reach, position + width - 1 + longest)
                elif position >= reach or limit.left < 0:
                    break
                limit.left -= 1 + len(found) // PIECES_KNOWN
                for term, step, start, stop, _ in found:
                    if term in wanted:
                        add(term, position + step, at + start, at + stop)
                position += width
                at += len(raw) + 1
        return reached

    def _analysed(self, raw: str) -> tokenizer.WordTokens:
        """The pieces of a word; of a long one, which `analysis` does not remember, looked up."""
        if len(raw) <= tokenizer.SHORT:
            return tokenizer.analyze_chunk(raw)
        if raw not in self._long:
            self._long[raw] = tokenizer.analyze_chunk(raw)
        return self._long[raw]


class _Beginning(NamedTuple):
    """Of a word: spans of terms in it, and which rows may begin with one of its pieces."""

    spans: list[Span]
    rows: list[int]


def _glanced(row: Phrase, max_traces: int) -> list[str]:
    """Some traces of a row: a text without one of them does not have it."""
    return list(dict.fromkeys(prefilter_key(term)[:GLANCE] for term in row))[:max_traces]


def _shortest(prefixes: Iterable[str]) -> list[str]:
    """The prefixes of which none begins with another, in order."""
    kept: list[str] = []
    for prefix in sorted(prefixes):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return kept


def _begins(term: str, prefixes: Sequence[str]) -> bool:
    """Whether a term begins with one of the prefixes, none of which begins with another: then it
    is the last of those that do not follow it."""
    place = bisect(prefixes, term)
    return place > 0 and term.startswith(prefixes[place - 1])


def _blocks(texts: Sequence[tuple[str, str]]) -> Iterator[range]:
    """The places of the texts, as many at once as have about a block of characters."""
    begin = size = 0
    for place, (_, text) in enumerate(texts):
        size += len(text)
        if size > BLOCK:
            yield range(begin, place + 1)
            begin, size = place + 1, 0
    yield range(begin, len(texts))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _common(leaf: Scored | Keyword) -> bool:
    return isinstance(leaf, Term) and leaf.exact in tokenizer.STOP_WORDS
