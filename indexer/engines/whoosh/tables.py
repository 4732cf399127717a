"""Whoosh's table of terms: what is kept of each, in order, and a hash table to find it by.

    HSH3, kind of hash, 8 unused bytes
    entries         key length, info length, key, info; keys ascending
    hash tables     256 of them, chosen by a hash's low byte: (hash, place of the entry) in slots
    directory       place and slots of each of them
    extras          pickled: {field: number}, and the type and length of ...
    index           the places of all entries, ascending
    size            bytes of extras and index

A slot is free where both numbers are 0; an entry lies in the first free one from its own on.
"""

import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pickle import dumps
from typing import Any

import numpy as np

from indexer.engines.whoosh.blocks import INFO, PROTOCOL, Terms
from indexer.engines.whoosh.columns import Array
from indexer.engines.whoosh.postings import flat

_HEAD = struct.Struct("!4sBii")
_CRC32 = 1
_LENGTHS = np.dtype([("key", ">i4"), ("info", ">i4")])
_FIXED = _LENGTHS.itemsize + INFO.itemsize
_SLOT = np.dtype([("hash", ">u4"), ("place", ">i8")])
_DIRECTORY = struct.Struct("!qi")
_TABLES = 256

SOME = 1 << 15
"""Entries that are made at a time."""


def write(file: Any, fields: Mapping[str, int], terms: Iterable[tuple[Terms, int]]) -> None:
    """Write the table of all terms into a binary file. `terms` come in order, each with where its
    blocks begin among all of them."""
    file.write(_HEAD.pack(b"HSH3", _CRC32, 0, 0))
    end = _HEAD.size
    places, hashes = [np.zeros(0, np.int64)], [np.zeros(0, np.uint32)]
    for some, base in terms:
        hashes.append(some.hashes)
        for data, begins in _entries(some, base):
            file.write(data)
            places.append(begins + end)
            end += len(data)
    index, found = np.concatenate(places), np.concatenate(hashes)
    directory = []
    for low in range(_TABLES):
        own = np.flatnonzero(found & np.uint32(_TABLES - 1) == low)
        slots = _slots(found[own], index[own])
        directory.append(_DIRECTORY.pack(end, len(slots)))
        file.write(slots.tobytes())
        end += slots.nbytes
    file.write(b"".join(directory))
    code = "i" if end < 1 << 31 else "q"
    width = array(code).itemsize
    extras = {"fieldmap": dict(fields), "indextype": code, "indexlen": len(index)}
    tail = dumps(extras, PROTOCOL) + index.astype(f">i{width}").tobytes()
    file.write(tail + struct.pack("!i", len(tail)))


def _entries(terms: Terms, base: int) -> Iterator[tuple[bytes, Array]]:
    """The entries of terms, some at a time, and where each begins among those."""
    keys, ends = np.frombuffer(terms.keys, np.uint8), np.append(0, np.cumsum(terms.lengths))
    for begin in range(0, len(terms.infos), SOME):
        some = slice(begin, begin + SOME)
        lengths, infos = terms.lengths[some], terms.infos[some].copy()
        infos["offset"] += base
        heads = np.empty(len(infos), _LENGTHS)
        heads["key"], heads["info"] = lengths, INFO.itemsize
        tails = np.cumsum(lengths + _FIXED)
        begins = tails - lengths - _FIXED
        out = np.empty(int(tails[-1]), np.uint8)
        for part, at in ((heads, begins), (infos, tails - INFO.itemsize)):
            width = part.dtype.itemsize
            out[at[:, None] + np.arange(width)] = part.view(np.uint8).reshape(-1, width)
        own = keys[ends[begin] : ends[begin + len(infos)]]
        out[flat(begins + _LENGTHS.itemsize, lengths)] = own
        yield out.tobytes(), begins


def _slots(hashes: Array, places: Array) -> Array:
    """A hash table, half of it free. In order of its own slot, an entry takes that or the one
    after its predecessor's; those beyond the last begin again at the first."""
    size = 2 * len(hashes)
    slots = np.zeros(size, _SLOT)
    if not size:
        return slots
    homes = (hashes >> np.uint32(8)).astype(np.int64) % size
    order = np.argsort(homes, kind="stable")
    number = np.arange(len(order))
    at = np.maximum.accumulate(homes[order] - number) + number
    inside = at < size
    slots["hash"][at[inside]], slots["place"][at[inside]] = (
        hashes[order[inside]],
        places[order[inside]],
    )
    beyond = order[~inside]
    free = np.flatnonzero(slots["place"] == 0)[: len(beyond)]
    slots["hash"][free], slots["place"][free] = hashes[beyond], places[beyond]
    return slots
