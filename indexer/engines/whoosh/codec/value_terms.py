"""The terms of keywords and numbers for Whoosh, made from columns by document at their first use.

A number is a term at four precisions, so that a range is a few of them: the bits left out in one
byte, then the others of the number with its sign turned round, as `whoosh.fields.NUMERIC` has it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

import numpy as np

from indexer.engines.whoosh.codec.posting_matcher import PostingList
from indexer.schema import FACETS
from indexer.segment import MISSING
from indexer.segment.column_file import Array, Columns
from indexer.segment.term_dictionary import TermDictionary

PRECISION_STEP = 16
"""Bits that a number's terms leave out more, from one precision to the next."""

SIGN = 1 << 63
"""Added to a number: then those below 0 come first."""

_GROUPS = {field: group for group, field in FACETS.items()}


class ValueTerms:
    """The terms of one field. `term` gives the one at a place, in order, equal ones side by side;
    `starts`: where the documents of each begin, and the last ones end."""

    def __init__(self, term: Callable[[int], bytes], starts: Array, documents: Array) -> None:
        self._term, self._starts, self._documents = term, starts, documents
        self._places = range(len(starts) - 1)

    def find(self, term: bytes) -> PostingList | None:
        """The documents with a term, deleted ones included; `None` if there are none."""
        first = bisect_left(self._places, term, key=self._term)
        last = bisect_right(self._places, term, first, key=self._term)
        documents = self._documents[int(self._starts[first]) : int(self._starts[last])]
        return PostingList(documents) if len(documents) else None

    def starting_at(self, term: bytes) -> Iterator[bytes]:
        """The terms in order, each once, from the first that is not less than this one."""
        before = None
        for place in self._places[bisect_left(self._places, term, key=self._term) :]:
            found = self._term(place)
            if found != before:
                yield found
            before = found


class NumberTerms:
    """The terms of a number field, at one precision after the other."""

    def __init__(self, values: Array) -> None:
        having = np.flatnonzero(values != MISSING).astype(np.int32)
        sortable = values[having].astype(np.uint64) + np.uint64(SIGN)
        self._precisions = {}
        for shift in range(0, 64, PRECISION_STEP):
            keys = sortable >> np.uint64(shift)
            order = np.argsort(keys, kind="stable")
            self._precisions[shift] = _by_key(keys[order], having[order], bytes([shift]))

    def find(self, term: bytes) -> PostingList | None:
        """See `ValueTerms.find`."""
        terms = self._precisions.get(term[0]) if term else None
        return terms.find(term) if terms else None

    def starting_at(self, term: bytes) -> Iterator[bytes]:
        """See `ValueTerms.starting_at`."""
        for terms in self._precisions.values():
            yield from terms.starting_at(term)


def value_terms(columns: Columns, field: str) -> ValueTerms | NumberTerms:
    """The terms of a field that is no text."""
    if field in _GROUPS:
        return _facet_terms(columns, f"facets.{_GROUPS[field]}")
    if field == "id":
        ids, order = TermDictionary.of(columns, "ids"), columns["ids.order"]
        return ValueTerms(lambda place: ids[order[place]], np.arange(len(order) + 1), order)
    if field == "url":
        return _by_key(columns["urls.keys"], columns["urls.documents"], b"")
    return NumberTerms(columns[f"numbers.{field}"])


def _facet_terms(columns: Columns, group: str) -> ValueTerms:
    lexicon, ordinals = TermDictionary.of(columns, group), columns[f"{group}.values"]
    sizes: Array = np.diff(columns[f"{group}.starts"].astype(np.int64))
    owners = np.repeat(np.arange(columns.documents, dtype=np.int32), sizes)
    order = np.argsort(ordinals, kind="stable")
    starts = np.searchsorted(ordinals[order], np.arange(len(lexicon) + 1))
    return ValueTerms(lexicon.__getitem__, starts, owners[order])


def _by_key(keys: Array, documents: Array, prefix: bytes) -> ValueTerms:
    """Terms that are 64-bit keys, which ascend, after a prefix: the most significant byte first."""
    first = np.ones(len(keys), bool)
    first[1:] = keys[1:] != keys[:-1]
    starts = np.flatnonzero(first)
    distinct = keys[starts]
    return ValueTerms(
        lambda place: prefix + int(distinct[place]).to_bytes(8, "big"),
        np.append(starts, len(keys)),
        documents,
    )
