"""The columns of a segment: named arrays in one file. `README.md` beside this file lays it out.

Arrays are mapped into memory, read-only, shared by all threads: what a query does not touch is
never read. What is wanted here and there in small pieces is read from the file instead, since a
mapped page brings its neighbours along.
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

Array = NDArray[Any]


class FileReader:
    """The file that columns were read from, kept open as long as anybody holds this."""

    def __init__(self, descriptor: int, path: Path, offsets: Mapping[str, int]) -> None:
        self._path, self._offsets = path, offsets
        self._descriptor = os.dup(descriptor)
        weakref.finalize(self, os.close, self._descriptor)

    def read(self, name: str, begin: int, end: int) -> bytes:
        """Bytes of an array; `IndexDamaged` if the file does not have them."""
        try:
            found = os.pread(self._descriptor, end - begin, self._offsets[name] + begin)
        except OSError as error:
            raise unreadable(self._path, error) from error
        if len(found) < end - begin:
            raise IndexDamaged(f"{self._path} cannot be read: it ends too soon; {REMEDY}")
        return found


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one segment: how many documents, deleted ones included, and its arrays."""

    documents: int
    arrays: Mapping[str, Array]
    source: FileReader | None = None

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def read_slice(self, name: str, begin: int, end: int) -> Array:
        """Elements of an array, without mapping them if they are in a file."""
        array = self.arrays[name]
        if self.source is None:
            return array[begin:end]
        size = array.itemsize
        return np.frombuffer(self.source.read(name, begin * size, end * size), array.dtype)


Shapes = Mapping[str, tuple[np.dtype[Any], int]]
"""Name of an array to the type of its elements, and how many there are."""


@dataclass(frozen=True, slots=True)
class ColumnFileWriter:
    """A file of columns whose sizes are known, filled in any order and by any process."""

    path: Path
    types: Mapping[str, np.dtype[Any]]
    offsets: Mapping[str, int]

    def write(self, name: str, array: Array, begin: int = 0) -> None:
        """Write elements of an array, from its `begin`th on."""
        kind = self.types[name]
        data = np.ascontiguousarray(array, kind).data.cast("B")
        offset = self.offsets[name] + begin * kind.itemsize
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            while data:
                done = os.pwrite(descriptor, data, offset)
                data, offset = data[done:], offset + done
        finally:
            os.close(descriptor)


def create(path: Path, documents: int, shapes: Shapes) -> ColumnFileWriter:
    """A new file of columns, all zeros. The caller syncs it to disk when it is filled."""
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
    """The columns in an open file, which may be closed then: a real one is mapped, one in memory
    copied. `path` names it. Raises as `read`."""
    try:
        descriptor = file.fileno()
    except UnsupportedOperation:
        return _laid_out(file.read(), path, None)
    try:
        mapped = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    except ValueError as error:  # it is empty
        raise IndexDamaged(f"{path} cannot be read: {error}; {REMEDY}") from error
    return _laid_out(mapped, path, descriptor)


def _laid_out(data: Any, path: Path, descriptor: int | None) -> Columns:
    """The columns in these bytes, which are those of an open file if there is a `descriptor`."""
    try:
        if data[:8] != MAGIC:
            raise ValueError("it does not begin as columns do")
        length = int.from_bytes(data[8:16], "little")
        header = json.loads(data[16 : 16 + length])
        start = _padded(16 + length)
        if any(count < 0 for _, _, count in header["arrays"].values()):
            raise ValueError("an array of it has a length below 0")
        arrays = {
            name: np.frombuffer(data, dtype, count, start + offset)
            for name, (dtype, offset, count) in header["arrays"].items()
        }
        offsets = {name: start + offset for name, (_, offset, _) in header["arrays"].items()}
        source = None if descriptor is None else FileReader(descriptor, path, offsets)
        return Columns(header["documents"], arrays, source)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{path} cannot be read: {error}; {REMEDY}") from error


def _padded(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT
