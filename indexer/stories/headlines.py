"""The words of headlines, an item's own and those of its related articles, as arrays.

Words are stems; stop words are none. A word is known by its hash, the same in each segment, so that
nothing depends on how items are spread over segments.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xxhash

from indexer.analysis.languages import STEM_MARK, stem
from indexer.analysis.stop_words import LANGUAGES, stop_words
from indexer.schema import ZONES
from indexer.segment import MISSING, column_file
from indexer.segment.column_file import Array, Columns
from indexer.segment.merge_inputs import SegmentRef
from indexer.segment.term_dictionary import TermDictionary

OWN, RELATED = ([zone.name for zone in ZONES].index(name) for name in ("title", "related_title"))
MOST = 255
"""How often a word counts in the headlines of one item, at most."""

_STOPS = frozenset(
    found.encode()
    for code in LANGUAGES
    for word in stop_words((code,))
    if (found := stem(word, code))
)


@dataclass(frozen=True, slots=True)
class Headlines:
    """Documents are numbered across segments, deleted ones included. `dates`: of each document,
    `MISSING` of those without and of deleted ones; `living`: how many there are.

    One entry for each word of each document: `documents`, `words` and `counts`, how often it
    occurs, at most `MOST` times; `is_own` tells whether it occurs in the item's own headline.
    Words are numbered in the order of their hashes, which `hashes` holds.
    """

    dates: Array
    living: int
    documents: Array
    words: Array
    counts: Array
    is_own: Array
    hashes: Array


@dataclass(frozen=True, slots=True)
class _Entries:
    """The entries of one segment; `hashes` are the words, `lengths` how many entries each has."""

    hashes: Array
    lengths: Array
    documents: Array
    counts: Array
    is_own: Array


def headlines(segments: Sequence[SegmentRef]) -> Headlines:
    """The words of the headlines of all living documents; `IndexDamaged` if a segment is none."""
    dates, entries, base = [], [], 0
    living = 0
    for segment in segments:
        columns = column_file.read(segment.path)
        alive = segment.alive(columns.documents)
        living += int(np.count_nonzero(alive))
        dates.append(np.where(alive, columns["numbers.date"], MISSING))
        entries.append(_entries(columns, alive, base))
        base += columns.documents
    hashes, words = np.unique(_joined([e.hashes for e in entries], np.uint64), return_inverse=True)
    return Headlines(
        dates=_joined(dates, np.int64),
        living=living,
        documents=_joined([e.documents for e in entries], np.int32),
        words=np.repeat(words, _joined([e.lengths for e in entries], np.int64)),
        counts=_joined([e.counts for e in entries], np.uint8),
        is_own=_joined([e.is_own for e in entries], bool),
        hashes=hashes,
    )


def _joined(arrays: Sequence[Array], kind: type) -> Array:
    return np.concatenate([np.zeros(0, kind), *arrays])


def _entries(columns: Columns, alive: Array, base: int) -> _Entries:
    """The entries of the living documents of a segment whose first has the number `base`."""
    terms = TermDictionary.of(columns, "terms")
    stems = terms.starting(STEM_MARK.encode())
    starts = columns["postings.starts"][stems.start : stems.stop + 1].astype(np.int64)
    rows = slice(int(starts[0]), int(starts[-1]))
    table = columns["tf_profiles"].reshape(-1, len(ZONES))
    counts = np.minimum(table[:, OWN].astype(np.int64) + table[:, RELATED], MOST).astype(np.uint8)
    profiles, documents = columns["postings.tf_profiles"][rows], columns["postings.documents"][rows]
    counts = counts[profiles]
    kept = np.flatnonzero((counts > 0) & alive[documents])
    lengths = np.diff(np.searchsorted(kept, starts - starts[0]))
    hashes, is_word = _hashes(terms, stems, lengths)
    kept = kept[np.repeat(is_word, lengths)]
    return _Entries(
        hashes=hashes,
        lengths=lengths[is_word],
        documents=documents[kept] + np.int32(base),
        counts=counts[kept],
        is_own=(table[:, OWN] > 0)[profiles[kept]],
    )


def _hashes(terms: TermDictionary, stems: range, lengths: Array) -> tuple[Array, Array]:
    """The hashes of the stems that stand in headlines and are no stop words, and which these are
    (a mask)."""
    is_word = lengths > 0

    def words() -> Iterator[int]:
        for at in np.flatnonzero(is_word).tolist():
            term = terms[stems.start + at]
            if term in _STOPS:
                is_word[at] = False
            else:
                yield xxhash.xxh3_64_intdigest(term)

    return np.fromiter(words(), np.uint64), is_word
