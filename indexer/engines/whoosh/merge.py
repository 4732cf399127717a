"""Several segments' columns to one: in the order given, deleted documents left out.

What is known of terms and of documents is made first; it says how large every array will be. The
postings follow in ranges of terms, each of which any process can make by itself. No more of them
is read at a time than a range, however many there are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np

from indexer.analysis import STEM_MARK
from indexer.engines.whoosh import columns, gather, weights
from indexer.engines.whoosh.columns import Array, Columns, Shapes, Sink
from indexer.engines.whoosh.lexicon import Lexicon, packed
from indexer.engines.whoosh.postings import (
    PART_SHIFT,
    distinct_rows,
    flat,
    narrow,
    ranges,
    stem_range,
)
from indexer.fields import FACETS, PARTS

RANGE = 1 << 18
"""Postings of a range of terms, unless one term has more."""

COPIED = 1 << 22
"""Bytes of stored items that are copied at a time."""

_POSITION = np.uint32((1 << PART_SHIFT) - 1)


@dataclass(frozen=True, slots=True)
class Part:
    """A segment to be merged: the file of its columns, and its deleted documents."""

    path: Path
    deleted: Array = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class Slice:
    """What a part adds to a range of terms. `begin`, `end`: the terms among its own; `ranks`: their
    places within the range; `base`: the number of its first document; `profiles`: the rows of the
    common table that its own became."""

    part: Part
    base: int
    begin: int
    end: int
    ranks: Array
    profiles: Array


@dataclass(frozen=True, slots=True)
class Range:
    """A range of terms to be made. `starts`: where the postings of each begin, and the last ones
    end, in the whole; `exact`, `occurrences`: how many postings of exact forms, and how many
    occurrences, come before it; `stems`: which of its postings are of stems."""

    sink: Sink
    terms: list[bytes]
    starts: Array
    exact: int
    occurrences: int
    stems: slice
    table: Array
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """The postings of a range: `sizes`: how many of the `codes` each has, none for stems."""

    terms: list[bytes]
    starts: Array
    documents: Array
    profiles: Array
    table: Array
    sizes: Array
    codes: Array
    stems: slice


@dataclass(frozen=True, slots=True)
class Plan:
    """A merge under way: where it goes, its ranges, how many documents and postings it has, and
    the furthest position of any occurrence. The sink lacks the postings and their buckets."""

    sink: Sink
    documents: int
    postings: int
    furthest: int
    ranges: tuple[Range, ...]
    means: Array


def plan(parts: Sequence[Part], path: Path) -> Plan:
    """Begin a merge into a new file."""
    opened = [_Opened(part, columns.read(part.path)) for part in parts]
    bases = np.cumsum([0, *(one.count for one in opened)])
    vocabulary = _Vocabulary(opened)
    arrays = _documents(opened, bases)
    stored = np.concatenate([[0], *(one.stored_sizes() for one in opened)]).cumsum()
    starts, occurrences, stems = vocabulary.starts, vocabulary.occurrences, vocabulary.stems
    before = _before_stems(starts[stems.start], starts[stems.stop])
    postings, exact = int(starts[-1]), int(before(starts[-1]))
    blob, offsets = packed(vocabulary.terms)
    terms = {"lexicon.blob": blob, "lexicon.offsets": offsets}
    shapes: dict[str, tuple[np.dtype[Any], int]] = {
        **_shapes(terms),
        "postings.starts": (np.dtype(np.uint32), len(starts)),
        "postings.documents": (np.dtype(np.int32), postings),
        "postings.profiles": (vocabulary.profile_type, postings),
        "postings.firsts": (np.dtype(np.uint32), exact + 1),
        "profiles": (vocabulary.table.dtype, vocabulary.table.size),
        "occurrences": (np.dtype(np.uint32), int(occurrences[-1])),
        "postings.buckets": (np.dtype(np.uint8), postings),
        "buckets.bounds": (np.dtype(np.float64), weights.BUCKETS + 1),
        **_shapes(arrays),
        "stored.blob": (np.dtype(np.uint8), int(stored[-1])),
        "stored.offsets": (np.dtype(np.int64), len(stored)),
    }
    sink = columns.create(path, int(bases[-1]), shapes)
    for name, array in {**terms, **arrays}.items():
        sink.put(name, array)
    sink.put("postings.starts", starts)
    sink.put("postings.firsts", occurrences[-1:], exact)
    sink.put("profiles", vocabulary.table.ravel())
    sink.put("stored.offsets", stored)
    at = 0
    for one in opened:
        for piece in one.stored():
            sink.put("stored.blob", piece, at)
            at += len(piece)
    made = tuple(
        Range(
            sink,
            vocabulary.terms[begin:end],
            starts[begin : end + 1],
            int(before(starts[begin])),
            int(occurrences[begin]),
            slice(
                *(
                    int(np.clip(starts[edge], starts[begin], starts[end]) - starts[begin])
                    for edge in (stems.start, stems.stop)
                )
            ),
            vocabulary.table,
            tuple(vocabulary.slices(bases, begin, end)),
        )
        for begin, end in ranges(starts, RANGE)
    )
    furthest = max((one.furthest() for one in opened), default=0)
    return Plan(sink, int(bases[-1]), postings, furthest, made, arrays["means"])


def make(wanted: Range) -> Made:
    """Make the postings of a range and put them in their place."""
    starts = wanted.starts - wanted.starts[0]
    total = int(starts[-1])
    documents, sizes = np.empty(total, np.int32), np.empty(total, np.int64)
    profiles = np.empty(total, wanted.sink.types["postings.profiles"])
    cursor = starts[:-1].copy()
    found = []
    for one in wanted.slices:
        ranks, numbers, rows, lengths, codes = _taken(one)
        counts = np.bincount(ranks, minlength=len(wanted.terms))
        places = flat(cursor, counts)
        cursor += counts
        documents[places], profiles[places], sizes[places] = numbers, rows, lengths
        found.append((places, lengths, codes))
    ends = np.cumsum(sizes)
    firsts = ends - sizes
    occurrences = np.empty(int(ends[-1]) if total else 0, np.uint32)
    for places, lengths, codes in found:
        occurrences[flat(firsts[places], lengths)] = codes
    exact = np.ones(total, bool)
    exact[wanted.stems] = False
    sink, begin = wanted.sink, int(wanted.starts[0])
    sink.put("postings.documents", documents, begin)
    sink.put("postings.profiles", profiles, begin)
    sink.put("postings.firsts", firsts[exact] + wanted.occurrences, wanted.exact)
    sink.put("occurrences", occurrences, wanted.occurrences)
    return Made(
        wanted.terms,
        starts,
        documents,
        profiles,
        wanted.table,
        sizes,
        occurrences,
        wanted.stems,
    )


def _taken(one: Slice) -> tuple[Array, Array, Array, Array, Array]:
    """The living postings of a part: places of their terms, documents, profiles, how many
    occurrences they have, and those."""
    segment = _Opened(one.part, columns.read(one.part.path))
    begin, end = int(segment.starts[one.begin]), int(segment.starts[one.end])
    ranks = np.repeat(one.ranks, np.diff(segment.starts[one.begin : one.end + 1]))
    documents = segment.columns.part("postings.documents", begin, end)
    profiles = one.profiles[segment.columns.part("postings.profiles", begin, end)]
    sizes, codes = segment.occurrences(begin, end)
    if segment.numbers is None:
        return ranks, documents + np.int32(one.base), profiles, sizes, codes
    numbers = segment.numbers[documents]
    alive = numbers >= 0
    codes = codes[np.repeat(alive, sizes)]
    numbers = numbers[alive] + np.int32(one.base)
    return ranks[alive], numbers, profiles[alive], sizes[alive], codes


@dataclass(frozen=True, slots=True)
class Weighing:
    """Postings to be weighed, from the first of them on to the last."""

    path: Path
    begin: int
    end: int
    means: Array

    def weights(self) -> Iterator[Array]:
        """Some at a time."""
        made = columns.read(self.path)
        return weights.weighed(
            made["profiles"].reshape(-1, len(PARTS)),
            made.part("postings.profiles", self.begin, self.end),
            made.part("postings.documents", self.begin, self.end),
            made["lengths"].reshape(-1, len(PARTS)),
            self.means,
        )


def weighings(planned: Plan) -> list[Weighing]:
    """All postings, in pieces."""
    return [
        Weighing(planned.sink.path, begin, min(begin + RANGE, planned.postings), planned.means)
        for begin in range(0, planned.postings, RANGE)
    ]


def extremes(some: Weighing) -> tuple[float, float]:
    """The least and the greatest weight."""
    found = [(float(few.min()), float(few.max())) for few in some.weights()]
    return min(least for least, _ in found), max(most for _, most in found)


@dataclass(frozen=True, slots=True)
class Bucketing:
    """Postings to be put into buckets of these bounds."""

    sink: Sink
    weighing: Weighing
    bounds: Array


def bucket(some: Bucketing) -> None:
    """Put the buckets of postings in their place."""
    at = some.weighing.begin
    for few in some.weighing.weights():
        some.sink.put("postings.buckets", weights.buckets(few, some.bounds), at)
        at += len(few)


def _before_stems(begin: int, end: int) -> Any:
    """Where a posting stands among those of exact forms, by where it stands among all."""
    return lambda place: np.minimum(place, begin) + np.maximum(place - end, 0)


def _shapes(arrays: dict[str, Array]) -> Shapes:
    return {name: (array.dtype, array.size) for name, array in arrays.items()}


class _Opened:
    """A part, open. `numbers`: what becomes of its documents' numbers, -1 for deleted ones; `None`
    if they stay."""

    def __init__(self, part: Part, opened: Columns) -> None:
        self.part, self.columns = part, opened
        self.alive = np.ones(opened.documents, bool)
        self.alive[part.deleted] = False
        self.count = int(self.alive.sum())
        self.numbers: Array | None = None
        if self.count < opened.documents:
            self.numbers = np.where(self.alive, np.cumsum(self.alive) - 1, -1).astype(np.int32)
        self.starts = opened["postings.starts"].astype(np.int64)
        self.table = opened["profiles"].reshape(-1, len(PARTS))
        self._stems: tuple[int, int] | None = None

    def terms(self) -> Iterator[bytes]:
        """Its lexicon."""
        return iter(Lexicon.of(self.columns, "lexicon"))

    @property
    def stems(self) -> tuple[int, int]:
        """Where the postings of its stems begin, and where they end."""
        if self._stems is None:
            found = Lexicon.of(self.columns, "lexicon").starting(STEM_MARK.encode())
            self._stems = int(self.starts[found.start]), int(self.starts[found.stop])
        return self._stems

    def occurrences(self, begin: int, end: int) -> tuple[Array, Array]:
        """How many occurrences each of these postings has, and those; stems have none."""
        first, last = self.stems
        before = _before_stems(first, last)
        firsts = self.columns.part("postings.firsts", before(begin), before(end) + 1)
        exact = np.ones(end - begin, bool)
        exact[max(first - begin, 0) : max(last - begin, 0)] = False
        sizes = np.zeros(end - begin, np.int64)
        sizes[exact] = np.diff(firsts)
        return sizes, self.columns.part("occurrences", int(firsts[0]), int(firsts[-1]))

    def living(self) -> tuple[Array, Array, Array]:
        """Living postings of each term, their occurrences, and which profiles they have."""
        used = np.zeros(len(self.table), bool)
        counts = np.zeros(len(self.starts) - 1, np.int64)
        occurrences = counts.copy()
        for begin, end in ranges(self.starts, RANGE):
            first, last = int(self.starts[begin]), int(self.starts[end])
            alive = self.alive[self.columns.part("postings.documents", first, last)]
            used[self.columns.part("postings.profiles", first, last)[alive]] = True
            sizes, _ = self.occurrences(first, last)
            bounds = self.starts[begin : end + 1] - first
            counts[begin:end] = np.diff(np.append(0, np.cumsum(alive))[bounds])
            occurrences[begin:end] = np.diff(np.append(0, np.cumsum(sizes * alive))[bounds])
        return counts, occurrences, used

    def furthest(self) -> int:
        """The furthest position of any occurrence."""
        size, found = self.columns["occurrences"].size, 0
        for begin in range(0, size, RANGE):
            codes = self.columns.part("occurrences", begin, min(begin + RANGE, size))
            found = max(found, int((codes & _POSITION).max()))
        return found

    def lengths(self) -> Array:
        """The lengths of living documents, a row each."""
        lengths: Array = self.columns["lengths"].reshape(-1, len(PARTS))[self.alive]
        return lengths

    def stored_sizes(self) -> Array:
        """The bytes of each living document's item."""
        sizes: Array = np.diff(self.columns["stored.offsets"])[self.alive]
        return sizes

    def stored(self) -> Iterator[Array]:
        """The items of living documents, some bytes at a time."""
        offsets = self.columns["stored.offsets"]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], self.alive, [False]])))
        for first, last in edges.reshape(-1, 2).tolist():
            begin, end = int(offsets[first]), int(offsets[last])
            for at in range(begin, end, COPIED):
                yield self.columns.part("stored.blob", at, min(at + COPIED, end))

    def strings(self, name: str) -> list[bytes]:
        """The byte strings of living documents."""
        return list(compress(Lexicon.of(self.columns, name), self.alive.tolist()))


class _Vocabulary:
    """The terms of all parts that living documents have, and their profiles."""

    def __init__(self, opened: Sequence[_Opened]) -> None:
        self._opened = opened
        living = [one.living() for one in opened]
        terms: set[bytes] = set()
        for one, (own, _, _) in zip(opened, living, strict=True):
            terms.update(compress(one.terms(), own.tolist()))
        self.terms = sorted(terms)
        self.stems = stem_range(self.terms)
        places = {term: place for place, term in enumerate(self.terms)}
        counts = np.zeros(len(self.terms), np.int64)
        occurrences = counts.copy()
        self._ranks = []
        for one, (own, codes, _) in zip(opened, living, strict=True):
            ranks = np.array([places.get(term, -1) for term in one.terms()], np.int32)
            having = own > 0
            counts[ranks[having]] += own[having]
            occurrences[ranks[having]] += codes[having]
            # A term that only deleted documents have goes where the one before it does.
            self._ranks.append(np.maximum.accumulate(np.maximum(ranks, 0)))
        self.starts = np.append(0, np.cumsum(counts))
        self.occurrences = np.append(0, np.cumsum(occurrences))
        self._profiles(opened, [profiles for _, _, profiles in living])

    def _profiles(self, opened: Sequence[_Opened], used: list[Array]) -> None:
        tables = [one.table[rows].astype(np.uint32) for one, rows in zip(opened, used, strict=True)]
        table, places = distinct_rows(np.concatenate(tables))
        self.table = narrow(table)
        self.profile_type = np.dtype(np.min_scalar_type(max(len(table) - 1, 0)))
        self._maps = []
        bounds = np.cumsum([len(one) for one in tables])[:-1]
        for rows, found in zip(used, np.split(places, bounds), strict=True):
            own = np.zeros(len(rows), self.profile_type)
            own[rows] = found
            self._maps.append(own)

    def slices(self, bases: Array, begin: int, end: int) -> Iterator[Slice]:
        """What each part adds to a range of terms."""
        for one, base, ranks, profiles in zip(
            self._opened, bases.tolist(), self._ranks, self._maps, strict=False
        ):
            first, last = np.searchsorted(ranks, (begin, end)).tolist()
            if first < last:
                own = ranks[first:last] - begin
                yield Slice(one.part, base, first, last, own, profiles)


def _documents(opened: Sequence[_Opened], bases: Array) -> dict[str, Array]:
    """What is known of documents, but for the items themselves."""
    lengths = np.concatenate([one.lengths().astype(np.uint32) for one in opened])
    arrays = gather.length_arrays(lengths)
    for group in FACETS:
        arrays |= _facet(opened, group)
    for name in gather.NUMBERS:
        column = [one.columns[f"numbers.{name}"][one.alive] for one in opened]
        arrays[f"numbers.{name}"] = np.concatenate(column)
    arrays |= _urls(opened, bases)
    ids = [id for one in opened for id in one.strings("ids")]
    return arrays | gather.id_arrays(ids, arrays["numbers.date"])


def _facet(opened: Sequence[_Opened], group: str) -> dict[str, Array]:
    names: dict[bytes, int] = {}
    counts, ordinals = [], []
    for one in opened:
        own = Lexicon.of(one.columns, f"facets.{group}")
        ranks = np.array([names.setdefault(name, len(names)) for name in own], np.int32)
        sizes = np.diff(one.columns[f"facets.{group}.starts"])
        counts.append(sizes[one.alive])
        values = one.columns[f"facets.{group}.values"]
        ordinals.append(ranks[values[np.repeat(one.alive, sizes)]])
    values = np.concatenate(ordinals)
    used = np.unique(values)
    order = np.zeros(len(names), np.int32)
    order[used] = np.arange(len(used), dtype=np.int32)
    listed = list(names)
    kept = [listed[place].decode() for place in used.tolist()]
    return gather.facet_arrays(group, kept, np.concatenate(counts), order[values])


def _urls(opened: Sequence[_Opened], bases: Array) -> dict[str, Array]:
    keys, documents = [], []
    for one, base in zip(opened, bases.tolist(), strict=False):
        owners = one.columns["urls.documents"]
        owners = owners if one.numbers is None else one.numbers[owners]
        alive = owners >= 0
        keys.append(one.columns["urls.keys"][alive])
        documents.append(owners[alive] + np.int32(base))
    return gather.url_arrays(np.concatenate(keys), np.concatenate(documents))
