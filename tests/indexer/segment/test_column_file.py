"""The file of columns: what is written is read, laid out as described, or refused as damaged."""

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from indexer.errors import IndexDamaged
from indexer.segment.column_file import ALIGNMENT, MAGIC, Array, Columns, read, write
from tests.contract.corpora import examples

CAREFUL = settings(max_examples=examples(50, 3000), deadline=None)
DTYPES = ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8", "?", ">i4", ">f8", ">u2")
HEAD = 16

one_array = st.sampled_from(DTYPES).flatmap(
    lambda dtype: arrays_of.arrays(np.dtype(dtype), st.integers(0, 130))
)
some_columns = st.builds(
    Columns,
    st.integers(0, 2**40),
    st.dictionaries(st.text(max_size=12), one_array, max_size=8),
)


def written(columns: Columns, folder: str) -> Path:
    path = Path(folder) / "x.columns"
    write(path, columns)
    return path


def same(one: Array, other: Array) -> bool:
    little = one.astype(one.dtype.newbyteorder("<"))
    return little.dtype == other.dtype and little.tobytes() == other.tobytes()


@CAREFUL
@given(some_columns)
def test_what_is_written_is_read(columns: Columns) -> None:
    with TemporaryDirectory() as folder:
        found = read(written(columns, folder))
        assert found.documents == columns.documents
        assert list(found.arrays) == list(columns.arrays)
        for name, array in columns.arrays.items():
            assert same(array, found[name])


@CAREFUL
@given(some_columns)
def test_the_file_is_laid_out_as_described(columns: Columns) -> None:
    with TemporaryDirectory() as folder:
        raw = written(columns, folder).read_bytes()
    length = int.from_bytes(raw[8:HEAD], "little")
    header = json.loads(raw[HEAD : HEAD + length])
    assert raw[:8] == MAGIC == b"NDXCOLS1"
    assert header.keys() == {"documents", "arrays"}
    start = -(-(HEAD + length) // ALIGNMENT) * ALIGNMENT
    end = start
    for name, (dtype, offset, count) in header["arrays"].items():
        assert (start + offset) % ALIGNMENT == 0
        assert start + offset >= end  # none reaches into the next
        end = start + offset + count * np.dtype(dtype).itemsize
        assert same(columns[name], np.frombuffer(raw, dtype, count, start + offset))
    assert len(raw) - end < ALIGNMENT


def test_arrays_are_aligned_in_memory_and_read_only(tmp_path: Path) -> None:
    columns = Columns(3, {"a": np.arange(3, dtype=np.int8), "b": np.arange(5.0)})
    found = read(written(columns, str(tmp_path)))
    for array in found.arrays.values():
        assert array.ctypes.data % ALIGNMENT == 0
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_slices_and_steps_of_an_array_are_written_as_they_look(tmp_path: Path) -> None:
    whole = np.arange(20, dtype=np.int32)
    found = read(written(Columns(0, {"a": whole[3:15:3], "b": whole[::-1]}), str(tmp_path)))
    assert found["a"].tolist() == [3, 6, 9, 12]
    assert found["b"].tolist() == list(range(19, -1, -1))


def test_a_name_that_is_not_there_is_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        read(written(Columns(0, {}), str(tmp_path)))["a"]


WHOLE = Columns(2, {"long": np.arange(40, dtype="i8"), "short": np.arange(7, dtype="u1")})


def test_a_file_cut_short_anywhere_is_damaged(tmp_path: Path) -> None:
    path = written(WHOLE, str(tmp_path))
    raw = path.read_bytes()
    padding = -len(WHOLE["short"].tobytes()) % ALIGNMENT
    for length in range(len(raw) - padding):
        path.write_bytes(raw[:length])
        with pytest.raises(IndexDamaged, match=r"x\.columns"):
            read(path)


FOREIGN = {
    "nothing": b"",
    "text": b"# A page\n" * 20,
    "another version": b"NDXCOLS2" + bytes(200),
    "no header": MAGIC + (0).to_bytes(8, "little") + bytes(200),
    "a header too long": MAGIC + (2**63).to_bytes(8, "little") + bytes(200),
    "a header that is no JSON": MAGIC + (4).to_bytes(8, "little") + b"{{{{" + bytes(200),
    "a header that is no UTF-8": MAGIC + (4).to_bytes(8, "little") + b'"\xff\xfe"' + bytes(200),
}
HEADERS = {
    "a list": [],
    "a number": 5,
    "no arrays": {"documents": 1},
    "no documents": {"arrays": {}},
    "arrays that are a list": {"documents": 1, "arrays": [1, 2]},
    "an array of two entries": {"documents": 1, "arrays": {"a": ["<i4", 0]}},
    "an array of an unknown type": {"documents": 1, "arrays": {"a": ["<i5", 0, 1]}},
    "an array beyond the end": {"documents": 1, "arrays": {"a": ["<i4", 0, 10**6]}},
    "an array before the start": {"documents": 1, "arrays": {"a": ["<i4", -(10**6), 1]}},
    "an array of objects": {"documents": 1, "arrays": {"a": ["|O", 0, 1]}},
    "an offset that is text": {"documents": 1, "arrays": {"a": ["<i4", "0", 1]}},
    "a count below 0": {"documents": 1, "arrays": {"a": ["|u1", 0, -1]}},
}


@pytest.mark.parametrize("raw", FOREIGN.values(), ids=FOREIGN)
def test_a_file_that_is_something_else_is_damaged(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.columns"
    path.write_bytes(raw)
    with pytest.raises(IndexDamaged, match=r"x\.columns"):
        read(path)


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_that_says_something_else_is_damaged(tmp_path: Path, header: object) -> None:
    raw = json.dumps(header).encode()
    path = tmp_path / "x.columns"
    path.write_bytes(MAGIC + len(raw).to_bytes(8, "little") + raw + bytes(200))
    with pytest.raises(IndexDamaged, match=r"x\.columns"):
        read(path)


def test_a_file_that_is_not_there_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"x\.columns"):
        read(tmp_path / "x.columns")


@CAREFUL
@given(st.integers(0, 400), st.integers(1, 255))
def test_a_garbled_byte_is_read_or_damaged_but_nothing_else(place: int, mask: int) -> None:
    """The manifest's digest tells that a byte is wrong; here nothing may break."""
    with TemporaryDirectory() as folder:
        path = written(WHOLE, folder)
        raw = bytearray(path.read_bytes())
        raw[place % len(raw)] ^= mask
        path.write_bytes(raw)
        with suppress(IndexDamaged):
            read(path)


def test_a_piece_is_read_from_the_file_or_taken_from_memory(tmp_path: Path) -> None:
    made = Columns(3, {"a": np.arange(9, dtype=np.int32), "b": np.arange(100, dtype=np.uint8)})
    write(tmp_path / "x", made)
    found = read(tmp_path / "x")
    for name, begin, end in (("b", 0, 100), ("b", 7, 9), ("b", 5, 5), ("a", 4, 8)):
        wanted = made[name][begin:end].tolist()
        assert found.read_slice(name, begin, end).tolist() == wanted
        assert made.read_slice(name, begin, end).tolist() == wanted


def test_a_piece_that_the_file_has_lost_is_damage(tmp_path: Path) -> None:
    write(tmp_path / "x", Columns(1, {"b": np.arange(200, dtype=np.uint8)}))
    found = read(tmp_path / "x")
    with (tmp_path / "x").open("r+b") as file:
        file.truncate(200)
    with pytest.raises(IndexDamaged, match=r"x cannot be read: it ends too soon"):
        found.read_slice("b", 150, 200)


def test_the_file_is_closed_when_nobody_holds_its_columns(tmp_path: Path) -> None:
    write(tmp_path / "x", Columns(1, {"b": np.arange(9, dtype=np.uint8)}))
    before = len(list(Path("/proc/self/fd").iterdir()))
    found = read(tmp_path / "x")
    assert len(list(Path("/proc/self/fd").iterdir())) > before
    del found
    assert len(list(Path("/proc/self/fd").iterdir())) == before
