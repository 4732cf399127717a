"""Another query for one that finds too little, as far as words of the index are near.

    typed                                        instead                                  is
    a word that no item has in this form         near words, two words, one word          searched
    two words, beside each other in no item      one word that finds more                 searched
    words that fewer than ten items have all     one word; words near to the rarest one   offered

What is searched is said and can be undone; what is offered finds many times as much. A word that
some item has is never replaced by a near one without being asked.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from search_app.search.protocols import MIN_FULL_MATCHES, EngineRequest, Searcher
from search_app.search.query.leaf import leaf_expression
from search_app.search.query.logical import Expression
from search_app.search.query.rewrite import is_common
from search_app.search.query.synonyms import NO_SYNONYMS, Synonyms
from search_app.search.query.tree import Group
from search_app.search.request import Sort, no_selections, shortened
from search_app.search.spelling.alternatives import (
    Alternative,
    alternatives,
    as_typed,
    joined,
    near_words,
)
from search_app.search.spelling.choice import choose
from search_app.search.spelling.policy import DEFAULT_POLICY, Policy
from search_app.search.spelling.typed_words import TypedWord, adjacent, exact_form, typed_words


class Correction(Struct, frozen=True):
    """Another query. `is_certain`: it is to be searched instead, and not merely to be offered."""

    query: str
    is_certain: bool


class Speller:
    """What one query may have meant, in one generation. `tree` and `typed` are that of its text,
    and what matches all of it; `full` gives the latter for any other query. A word with `synonyms`
    is known, too."""

    def __init__(
        self,
        searcher: Searcher,
        text: str,
        tree: Group,
        typed: Expression,
        full: Callable[[str], Expression],
        synonyms: Synonyms = NO_SYNONYMS,
        policy: Policy = DEFAULT_POLICY,
    ) -> None:
        self._searcher, self._policy = searcher, policy
        self._text, self._typed, self._full = text, typed, full
        self._words = typed_words(tree, policy.words)
        pairs = adjacent(text, self._words)
        forms = [exact_form(word) for word in self._words] + [exact_form(*pair) for pair in pairs]
        counts = searcher.doc_freqs(forms)
        self._unknown = [
            word
            for word, count in zip(self._words, counts, strict=False)
            if not count and not synonyms.has(word.term)
        ]
        self._joins = [
            joined(searcher, pair, count)
            for pair, count in zip(pairs, counts[len(self._words) :], strict=True)
            if count
        ]

    def correction(self) -> Correction | None:
        """The query with what stands for the words that no item has as they are typed, if it finds
        too little; `None` if nothing does."""
        if not self._unknown or self._finds(self._typed) >= MIN_FULL_MATCHES:
            return None
        return self._replacing(self._fixed(), is_certain=True)

    def improvement(self, *, finds_enough: bool) -> Correction | None:
        """Another query that finds more. If this one `finds_enough`, only one word for two that
        nowhere stand beside each other can make it."""
        offered = self._joins if finds_enough else [*self._joins, *self._more_frequent()]
        if not offered:
            return None
        offered = offered[: self._policy.offered]
        typed = self._finds(self._typed)
        counts = [self._finds(self._full(_replaced(self._text, [one]))) for one in offered]
        for one, count in zip(offered, counts, strict=True):
            if one.apart and count > typed and self._searcher.counts([one.apart]) == [0]:
                return self._replacing([one], is_certain=True)
        most = max(counts)
        if typed >= MIN_FULL_MATCHES or most < self._policy.times * max(typed, 1):
            return None
        return self._replacing([offered[counts.index(most)]], is_certain=False)

    def _fixed(self) -> list[Alternative]:
        """What stands for the unknown words. If one of which no item has any form makes a word with
        its neighbour, that is no coincidence; else a form that items have of it competes with the
        alternatives."""
        expressions = [self._meaning(word) for word in self._words]
        counts = self._searcher.counts(expressions)
        found = dict(zip(self._words, zip(counts, expressions, strict=True), strict=True))
        fixed: list[Alternative] = []
        slots = []
        for word in self._unknown[: self._policy.corrected]:
            count, expression = found[word]
            whole = [] if count else [one for one in self._joins if one.stands_for(word)]
            if any(one.overlaps(other) for one in whole for other in fixed):
                continue
            if whole:
                fixed.append(max(whole, key=lambda one: one.doc_freq))
            elif slot := alternatives(self._searcher, word, self._policy):
                slots.append([*slot, *as_typed(word, expression, count)])
        known = [found[word] for word in self._words if word not in self._unknown]
        common = self._searcher.vocabulary.stop_words
        context = sorted(
            [(count, one) for count, one in known if count and not is_common(one, common)],
            key=lambda entry: entry[0],
        )[: self._policy.context]
        chosen = choose(self._searcher, slots, [one for _, one in context], self._policy)
        return [*fixed, *(one for one in chosen if one.edits)]

    def _more_frequent(self) -> list[Alternative]:
        """Words near to the rarest of the query's, if that is rare, which are many times as
        frequent: somebody else may have made the same slip."""
        if not self._words:
            return []
        counts = self._searcher.counts([self._meaning(word) for word in self._words])
        rarest = min(counts)
        if rarest >= MIN_FULL_MATCHES:
            return []
        near = near_words(self._searcher, self._words[counts.index(rarest)], self._policy)
        more = [one for one in near if one.doc_freq >= self._policy.times * rarest]
        return more[: self._policy.alternatives]

    def _finds(self, expression: Expression) -> int:
        """How many items match, as far as a query may cost."""
        request = EngineRequest(
            expression, None, (None, None), no_selections(), Sort.RELEVANCE, 0, 0, 0
        )
        return self._searcher.search(request).total

    def _meaning(self, word: TypedWord) -> Expression:
        """What a word is searched for as."""
        return leaf_expression(word.word, [], self._searcher.vocabulary)

    def _replacing(self, better: Sequence[Alternative], *, is_certain: bool) -> Correction | None:
        """The query with these alternatives; `None` without any, or if it were too long."""
        query = _replaced(self._text, better)
        return Correction(query, is_certain) if better and shortened(query) == query else None


def _replaced(text: str, better: Sequence[Alternative]) -> str:
    """The text with each alternative in its place."""
    for one in sorted(better, key=lambda one: one.start, reverse=True):
        text = text[: one.start] + one.text + text[one.end :]
    return text
