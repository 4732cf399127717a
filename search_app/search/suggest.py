"""What a search box suggests while somebody types: words and phrases, topics, outlets, titles.

The last word is completed, or all of what is typed; what is completed to is there, and every
suggestion finds something. If no word begins so, and the last one has at least four letters, it is
completed as if it had a typing error. Where nothing is typed, the most used topics are suggested.
"""

import time
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from indexer.analysis.tokenizer import tokenize
from indexer.document import headline_number
from indexer.facet_values import value_key
from search_app.search.completed_text import CompletedText, newest
from search_app.search.filters import shown_value
from search_app.search.protocols import ScoredDoc, Searcher
from search_app.search.query.leaf import word_term
from search_app.search.query.logical import Expression, Phrase, Prefix, all_of
from search_app.search.query.synonyms import NO_SYNONYMS, Synonyms
from search_app.search.query.tree import Note
from search_app.search.request import SearchRequest, SuggestRequest, no_selections
from search_app.search.results import Count, Kind
from search_app.search.spelling.policy import DEFAULT_POLICY as SPELLING
from search_app.search.spelling.policy import Policy as SpellingPolicy

MAX_TYPED = 200
"""Characters that are completed; to more, nothing is suggested."""


class Suggestion(Struct, frozen=True):
    """`request` is the search it stands for, `count` how many items have all that this asks for;
    of a title, how many have this title."""

    text: str
    kind: Kind
    count: Count
    request: SearchRequest


class Suggestions(Struct, frozen=True):
    """The suggestions for a request from one generation, in the order to show them."""

    request: SuggestRequest
    suggestions: tuple[Suggestion, ...]
    notes: tuple[Note, ...]
    took_ms: float
    generation: str


class Policy(Struct, frozen=True):
    """`values`: suggestions of each of topics and outlets, at most; `titles`: of titles, unless
    there is more room; `words`: of a phrase that is completed; `tried`: completions that may turn
    out to find nothing; `spelling` says how many edits a word may be away from what was meant."""

    values: int = 2
    titles: int = 3
    words: int = 3
    tried: int = 12
    spelling: SpellingPolicy = SPELLING


DEFAULT_POLICY = Policy()
_GROUPS = {Kind.TOPIC: "topic", Kind.OUTLET: "provider"}


class _Typed(NamedTuple):
    """What was typed: its text, its words and where each begins, and whether the last one may go
    on."""

    text: str
    words: list[str]
    starts: list[int]
    is_open: bool

    def tail(self, size: int) -> str:
        """The last words, as what completes them begins."""
        return " ".join(self.words[-size:]) + ("" if self.is_open else " ")


def suggest(
    searcher: Searcher,
    request: SuggestRequest,
    notes: tuple[Note, ...] = (),
    policy: Policy = DEFAULT_POLICY,
    synonyms: Synonyms = NO_SYNONYMS,
) -> Suggestions:
    """The suggestions for what was typed. No text is an error. `notes` are about the generation."""
    began = time.perf_counter()
    found: tuple[Suggestion, ...] = ()
    notes = (*notes, *request.notes)
    if len(request.q) > MAX_TYPED:
        message = f"more than {MAX_TYPED} characters were typed, to which nothing is suggested"
        notes = (*notes, Note("too_long", message, 0, 0))
    elif not request.q or request.q.isspace():
        topics = searcher.completions.most_used("topic", request.limit)
        found = tuple([_of_value(searcher, Kind.TOPIC, *topic) for topic in topics])
    else:
        found = tuple(_completed(searcher, request, policy, synonyms))
    took = round((time.perf_counter() - began) * 1000, 3)
    return Suggestions(request, found, notes, took, searcher.generation)


def _completed(
    searcher: Searcher, request: SuggestRequest, policy: Policy, synonyms: Synonyms
) -> list[Suggestion]:
    typed, limit = _typed(request.q), request.limit
    if not typed.words:
        return []
    values = [
        _of_value(searcher, kind, value, count)
        for kind, group in _GROUPS.items()
        for value, count in searcher.completions.values(group, value_key(typed.text), policy.values)
    ]
    hits = _titled(searcher, typed, limit)
    room = max(1, limit - len(values) - min(len(hits), policy.titles))
    found = [*_words(searcher, typed, room, policy, synonyms), *values][:limit]
    return [*found, *islice(_titles(searcher, hits), limit - len(found))]


def _typed(q: str) -> _Typed:
    text = unicodedata.normalize("NFC", q.lstrip())
    tokens = [token for token in tokenize(text) if not token.overlay]
    words, starts = [token.term for token in tokens], [token.start for token in tokens]
    return _Typed(text.rstrip(), words, starts, not text[-1].isspace())


def _words(
    searcher: Searcher, typed: _Typed, room: int, policy: Policy, synonyms: Synonyms
) -> list[Suggestion]:
    """Words and phrases that complete the most words that some do, then those that complete fewer;
    if none do, what may have been meant by the last word."""
    found: list[Suggestion] = []
    texts = {typed.text.casefold()}
    tried: set[tuple[tuple[str, ...], ...]] = set()
    for keys, size in _keys(searcher, typed, policy):
        if found and size == 0:
            break
        if not keys:
            continue
        beginning = typed.text[: typed.starts[-max(size, 1)]]
        completed = CompletedText(searcher, beginning, synonyms)
        before = [_stems(word, searcher) for word in typed.words[: -max(size, 1)]]
        for key in keys:
            words = key.split(" ")
            stems = *before, *[_stems(word, searcher) for word in words]
            if len(found) == room or len(tried) == policy.tried:
                return found
            if stems in tried:
                continue
            tried.add(stems)
            text, count = completed.by(key)
            if count and text.casefold() not in texts:
                kind = Kind.WORD if len(words) <= max(size, 1) else Kind.PHRASE
                texts.add(text.casefold())
                found.append(Suggestion(text, kind, count, SearchRequest(q=text)))
    return found


def _stems(word: str, searcher: Searcher) -> tuple[str, ...]:
    """What is equal for words that find the same items."""
    term = word_term("text", word, searcher.vocabulary)
    return (term.stem or term.exact, *term.others)


def _keys(searcher: Searcher, typed: _Typed, policy: Policy) -> Iterator[tuple[list[str], int]]:
    """Completions, each list with how many of the last words it completes; 0: the last one, as if
    it were misspelt."""
    for size in range(min(len(typed.words), policy.words), 0, -1):
        yield searcher.completions.phrases(typed.tail(size), policy.tried), size
    last = typed.words[-1]
    edits = policy.spelling.allowed(last)
    if edits and last.isalpha() and typed.is_open:
        yield searcher.completions.near_words(last, edits, policy.tried), 0


def _titled(searcher: Searcher, typed: _Typed, limit: int) -> Sequence[ScoredDoc]:
    """The newest items that have all of the words in their titles, the last one as a beginning. A
    single letter begins too many words."""
    *whole, last = typed.words
    if len(last) == 1 and last.isascii() and typed.is_open:
        return ()
    members: list[Expression] = [Phrase("title", (word,)) for word in whole]
    members.append(Prefix("title", last) if typed.is_open else Phrase("title", (last,)))
    answer = newest(searcher, all_of(members), limit)
    return () if answer.skipped else answer.hits


def _titles(searcher: Searcher, hits: Sequence[ScoredDoc]) -> Iterator[Suggestion]:
    """The titles of items, each once."""
    seen = set()
    for hit in hits:
        title = searcher.items([hit])[0].article.title
        number = headline_number(title)
        if number not in seen:
            seen.add(number)
            count = searcher.completions.titled(number)
            yield Suggestion(title, Kind.TITLE, count, SearchRequest(q=title))


def _of_value(searcher: Searcher, kind: Kind, value: str, count: int) -> Suggestion:
    group = _GROUPS[kind]
    selections = {**no_selections(), group: (shown_value(group, value, searcher.vocabulary),)}
    return Suggestion(
        text=searcher.vocabulary.label(group, value),
        kind=kind,
        count=count,
        request=SearchRequest(selections=selections),
    )
