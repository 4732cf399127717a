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
from collections.abc import Iterable, Mapping
from pickle import dumps
from typing import Any

import numpy as np

from indexer.engines.whoosh.blocks import INFO, PROTOCOL, Terms
from indexer.engines.whoosh.columns import Array
from indexer.engines.whoosh.postings import flat

_HEAD = struct.Struct("!4sBii")
_CRC32 = 1
_LENGTHS = np.dtype([("key", ">i4"), ("info", ">i4")])
_SLOT = np.dtype([("hash", ">u4"), ("place", ">i8")])
_DIRECTORY = struct.Struct("!qi")
_TABLES = 256


def write(file: Any, fields: Mapping[str, int], terms: Iterable[tuple[Terms, int]]) -> None:
    """Write the table of all terms into a binary file. `terms` come in order, each with where its
    blocks begin among all of them."""
    file.write(_HEAD.pack(b"HSH3", _CRC32, 0, 0))
    end = _HEAD.size
    places, hashes = [np.zeros(0, np.int64)], [np.zeros(0, np.uint32)]
    for some, base in terms:
        data, begins = _entries(some, base)
        file.write(data)
        places.append(begins + end)
        hashes.append(some.hashes)
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


def _entries(some: Terms, base: int) -> tuple[bytes, Array]:
    """The entries of terms, and where each begins."""
    infos = some.infos.copy()
    infos["offset"] += base
    fixed = _LENGTHS.itemsize + INFO.itemsize
    ends = np.cumsum(some.lengths + fixed)
    begins = ends - some.lengths - fixed
    heads = np.empty(len(infos), _LENGTHS)
    heads["key"], heads["info"] = some.lengths, INFO.itemsize
    out = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    for part, at in ((heads, begins), (infos, ends - INFO.itemsize)):
        width = part.dtype.itemsize
        out[at[:, None] + np.arange(width)] = part.view(np.uint8).reshape(-1, width)
    out[flat(begins + _LENGTHS.itemsize, some.lengths)] = np.frombuffer(some.keys, np.uint8)
    return out.tobytes(), begins


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
