"""Posting lists as Whoosh has them, a field at a time, made from the columns of a segment.

Text fields have weights and encoded positions; keywords and numbers only documents. Numbers are
terms at four precisions, so that a range is a few of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress

import numpy as np

from indexer.engines.whoosh.columns import Array, Columns
from indexer.engines.whoosh.formats import NOWHERE, packed
from indexer.engines.whoosh.gather import MISSING
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.postings import PART_SHIFT, stem_range
from indexer.engines.whoosh.weights import part_factors
from indexer.fields import FACETS, FIELDS, PART_GAP, PARTS, Field, Kind

CHUNK = 1 << 20
"""Postings of a text field that are made at a time."""

SHIFT_STEP = 16
"""Bits by which a number's terms lose precision, from one to the next."""

_POSITION = np.uint32((1 << PART_SHIFT) - 1)
_FACET_OF = {field: group for group, field in FACETS.items()}
_TEXTS = {field.name: field for field in FIELDS if field.kind is Kind.TEXT}


@dataclass(frozen=True, slots=True)
class PostingLists:
    """Terms in order of bytes; `starts`: where the postings of each begin, and the last ones end.

    `weights`: single precision, `None` if all are 1; `values`: positions as `formats` encodes
    them, `None` where there are none.
    """

    terms: list[bytes]
    starts: Array
    documents: Array
    weights: Array | None = None
    values: list[bytes] | None = None


def of_field(columns: Columns, name: str) -> Iterator[PostingLists]:
    """All posting lists of a field, in order, in pieces that fit into memory."""
    if name in _TEXTS:
        yield from _Texts(columns, _TEXTS[name]).lists()
    elif name in _FACET_OF:
        yield _facet(columns, _FACET_OF[name])
    elif name == "id":
        yield _ids(columns)
    elif name == "url":
        yield _urls(columns)
    else:
        yield from _numbers(columns[f"numbers.{name}"])


def _facet(columns: Columns, group: str) -> PostingLists:
    names = list(Lexicon.of(columns, f"facets.{group}"))
    ordinals = columns[f"facets.{group}.values"]
    sizes: Array = np.diff(columns[f"facets.{group}.starts"].astype(np.int64))
    owners = np.repeat(np.arange(columns.documents, dtype=np.int32), sizes)
    order = np.argsort(ordinals, kind="stable")
    starts = np.searchsorted(ordinals[order], np.arange(len(names) + 1))
    return PostingLists(names, starts, owners[order])


def _ids(columns: Columns) -> PostingLists:
    ids, order = list(Lexicon.of(columns, "ids")), columns["ids.order"]
    sorted_ids = [ids[number] for number in order.tolist()]
    first = [n for n, id in enumerate(sorted_ids) if not n or id != sorted_ids[n - 1]]
    terms = [sorted_ids[n] for n in first]
    return PostingLists(terms, np.array([*first, len(ids)], np.int64), order)


def _urls(columns: Columns) -> PostingLists:
    return _grouped(columns["urls.keys"], columns["urls.documents"], b"")


def _numbers(values: Array) -> Iterator[PostingLists]:
    """As Whoosh's `NUMERIC`: the bits lost in a byte, then what is left, the sign turned round."""
    having = np.flatnonzero(values != MISSING).astype(np.int32)
    sortable = values[having].astype(np.uint64) + np.uint64(1 << 63)
    for shift in range(0, 64, SHIFT_STEP):
        keys = sortable >> np.uint64(shift)
        order = np.argsort(keys, kind="stable")
        yield _grouped(keys[order], having[order], bytes([shift]))


def _grouped(keys: Array, documents: Array, prefix: bytes) -> PostingLists:
    """Ascending 64-bit keys as terms, most significant byte first."""
    first = np.ones(len(keys), bool)
    first[1:] = keys[1:] != keys[:-1]
    places = np.flatnonzero(first)
    raw = keys[places].astype(">u8").tobytes()
    terms = [prefix + raw[at : at + 8] for at in range(0, len(raw), 8)]
    return PostingLists(terms, np.append(places, len(keys)), documents)


class _Texts:
    """The postings of one text field: those of the columns, less what is of other parts."""

    def __init__(self, columns: Columns, field: Field) -> None:
        self._terms = list(Lexicon.of(columns, "lexicon"))
        self._starts = columns["postings.starts"].astype(np.int64)
        self._documents, self._profiles = (
            columns["postings.documents"],
            columns["postings.profiles"],
        )
        self._firsts, self._codes = columns["postings.firsts"], columns["occurrences"]
        table, factors = columns["profiles"].reshape(-1, len(PARTS)), part_factors(field)
        self._held = factors > 0
        self._times = table[:, self._held].sum(axis=1, dtype=np.int64)
        self._weights = (table @ factors).astype(np.float32)
        stems = stem_range(self._terms)
        self._stems = slice(int(self._starts[stems.start]), int(self._starts[stems.stop]))
        longest = int((self._codes & _POSITION).max(initial=0)) + PART_GAP
        self._width = np.uint32(longest.bit_length())

    def lists(self) -> Iterator[PostingLists]:
        """All of them, some terms at a time."""
        begin = 0
        while begin < len(self._terms):
            end = int(np.searchsorted(self._starts, self._starts[begin] + CHUNK, side="right")) - 1
            end = max(end, begin + 1)
            yield self._some(begin, end)
            begin = end

    def _some(self, begin: int, end: int) -> PostingLists:
        run = slice(int(self._starts[begin]), int(self._starts[end]))
        profiles = self._profiles[run]
        keep = np.flatnonzero(self._times[profiles])
        profiles = profiles[keep]
        ends = np.searchsorted(keep, self._starts[begin : end + 1] - run.start)
        sizes = np.diff(ends)
        return PostingLists(
            list(compress(self._terms[begin:end], sizes.tolist())),
            np.concatenate([ends[:-1][sizes > 0], ends[-1:]]),
            self._documents[run][keep],
            self._weights[profiles],
            self._values(keep + run.start, self._times[profiles]),
        )

    def _values(self, rows: Array, times: Array) -> list[bytes]:
        """The encoded positions of these postings; `times`: how often each term stands there."""
        stemmed = (rows >= self._stems.start) & (rows < self._stems.stop)
        values = np.full(len(rows), NOWHERE, object)
        exact = rows[~stemmed]
        exact = np.where(
            exact < self._stems.start, exact, exact - (self._stems.stop - self._stems.start)
        )
        if len(exact):
            codes = self._codes[self._firsts[exact[0]] : self._firsts[exact[-1] + 1]]
            codes = codes[self._held[codes >> np.uint32(PART_SHIFT)]]
            parts = codes >> np.uint32(PART_SHIFT)
            values[~stemmed] = packed(parts << self._width | codes & _POSITION, times[~stemmed])
        return values.tolist()
