"""What a query has to find in texts of one field and language, and where it stands in them."""

from collections.abc import Iterable, Sequence
from functools import partial

from indexer.analysis.languages import STEM_MARK, may_be_in
from indexer.analysis.tokenizer import WordTokens, analyze_chunk, stem
from search_app.search.highlighting.marking_cost import (
    ANALYSED,
    FOLDED,
    FOLDED_UNICODE,
    KNOWN_TOKENS,
    KNOWN_WORDS,
    PER_WORD,
    SEARCHED,
    TOKENS,
    CostExceeded,
    CostLimit,
)
from search_app.search.highlighting.phrase_spans import Occurrences, Phrase, Span, merged
from search_app.search.highlighting.plain import WordMatch
from search_app.search.highlighting.prefilter import phrase_start_keys, prefilter_keys
from search_app.search.highlighting.scanners import Scan
from search_app.search.query.logical import Phrase as PhraseLeaf
from search_app.search.query.logical import Prefix, Scored, Term

KEY_LENGTH = 8
"""Characters of a prefilter key that are searched for: a text written to be slow costs that many
comparisons a character, and more characters rule out few more words."""


class Terms:
    """The leaves of a query that can match in one field of items in one language, by how they are
    looked up."""

    def __init__(self, leaves: Iterable[Scored], language: str, max_keys: int, scan: Scan) -> None:
        words = [leaf for leaf in leaves if isinstance(leaf, Term)]
        terms = [term for leaf in words for term in leaf.stems or (leaf.exact,)]
        self._scan, self._language = scan, language
        self._words = frozenset([term for term in terms if may_be_in(term, language)])
        self._prefixes = tuple({leaf.prefix for leaf in leaves if isinstance(leaf, Prefix)})
        self._phrases = [leaf.terms for leaf in leaves if isinstance(leaf, PhraseLeaf)]
        stems = [term for term in self._words if term.startswith(STEM_MARK)]
        self._stem_begins = tuple({key for stem in stems for key in prefilter_keys(stem)})
        keys = [key for term in (*self._words, *self._prefixes) for key in prefilter_keys(term)]
        keys += [key for phrase in self._phrases for key in phrase_start_keys(phrase)]
        self._keys = {key[:KEY_LENGTH].encode() for key in keys}
        self._is_prefiltered = len(self._keys) <= max_keys and b"" not in self._keys
        self._phrase_terms = {term for phrase in self._phrases for term in phrase}
        self._phrase_keys = [_phrase_keys(phrase, max_keys) for phrase in self._phrases]
        self._phrase_key_count = sum(map(len, self._phrase_keys))
        self._by_first: dict[str, list[int]] = {phrase[0]: [] for phrase in self._phrases}
        for number, phrase in enumerate(self._phrases):
            self._by_first[phrase[0]].append(number)
        self._tokens: dict[str, WordTokens] = {}

    def spans(self, texts: Sequence[str], limit: CostLimit) -> list[tuple[int, list[Span]]]:
        """The numbers of texts, and the spans in each: in order, not overlapping. Where
        prefiltering pays, only words of which a term may begin with a key are analysed, else all;
        each distinct word once."""
        if not texts or not self._keys or limit.is_exceeded:
            return []
        keys = self._keys if self._is_prefiltered else None
        size, unicode, found = self._scan(texts, keys, partial(self._match, limit))
        limit.left -= self._prefilter_cost(size, unicode)
        marked: list[tuple[int, list[Span]]] = []
        for number, line, looked_up, spans, begun in found:
            limit.left -= looked_up // KNOWN_WORDS + len(spans)
            if begun:
                phrases = self._phrase_spans(texts[number], line, begun, limit)
                spans = merged([*spans, *phrases])
            if limit.left < 0:
                break
            marked.append((number, spans))
        return marked

    def _prefilter_cost(self, size: int, unicode: int) -> int:
        """The cost of folding the texts and of searching them for the keys."""
        searches = len(self._keys) if self._is_prefiltered else 0
        return size // FOLDED + unicode // FOLDED_UNICODE + searches * size // SEARCHED

    def _phrase_spans(
        self,
        text: str,
        line: bytes,
        begun: Iterable[tuple[int, Sequence[int]]],
        limit: CostLimit,
    ) -> Iterable[Span]:
        """The spans of phrases in a text, which is a `line` when folded. `begun`: where phrases may
        begin, and the numbers of these."""
        phrases = self._possible_phrases(line, limit)
        starts = [offset for offset, own in begun if not phrases.isdisjoint(own)]
        if not starts or limit.left < 0:
            return ()
        wanted = [self._phrases[phrase] for phrase in sorted(phrases)]
        return self._occurrences(text, starts, wanted, limit).phrases(wanted, limit)

    def _possible_phrases(self, line: bytes, limit: CostLimit) -> set[int]:
        """The numbers of the phrases of which the folded text contains all keys."""
        limit.left -= self._phrase_key_count * len(line) // SEARCHED
        keys_of = enumerate(self._phrase_keys)
        return {n for n, keys in keys_of if all(map(line.__contains__, keys))}

    def _match(self, limit: CostLimit, raw: str) -> WordMatch | None:
        """What matches in a word or may begin in it; `None` if nothing does. Raises `CostExceeded`
        if the word would cost more than is left."""
        if limit.left < len(raw):
            limit.left = -1
            raise CostExceeded
        tokens, _ = self._tokens[raw] = analyze_chunk(raw)
        limit.left -= PER_WORD + len(raw) // ANALYSED + len(tokens) // TOKENS
        spans = [(start, end) for term, _, start, end, _ in tokens if self._matches(term)]
        phrases: list[int] = []
        if self._by_first:
            terms = {token[0] for token in tokens}
            phrases = sorted([n for term in terms for n in self._by_first.get(term, ())])
        if not spans and not phrases:
            return None
        return merged(spans) if len(spans) > 1 else spans, phrases

    def _matches(self, term: str) -> bool:
        """Whether a term of a text is asked for, or its stem is; that is looked for only in a term
        that begins as a stem asked for does."""
        if term in self._words or (self._prefixes and term.startswith(self._prefixes)):
            return True
        may_be = not term.isascii() or term.startswith(self._stem_begins)
        return may_be and stem(term, self._language) in self._words

    def _occurrences(
        self,
        text: str,
        starts: Sequence[int],
        phrases: Iterable[Phrase],
        limit: CostLimit,
    ) -> Occurrences:
        """The terms of phrases in the words where one may begin, which are at `starts`, and in as
        many words after each as the longest phrase spans. No word is visited twice. However many
        words lie in between, they take one position, so that no phrase spans them."""
        occurrences, wanted = Occurrences(), self._phrase_terms
        longest = max(map(len, phrases))
        position = reach = 0
        for first, end in zip(starts, [*starts[1:], len(text) + 1], strict=True):
            offset = first
            for raw in text[first : end - 1].split(" "):
                tokens, width = self._analyzed(raw)
                if offset == first:
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

    def _analyzed(self, raw: str) -> WordTokens:
        """The tokens of a word; each distinct word is analysed once."""
        if raw not in self._tokens:
            self._tokens[raw] = analyze_chunk(raw)
        return self._tokens[raw]


def _phrase_keys(phrase: Phrase, max_keys: int) -> list[bytes]:
    """Prefilter keys of a phrase: a text without one of them does not contain it."""
    keys = (key[:KEY_LENGTH].encode() for term in phrase for key in prefilter_keys(term))
    return list(dict.fromkeys(keys))[:max_keys]
