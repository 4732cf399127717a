"""The file of a generation that holds what a search box can complete, in the format of columns.

For each of `TABLES`: its keys in order of bytes (`NAME.blob`, `NAME.offsets`), and the weight of
each (`NAME.weights`). The keys of `phrase` are folded words with blanks between them, those of
`topic` and `provider` values of these facets, each also with how many items have it (`NAME.items`).
`spelt` is a table of words alone, without weights. `titles.numbers` and `titles.items` are the
`headline_number` of each title that several items have, ascending, and how many have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.errors import IndexDamaged
from indexer.index.manifest import REMEDY
from indexer.segment import column_file
from indexer.segment.column_file import Array, Columns
from indexer.segment.term_dictionary import TermDictionary, packed

NAME = "suggestions.arrays"
GROUPS = ("topic", "provider")
TABLES = ("phrase", *GROUPS)

Weighted = list[tuple[bytes, int]]
"""Keys, ascending, each with its weight."""

Table = tuple[TermDictionary, Array]
"""Keys, ascending, and their weights."""

Shared = list[tuple[int, int]]
"""The numbers of the titles that several items have, ascending, each with how many have it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a generation. `phrases`: words and phrases of titles; `spelt`: the words
    that most titles spell otherwise than folded, ascending; `values`: by facet group; `items`: how
    many items have each of `values`; `titles`: those of several items."""

    phrases: Weighted
    spelt: list[bytes]
    values: Mapping[str, Weighted]
    items: Mapping[str, list[int]]
    titles: Shared


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a generation holds, by the names of `TABLES`; how many items have each value of a facet
    group; the words that most titles spell otherwise than folded; and the numbers of the titles of
    several items, ascending, with how many have each."""

    tables: Mapping[str, Table]
    items: Mapping[str, Array]
    spelt: frozenset[str]
    titles: tuple[Array, Array]


def write(folder: Path, found: Found) -> None:
    """Write the file of a generation."""
    arrays: dict[str, Array] = {}
    arrays["spelt.blob"], arrays["spelt.offsets"] = packed(found.spelt)
    for name, rows in {"phrase": found.phrases, **found.values}.items():
        arrays[f"{name}.blob"], arrays[f"{name}.offsets"] = packed([key for key, _ in rows])
        arrays[f"{name}.weights"] = np.array([weight for _, weight in rows], np.int64)
    for name, items in found.items.items():
        arrays[f"{name}.items"] = np.array(items, np.uint32)
    arrays["titles.numbers"] = np.array([number for number, _ in found.titles], np.int64)
    arrays["titles.items"] = np.array([items for _, items in found.titles], np.uint32)
    column_file.write(folder / NAME, Columns(0, arrays))


def read(folder: Path) -> Suggestions:
    """What a verified generation holds, in memory: nothing stays mapped. `IndexDamaged` if the file
    is missing or lacks something."""
    columns = column_file.read(folder / NAME)
    try:
        spelt = frozenset(word.decode() for word in TermDictionary.of(columns, "spelt"))
        return Suggestions(
            tables={name: _table(columns, name) for name in TABLES},
            items={name: columns[f"{name}.items"].copy() for name in GROUPS},
            spelt=spelt,
            titles=(columns["titles.numbers"].copy(), columns["titles.items"].copy()),
        )
    except KeyError as error:
        message = f"{folder / NAME} cannot be read: it lacks {error}; {REMEDY}"
        raise IndexDamaged(message) from error


def _table(columns: Columns, name: str) -> Table:
    blob, offsets = columns[f"{name}.blob"].copy(), columns[f"{name}.offsets"].copy()
    return TermDictionary(blob, offsets), columns[f"{name}.weights"].copy()
