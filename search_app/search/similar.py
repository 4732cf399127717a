"""More like this: the significant terms of a text, as a query for what is about the same.

After Lucene's `MoreLikeThis` (`org.apache.lucene.queries.mlt`): a term is significant by its
frequency in the text times its idf; of all terms the `MAX_TERMS` most significant are searched for,
any of them, each boosted by its significance relative to the greatest. As there, only the first
`MAX_TOKENS` words are looked at, and stop words never count. An occurrence counts as much as the
zone it stands in weighs, and the idf is that of `ranking`. Of a word with stems in several
languages the most frequent stem tells its idf, as in Lucene's `SynonymQuery`.
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import islice
from typing import NamedTuple

from indexer.analysis import languages, tokenizer
from indexer.analysis.stop_words import stop_words
from indexer.item import DEFAULT_LANGUAGE, Item
from indexer.schema import ZONES
from search_app.search import ranking
from search_app.search.protocols import Searcher
from search_app.search.query.leaf import word_term
from search_app.search.query.logical import (
    Exclude,
    Expression,
    Keyword,
    MatchNone,
    Term,
    all_of,
    any_of,
    boosted,
)
from search_app.search.vocabulary import Vocabulary

MAX_TERMS = 25
"""Lucene's `DEFAULT_MAX_QUERY_TERMS`."""

MAX_TOKENS = 5_000
"""Lucene's `DEFAULT_MAX_NUM_TOKENS_PARSED`."""

_WEIGHTS = {zone.name: zone.weight for zone in ZONES}


class Weighted(NamedTuple):
    """A text, and what an occurrence of a word in it counts."""

    text: str
    weight: float = 1.0


def like_text(searcher: Searcher, text: str) -> Expression:
    """What is like any text; `MatchNone` if no item has a word of it that tells anything."""
    language = next(iter(searcher.vocabulary.languages), DEFAULT_LANGUAGE)
    return any_of(_significant(searcher, [Weighted(text)], language, min_doc_freq=1))


def like_item(searcher: Searcher, item: Item) -> Expression:
    """What is like an item by its title, excerpt and related articles, without the item itself
    and those of its story. A term that no other item has would find nothing, and takes no place."""
    alike = any_of(_significant(searcher, _texts(item), item.language, min_doc_freq=2))
    if isinstance(alike, MatchNone):
        return alike
    return all_of([alike, *map(Exclude, _itself(searcher, item))])


def _itself(searcher: Searcher, item: Item) -> Sequence[Expression]:
    """What an item is, and what reports its story: never more like it."""
    story = searcher.story(item.id)
    return [Keyword("id", item.id), *([Keyword("story", story)] if story else [])]


def _texts(item: Item) -> Iterator[Weighted]:
    yield Weighted(item.article.title, _WEIGHTS["title"])
    yield Weighted(item.article.excerpt, _WEIGHTS["excerpt"])
    for article in item.related:
        yield Weighted(article.title, _WEIGHTS["related_title"])
        yield Weighted(article.excerpt, _WEIGHTS["related_excerpt"])


def _significant(
    searcher: Searcher, texts: Iterable[Weighted], language: str, min_doc_freq: int
) -> list[Expression]:
    """The most significant terms, each with its boost; the most significant first."""
    frequencies = _frequencies(texts, language, searcher.vocabulary)
    stems = {stem for term in frequencies for stem in _stems(term)}
    doc_freqs = dict(zip(stems, searcher.doc_freqs([*stems]), strict=True))
    items = searcher.stats().items
    significance = {
        term: frequency * ranking.idf(items, doc_freq)
        for term, frequency in frequencies.items()
        if (doc_freq := max(doc_freqs[stem] for stem in _stems(term))) >= min_doc_freq
    }
    best = nlargest(MAX_TERMS, significance, key=significance.__getitem__)
    return [boosted(term, significance[term] / significance[best[0]]) for term in best]


def _stems(term: Term) -> tuple[str, ...]:
    return term.stems or (term.exact,)


def _frequencies(
    texts: Iterable[Weighted], language: str, vocabulary: Vocabulary
) -> dict[Term, float]:
    """How often each term occurs, by weight; words of one stem in this language are one term, in
    the form that comes first. Stop words are none: neither those of a query, nor those of this
    language, which are rare where few items are in it."""
    common = stop_words((language,))
    tokens = (
        (token.term, weight)
        for text, weight in texts
        for token in tokenizer.tokenize(text)
        if not token.overlay
    )
    terms: dict[str, Term] = {}
    frequencies: dict[Term, float] = {}
    for exact, weight in islice(tokens, MAX_TOKENS):
        term = word_term("text", exact, vocabulary)
        if term.boost == 1 and exact not in common:
            term = terms.setdefault(languages.stem(exact, language) or exact, term)
            frequencies[term] = frequencies.get(term, 0.0) + weight
    return frequencies
