"""What the beginning of a text can be completed to, in one generation.

Words and phrases come from titles, as `indexer.suggestions` found them; topics and outlets are
completed from the beginning of each of their first words. What has more weight comes first, which
is what more items have, and newer ones.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from indexer.facet_values import value_key
from indexer.suggestions.suggestion_file import GROUPS, Suggestions
from search_app.search.memory import Memory
from search_app.search.vocabulary import Labels

Weights = NDArray[np.int64]
_AFTER = "\U0010ffff"
_WORD_STARTS = 8
"""A topic or an outlet is found by its first words, as many as this."""


class _Names(NamedTuple):
    """The names of a facet group from each of their words on, ascending, each with the index of its
    value and that value's weight."""

    texts: list[str]
    values: list[int]
    weights: Weights


class Completions:
    """Immutable but for what is remembered: `completed`, of the last texts that were completed, and
    `spelt`, of the last words and phrases; see `completed_text`."""

    def __init__(self, suggestions: Suggestions, labels: Labels, remembered: int = 8192) -> None:
        self.completed: Memory[Hashable, tuple[str, int]] = Memory(remembered)
        self.spelt: Memory[str, str] = Memory(remembered)
        self._tables, self._spelt_otherwise = suggestions.tables, suggestions.spelt
        self._items, self._titles = suggestions.items, suggestions.titles
        self._labels = labels

    def is_spelt_so(self, word: str) -> bool:
        """Whether most titles spell a folded word as it is. Of words with other letters than a to z
        it is not known."""
        return word.isascii() and word not in self._spelt_otherwise

    def phrases(self, prefix: str, limit: int) -> list[str]:
        """The words and phrases of titles that begin with a prefix: folded words with a blank
        between them."""
        keys, weights = self._tables["phrase"]
        found = keys.starting(prefix.encode())
        best = _heaviest(weights[found.start : found.stop], limit)
        return [keys[found.start + at].decode() for at in best]

    def near_words(self, prefix: str, edits: int, limit: int) -> list[str]:
        """The words of titles of which a beginning is at most so many edits away from a folded
        prefix, and has its first letter: those with the fewest edits first. An edit inserts,
        deletes or replaces a letter, or exchanges two neighbours ("optimal string alignment")."""
        texts, weights = self._words
        begin, end = bisect_left(texts, prefix[0]), bisect_left(texts, prefix[0] + _AFTER)
        # beginnings of the right size are at most `edits` further away than the nearest ones
        rough = _distances(prefix, texts[begin:end], len(prefix), 2 * edits)
        places = begin + np.flatnonzero(rough <= 2 * edits)
        words = [texts[at] for at in places.tolist()]
        sizes = range(len(prefix) - edits, len(prefix) + edits + 1)
        distances = np.min([_distances(prefix, words, size, edits) for size in sizes], axis=0)
        order = np.lexsort((-weights[places], distances))
        return [words[at] for at in order[:limit].tolist() if distances[at] <= edits]

    def values(self, group: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        """The values of a facet group with a name in which a word, and what follows, begins with a
        prefix in the form of `value_key`: a topic's label, an outlet's name or domain. Each with
        how many items have it."""
        names = self._names[group]
        begin, end = (bisect_left(names.texts, text) for text in (prefix, prefix + _AFTER))
        several = limit * 2 * _WORD_STARTS  # as a value may have several names that begin so
        best = _heaviest(names.weights[begin:end], several)
        distinct = dict.fromkeys([names.values[begin + at] for at in best])
        return self._counted(group, [*distinct][:limit])

    def most_used(self, group: str, limit: int) -> list[tuple[str, int]]:
        """The values of a facet group with the most weight, each with how many items have it."""
        return self._counted(group, _heaviest(self._tables[group][1], limit))

    def titled(self, number: int) -> int:
        """How many items have the title with this `headline_number`, which some item has."""
        numbers, items = self._titles
        at = int(np.searchsorted(numbers, number))
        return int(items[at]) if at < len(numbers) and numbers[at] == number else 1

    def _counted(self, group: str, values: Sequence[int]) -> list[tuple[str, int]]:
        """The values with these indexes, each with how many items have it."""
        keys, items = self._tables[group][0], self._items[group]
        return [(keys[at].decode(), int(items[at])) for at in values]

    @cached_property
    def _words(self) -> tuple[list[str], Weights]:
        keys, weights = self._tables["phrase"]
        texts = [key.decode() for key in keys]
        places = [at for at, text in enumerate(texts) if " " not in text]
        return [texts[at] for at in places], weights[places]

    @cached_property
    def _names(self) -> dict[str, _Names]:
        names = {}
        for group in GROUPS:
            keys, weights = self._tables[group]
            labels = self._labels.get(group, {})
            values = [key.decode() for key in keys]
            rows = sorted(
                (text, at, weight)
                for at, (value, weight) in enumerate(zip(values, weights.tolist(), strict=True))
                for text in dict.fromkeys(_beginnings(group, value, labels.get(value, value)))
            )
            names[group] = _Names(
                [text for text, _, _ in rows],
                [at for _, at, _ in rows],
                np.array([weight for _, _, weight in rows], np.int64),
            )
        return names


def _beginnings(group: str, value: str, label: str) -> Iterator[str]:
    """The names of a value, from each of their first words on."""
    for name in (label, value) if group == "provider" else (label,):
        words = value_key(name).split(" ")
        for first in range(min(len(words), _WORD_STARTS)):
            yield " ".join(words[first:])


def _distances(text: str, words: Sequence[str], size: int, most: int) -> NDArray[np.uint8]:
    """How many edits a text is away from the beginnings of this size; more than `most` are cut."""
    if not words:
        return np.zeros(0, np.uint8)
    found: NDArray[np.uint8] = cdist(
        [text],
        [word[:size] for word in words],
        scorer=OSA.distance,
        score_cutoff=most,
        dtype=np.uint8,
    )[0]
    return found


def _heaviest(weights: Weights, limit: int) -> Sequence[int]:
    """The indexes of the greatest weights, those first; of equal ones the first."""
    places = np.arange(len(weights))
    if 0 < limit < len(weights):
        least = np.partition(weights, len(weights) - limit)[len(weights) - limit]
        places = np.flatnonzero(weights >= least)
    best: list[int] = places[np.argsort(-weights[places], kind="stable")][:limit].tolist()
    return best
