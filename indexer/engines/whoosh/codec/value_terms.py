"""The terms of keywords and numbers for Whoosh, made from the columns when they are first used.

A number is a term at four precisions, so that a range is a few of them: one byte says how many bits
are left out, then come the others of the number with its sign turned round, as in
`whoosh.fields.NUMERIC`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from indexer.engines.whoosh.codec.posting_matcher import PostingList, without_positions
from indexer.schema import FACETS
from indexer.segment import MISSING
from indexer.segment.column_file import Array, Columns
from indexer.segment.term_dictionary import TermDictionary

PRECISION_STEP = 16
"""The bits that each precision of a number's terms leaves out more than the one before."""

SIGN = 1 << 63
"""Is added to a number, so that those below 0 come first."""

_GROUPS = {field: group for group, field in FACETS.items()}


class ValueTerms:
    """The terms of one field. `term` returns the one with an index; they are in order, and equal
    ones may follow each other. `starts`: where in `documents` those of each term begin, and the
    last ones end."""

    def __init__(self, term: Callable[[int], bytes], starts: Array, documents: Array) -> None:
        self._term, self._starts, self._documents = term, starts, documents
        self._indexes = range(len(starts) - 1)

    def find(self, term: bytes) -> PostingList:
        """The documents with a term, deleted ones included."""
        first = bisect_left(self._indexes, term, key=self._term)
        last = bisect_right(self._indexes, term, first, key=self._term)
        documents = self._documents[int(self._starts[first]) : int(self._starts[last])]
        weights, lengths = np.ones(len(documents), np.float32), np.zeros(len(documents), np.int32)
        return PostingList(documents, weights, lengths, without_positions)

    def starting_at(self, term: bytes) -> Iterator[bytes]:
        """The terms in order, each once, from the first that is not less than this one."""
        before = None
        for index in self._indexes[bisect_left(self._indexes, term, key=self._term) :]:
            own = self._term(index)
            if own != before:
                yield own
            before = own


def value_terms(columns: Columns, field: str) -> ValueTerms:
    """The terms of a keyword or number field."""
    if field in _GROUPS:
        return _facet_terms(columns, f"facets.{_GROUPS[field]}")
    if field == "id":
        ids, order = TermDictionary.of(columns, "ids"), columns["ids.order"]
        return ValueTerms(lambda index: ids[order[index]], np.arange(len(order) + 1), order)
    if field == "url":
        return _key_terms(columns["urls.keys"][np.newaxis], columns["urls.documents"], [b""])
    return _number_terms(columns[f"numbers.{field}"])


def _facet_terms(columns: Columns, group: str) -> ValueTerms:
    names, ordinals = TermDictionary.of(columns, group), columns[f"{group}.values"]
    sizes: Array = np.diff(columns[f"{group}.starts"].astype(np.int64))
    owners = np.repeat(np.arange(columns.documents, dtype=np.int32), sizes)
    order = np.argsort(ordinals, kind="stable")
    starts = np.searchsorted(ordinals[order], np.arange(len(names) + 1))
    return ValueTerms(names.__getitem__, starts, owners[order])


def _number_terms(values: Array) -> ValueTerms:
    """The terms of a number field, one precision after the other."""
    owners = np.flatnonzero(values != MISSING).astype(np.int32)
    shifts = range(0, 64, PRECISION_STEP)
    sortable = values[owners].astype(np.uint64) + np.uint64(SIGN)
    keys = sortable >> np.array(shifts, np.uint64)[:, np.newaxis]
    order = np.argsort(keys, axis=1, kind="stable")
    ascending = np.take_along_axis(keys, order, axis=1)
    return _key_terms(ascending, owners[order], [bytes([shift]) for shift in shifts])


def _key_terms(keys: Array, documents: Array, prefixes: Sequence[bytes]) -> ValueTerms:
    """Terms that are 64-bit keys, the most significant byte first, after a prefix. `keys` has a row
    for each prefix, in which they ascend; `documents`: those of all keys."""
    is_first = np.ones(keys.shape, bool)
    is_first[:, 1:] = keys[:, 1:] != keys[:, :-1]
    rows, distinct = np.nonzero(is_first)[0], keys[is_first]
    return ValueTerms(
        lambda index: prefixes[rows[index]] + int(distinct[index]).to_bytes(8, "big"),
        np.append(np.flatnonzero(is_first), keys.size),
        documents.ravel(),
    )
