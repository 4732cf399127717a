"""The postings of a segment, in arrays: a term in a document, how often in which part, and where.

Stems follow from exact forms: they have postings of their own but no occurrences, since phrases
are made of exact forms.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.analysis.tokenizer import STEM_MARK
from indexer.schema import ZONES
from indexer.segment.column_file import Array, Columns
from indexer.segment.term_dictionary import TermDictionary, packed

ZONE_SHIFT = 28
"""An occurrence's high bits are the part's place in `schema.ZONES`, the rest its position."""

OFFSET_STEP = 16
"""Where positions begin is stored of each exact posting whose index is a multiple of this."""

_COUNT_BITS = 8
_SHIFTS = np.arange(len(ZONES) - 1, -1, -1, dtype=np.uint64) * np.uint64(_COUNT_BITS)
_ONES = np.uint64(1) << _SHIFTS


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings in order of term, then of document.

    `ranks`: each one's term, by its place in the lexicon; `profiles`: rows of `table`, which says
    how often a term stands in each part; `codes`: the occurrences of all, one after the other.
    """

    ranks: Array
    documents: Array
    profiles: Array
    table: Array
    codes: Array

    def columns(self, terms: Sequence[bytes]) -> dict[str, Array]:
        """The arrays of a segment with this lexicon."""
        blob, offsets = packed(terms)
        starts = np.searchsorted(self.ranks, np.arange(len(terms) + 1))
        counts = self.position_counts(terms)
        ends = np.cumsum(counts[counts > 0])
        begins = np.append(0, ends[:-1]) if len(ends) else ends
        return {
            "terms.blob": blob,
            "terms.offsets": offsets,
            "postings.starts": starts.astype(np.uint32),
            "postings.documents": self.documents,
            "postings.tf_profiles": self.profiles,
            "postings.position_offsets": np.append(
                begins[::OFFSET_STEP], ends[-1:] if len(ends) else 0
            ).astype(np.uint32),
            "tf_profiles": self.table.ravel(),
            "positions": self.codes,
        }

    def position_counts(self, terms: Sequence[bytes]) -> Array:
        """How many positions each posting has: of an exact form as many as its term frequency, of
        a stem none."""
        mark = STEM_MARK.encode()
        first, last = bisect_left(terms, mark), bisect_left(terms, mark + b"\xff")
        is_stem = (self.ranks >= first) & (self.ranks < last)
        return np.where(is_stem, 0, self.table.sum(axis=1, dtype=np.int64)[self.profiles])


class PositionOffsets:
    """Where the positions of a segment's postings are; those of stems have none.

    That is stored of every `OFFSET_STEP`th exact posting only. For the others, the frequencies of
    those in between are added up.
    """

    def __init__(self, columns: Columns) -> None:
        starts = columns["postings.starts"]
        stems = TermDictionary.of(columns, "terms").starting(STEM_MARK.encode())
        self._columns = columns
        self._stems = slice(int(starts[stems.start]), int(starts[stems.stop]))
        self._frequencies = (
            columns["tf_profiles"].reshape(-1, len(ZONES)).sum(axis=1, dtype=np.int64)
        )

    def bounds(self, begin: int, end: int) -> Array:
        """Where the positions of postings `[begin, end)` begin, and the last ones end: one number
        more than postings. `IndexError` if the columns are damaged."""
        stems = self._stems
        exact = min(begin, stems.start) + max(begin - stems.stop, 0)
        at, missing = divmod(exact, OFFSET_STEP)
        first = exact - missing
        start = int(self._columns.read_slice("postings.position_offsets", at, at + 1)[0])
        start += int(self._sizes(min(first, stems.start), min(begin, stems.start)).sum())
        after = stems.stop + max(first - stems.start, 0)
        start += int(self._sizes(after, max(begin, after)).sum())
        sizes = self._sizes(begin, end)
        sizes[max(stems.start - begin, 0) : max(stems.stop - begin, 0)] = 0
        return start + np.append(0, np.cumsum(sizes))

    def _sizes(self, begin: int, end: int) -> Array:
        """How often the term of each of these postings stands in its document."""
        found: Array = self._frequencies[
            self._columns.read_slice("postings.tf_profiles", begin, end)
        ]
        return found


def ranges(starts: Array, most: int) -> Iterator[tuple[int, int]]:
    """Terms in runs of at most so many postings, or of one: the first of each, and the next one's.

    `starts`: where the postings of each term begin, and the last ones end.
    """
    begin, size = 0, len(starts) - 1
    while begin < size:
        end = int(np.searchsorted(starts, int(starts[begin]) + most, side="right")) - 1
        end = min(max(end, begin + 1), size)
        yield begin, end
        begin = end


def of_occurrences(ranks: Array, documents: Array, codes: Array) -> Postings:
    """Postings of occurrences, in order of term, document and code."""
    first = np.ones(len(ranks), bool)
    first[1:] = (ranks[1:] != ranks[:-1]) | (documents[1:] != documents[:-1])
    places = np.flatnonzero(first)
    profiles, table = _profiles(codes >> np.uint32(ZONE_SHIFT), places)
    return Postings(ranks[places], documents[places], profiles, table, codes)


def joined(postings: Sequence[Postings], terms: Sequence[bytes]) -> Postings:
    """Several as one, under one lexicon. Where they have terms in common, the documents of the
    one come before those of the next."""
    ranks = np.concatenate([one.ranks for one in postings])
    table, profiles = distinct([one.table for one in postings], [one.profiles for one in postings])
    documents = np.concatenate([one.documents for one in postings])
    codes = np.concatenate([one.codes for one in postings])
    sizes = Postings(ranks, documents, profiles, table, codes).position_counts(terms)
    by_rank = order(ranks)
    places = flat((np.cumsum(sizes) - sizes)[by_rank], sizes[by_rank])
    return Postings(ranks[by_rank], documents[by_rank], profiles[by_rank], table, codes[places])


def distinct(tables: Sequence[Array], profiles: Sequence[Array]) -> tuple[Array, Array]:
    """One table of the profiles that are used, in order, and which of them each posting has."""
    bases = np.cumsum([0, *(len(table) for table in tables)])
    chosen = np.concatenate(
        [some.astype(np.int64) + base for base, some in zip(bases, profiles, strict=False)]
    )
    used = np.zeros(bases[-1], bool)
    used[chosen] = True
    table, places = distinct_rows(np.concatenate([t.astype(np.uint32) for t in tables])[used])
    new = np.zeros(len(used), np.min_scalar_type(max(len(table) - 1, 0)))
    new[used] = places
    return narrow(table), new[chosen]


def distinct_rows(rows: Array) -> tuple[Array, Array]:
    """The distinct rows in order, and which of them each one is."""
    table, places = np.unique(rows, axis=0, return_inverse=True)
    return table, places.ravel()


def order(keys: Array) -> Array:
    """The stable order of whole numbers from 0 to 2^32: by 16 bits at a time, which NumPy sorts by
    counting."""
    found: Array = np.argsort(keys.astype(np.uint16), kind="stable")
    high = keys >> 16
    if high.any():
        found = found[np.argsort(high[found].astype(np.uint16), kind="stable")]
    return found


def flat(starts: Array, sizes: Array) -> Array:
    """The indexes of several ranges, one after the other."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    indexes: Array = np.arange(total) + np.repeat(starts - ends + sizes, sizes)
    return indexes


def _profiles(parts: Array, places: Array) -> tuple[Array, Array]:
    """The profile of each posting, and the table of those that occur. The counts of all parts fit
    into one integer, but for the few terms that stand in a document hundreds of times."""
    sizes = np.diff(places, append=len(parts))
    often = sizes >= 1 << _COUNT_BITS
    keys = np.add.reduceat(_ONES[parts], places) if len(places) else np.zeros(0, np.uint64)
    known = np.unique(keys[~often])
    found = np.searchsorted(known, keys[~often])  # faster than asking for the inverse
    usual = (known[:, None] >> _SHIFTS) & np.uint64((1 << _COUNT_BITS) - 1)
    unusual = [
        np.bincount(parts[place : place + size], minlength=len(ZONES))
        for place, size in zip(places[often].tolist(), sizes[often].tolist(), strict=True)
    ]
    rows = np.concatenate([usual, np.array(unusual, np.uint64).reshape(-1, len(ZONES))])
    ordinals = np.empty(len(places), np.int64)
    ordinals[~often], ordinals[often] = found, len(known) + np.arange(len(unusual))
    table, profiles = distinct([rows], [ordinals])
    return profiles, table


def narrow(table: Array) -> Array:
    """The table in as few bytes as its greatest count needs."""
    return table.astype(np.min_scalar_type(int(table.max(initial=0))))
