"""Merges the columns of several segments into one: in the order given, without deleted documents.

`plan` merges the terms and all that documents have, from which follows how large every array will
be, and creates the file. `merge_range` then merges the postings of a range of terms, in any process
and in any order; it reads no more postings at a time than the range has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

import numpy as np

from indexer.schema import FACETS, ZONES
from indexer.segment import NUMBERS, builder, column_file, impacts
from indexer.segment.column_file import Array, ColumnFileWriter, Shapes
from indexer.segment.merge_inputs import MergeInput, MergeLimits, SegmentRef
from indexer.segment.merge_terms import MergedTerms, TermSlice
from indexer.segment.postings import OFFSET_STEP, flat, ranges
from indexer.segment.term_dictionary import TermDictionary, packed


@dataclass(frozen=True, slots=True)
class Range:
    """A range of terms to be merged. `starts`: where in the new segment the postings of each term
    begin, and the last ones end; `exact`, `occurrences`: how many postings of exact forms, and how
    many positions, stand before the range."""

    output: ColumnFileWriter
    starts: Array
    exact: int
    occurrences: int
    slices: tuple[TermSlice, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A merge under way: the new file, which still lacks the postings and their impacts, how many
    postings there will be, and the ranges to be merged."""

    output: ColumnFileWriter
    postings: int
    ranges: list[Range]


def plan(parts: Sequence[SegmentRef], path: Path, limits: MergeLimits) -> Plan:
    """Begin a merge into a new file."""
    opened: list[MergeInput] = []
    for part in parts:
        opened.append(MergeInput(part, sum(one.count for one in opened)))
    merged = MergedTerms(opened, limits.range_size)
    arrays = {**_term_arrays(merged), **_document_arrays(opened)}
    shapes: Shapes = {
        **{name: (array.dtype, array.size) for name, array in arrays.items()},
        **_posting_shapes(merged),
        "stored.blob": (np.dtype(np.uint8), int(arrays["stored.offsets"][-1])),
    }
    output = column_file.create(path, sum(one.count for one in opened), shapes)
    for name, array in arrays.items():
        output.write(name, array)
    last = shapes["postings.position_offsets"][1] - 1
    output.write("postings.position_offsets", merged.occurrences[-1:], last)
    at = 0
    for one in opened:
        for stored in one.stored(limits.copied):
            output.write("stored.blob", stored, at)
            at += len(stored)
    to_merge = [
        _range(output, merged, *bounds) for bounds in ranges(merged.starts, limits.range_size)
    ]
    return Plan(output, int(merged.starts[-1]), to_merge)


def _range(output: ColumnFileWriter, merged: MergedTerms, begin: int, end: int) -> Range:
    """The terms `[begin, end)` to be merged."""
    return Range(
        output,
        merged.starts[begin : end + 1],
        int(merged.exact[begin]),
        int(merged.occurrences[begin]),
        tuple(merged.slices(begin, end)),
    )


def _term_arrays(merged: MergedTerms) -> dict[str, Array]:
    """The arrays of terms and profiles."""
    blob, offsets = packed(merged.terms)
    return {
        "terms.blob": blob,
        "terms.offsets": offsets,
        "postings.starts": merged.starts.astype(np.uint32),
        "tf_profiles": merged.table.ravel(),
    }


def _posting_shapes(merged: MergedTerms) -> Shapes:
    """How large the arrays of postings will be."""
    postings, exact = int(merged.starts[-1]), int(merged.exact[-1])
    return {
        "postings.documents": (np.dtype(np.int32), postings),
        "postings.tf_profiles": (merged.profile_type, postings),
        "postings.position_offsets": (np.dtype(np.uint32), -(-exact // OFFSET_STEP) + 1),
        "positions": (np.dtype(np.uint32), int(merged.occurrences[-1])),
        "postings.impacts": (np.dtype(np.uint8), postings),
        "impacts.bounds": (np.dtype(np.float64), impacts.BUCKETS + 1),
    }


def merge_range(wanted: Range) -> None:
    """Merge the postings of a range, and write them to their place in the new file."""
    next_places = wanted.starts - wanted.starts[0]  # of each term, for its next posting
    total = int(next_places[-1])
    documents, sizes = np.empty(total, np.int32), np.empty(total, np.int64)
    profiles = np.empty(total, wanted.output.types["postings.tf_profiles"])
    placed = []
    for one in wanted.slices:
        ranks, numbers, rows, own_sizes, own_positions = _living_postings(one)
        counts = np.bincount(ranks, minlength=len(next_places))
        places = flat(next_places, counts)
        next_places += counts
        documents[places], profiles[places], sizes[places] = numbers, rows, own_sizes
        placed.append((places, own_sizes, own_positions))
    ends = np.cumsum(sizes)
    begins = ends - sizes
    positions = np.empty(int(ends[-1]), np.uint32)
    for places, own_sizes, own_positions in placed:
        positions[flat(begins[places], own_sizes)] = own_positions
    output, first = wanted.output, int(wanted.starts[0])
    output.write("postings.documents", documents, first)
    output.write("postings.tf_profiles", profiles, first)
    stored = (begins[sizes > 0] + wanted.occurrences)[-wanted.exact % OFFSET_STEP :: OFFSET_STEP]
    output.write("postings.position_offsets", stored, -(-wanted.exact // OFFSET_STEP))
    output.write("positions", positions, wanted.occurrences)


def _living_postings(one: TermSlice) -> tuple[Array, Array, Array, Array, Array]:
    """What an input adds to a range: for each living posting its term's index in the range, its
    document, its profile and how many positions it has; and the positions of all."""
    source = MergeInput(one.part, one.base)
    columns = source.columns
    begin, end = int(source.starts[one.begin]), int(source.starts[one.end])
    ranks = np.repeat(one.ranks, np.diff(source.starts[one.begin : one.end + 1]))
    numbers = source.numbers[columns.read_slice("postings.documents", begin, end)]
    profiles = one.profiles[columns.read_slice("postings.tf_profiles", begin, end)]
    offsets = source.offsets.bounds(begin, end)
    positions = columns.read_slice("positions", int(offsets[0]), int(offsets[-1]))
    sizes = np.diff(offsets)
    alive = numbers >= 0
    positions = positions[np.repeat(alive, sizes)]
    return ranks[alive], numbers[alive], profiles[alive], sizes[alive], positions


def _document_arrays(opened: Sequence[MergeInput]) -> dict[str, Array]:
    """The arrays of documents, but for the stored items themselves."""

    def living(name: str, width: int = 1) -> Array:
        return np.concatenate([one.columns[name].reshape(-1, width)[one.alive] for one in opened])

    arrays = builder.length_arrays(living("lengths", len(ZONES)))
    for group in FACETS:
        arrays |= _facet_arrays(opened, group)
    for name in NUMBERS:
        arrays[f"numbers.{name}"] = living(f"numbers.{name}").ravel()
    arrays |= _url_arrays(opened)
    sizes = [np.diff(one.columns["stored.offsets"])[one.alive] for one in opened]
    arrays["stored.offsets"] = np.append(0, np.cumsum(np.concatenate(sizes)))
    ids: list[bytes] = []
    for one in opened:
        ids += compress(TermDictionary.of(one.columns, "ids"), one.alive.tolist())
    return arrays | builder.id_arrays(ids, arrays["numbers.date"])


def _facet_arrays(opened: Sequence[MergeInput], group: str) -> dict[str, Array]:
    """The arrays of a facet group, with the names that living documents have."""
    names: dict[str, int] = {}
    counts, ordinals = [], []
    for one in opened:
        own_names = TermDictionary.of(one.columns, f"facets.{group}")
        sizes = np.diff(one.columns[f"facets.{group}.starts"])
        counts.append(sizes[one.alive])
        values = one.columns[f"facets.{group}.values"][np.repeat(one.alive, sizes)]
        new = np.zeros(len(own_names), np.int32)
        for value in np.unique(values).tolist():
            new[value] = names.setdefault(own_names[value].decode(), len(names))
        ordinals.append(new[values])
    return builder.facet_arrays(
        group, list(names), np.concatenate(counts), np.concatenate(ordinals)
    )


def _url_arrays(opened: Sequence[MergeInput]) -> dict[str, Array]:
    """The arrays of addresses, those of living documents."""
    owners = np.concatenate([one.numbers[one.columns["urls.documents"]] for one in opened])
    keys = np.concatenate([one.columns["urls.keys"] for one in opened])
    return builder.url_arrays(keys[owners >= 0], owners[owners >= 0])
