"""What a typed text finds when its end is completed, and how titles spell the completion.

Both are remembered for each generation, because whoever types on is suggested the same again.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from indexer.analysis.tokenizer import tokenize
from search_app.search.protocols import EngineRequest, EngineResult, Searcher
from search_app.search.query.leaf import word_term
from search_app.search.query.logical import Expression, MatchAll, Phrase, all_of
from search_app.search.query.parser import parse
from search_app.search.query.rewrite import Match, rewrite
from search_app.search.query.synonyms import Synonyms
from search_app.search.request import Sort, no_selections


class CompletedText:
    """A text of which the end is completed: `beginning` is what stays of it."""

    def __init__(self, searcher: Searcher, beginning: str, synonyms: Synonyms) -> None:
        self._searcher, self._beginning, self._synonyms = searcher, beginning, synonyms

    def by(self, key: str) -> tuple[str, int]:
        """The text completed by a word or phrase of titles, and how many items have all that it
        asks for: 0 unless some have all words of `key` and what the beginning asks for."""
        memory = self._searcher.completions.completed
        return memory.get((self._beginning, key, self._synonyms), lambda _: self._find(key))

    def _find(self, key: str) -> tuple[str, int]:
        searcher, rest = self._searcher, self._rest
        if rest != MatchAll():
            terms = [word_term("text", word, searcher.vocabulary) for word in key.split(" ")]
            if not searcher.counts([all_of([rest, *terms])])[0]:
                return self._beginning + key, 0
        text = self._beginning + _spelt(searcher, key)
        (count,) = searcher.counts([self._expression(text)])
        return text, count

    @cached_property
    def _rest(self) -> Expression:
        return self._expression(self._beginning)

    def _expression(self, text: str) -> Expression:
        """What an item with all that a query asks for matches."""
        tree = parse(text).tree
        return rewrite(tree, Match.ALL, self._searcher.vocabulary, self._synonyms).full


def newest(searcher: Searcher, expression: Expression, limit: int) -> EngineResult:
    """The newest items that match an expression."""
    return searcher.search(
        EngineRequest(
            full=expression,
            partial=None,
            window=(None, None),
            selections=no_selections(),
            sort=Sort.NEWEST,
            offset=0,
            limit=limit,
            facet_size=0,
        )
    )


def _spelt(searcher: Searcher, key: str) -> str:
    """A key, or what the newest title that has it writes for it if most titles spell one of its
    words otherwise."""
    if all(map(searcher.completions.is_spelt_so, key.split(" "))):
        return key
    return searcher.completions.spelt.get(key, lambda _: _spelt_by_the_newest(searcher, key))


def _spelt_by_the_newest(searcher: Searcher, key: str) -> str:
    terms = tuple(key.split(" "))
    answer = newest(searcher, Phrase("title", terms), 1)
    for item in searcher.items(answer.hits):
        title = item.article.title
        spans = {(t.term, t.position): slice(t.start, t.end) for t in tokenize(title)}
        for term, position in spans:
            row = [spans.get((other, position + n)) for n, other in enumerate(terms)]
            if term == terms[0] and None not in row:
                return _joined(title, [span for span in row if span])
    return key


def _joined(text: str, spans: Sequence[slice]) -> str:
    """Words of a title as it spells them, but with small letters: capitals tell something only of
    an acronym, in a title that is not all in capitals. Where a blank is between two words, there is
    nothing else."""
    keeps = not text.isupper()
    words = [text[s] if keeps and text[s].isupper() else text[s].lower() for s in spans]
    joined = words[0]
    for (before, span), word in zip(pairwise(spans), words[1:], strict=True):
        between = text[before.stop : span.start]
        joined += (" " if any(map(str.isspace, between)) else between) + word
    return joined
