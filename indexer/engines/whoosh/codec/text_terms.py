"""The terms of a text field for Whoosh: those of the lexicon that stand in any of its parts.

All fields share one lexicon and one list of postings, which say in which parts a term stands; a
field is what they hold of its own parts.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from indexer.analysis.tokenizer import STEM_MARK
from indexer.engines.whoosh.codec.posting_matcher import PostingList
from indexer.schema import ZONES, Field
from indexer.segment.column_file import Array, Columns
from indexer.segment.impacts import zone_factors
from indexer.segment.postings import ZONE_SHIFT, PositionOffsets, flat
from indexer.segment.term_dictionary import TermDictionary

CHUNK = 1024
"""Terms looked through at a time when a field's terms are listed."""


class TextTerms:
    """The terms of one text field in a segment."""

    def __init__(self, columns: Columns, lexicon: TermDictionary, field: Field) -> None:
        self._columns, self._lexicon = columns, lexicon
        factors = zone_factors(field)
        self._parts = factors > 0
        profiles = columns["tf_profiles"].reshape(-1, len(ZONES))
        self._weights = (profiles @ factors).astype(np.float32)
        self._in_field = profiles[:, self._parts].any(axis=1)
        self._starts = columns["postings.starts"]
        self._stems = lexicon.starting(STEM_MARK.encode())
        self._offsets = PositionOffsets(columns)

    def find(self, term: bytes) -> PostingList | None:
        """A term's postings in the field, deleted documents included; `None` without any."""
        place = self._lexicon.find(term)
        if place < 0:
            return None
        begin, end = self._starts[place : place + 2].tolist()
        profiles = self._columns["postings.tf_profiles"][begin:end]
        here = np.flatnonzero(self._in_field.take(profiles))
        if not len(here):
            return None
        return PostingList(
            self._columns["postings.documents"][begin:end][here],
            self._weights.take(profiles[here]),
            None if place in self._stems else here + begin,
        )

    def starting_at(self, term: bytes) -> Iterator[bytes]:
        """The field's terms in order, from the first that is not less than this one."""
        size = len(self._lexicon)
        for first in range(self._lexicon.first_from(term), size, CHUNK):
            last = min(first + CHUNK, size)
            bounds = self._starts[first : last + 1].astype(np.int64)
            profiles = self._columns["postings.tf_profiles"][bounds[0] : bounds[-1]]
            here = np.logical_or.reduceat(self._in_field.take(profiles), bounds[:-1] - bounds[0])
            for place in np.flatnonzero(here).tolist():
                yield self._lexicon[first + place]

    def positions(self, rows: Array) -> list[list[int]]:
        """Where in the field the term of these postings, all of one exact form, stands.

        A position is the place of the part in the high bits and that within the part in the low
        ones: no phrase reaches from one part into the next.
        """
        first = int(rows[0])
        offsets = self._offsets.bounds(first, int(rows[-1]) + 1)
        begins = offsets[rows - first]
        sizes = offsets[rows - first + 1] - begins
        codes = self._columns["positions"][flat(begins, sizes)]
        here = self._parts[codes >> np.uint32(ZONE_SHIFT)]
        counts = np.add.reduceat(here, np.cumsum(sizes) - sizes, dtype=np.int64)
        bounds = [0, *np.cumsum(counts).tolist()]
        positions = codes[here].tolist()
        return [positions[begin:end] for begin, end in pairwise(bounds)]
