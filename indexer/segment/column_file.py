"""The columns of a segment: named arrays in one file, as `README.md` beside this one describes it.

The arrays are mapped into memory, read-only, and all threads share them, so what no query touches
is never read. Of stored items the system is told that they are read here and there, so that it does
not read ahead. Slices that are read once, or too seldom to be worth whole pages of memory, are read
from the file instead.
"""

import json
import mmap
import os
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from io import UnsupportedOperation
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamaged
from indexer.index.manifest import REMEDY, unreadable

MAGIC = b"NDXCOLS1"
SUFFIX = ".columns"
ALIGNMENT = 64

SCATTERED = ("stored.blob",)
"""Arrays that are read here and there, little at a time."""

Array = NDArray[Any]


class FileReader:
    """Reads from the file that holds columns, which stays open as long as this object lives."""

    def __init__(self, descriptor: int, path: Path, offsets: Mapping[str, int]) -> None:
        self._path, self._offsets = path, offsets
        self._descriptor = os.dup(descriptor)
        weakref.finalize(self, os.close, self._descriptor)

    def read(self, name: str, begin: int, end: int) -> bytes:
        """Bytes of an array; `IndexDamaged` if the file is too short."""
        try:
            data = os.pread(self._descriptor, end - begin, self._offsets[name] + begin)
        except OSError as error:
            raise unreadable(self._path, error) from error
        if len(data) < end - begin:
            raise IndexDamaged(f"{self._path} cannot be read: it ends too soon; {REMEDY}")
        return data


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one segment. `documents`: how many it has, deleted ones included; `reader`:
    reads the file that the arrays are mapped from, `None` if they are in memory."""

    documents: int
    arrays: Mapping[str, Array]
    reader: FileReader | None = None

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def read_slice(self, name: str, begin: int, end: int) -> Array:
        """Elements `[begin, end)` of an array, read from the file if there is one, not mapped."""
        array = self.arrays[name]
        if self.reader is None:
            return array[begin:end]
        size = array.itemsize
        return np.frombuffer(self.reader.read(name, begin * size, end * size), array.dtype)


Shapes = Mapping[str, tuple[np.dtype[Any], int]]
"""The type of each array's elements, and how many it has, by name."""


@dataclass(frozen=True, slots=True)
class ColumnFileWriter:
    """Fills a file of columns whose sizes are known, in any order and in any process."""

    path: Path
    types: Mapping[str, np.dtype[Any]]
    offsets: Mapping[str, int]

    def write(self, name: str, array: Array, begin: int = 0) -> None:
        """Write elements of an array, from the one with the index `begin` on."""
        kind = self.types[name]
        with self.path.open("r+b") as file:
            file.seek(self.offsets[name] + begin * kind.itemsize)
            file.write(np.ascontiguousarray(array, kind).data)


def create(path: Path, documents: int, shapes: Shapes) -> ColumnFileWriter:
    """Create a file of columns, all zeros. The caller fills it and syncs it to disk."""
    types = {name: kind.newbyteorder("<") for name, (kind, _) in shapes.items()}
    table: dict[str, list[Any]] = {}
    size = 0
    for name, (kind, count) in shapes.items():
        table[name] = [types[name].str, size, count]
        size += _padded(count * kind.itemsize)
    header = json.dumps({"documents": documents, "arrays": table}).encode()
    with path.open("wb") as file:
        file.write(MAGIC + len(header).to_bytes(8, "little") + header)
        start = _padded(file.tell())
        file.truncate(start + size)
    return ColumnFileWriter(
        path, types, {name: start + offset for name, (_, offset, _) in table.items()}
    )


def write(path: Path, columns: Columns) -> None:
    """Write columns to a file. The caller syncs it to disk."""
    arrays = columns.arrays
    output = create(path, columns.documents, {n: (a.dtype, a.size) for n, a in arrays.items()})
    for name, array in arrays.items():
        output.write(name, array)


def read(path: Path) -> Columns:
    """Map a file of columns; `IndexDamaged` if it is none."""
    try:
        with path.open("rb") as file:
            return of_file(file, path)
    except OSError as error:
        raise unreadable(path, error) from error


def of_file(file: BinaryIO, path: Path) -> Columns:
    """The columns in an open file, which may be closed afterwards: a file on disk is mapped, one in
    memory copied. `path` names it in messages. Raises as `read`."""
    try:
        descriptor = file.fileno()
    except UnsupportedOperation:
        descriptor = -1
    try:
        in_memory = descriptor < 0
        data = file.read() if in_memory else mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
        if data[:8] != MAGIC:
            raise ValueError("it does not begin as columns do")
        length = int.from_bytes(data[8:16], "little")
        header = json.loads(data[16 : 16 + length])
        start = _padded(16 + length)
        arrays, offsets = {}, {}
        for name, (dtype, offset, count) in header["arrays"].items():
            if count < 0:
                raise ValueError("an array of it has a length below 0")
            offsets[name] = start + offset
            arrays[name] = array = np.frombuffer(data, dtype, count, start + offset)
            if name in SCATTERED and isinstance(data, mmap.mmap):
                _do_not_read_ahead(data, start + offset, start + offset + array.nbytes)
        reader = None if in_memory else FileReader(descriptor, path, offsets)
        return Columns(header["documents"], arrays, reader)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{path} cannot be read: {error}; {REMEDY}") from error


def _do_not_read_ahead(data: mmap.mmap, begin: int, end: int) -> None:
    """Tell the system, if it can be told, how the pages between two places of a file are read."""
    first = -(-begin // mmap.PAGESIZE) * mmap.PAGESIZE
    if first < end and hasattr(mmap, "MADV_RANDOM"):
        data.madvise(mmap.MADV_RANDOM, first, end - first)


def _padded(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT
