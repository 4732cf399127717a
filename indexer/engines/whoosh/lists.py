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
from indexer.engines.whoosh.merge import Made
from indexer.engines.whoosh.postings import PART_SHIFT, ranges
from indexer.engines.whoosh.weights import part_factors
from indexer.fields import FACETS, PART_GAP, Field

SOME = 1 << 16
"""Postings that are dealt with at a time, unless one list has more."""

SHIFT_STEP = 16
"""Bits by which a number's terms lose precision, from one to the next."""

_POSITION = np.uint32((1 << PART_SHIFT) - 1)
_FACET_OF = {field: group for group, field in FACETS.items()}


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
    """All posting lists of a field that is no text, in order, some at a time."""
    if name in _FACET_OF:
        found = iter([_facet(columns, _FACET_OF[name])])
    elif name == "id":
        found = iter([_ids(columns)])
    elif name == "url":
        found = iter([_urls(columns)])
    else:
        found = _numbers(columns[f"numbers.{name}"])
    for lists in found:
        for begin, end in ranges(lists.starts, SOME):
            starts = lists.starts[begin : end + 1]
            documents = lists.documents[starts[0] : starts[-1]]
            yield PostingLists(lists.terms[begin:end], starts - starts[0], documents)


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


def of_texts(made: Made, field: Field, furthest: int) -> PostingLists:
    """The posting lists of a text field in a range of terms. `furthest`: the furthest position
    there is, in any range.

    A position is that within a part, with the part in the bits above: `part << width | position`,
    with just enough bits that no phrase reaches from one part into the next.
    """
    factors = part_factors(field)
    held = factors > 0
    times = made.table[:, held].sum(axis=1, dtype=np.int64)
    keep = np.flatnonzero(times[made.profiles])
    profiles = made.profiles[keep]
    ends = np.searchsorted(keep, made.starts)
    sizes = np.diff(ends)
    width = np.uint32((furthest + PART_GAP).bit_length())
    stemmed = (keep >= made.stems.start) & (keep < made.stems.stop)
    values = np.full(len(keep), NOWHERE, object)
    parts = made.codes >> np.uint32(PART_SHIFT)
    here = held[parts]
    positions = parts[here] << width | made.codes[here] & _POSITION
    values[~stemmed] = packed(positions, times[profiles[~stemmed]])
    return PostingLists(
        list(compress(made.terms, sizes.tolist())),
        np.concatenate([ends[:-1][sizes > 0], ends[-1:]]),
        made.documents[keep],
        (made.table @ factors).astype(np.float32)[profiles],
        values.tolist(),
    )
