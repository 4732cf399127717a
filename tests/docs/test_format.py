"""The file of a segment, read as its document describes it, and compared with it."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.analysis.parts import MAX_TERM
from indexer.analysis.tokenizer import STEM_MARK
from indexer.document import document
from indexer.schema import FACETS, FIELDS, ZONE_GAP, ZONES, Kind
from indexer.segment import MISSING
from indexer.segment.impacts import BUCKETS
from indexer.segment.postings import OFFSET_STEP, ZONE_SHIFT
from tests.docs.markdown import FORMAT, Row, code
from tests.search.samples import make, seed_items

ARRAYS = "The arrays"
CONSTANTS = {
    "bits of a stored position below those that hold its zone": ZONE_SHIFT,
    "positions left free between two texts, so that no phrase reaches from one into the next":
        ZONE_GAP,
    "the missing value of a number, less than any other: minus 2 to the power of":
        (-MISSING).bit_length() - 1,
    "buckets": BUCKETS,
    "exact postings for which it is stored once where occurrences begin": OFFSET_STEP,
    "the mark that begins a stem": STEM_MARK,
    "characters of a term; longer ones are cut, in index and query alike": MAX_TERM,
}  # fmt: skip

Arrays = dict[str, np.ndarray[Any, Any]]


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a generation of the seeds."""
    index = make(tmp_path_factory.mktemp("format") / "index", seed_items())
    return index / (index / "CURRENT").read_text().strip()


@pytest.fixture(scope="module")
def arrays(generation: Path) -> Arrays:
    """The arrays of its only segment, read as described."""
    (path,) = generation.glob("MAIN_*.columns")
    layout = FORMAT.section("The file of columns")
    magic = re.search(r"bytes 0-7 +(\S+)", layout)
    aligned = re.search(r"a multiple of (\d+), little-endian", layout)
    assert magic
    assert aligned
    data, unit = path.read_bytes(), int(aligned[1])
    assert data[:8] == magic[1].encode()
    size = int.from_bytes(data[8:16], "little")
    header = json.loads(data[16 : 16 + size])
    assert header["documents"] == len(seed_items())
    start = -(-(16 + size) // unit) * unit
    assert all(offset % unit == 0 for _, offset, _ in header["arrays"].values())
    return {
        name: np.frombuffer(data, kind, count, start + offset)
        for name, (kind, offset, count) in header["arrays"].items()
    }


def described() -> dict[str, Row]:
    """The rows of the table, by array; those of groups and fields once for each."""
    numbers = [field.name for field in FIELDS if field.kind is Kind.NUMBER]
    rows = {}
    for row in FORMAT.table(ARRAYS, "array"):
        (name,) = code(row["array"])
        for group in FACETS if "GROUP" in name else numbers if "FIELD" in name else [""]:
            rows[name.replace("GROUP", group).replace("FIELD", group)] = row
    return rows


def test_the_arrays_are_those_described(arrays: Arrays) -> None:
    assert set(arrays) == set(described())


def test_the_groups_and_fields_of_arrays_are_the_codes() -> None:
    named = re.search(r"`GROUP` is (.*?); `FIELD` is (.*?)\.\n", FORMAT.section(ARRAYS))
    assert named
    assert code(named[1]) == list(FACETS)
    assert code(named[2]) == [field.name for field in FIELDS if field.kind is Kind.NUMBER]


@pytest.mark.parametrize("name", described())
def test_each_array_has_the_type_and_length_described(name: str, arrays: Arrays) -> None:
    row, array = described()[name], arrays[name]
    assert array.dtype.name in code(row["type"])
    assert len(array) == _length(row["length"], name.rpartition(".")[0], arrays)


def _length(text: str, table: str, arrays: Arrays) -> int:
    """What a length that is written as a sum or a product comes to for these arrays; `table` is
    what the array's name begins with."""
    names = _lengths(arrays, table)
    length = 1
    for factor in text.split(" × "):
        length *= sum(int(one) if one.isdecimal() else names[one] for one in factor.split(" + "))
    return length


def _lengths(arrays: Arrays, table: str) -> dict[str, int]:
    """What the words for lengths mean, counted where another array or the items tell."""
    starts = arrays["postings.starts"]
    documents = [document(item) for item in _items()]
    terms = arrays["terms.blob"].tobytes(), arrays["terms.offsets"].tolist()
    stems = [terms[0][at : at + 1] == STEM_MARK.encode() for at in terms[1][:-1]]
    sizes = np.diff(starts.astype(np.int64))
    exact = int(sizes[~np.array(stems)].sum())
    group = table.removeprefix("facets.")
    field = FACETS.get(group, "")
    return {
        "documents": len(documents),
        "zones": len(ZONES),
        "buckets": BUCKETS,
        "terms": len(sizes),
        "postings": int(starts[-1]),
        "sixteenths of exact postings": -(-exact // OFFSET_STEP),
        "occurrences": int(arrays["postings.position_offsets"][-1]),
        "profiles": int(arrays["postings.tf_profiles"].max()) + 1,
        "addresses": sum(len(one.keywords["url"]) for one in documents),
        "values": sum(len(one.keywords.get(field, ())) for one in documents),
        "names": len({value for one in documents for value in one.keywords.get(field, ())}),
        "bytes": int(arrays[f"{table}.offsets"][-1]) if f"{table}.offsets" in arrays else -1,
    }


@cache
def _items() -> list[Any]:
    return list(seed_items())


def test_the_constants_of_the_format_are_the_codes() -> None:
    rows = FORMAT.table(ARRAYS, "constant")
    found = {row["constant"]: row["value"].strip("`") for row in rows}
    assert found == {name: str(value) for name, value in CONSTANTS.items()}


def test_the_zones_are_named_in_their_order() -> None:
    named = re.search(r"in the order\s+(.*?)\.", FORMAT.section(ARRAYS), re.S)
    assert named
    assert " ".join(named[1].split()).split(", ") == [zone.name.replace("_", " ") for zone in ZONES]


def test_the_fields_that_whoosh_sees_are_those_of_the_table() -> None:
    every = tuple(zone.name for zone in ZONES)
    documented = [
        (code(row["field"])[0], row["kind"], _zones(row, every))
        for row in FORMAT.table("What Whoosh sees", "field")
    ]
    assert documented == [(field.name, str(field.kind), field.zones) for field in FIELDS]


def _zones(row: Row, every: tuple[str, ...]) -> tuple[str, ...]:
    if row["kind"] != "text":
        return ()
    return every if row["comes from"] == "all zones" else tuple(code(row["comes from"]))
