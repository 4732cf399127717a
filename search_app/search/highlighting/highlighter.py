"""Highlighting: where the words of a query stand in the texts of an answer.

A text is analysed as it was for the index, so a mark stands exactly where a term does: on
`COVID-19` for `covid19`, on `reforms` for `reform`, on a whole phrase and not on its scattered
words. Only the hits of one page are highlighted, and the cost of that is bounded: see
`marking_cost`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from indexer.analysis.english import STOP_WORDS
from indexer.item import DEFAULT_LANGUAGE, Article
from indexer.urls import url_key
from search_app.search.highlighting.marking_cost import CostLimit
from search_app.search.highlighting.phrase_spans import Span
from search_app.search.highlighting.scanners import FASTEST, Scanner
from search_app.search.highlighting.terms import Terms
from search_app.search.query.logical import Keyword, Scored
from search_app.search.query.rewrite import discriminating

BLOCK = 25_000
"""Characters of texts that are folded at once; the cost limit is checked after each block."""

HIGHLIGHT_FIELDS = ("title", "excerpt", "related", "provider", "topic", "author")
"""The fields a text can be of; `provider` is that of the outlets' names and domains."""


class Highlighter:
    """Finds the terms of one query in texts. Immutable but for what it remembers; cheap to make.

    Up to `max_keys` prefilter keys are searched for; with more, every word is analysed. `marked`
    writes a text as HTML, with `<mark>` around its spans. `seeks_words` tells whether there are any
    to be found in texts, `names_outlets` whether outlets or addresses are named.
    """

    def __init__(
        self,
        leaves: Iterable[Scored | Keyword],
        max_keys: int = 16,
        stop_words: Collection[str] = STOP_WORDS,
        scanner: Scanner = FASTEST,
    ) -> None:
        leaves = list(dict.fromkeys(leaves))
        scoring = [leaf for leaf in leaves if not isinstance(leaf, Keyword)]
        self._scoring = discriminating(scoring, stop_words)
        self.seeks_words = bool(scoring)
        self._max_keys = max_keys
        self._scan, self.marked, _ = scanner
        self._by_language: dict[str, dict[str, Terms]] = {}
        keywords = [leaf for leaf in leaves if isinstance(leaf, Keyword)]
        self._urls = {leaf.value for leaf in keywords if leaf.field == "url"}
        self._domains = {leaf.value for leaf in keywords if leaf.field == "outlet"}
        self.names_outlets = bool(keywords)

    def spans(
        self,
        texts: Sequence[str],
        fields: Sequence[str],
        limit: CostLimit | None = None,
        languages: Sequence[str] = (),
    ) -> list[list[Span]]:
        """The spans to mark in each of the texts, which are of these `fields`: distinct, in order,
        not overlapping. Many texts at once cost little more than one. `languages`: that of each
        text's item; none: all are in the default one.

        Once `limit` is exceeded, the current text and all later ones get no spans; the caller can
        ask the limit. The default is the limit of one answer.
        """
        limit = limit or CostLimit()
        found: list[list[Span]] = [[] for _ in texts]
        for terms, numbers in self._searches(texts, fields, languages):
            some = texts if len(numbers) == len(texts) else [texts[n] for n in numbers]
            for at, spans in terms.spans(some, limit):
                found[numbers[at]] = spans
        return found

    def _searches(
        self, texts: Sequence[str], fields: Sequence[str], languages: Sequence[str]
    ) -> Iterator[tuple[Terms, Sequence[int]]]:
        """What is to be searched for, and the numbers of the texts in which it is: block by block,
        so that early texts are marked before late ones."""
        by_language = {one: self._by_field(one) for one in set(languages) or (DEFAULT_LANGUAGE,)}
        distinct = {terms: None for own in by_language.values() for terms in own.values()}
        blocks = _blocks(texts)
        if len(distinct) == 1:
            (only,) = distinct
            yield from ((only, block) for block in blocks)
            return
        languages = languages or [DEFAULT_LANGUAGE] * len(texts)
        pairs = zip(fields, languages, strict=True)
        terms_of = [by_language[language][field] for field, language in pairs]
        for block in blocks:
            yield from ((one, [n for n in block if terms_of[n] is one]) for one in distinct)

    def _by_field(self, language: str) -> dict[str, Terms]:
        """For each field the terms that may be found there in items of a language."""
        if language not in self._by_language:
            scoring, how = self._scoring, (language, self._max_keys, self._scan)
            anywhere = Terms([leaf for leaf in scoring if leaf.field == "text"], *how)
            self._by_language[language] = by_field = dict.fromkeys(HIGHLIGHT_FIELDS, anywhere)
            for field in {leaf.field for leaf in scoring}.intersection(HIGHLIGHT_FIELDS):
                here = [leaf for leaf in scoring if leaf.field in ("text", field)]
                by_field[field] = Terms(here, *how)
        return self._by_language[language]

    def matches_outlet(self, article: Article) -> bool:
        """Whether the query names this article's outlet or its URL."""
        if article.provider and article.provider.domain in self._domains:
            return True
        urls = (article.url, article.amp_url, article.cached_url) if self._urls else ()
        return any(url_key(url) in self._urls for url in urls if url)


def _blocks(texts: Sequence[str]) -> list[range]:
    """The numbers of the texts, in ranges of about `BLOCK` characters."""
    blocks, begin, left = [], 0, BLOCK
    for number, text in enumerate(texts) if sum(map(len, texts)) > BLOCK else ():
        left -= len(text)
        if left < 0:
            blocks.append(range(begin, number + 1))
            begin, left = number + 1, BLOCK
    return [*blocks, range(begin, len(texts))]
