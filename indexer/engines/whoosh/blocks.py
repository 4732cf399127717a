"""Posting lists in Whoosh's blocks: many postings encoded at a time.

Whoosh's own writer is told one posting after the other and asks the format to encode each. What is
made here is what stock Whoosh reads: a block is its size, a pickled head (how many postings, the
last document, the greatest weight, compression, shortest and longest field) and its pickled
content (steps between documents, weights, encoded positions). Of the last block of a list the size
is negative.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pickle import Pickler
from zlib import compress, crc32

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC

from indexer.engines.whoosh.columns import Array
from indexer.engines.whoosh.lists import PostingLists

BLOCK = 512
"""Postings in a block: Whoosh's own 128 are quicker to skip in and slower to write."""

LARGE, LEVEL = 128, 1
"""From so many bytes on a block is compressed, as little as zlib can: half the size."""


PROTOCOL = 3
"""Of pickling: the first that knows bytes. Whoosh's 2 writes a call of a function for each."""

INFO = np.dtype(
    [
        ("inlined", "u1"),
        ("weight", ">f4"),
        ("documents", ">u4"),
        ("shortest", "u1"),
        ("longest", "u1"),
        ("greatest", ">f4"),
        ("first", ">u4"),
        ("last", ">u4"),
        ("offset", ">i8"),
        ("size", ">i4"),
    ]
)
"""What Whoosh keeps of a term, as it writes it."""

_SIZE = struct.Struct("!i")


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms as the table of terms has them. `keys`: end to end, `lengths` and `hashes`: of each,
    `infos`: an `INFO` for each, its offset from where the blocks of all of them begin."""

    keys: bytes
    lengths: Array
    hashes: Array
    infos: Array


def encoded(lists: PostingLists, prefix: bytes, length_bytes: Array | None) -> tuple[Terms, bytes]:
    """The terms of posting lists, and their blocks. `prefix`: what Whoosh puts before the terms of
    a field; `length_bytes`: the lengths of the field, `None` if it has none."""
    keys = [prefix + term for term in lists.terms]
    counts = -(-np.diff(lists.starts) // BLOCK)
    firsts = np.cumsum(counts) - counts
    begins = np.repeat(lists.starts[:-1] - firsts * BLOCK, counts) + np.arange(counts.sum()) * BLOCK
    infos = _infos(lists, length_bytes)
    pieces, sizes = _pieces(lists, begins, counts.tolist(), length_bytes)
    infos["size"] = sizes
    infos["offset"] = np.cumsum(sizes) - sizes
    hashes = np.fromiter(map(crc32, keys), np.uint32, len(keys))
    lengths = np.fromiter(map(len, keys), np.int64, len(keys))
    return Terms(b"".join(keys), lengths, hashes, infos), b"".join(pieces)


def _pieces(
    lists: PostingLists, begins: Array, counts: list[int], length_bytes: Array | None
) -> tuple[list[bytes], list[int]]:
    """The bytes of all lists in pieces, and how many each list has."""
    weights = _Weights(lists.weights, begins)
    shortest, longest = _lengths(lists, begins, length_bytes)
    deltas = np.diff(lists.documents, prepend=np.int32(0))
    deltas[begins] = lists.documents[begins]
    steps, values = deltas.tolist(), lists.values
    dumps = _dumps()
    bounds = [*begins.tolist(), len(lists.documents)]
    lasts = lists.documents[np.array(bounds[1:], np.int64) - 1].tolist() if counts else []
    pieces: list[bytes] = []
    sizes: list[int] = []
    add, pack = pieces.append, _SIZE.pack
    block = 0
    for count in counts:
        add(WHOOSH3_HEADER_MAGIC)
        size = len(WHOOSH3_HEADER_MAGIC)
        final = block + count - 1
        for number in range(block, final + 1):
            begin, end = bounds[number], bounds[number + 1]
            own = None if values is None else tuple(values[begin:end])
            most, stored = weights.of(number, begin, end)
            data = dumps((tuple(steps[begin:end]), stored, own))
            level = 0
            if len(data) >= LARGE:
                data, level = compress(data, LEVEL), LEVEL
            content = (end - begin, lasts[number], most, level, shortest[number], longest[number])
            head = dumps(content)
            length = len(head) + len(data)
            add(pack(-length if number == final else length))
            add(head)
            add(data)
            size += _SIZE.size + length
        sizes.append(size)
        block = final + 1
    return pieces, sizes


def _dumps() -> Callable[[object], bytes]:
    """Pickling without remembering what was pickled: nothing in a block comes twice."""
    buffer = BytesIO()
    pickler = Pickler(buffer, PROTOCOL)
    pickler.fast = True

    def dumps(content: object) -> bytes:
        pickler.dump(content)
        data = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return data

    return dumps


class _Weights:
    """The weights of blocks; `None`: all are 1."""

    def __init__(self, weights: Array | None, begins: Array) -> None:
        self._listed: list[float] | None = None
        if weights is not None and len(weights):
            self._listed = weights.tolist()
            self._least = np.minimum.reduceat(weights, begins).tolist()
            self._most = np.maximum.reduceat(weights, begins).tolist()

    def of(
        self, block: int, begin: int, end: int
    ) -> tuple[float, tuple[float, ...] | float | None]:
        """The greatest, and what is stored: one if all are the same, nothing if all are 1."""
        if self._listed is None:
            return 1.0, None
        most: float = self._most[block]
        if self._least[block] != most:
            return most, tuple(self._listed[begin:end])
        return most, None if most == 1.0 else most


def _infos(lists: PostingLists, length_bytes: Array | None) -> Array:
    """What Whoosh keeps of each term, but for where its blocks are."""
    starts, infos = lists.starts[:-1], np.zeros(len(lists.terms), INFO)
    if not len(infos):
        return infos
    infos["documents"] = np.diff(lists.starts)
    infos["weight"], infos["greatest"] = infos["documents"], 1.0
    if lists.weights is not None:
        infos["weight"] = np.add.reduceat(lists.weights, starts, dtype=np.float64)
        infos["greatest"] = np.maximum.reduceat(lists.weights, starts)
    infos["first"], infos["last"] = lists.documents[starts], lists.documents[lists.starts[1:] - 1]
    infos["shortest"], infos["longest"] = _lengths(lists, starts, length_bytes)
    return infos


def _lengths(
    lists: PostingLists, begins: Array, length_bytes: Array | None
) -> tuple[list[int], list[int]]:
    """The least length that is none, and the greatest, from each of these places to the next; 0
    where there is no length at all."""
    if length_bytes is None or not len(begins):
        return [0] * len(begins), [0] * len(begins)
    lengths = length_bytes[lists.documents]
    present = np.where(lengths > 0, lengths, 255)
    high = np.maximum.reduceat(lengths, begins)
    low = np.where(high > 0, np.minimum.reduceat(present, begins), 0)
    return low.tolist(), high.tolist()
