"""The words of titles, and what follows them often, each with the weight of the items that have it.

A phrase has two or three words. It neither begins nor ends with a stop word, which completes
nothing, and needs a number of titles that `SuggestionPolicy` says.
"""

import re
from collections.abc import Container, Iterator, Sequence

import numpy as np

from indexer.analysis.folding import UNSPACED, fold
from indexer.segment.column_file import Array
from indexer.suggestions.suggestion_file import Weighted
from indexer.suggestions.titles import NONE, Titles

_LETTER_OR_DOTTED = re.compile(r"[^\W\d]|[^\W\d](\.[^\W\d])+")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def phrases(
    segments: Sequence[Titles],
    weights: Sequence[Array],
    frequent: int,
    stop_words: Container[str],
) -> tuple[Weighted, list[bytes]]:
    """The words and phrases of all titles: folded words with a blank between them; and those of
    the words that most titles spell otherwise, ascending. `weights`: of the documents of each
    segment; `frequent`: how many titles must have a phrase."""
    terms = sorted(set().union(*(segment.terms for segment in segments)))
    ids = {term: id for id, term in enumerate(terms)}
    own = [np.array([ids[term] for term in segment.terms], np.int64) for segment in segments]
    texts = [term.decode() for term in terms]
    is_word = np.array([_is_word(text) for text in texts], bool)
    is_edge = np.array([text not in stop_words for text in texts], bool)
    found = list(_words(terms, segments, own, weights, is_word & is_edge))
    words = _joined([_global(s.words, ids_) for s, ids_ in zip(segments, own, strict=True)])
    counts = _joined([w[s.owners] for s, w in zip(segments, weights, strict=True)])
    words[(words != NONE) & ~np.append(is_word, False)[words]] = NONE
    found += _rows(terms, words, counts, is_edge, frequent)
    return sorted(found), _spelt_otherwise(terms, segments, own)


def _spelt_otherwise(
    terms: Sequence[bytes], segments: Sequence[Titles], own: Sequence[Array]
) -> list[bytes]:
    """The terms beside which, in most places, other forms stand."""
    balance = np.zeros(len(terms), np.int64)
    for segment, ids in zip(segments, own, strict=True):
        balance[ids] += segment.beside - segment.alone
    return [terms[id] for id in np.flatnonzero(balance > 0).tolist()]


def _is_word(text: str) -> bool:
    """Whether a term is a word as it is typed: folded, and neither a single letter nor initials.
    Scripts without blanks have pieces of words instead, which complete nothing."""
    if len(text) > 1 and text.isascii() and text.isalpha():
        return True  # as most terms are
    if _LETTER_OR_DOTTED.fullmatch(text) or _UNSPACED.search(text):
        return False
    return text.isascii() or fold(text) == text


def _words(
    terms: Sequence[bytes],
    segments: Sequence[Titles],
    own: Sequence[Array],
    weights: Sequence[Array],
    is_word: Array,
) -> Iterator[tuple[bytes, int]]:
    """The words by themselves."""
    sums = np.zeros(len(terms))
    for segment, ids, counts in zip(segments, own, weights, strict=True):
        sums += np.bincount(ids[segment.forms], counts[segment.documents], len(terms))
    for id in np.flatnonzero(is_word & (sums > 0)).tolist():
        yield terms[id], int(sums[id])


def _rows(
    terms: Sequence[bytes], words: Array, counts: Array, is_edge: Array, frequent: int
) -> Iterator[tuple[bytes, int]]:
    """Two and three words in a row. Three are looked for only where each two are frequent."""
    is_edge = np.append(is_edge, False)  # of NONE
    begins = np.flatnonzero((words[:-1] != NONE) & (words[1:] != NONE))
    numbers = np.full(len(words), NONE)  # of the pair that begins there, if it is frequent
    pairs, of_pair, sums = _frequent(words[begins] * len(terms) + words[begins + 1], counts[begins],
                                     frequent)  # fmt: skip
    numbers[begins] = of_pair
    first, second = np.divmod(pairs, len(terms))
    is_whole = is_edge[first] & is_edge[second]
    yield from _joined_rows(terms, (first, second), sums, is_whole)
    begins = np.flatnonzero((numbers[:-1] != NONE) & (numbers[1:] != NONE))
    begins = begins[is_edge[words[begins]] & is_edge[words[begins + 2]]]
    keys = numbers[begins] * len(terms) + words[begins + 2]
    triples, _, sums = _frequent(keys, counts[begins], frequent)
    pair, third = np.divmod(triples, len(terms))
    row = first[pair], second[pair], third
    yield from _joined_rows(terms, row, sums, np.ones(len(sums), bool))


def _joined_rows(
    terms: Sequence[bytes], words: Sequence[Array], sums: Array, wanted: Array
) -> Iterator[tuple[bytes, int]]:
    """The phrases of these words, one array for each place in a phrase."""
    places = [numbers[wanted].tolist() for numbers in words]
    for *row, weight in zip(*places, sums[wanted].tolist(), strict=True):
        yield b" ".join([terms[number] for number in row]), weight


def _frequent(keys: Array, weights: Array, least: int) -> tuple[Array, Array, Array]:
    """The keys that occur at least so often, ascending; for each of `keys` its index among those,
    `NONE` if it is not; and the sums of their weights."""
    distinct, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
    is_frequent = counts >= least
    numbers = np.where(is_frequent, np.cumsum(is_frequent) - 1, NONE)
    sums = np.bincount(places, weights, len(distinct)).astype(np.int64)
    return distinct[is_frequent], numbers[places], sums[is_frequent]


def _global(words: Array, ids: Array) -> Array:
    """The words of a segment, renumbered."""
    renumbered: Array = np.append(ids, NONE)[words]
    return renumbered


def _joined(arrays: Sequence[Array]) -> Array:
    return np.concatenate([np.zeros(0, np.int64), *arrays])
