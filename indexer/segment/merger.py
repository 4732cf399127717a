"""Several segments' columns to one: in the order given, deleted documents left out.

What is known of terms and of documents is made first; it says how large every array will be. The
postings follow in ranges of terms, each of which any process can make by itself. No more of them
is read at a time than a range, however many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.schema import FACETS
from indexer.segment import NUMBERS, builder, column_file, impacts
from indexer.segment.column_file import Array, ColumnFileWriter, Shapes
from indexer.segment.merge_inputs import MergeInput, MergeLimits, SegmentRef
from indexer.segment.merge_terms import MergedTerms, TermSlice
from indexer.segment.postings import OFFSET_STEP, flat, ranges
from indexer.segment.term_dictionary import TermDictionary, packed


@dataclass(frozen=True, slots=True)
class Range:
    """A range of terms to be made. `starts`: where the postings of each begin, and the last ones
    end, in the whole; `exact`, `occurrences`: how many postings of exact forms, and how many
    occurrences, come before it."""

    output: ColumnFileWriter
    starts: Array
    exact: int
    occurrences: int
    slices: tuple[TermSlice, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A merge under way: where it goes, its ranges, how many documents and postings it has, and
    the mean lengths of its parts. The output still lacks the postings and their buckets."""

    output: ColumnFileWriter
    documents: int
    postings: int
    ranges: tuple[Range, ...]
    means: Array


def plan(given: Sequence[SegmentRef], path: Path, limits: MergeLimits) -> Plan:
    """Begin a merge into a new file."""
    opened = [MergeInput(part, column_file.read(part.path)) for part in given]
    bases = np.cumsum([0, *(one.count for one in opened)])
    vocabulary = MergedTerms(opened, limits.range_size)
    arrays = {**_terms(vocabulary), **_documents(opened, bases)}
    stored = sum(int(one.stored_sizes().sum()) for one in opened)
    shapes: Shapes = {
        **{name: (array.dtype, array.size) for name, array in arrays.items()},
        **_postings(vocabulary),
        "stored.blob": (np.dtype(np.uint8), stored),
    }
    output = column_file.create(path, int(bases[-1]), shapes)
    for name, array in arrays.items():
        output.write(name, array)
    last = shapes["postings.position_offsets"][1] - 1
    output.write("postings.position_offsets", vocabulary.occurrences[-1:], last)
    at = 0
    for one in opened:
        for piece in one.stored(limits.copied):
            output.write("stored.blob", piece, at)
            at += len(piece)
    starts = vocabulary.starts
    made = [_range(output, vocabulary, bases, *some) for some in ranges(starts, limits.range_size)]
    return Plan(output, int(bases[-1]), int(starts[-1]), tuple(made), arrays["mean_lengths"])


def _terms(vocabulary: MergedTerms) -> dict[str, Array]:
    """What is known of terms and profiles."""
    blob, offsets = packed(vocabulary.terms)
    return {
        "terms.blob": blob,
        "terms.offsets": offsets,
        "postings.starts": vocabulary.starts.astype(np.uint32),
        "tf_profiles": vocabulary.table.ravel(),
    }


def _postings(vocabulary: MergedTerms) -> Shapes:
    """How large the arrays of postings will be."""
    postings = int(vocabulary.starts[-1])
    return {
        "postings.documents": (np.dtype(np.int32), postings),
        "postings.tf_profiles": (vocabulary.profile_type, postings),
        "postings.position_offsets": (
            np.dtype(np.uint32),
            int(-(-vocabulary.exact[-1] // OFFSET_STEP)) + 1,
        ),
        "positions": (np.dtype(np.uint32), int(vocabulary.occurrences[-1])),
        "postings.impacts": (np.dtype(np.uint8), postings),
        "impacts.bounds": (np.dtype(np.float64), impacts.BUCKETS + 1),
    }


def _range(
    output: ColumnFileWriter, vocabulary: MergedTerms, bases: Array, begin: int, end: int
) -> Range:
    """The terms from one to another, to be made."""
    return Range(
        output,
        vocabulary.starts[begin : end + 1],
        int(vocabulary.exact[begin]),
        int(vocabulary.occurrences[begin]),
        tuple(vocabulary.slices(bases, begin, end)),
    )


def merge_range(wanted: Range) -> None:
    """Make the postings of a range and put them in their place."""
    starts = wanted.starts - wanted.starts[0]
    total = int(starts[-1])
    documents, sizes = np.empty(total, np.int32), np.empty(total, np.int64)
    profiles = np.empty(total, wanted.output.types["postings.tf_profiles"])
    cursor = starts[:-1].copy()
    found = []
    for one in wanted.slices:
        ranks, numbers, rows, lengths, codes = _taken(one)
        counts = np.bincount(ranks, minlength=len(cursor))
        places = flat(cursor, counts)
        cursor += counts
        documents[places], profiles[places], sizes[places] = numbers, rows, lengths
        found.append((places, lengths, codes))
    ends = np.cumsum(sizes)
    firsts = ends - sizes
    occurrences = np.empty(int(ends[-1]), np.uint32)
    for places, lengths, codes in found:
        occurrences[flat(firsts[places], lengths)] = codes
    output, begin = wanted.output, int(wanted.starts[0])
    output.write("postings.documents", documents, begin)
    output.write("postings.tf_profiles", profiles, begin)
    stored = (firsts[sizes > 0] + wanted.occurrences)[-wanted.exact % OFFSET_STEP :: OFFSET_STEP]
    output.write("postings.position_offsets", stored, -(-wanted.exact // OFFSET_STEP))
    output.write("positions", occurrences, wanted.occurrences)


def _taken(one: TermSlice) -> tuple[Array, Array, Array, Array, Array]:
    """The living postings of a part: places of their terms, documents, profiles, how many
    occurrences they have, and those."""
    segment = MergeInput(one.part, column_file.read(one.part.path))
    begin, end = int(segment.starts[one.begin]), int(segment.starts[one.end])
    ranks = np.repeat(one.ranks, np.diff(segment.starts[one.begin : one.end + 1]))
    documents = segment.columns.read_slice("postings.documents", begin, end)
    profiles = one.profiles[segment.columns.read_slice("postings.tf_profiles", begin, end)]
    offsets = segment.offsets.bounds(begin, end)
    codes = segment.columns.read_slice("positions", int(offsets[0]), int(offsets[-1]))
    sizes = np.diff(offsets)
    if segment.numbers is None:
        return ranks, documents + np.int32(one.base), profiles, sizes, codes
    numbers = segment.numbers[documents]
    alive = numbers >= 0
    codes = codes[np.repeat(alive, sizes)]
    numbers = numbers[alive] + np.int32(one.base)
    return ranks[alive], numbers, profiles[alive], sizes[alive], codes


def _documents(opened: Sequence[MergeInput], bases: Array) -> dict[str, Array]:
    """What is known of documents, but for the items themselves."""
    lengths = np.concatenate([one.lengths().astype(np.uint32) for one in opened])
    arrays = builder.length_arrays(lengths)
    for group in FACETS:
        arrays |= _facet(opened, group)
    for name in NUMBERS:
        column = [one.columns[f"numbers.{name}"][one.alive] for one in opened]
        arrays[f"numbers.{name}"] = np.concatenate(column)
    arrays |= _urls(opened, bases)
    sizes = np.concatenate([[0], *(one.stored_sizes() for one in opened)])
    arrays["stored.offsets"] = sizes.cumsum().astype(np.int64)
    ids = [id for one in opened for id in one.strings("ids")]
    return arrays | builder.id_arrays(ids, arrays["numbers.date"])


def _facet(opened: Sequence[MergeInput], group: str) -> dict[str, Array]:
    names: dict[bytes, int] = {}
    counts, ordinals = [], []
    for one in opened:
        own = TermDictionary.of(one.columns, f"facets.{group}")
        ranks = np.array([names.setdefault(name, len(names)) for name in own], np.int32)
        sizes = np.diff(one.columns[f"facets.{group}.starts"])
        counts.append(sizes[one.alive])
        values = one.columns[f"facets.{group}.values"]
        ordinals.append(ranks[values[np.repeat(one.alive, sizes)]])
    values = np.concatenate(ordinals)
    used = np.unique(values)
    order = np.zeros(len(names), np.int32)
    order[used] = np.arange(len(used))
    listed = list(names)
    kept = [listed[place].decode() for place in used]
    return builder.facet_arrays(group, kept, np.concatenate(counts), order[values])


def _urls(opened: Sequence[MergeInput], bases: Array) -> dict[str, Array]:
    keys, documents = [], []
    for one, base in zip(opened, bases, strict=False):
        owners = one.columns["urls.documents"]
        owners = owners if one.numbers is None else one.numbers[owners]
        alive = owners >= 0
        keys.append(one.columns["urls.keys"][alive])
        documents.append(owners[alive] + np.int32(base))
    return builder.url_arrays(np.concatenate(keys), np.concatenate(documents))
