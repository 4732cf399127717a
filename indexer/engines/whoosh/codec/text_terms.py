"""The terms of a text field for Whoosh: those that stand in any of its zones.

All fields share one table of terms and one list of postings, which say how often a term stands in
each zone. A field has those postings that count something in its own zones.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from indexer.analysis.tokenizer import STEM_MARK
from indexer.engines.whoosh.codec.open_segment import TEXT_FIELDS, OpenSegment
from indexer.engines.whoosh.codec.posting_matcher import PostingList, without_positions
from indexer.schema import ZONES
from indexer.segment.column_file import Array
from indexer.segment.impacts import zone_factors
from indexer.segment.postings import ZONE_SHIFT, PositionOffsets, flat
from indexer.segment.term_dictionary import TermDictionary

CHUNK = 1024
"""How many terms are looked at together when a field's terms are listed."""


class TextTerms:
    """The terms of one text field in a segment."""

    def __init__(self, segment: OpenSegment, field: str) -> None:
        self._columns = columns = segment.columns
        self._lexicon = TermDictionary.of(columns, "terms")
        self._lengths = segment.lengths(field).stepped
        factors = zone_factors(TEXT_FIELDS[field])
        self._zones = factors > 0
        profiles = columns["tf_profiles"].reshape(-1, len(ZONES))
        self._weights = (profiles @ factors).astype(np.float32)
        self._in_field = profiles[:, self._zones].any(axis=1)
        self._starts = columns["postings.starts"]
        self._stems = self._lexicon.starting(STEM_MARK.encode())
        self._offsets = PositionOffsets(columns, self._lexicon)

    def find(self, term: bytes) -> PostingList:
        """A term's postings in the field, deleted documents included."""
        index = self._lexicon.find(term)
        begin, end = self._starts[index : index + 2].tolist() if index >= 0 else (0, 0)
        profiles = self._columns["postings.tf_profiles"][begin:end]
        here = np.flatnonzero(self._in_field.take(profiles))
        documents = self._columns["postings.documents"][begin:end][here]
        return PostingList(
            documents,
            self._weights.take(profiles[here]),
            self._lengths.take(documents),
            without_positions
            if index in self._stems
            else lambda some: self._positions(here[some] + begin),
        )

    def starting_at(self, term: bytes) -> Iterator[bytes]:
        """The field's terms in order, from the first that is not less than this one."""
        size = len(self._lexicon)
        for first in range(self._lexicon.first_from(term), size, CHUNK):
            last = min(first + CHUNK, size)
            bounds = self._starts[first : last + 1].astype(np.int64)
            profiles = self._columns["postings.tf_profiles"][bounds[0] : bounds[-1]]
            here = np.logical_or.reduceat(self._in_field.take(profiles), bounds[:-1] - bounds[0])
            for index in np.flatnonzero(here).tolist():
                yield self._lexicon[first + index]

    def _positions(self, rows: Array) -> list[list[int]]:
        """The positions in the field of the postings with these indexes, all of one exact form.

        The zone stands in the high bits of each, so no phrase reaches from one zone into the next.
        """
        first = int(rows[0])
        offsets = self._offsets.bounds(first, int(rows[-1]) + 1)
        begins = offsets[rows - first]
        sizes = offsets[rows - first + 1] - begins
        of_all_zones = self._columns["positions"][flat(begins, sizes)]
        here = self._zones[of_all_zones >> np.uint32(ZONE_SHIFT)]
        counts = np.add.reduceat(here, np.cumsum(sizes) - sizes, dtype=np.int64)
        bounds = [0, *np.cumsum(counts).tolist()]
        positions = of_all_zones[here].tolist()
        return [positions[begin:end] for begin, end in pairwise(bounds)]
