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
    FoldedTexts,
    folded_texts,
    phrase_start_keys,
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
        plain = [text for _, text in texts]
        for terms, numbers in self._searches(texts, plain, languages):
            some = plain if len(numbers) == len(plain) else [plain[n] for n in numbers]
            for at, spans in terms.spans(some, limit):
                found[numbers[at]] = _merged(spans) if len(spans) > 1 else spans
        return found

    def _searches(
        self, texts: Sequence[tuple[str, str]], plain: Sequence[str], languages: Sequence[str]
    ) -> "Iterator[tuple[_Terms, Sequence[int]]]":
        """What is to be searched for, and the numbers of the texts in which it is: block by block,
        so that early texts are marked before late ones."""
        by_language = {one: self._by_field(one) for one in set(languages) or (DEFAULT_LANGUAGE,)}
        distinct = dict.fromkeys([terms for own in by_language.values() for terms in own.values()])
        blocks = _blocks(plain)
        if len(distinct) == 1:
            (only,) = distinct
            yield from ((only, block) for block in blocks)
            return
        languages = languages or [DEFAULT_LANGUAGE] * len(texts)
        pairs = zip(texts, languages, strict=True)
        terms_of = [by_language[language][field] for (field, _), language in pairs]
        for block in blocks:
            yield from ((one, [n for n in block if terms_of[n] is one]) for one in distinct)

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
        shortest = min(map(len, keys), default=2)
        self._keys = {key[:KEY_LENGTH].encode() for key in keys}
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
        folded = folded_texts(texts)
        limit.left -= self._prefilter_cost(folded)
        lines = folded.lines.split(b"\n") if self._phrases else ()
        candidates: Iterable[tuple[int, Sequence[int] | None]]
        if self._is_prefiltered:
            candidates = words_with(self._keys, folded.lines)
        else:
            candidates = ((number, None) for number in range(len(texts)))
        for number, words in candidates:
            line = lines[number] if lines else b""
            spans = self._in_text(texts[number], words, line, limit)
            if limit.is_exceeded:
                return
            yield number, spans

    def _prefilter_cost(self, folded: FoldedTexts) -> int:
        """The cost of folding the texts and of searching them for the keys."""
        size = len(folded.lines)
        searches = len(self._keys) if self._is_prefiltered else 0
        return size // FOLDED + folded.unicode // FOLDED_UNICODE + searches * size // SEARCHED

    def _in_text(
        self, text: str, words: Sequence[int] | None, line: bytes, limit: CostLimit
    ) -> list[Span]:
        """The spans in a text, which is a `line` of the folded ones; only these `words` of it can
        hold any. `None`: all can."""
        phrases: set[int] | None = None
        if self._has_only_phrases:
            phrases = self._possible_phrases(line, limit)
            if not phrases:
                return []
        raws = text.split(" ")
        begun: list[tuple[int, int, Collection[int]]] = []
        numbers = range(len(raws)) if words is None else words
        spans = self._in_words(raws, numbers, limit, begun)
        limit.left -= len(spans)
        if not begun:
            return spans
        if phrases is None:
            phrases = self._possible_phrases(line, limit)
        starts = [(number, at) for number, at, own in begun if not phrases.isdisjoint(own)]
        if starts and limit.left >= 0:
            wanted = [self._phrases[phrase] for phrase in sorted(phrases)]
            spans += self._occurrences(raws, starts, wanted, limit).phrases(wanted, limit)
        return spans

    def _in_words(
        self,
        raws: Sequence[str],
        numbers: Sequence[int],
        limit: CostLimit,
        begun: list[tuple[int, int, Collection[int]]],
    ) -> list[Span]:
        """What each of these words matches by itself; and in `begun`, of each that may begin
        phrases, its number, its offset, and the numbers of these."""
        limit.left -= len(numbers) // KNOWN_WORDS
        known, offset, before = self._matches, 0, 0
        spans: list[Span] = []
        for number in numbers:
            raw = raws[number]
            if raw in known:
                match = known[raw]
            elif limit.left >= len(raw):
                match = self._match(raw, limit)
            else:
                limit.left = -1  # the word would cost more than is left
                begun.clear()
                return []
            if match is not None:
                if number > before:
                    offset += len(" ".join(raws[before:number])) + 1
                    before = number
                for start, end in match[0]:
                    spans.append((offset + start, offset + end))
                if match[1]:
                    begun.append((number, offset, match[1]))
        return spans

    def _possible_phrases(self, line: bytes, limit: CostLimit) -> set[int]:
        """The numbers of the phrases of which the folded text contains all keys."""
        limit.left -= self._phrase_key_count * len(line) // SEARCHED
        keys_of = enumerate(self._phrase_keys)
        return {n for n, keys in keys_of if all(map(line.__contains__, keys))}

    def _match(self, raw: str, limit: CostLimit) -> "_WordMatch | None":
        """What matches in a word or may begin in it; `None` if nothing does."""
        tokens, _ = self._analysed(raw)
        limit.left -= PER_WORD + len(raw) // ANALYSED + len(tokens) // TOKENS
        words, language, prefixes = self._words, self._language, self._prefixes
        spans = [
            (start, end)
            for term, _, start, end, _ in tokens
            if term in words or tokenizer.stem(term, language) in words or term.startswith(prefixes)
        ]
        phrases: list[int] = []
        if self._phrases:
            terms = {token[0] for token in tokens}
            phrases = [n for n, phrase in enumerate(self._phrases) if phrase[0] in terms]
        self._matches[raw] = (spans, phrases) if spans or phrases else None
        return self._matches[raw]

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


def _phrase_keys(phrase: Phrase, max_keys: int) -> list[bytes]:
    """Prefilter keys of a phrase: a text without one of them does not contain it."""
    keys = (key[:KEY_LENGTH].encode() for term in phrase for key in prefilter_keys(term))
    return list(dict.fromkeys(keys))[:max_keys]


def _blocks(texts: Sequence[str]) -> list[range]:
    """The numbers of the texts, in ranges of about `BLOCK` characters."""
    blocks, begin, left = [], 0, BLOCK
    for number, text in enumerate(texts) if sum(map(len, texts)) > BLOCK else ():
        left -= len(text)
        if left < 0:
            blocks.append(range(begin, number + 1))
            begin, left = number + 1, BLOCK
    return [*blocks, range(begin, len(texts))]


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
