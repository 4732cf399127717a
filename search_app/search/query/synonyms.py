"""Widens the words of a query by their synonyms, which score less than the words that were typed.

A word that is typed, or several side by side, may have synonyms (see `indexer.analysis.synonyms`):
`ai` also finds the phrase "artificial intelligence", and `artificial intelligence` also `ai`. Words
in quotes, with a field, with a star or a minus mean just what they say.
"""

from collections.abc import Iterable, Iterator, Sequence

from indexer.analysis.synonyms import Synonym, forms, words
from search_app.search.query import tree
from search_app.search.query.leaf import leaf_expression
from search_app.search.query.logical import Expression, boosted
from search_app.search.query.tree import Node, Word
from search_app.search.vocabulary import Vocabulary

WEIGHT = 0.5
"""What a synonym scores, relative to the same words if they were typed."""


class Synonyms:
    """The synonyms of some texts; each scores `weight` of what it would if it were typed.
    Immutable."""

    def __init__(self, synonyms: Iterable[Synonym] = (), weight: float = WEIGHT) -> None:
        self._weight = weight
        self._finds: dict[tuple[str, ...], tuple[str, ...]] = {}
        for one in synonyms:
            key = words(one.text)
            self._finds[key] = tuple(dict.fromkeys([*self._finds.get(key, ()), *one.finds]))
        self._longest = max(map(len, self._finds), default=0)

    def has(self, form: str) -> bool:
        """Whether a word has synonyms by itself."""
        return (form,) in self._finds

    def runs(self, nodes: Sequence[Node]) -> Iterator[Sequence[Node]]:
        """The nodes of a query in order, those together that have synonyms together; of several
        such runs from the same word on, the longest."""
        if self._longest < 2:
            yield from [(node,) for node in nodes]
            return
        typed = [_forms(node) for node in nodes]
        at = 0
        while at < len(nodes):
            size = max(self._sizes(typed[at : at + self._longest]), default=1)
            yield nodes[at : at + size]
            at += size

    def of(self, nodes: Sequence[Node], vocabulary: Vocabulary) -> list[Expression]:
        """What the synonyms of these words together are searched for as: several words as a
        phrase."""
        if not self._finds:
            return []
        key = tuple([form for node in nodes for form in _forms(node)])
        found = []
        for text in self._finds.get(key, ()):
            node = Word(text) if len(words(text)) == 1 else tree.Phrase(text)
            found.append(boosted(leaf_expression(node, [], vocabulary), self._weight))
        return found

    def _sizes(self, typed: Sequence[tuple[str, ...]]) -> Iterator[int]:
        """How many of these words, from the first one on, have synonyms together."""
        key: tuple[str, ...] = ()
        for size, word in enumerate(typed, start=1):
            if not word:
                return
            key += word
            if key in self._finds:
                yield size


def _forms(node: Node) -> tuple[str, ...]:
    """The exact forms of a word that may have synonyms; none of anything else."""
    return forms(node.text) if isinstance(node, Word) and not node.field else ()


NO_SYNONYMS = Synonyms()
