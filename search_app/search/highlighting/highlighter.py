"""Highlighting: where the words of a query stand in the texts of an answer.

A text is analysed as it was for the index, so a mark stands exactly where a term does: on
`COVID-19` for `covid19`, on `reforms` for `reform`, on a whole phrase and not on its scattered
words. Only the hits of one page are highlighted, and the cost of that is bounded: see
`marking_cost`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from html import escape

from indexer.analysis import tokenizer
from indexer.analysis.english import STOP_WORDS
from indexer.analysis.languages import may_be_in
from indexer.item import DEFAULT_LANGUAGE, Article
from indexer.urls import url_key
from search_app.search.highlighting.marking_cost import (
    ANALYSED,
    FOLDED,
    FOLDED_UNICODE,
    KNOWN_TOKENS,
    KNOWN_WORDS,
    PER_WORD,
    SEARCHED,
    TOKENS,
    CostLimit,
)
from search_app.search.highlighting.phrase_spans import Occurrences, Phrase, Span
from search_app.search.highlighting.prefilter import (
    phrase_start_keys,
    plain_texts,
    prefilter_keys,
    words_with,
)
from search_app.search.query.logical import Keyword, Prefix, Scored, Term
from search_app.search.query.logical import Phrase as PhraseLeaf
from search_app.search.query.rewrite import discriminating

KEY_LENGTH = 8
"""Characters of a prefilter key that are searched for: a text written to be slow costs that many
comparisons a character, and more characters rule out few more words."""

BLOCK = 25_000
"""Characters of texts that are folded at once; the cost limit is checked after each block."""

HIGHLIGHT_FIELDS = ("title", "excerpt", "related", "provider", "topic", "author")
"""The fields a text can be of; `provider` is that of the outlets' names and domains."""


class Highlighter:
    """Finds the terms of one query in texts. Immutable but for what it remembers; cheap to make.

    Up to `max_keys` prefilter keys are searched for one by one; with more, every word is analysed.
    """

    def __init__(
        self,
        leaves: Iterable[Scored | Keyword],
        max_keys: int = 16,
        stop_words: Collection[str] = STOP_WORDS,
    ) -> None:
        leaves = list(dict.fromkeys(leaves))
        scoring = [leaf for leaf in leaves if not isinstance(leaf, Keyword)]
        self._scoring = discriminating(scoring, stop_words)
        self._max_keys = max_keys
        self._by_language: dict[str, dict[str, _Terms]] = {}
        keywords = [leaf for leaf in leaves if isinstance(leaf, Keyword)]
        self._urls = {leaf.value for leaf in keywords if leaf.field == "url"}
        self._domains = {leaf.value for leaf in keywords if leaf.field == "outlet"}

    def spans(
        self,
        texts: Sequence[tuple[str, str]],
        limit: CostLimit | None = None,
        languages: Sequence[str] = (),
    ) -> list[list[Span]]:
        """The spans to mark in each of the texts, which are given as (field, text): distinct, in
        order, not overlapping. Many texts at once cost little more than one. `languages`: that of
        each text's item; none: all are in the default one.

        Once `limit` is exceeded, the current text and all later ones get no spans; the caller can
        ask the limit. The default is the limit of one answer.
        """
        limit = limit or CostLimit()
        found: list[list[Span]] = [[] for _ in texts]
        languages = languages or [DEFAULT_LANGUAGE] * len(texts)
        by_language = {language: self._by_field(language) for language in set(languages)}
        pairs = zip(texts, languages, strict=True)
        terms_of = [by_language[language][field] for (field, _), language in pairs]
        distinct = dict.fromkeys(
            [terms for by_field in by_language.values() for terms in by_field.values()]
        )
        for block in _blocks(texts):
            for terms in distinct:
                numbers = [n for n in block if terms_of[n] is terms]
                for at, spans in terms.spans([texts[n][1] for n in numbers], limit):
                    found[numbers[at]] = _merged(spans) if spans else spans
        return found

    def _by_field(self, language: str) -> "dict[str, _Terms]":
        """For each field the terms that may be found there in items of a language."""
        if language not in self._by_language:
            scoring, most = self._scoring, self._max_keys
            anywhere = _Terms([leaf for leaf in scoring if leaf.field == "text"], language, most)
            self._by_language[language] = by_field = dict.fromkeys(HIGHLIGHT_FIELDS, anywhere)
            for field in {leaf.field for leaf in scoring}.intersection(HIGHLIGHT_FIELDS):
                here = [leaf for leaf in scoring if leaf.field in ("text", field)]
                by_field[field] = _Terms(here, language, most)
        return self._by_language[language]

    def matches_outlet(self, article: Article) -> bool:
        """Whether the query names this article's outlet or its URL."""
        if article.provider and article.provider.domain in self._domains:
            return True
        urls = (article.url, article.amp_url, article.cached_url) if self._urls else ()
        return any(url_key(url) in self._urls for url in urls if url)


def marked(text: str, spans: Sequence[Span]) -> str:
    """The text escaped for HTML, with `<mark>` around each span."""
    if not spans:
        return escape(text)
    out, at = [], 0
    for start, end in spans:
        out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*out, escape(text[at:])])


class _Terms:
    """The leaves of a query that can match in one field of items in one language, by how they are
    looked up."""

    def __init__(self, leaves: Iterable[Scored], language: str, max_keys: int) -> None:
        words = [leaf for leaf in leaves if isinstance(leaf, Term)]
        terms = [term for leaf in words for term in leaf.stems or (leaf.exact,)]
        self._language = language
        self._words = frozenset([term for term in terms if may_be_in(term, language)])
        self._prefixes = tuple({leaf.prefix for leaf in leaves if isinstance(leaf, Prefix)})
        self._phrases = [leaf.terms for leaf in leaves if isinstance(leaf, PhraseLeaf)]
        keys = [key for term in (*self._words, *self._prefixes) for key in prefilter_keys(term)]
        keys += [key for phrase in self._phrases for key in phrase_start_keys(phrase)]
        self._keys = {key[:KEY_LENGTH] for key in keys}
        shortest = min(map(len, self._keys), default=2)
        self._is_prefiltered = len(self._keys) <= max_keys and shortest > 1
        self._phrase_terms = {term for phrase in self._phrases for term in phrase}
        self._has_only_phrases = not self._words and not self._prefixes
        self._phrase_keys = [_phrase_keys(phrase, max_keys) for phrase in self._phrases]
        self._phrase_key_count = sum(map(len, self._phrase_keys))
        self._matches: dict[str, _WordMatch | None] = {}
        self._tokens: dict[str, tokenizer.WordTokens] = {}

    def spans(self, texts: Sequence[str], limit: CostLimit) -> Iterator[tuple[int, list[Span]]]:
        """Yields the number of a text and the spans in it. Where prefiltering pays, only words that
        contain a key are analysed, else all; each distinct word once for all texts."""
        if not texts or not self._keys or limit.is_exceeded:
            return
        folded = plain_texts(texts)
        limit.left -= self._prefilter_cost(texts, folded)
        numbers: Iterable[int] = range(len(texts))
        if self._is_prefiltered:
            lines = list(enumerate(folded))
            numbers = sorted({n for key in self._keys for n, line in lines if key in line})
        for number in numbers:
            spans = self._in_text(texts[number], folded[number], limit)
            if limit.is_exceeded:
                return
            yield number, spans

    def _prefilter_cost(self, texts: Sequence[str], folded: Sequence[str]) -> int:
        """The cost of folding the texts and of searching them for the keys."""
        size = sum(map(len, folded))
        unicode = 0
        if not all(map(str.isascii, texts)):
            both = zip(texts, folded, strict=True)
            unicode = sum([len(text) + len(line) for text, line in both if not text.isascii()])
        searches = len(self._keys) if self._is_prefiltered else 0
        return size // FOLDED + unicode // FOLDED_UNICODE + searches * size // SEARCHED

    def _in_text(self, text: str, folded: str, limit: CostLimit) -> list[Span]:
        phrases: set[int] | None = None
        if self._has_only_phrases:
            phrases = self._possible_phrases(folded, limit)
            if not phrases:
                return []
        raws = text.split(" ")
        spans, begun = self._in_words(raws, folded, limit)
        limit.left -= len(spans)
        if not begun:
            return spans
        if phrases is None:
            phrases = self._possible_phrases(folded, limit)
        starts = [(number, at) for number, at, own in begun if not phrases.isdisjoint(own)]
        if starts and limit.left >= 0:
            wanted = [self._phrases[phrase] for phrase in sorted(phrases)]
            spans += self._occurrences(raws, starts, wanted, limit).phrases(wanted, limit)
        return spans

    def _in_words(
        self, raws: Sequence[str], folded: str, limit: CostLimit
    ) -> tuple[list[Span], list[tuple[int, int, Collection[int]]]]:
        """What each word matches by itself; and of each that may begin phrases its number, its
        offset, and the numbers of these."""
        numbers: Sequence[int] = range(len(raws))
        if self._is_prefiltered:
            numbers = sorted({n for key in self._keys for n in words_with(key, folded)})
        limit.left -= len(numbers) // KNOWN_WORDS
        known, offset, before = self._matches, 0, 0
        spans: list[Span] = []
        begun: list[tuple[int, int, Collection[int]]] = []
        for number in numbers:
            raw = raws[number]
            if raw in known:
                match = known[raw]
            elif limit.left >= len(raw):
                match = self._match(raw, limit)
            else:
                limit.left = -1  # the word would cost more than is left
                return [], []
            if match is not None:
                offset += sum(map(len, raws[before:number])) + number - before
                before = number
                spans += [(offset + start, offset + end) for start, end in match[0]]
                if match[1]:
                    begun.append((number, offset, match[1]))
        return spans, begun

    def _possible_phrases(self, folded: str, limit: CostLimit) -> set[int]:
        """The numbers of the phrases of which the text contains all keys."""
        limit.left -= self._phrase_key_count * len(folded) // SEARCHED
        keys_of = enumerate(self._phrase_keys)
        return {n for n, keys in keys_of if all(map(folded.__contains__, keys))}

    def _match(self, raw: str, limit: CostLimit) -> "_WordMatch | None":
        """What matches in a word or may begin in it; `None` if nothing does."""
        tokens, _ = self._analysed(raw)
        limit.left -= PER_WORD + len(raw) // ANALYSED + len(tokens) // TOKENS
        spans = [(start, end) for term, _, start, end, _ in tokens if self._is_found(term)]
        terms = {token[0] for token in tokens} if self._phrases else ()
        phrases = [n for n, phrase in enumerate(self._phrases) if phrase[0] in terms]
        self._matches[raw] = (spans, phrases) if spans or phrases else None
        return self._matches[raw]

    def _is_found(self, term: str) -> bool:
        return (
            term in self._words
            or tokenizer.stem(term, self._language) in self._words
            or term.startswith(self._prefixes)
        )

    def _occurrences(
        self,
        raws: Sequence[str],
        starts: Sequence[tuple[int, int]],
        phrases: Iterable[Phrase],
        limit: CostLimit,
    ) -> Occurrences:
        """The terms of phrases in the words where one may begin, given as (word, offset), and in
        as many words after each as the longest phrase spans. No word is visited twice. However
        many words lie in between, they take one position, so that no phrase spans them."""
        occurrences, wanted = Occurrences(), self._phrase_terms
        longest = max(map(len, phrases))
        position = reach = 0
        following = [number for number, _ in starts[1:]]
        for (first, offset), end in zip(starts, [*following, len(raws)], strict=True):
            for number in range(first, end):
                raw = raws[number]
                tokens, width = self._analysed(raw)
                if number == first:
                    reach = max(reach, position + width - 1 + longest)
                elif position >= reach or limit.left < 0:
                    position += 1
                    break
                limit.left -= 1 + len(tokens) // KNOWN_TOKENS
                for term, step, start, stop, _ in tokens:
                    if term in wanted:
                        occurrences.add(term, position + step, offset + start, offset + stop)
                position += width
                offset += len(raw) + 1
        return occurrences

    def _analysed(self, raw: str) -> tokenizer.WordTokens:
        """The tokens of a word; each distinct word is analysed once."""
        if raw not in self._tokens:
            self._tokens[raw] = tokenizer.analyze_chunk(raw)
        return self._tokens[raw]


_WordMatch = tuple[list[Span], list[int]]
"""The spans of terms in a word, and the numbers of the phrases that may begin in it."""


def _phrase_keys(phrase: Phrase, max_keys: int) -> list[str]:
    """Prefilter keys of a phrase: a text without one of them does not contain it."""
    keys = (key[:KEY_LENGTH] for term in phrase for key in prefilter_keys(term))
    return list(dict.fromkeys(keys))[:max_keys]


def _blocks(texts: Sequence[tuple[str, str]]) -> Iterator[range]:
    """The numbers of the texts, in ranges of about `BLOCK` characters."""
    begin = size = 0
    for number, (_, text) in enumerate(texts):
        size += len(text)
        if size > BLOCK:
            yield range(begin, number + 1)
            begin, size = number + 1, 0
    yield range(begin, len(texts))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
