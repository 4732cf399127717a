"""Postings in arrays: which term stands in which document, how often in each zone, and where.

Stems have postings, but no positions: only phrases need those, and they consist of exact forms.
"""

from bisect import bisect_left
from collections.abc import Iterator

import numpy as np

from indexer.analysis.languages import STEM_MARK, stem
from indexer.schema import ZONES
from indexer.segment.column_file import Array, Columns
from indexer.segment.term_dictionary import TermDictionary, packed

ZONE_SHIFT = 28
"""A stored position has the index of its zone, in `schema.ZONES`, in its high bits, and the place
in that zone in these low ones."""

OFFSET_STEP = 16
"""For one in this many postings of exact forms it is stored where its positions begin."""

_COUNT_BITS = 8
_ONES = np.uint64(1) << np.arange(0, _COUNT_BITS * len(ZONES), _COUNT_BITS, dtype=np.uint64)


Form = tuple[str, str]
"""An exact form, and the code of the language it is written in, of which its stem is."""


def posting_arrays(forms: list[Form], numbers: Array, occurrences: Array) -> dict[str, Array]:
    """The arrays of terms and postings, for exact forms and the stems that follow from them.

    `numbers`: the form that occurs, as an index into `forms`; `occurrences`: in which document, in
    the high 32 bits, and at which zone and position, in the low ones. They ascend. A stem that
    several forms at one position share (`häuser`, `haeuser`) occurs there once.
    """
    stems = [stem(form, language) for form, language in forms]
    exact = {form for form, _ in forms}
    terms = sorted(term.encode() for term in {*exact, *filter(None, stems)})
    ranks = {term: rank for rank, term in enumerate(terms)}
    of_form = np.array([ranks[form.encode()] for form, _ in forms], np.int32)
    of_stem = np.array([ranks[s.encode()] if s else -1 for s in stems], np.int32)
    both = np.concatenate([of_form[numbers], of_stem[numbers]])
    is_term = both >= 0
    both, occurrences = both[is_term], np.tile(occurrences, 2)[is_term]
    by_rank = _order(both)
    both, occurrences = both[by_rank], occurrences[by_rank]
    first, last = np.searchsorted(both, _stems(terms))
    stem_ranks, at = both[first:last], occurrences[first:last]
    again = (stem_ranks[1:] == stem_ranks[:-1]) & (at[1:] == at[:-1])
    repeated = np.flatnonzero(again) + first + 1
    return _arrays(terms, np.delete(both, repeated), np.delete(occurrences, repeated))


def _stems(terms: list[bytes]) -> tuple[int, int]:
    """Where the stems begin and end among all terms in order."""
    mark = STEM_MARK.encode()
    return bisect_left(terms, mark), bisect_left(terms, mark + b"\xff")


def _arrays(terms: list[bytes], ranks: Array, occurrences: Array) -> dict[str, Array]:
    """The arrays of occurrences that are in order of their terms: `ranks` are indexes into
    `terms`."""
    documents, positions = (occurrences >> 32).astype(np.int32), occurrences.astype(np.uint32)
    is_first = np.ones(len(ranks), bool)
    is_first[1:] = (ranks[1:] != ranks[:-1]) | (documents[1:] != documents[:-1])
    begins = np.flatnonzero(is_first)
    profiles, table = _tf_profiles(positions >> np.uint32(ZONE_SHIFT), begins)
    blob, offsets = packed(terms)
    first_stem, last_stem = np.searchsorted(ranks, _stems(terms))
    exact = np.concatenate(
        [begins[begins < first_stem], begins[begins >= last_stem] - (last_stem - first_stem)]
    )
    positions = np.delete(positions, slice(first_stem, last_stem))
    return {
        "terms.blob": blob,
        "terms.offsets": offsets,
        "postings.starts": np.searchsorted(ranks[begins], np.arange(len(terms) + 1)).astype(
            np.uint32
        ),
        "postings.documents": documents[begins],
        "postings.tf_profiles": profiles,
        "postings.position_offsets": np.append(exact[::OFFSET_STEP], len(positions)).astype(
            np.uint32
        ),
        "tf_profiles": table.ravel(),
        "positions": positions,
    }


class PositionOffsets:
    """Tells where in `positions` those of each posting are; stems have none.

    The segment stores where they begin for one in `OFFSET_STEP` postings of exact forms. For the
    others, the term frequencies of the postings in between are added up.
    """

    def __init__(self, columns: Columns, terms: TermDictionary) -> None:
        starts, stems = columns["postings.starts"], terms.starting(STEM_MARK.encode())
        self._columns = columns
        self._stems = slice(int(starts[stems.start]), int(starts[stems.stop]))
        self._frequencies = (
            columns["tf_profiles"].reshape(-1, len(ZONES)).sum(axis=1, dtype=np.int64)
        )

    def bounds(self, begin: int, end: int) -> Array:
        """For each posting in `[begin, end)`, where its positions begin; and where the last ones
        end, so one number more than postings. `IndexError` if the columns are damaged."""
        stems, sizes = self._stems, self._sizes(begin, end)
        sizes[max(stems.start - begin, 0) : max(stems.stop - begin, 0)] = 0
        return self.start(begin) + np.append(0, np.cumsum(sizes))

    def between(self, begin: int, end: int, most: int = 2000) -> int:
        """How many positions the postings `[begin, end)` of exact forms have. The frequencies of up
        to `most` postings are added up; of more it is read where they begin and end. Raises as
        `bounds`."""
        if end - begin <= most:
            return int(self._sizes(begin, end).sum())
        return self.start(end) - self.start(begin)

    def start(self, begin: int) -> int:
        """Where the positions of a posting begin. Raises as `bounds`."""
        stems = self._stems
        exact = min(begin, stems.start) + max(begin - stems.stop, 0)
        at, missing = divmod(exact, OFFSET_STEP)
        first = exact - missing
        start = int(self._columns.read_slice("postings.position_offsets", at, at + 1)[0])
        after = stems.stop + max(first - stems.start, 0)
        between = (min(first, stems.start), min(begin, stems.start)), (after, max(begin, after))
        return start + sum([int(self._sizes(*one).sum()) for one in between if one[0] < one[1]])

    def _sizes(self, begin: int, end: int) -> Array:
        """How often the terms of these postings occur in their documents."""
        profiles = self._columns.read_slice("postings.tf_profiles", begin, end)
        sizes: Array = self._frequencies.take(profiles)
        return sizes


def ranges(starts: Array, most: int) -> Iterator[tuple[int, int]]:
    """Cut the terms into ranges `[begin, end)` of at most `most` postings, or of a single term.

    `starts`: where the postings of each term begin, and the last ones end.
    """
    begin, size = 0, len(starts) - 1
    while begin < size:
        end = int(np.searchsorted(starts, int(starts[begin]) + most, side="right")) - 1
        end = min(max(end, begin + 1), size)
        yield begin, end
        begin = end


def distinct_rows(rows: Array) -> tuple[Array, Array]:
    """The distinct rows in order, and for each row its index among those."""
    table, places = np.unique(rows, axis=0, return_inverse=True)
    return table, places.ravel()


def _order(keys: Array) -> Array:
    """The stable order of integers from 0 to 2^32: by 16 bits at a time, which NumPy sorts by
    counting."""
    by_low: Array = np.argsort(keys.astype(np.uint16), kind="stable")
    high = keys >> 16
    if high.any():
        return by_low[np.argsort(high[by_low].astype(np.uint16), kind="stable")]
    return by_low


def flat(starts: Array, sizes: Array) -> Array:
    """The indexes of several ranges, one after the other."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    indexes: Array = np.arange(total) + np.repeat(starts - ends + sizes, sizes)
    return indexes


def _tf_profiles(zones: Array, begins: Array) -> tuple[Array, Array]:
    """For each posting the index of its profile in a table, and that table, in order.

    `zones`: the zone of each occurrence; `begins`: where the occurrences of each posting begin.
    """
    sizes = np.diff(begins, append=len(zones))
    keys = np.add.reduceat(_ONES[zones], begins)  # the counts of all zones in one integer
    large = np.flatnonzero(sizes >> _COUNT_BITS)
    keys[large] = ~large.astype(np.uint64)  # its counts may not fit: a key of its own
    distinct = np.unique(keys)
    profiles = np.searchsorted(distinct, keys)  # faster than asking for the inverse
    examples = np.empty(len(distinct), np.int64)  # a posting for each key
    examples[profiles] = np.arange(len(keys))
    sizes = sizes[examples]
    cells = np.repeat(np.arange(len(sizes)) * len(ZONES), sizes)
    cells += zones[flat(begins[examples], sizes)]
    rows = np.bincount(cells, minlength=len(sizes) * len(ZONES)).reshape(-1, len(ZONES))
    table, places = distinct_rows(rows)
    return places.astype(np.min_scalar_type(max(len(table) - 1, 0)))[profiles], narrow(table)


def narrow(table: Array) -> Array:
    """The table in the smallest type that its greatest count fits into."""
    return table.astype(np.min_scalar_type(int(table.max(initial=0))))
