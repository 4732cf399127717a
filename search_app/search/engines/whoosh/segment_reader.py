"""One segment as both evaluators see it: its columns, its terms, its living documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.tokenizer import STEM_MARK
from indexer.document import decode
from indexer.errors import IndexDamaged
from indexer.index.manifest import REMEDY
from indexer.item import Item
from indexer.schema import FACETS, FIELDS, ZONES, Kind
from indexer.segment import stored_items, url_digest
from indexer.segment.column_file import Columns
from indexer.segment.document_ids import DocumentIds
from indexer.segment.postings import PositionOffsets
from indexer.segment.term_dictionary import TermDictionary

REMEMBERED = 16_384
"""Terms of a segment of which it is remembered how many postings and occurrences they have."""

Numbers = NDArray[np.int32]
"""Document numbers of a segment."""

Mask = NDArray[np.bool_]

TEXT_FIELDS = tuple(field for field in FIELDS if field.kind is Kind.TEXT)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a segment, and where in the columns their postings and occurrences are."""

    columns: Columns
    lexicon: TermDictionary
    stems: range
    offsets: PositionOffsets

    def rows(self, terms: range) -> slice:
        """The rows of the postings of a range of terms."""
        starts = self.columns["postings.starts"]
        return slice(int(starts[terms.start]), int(starts[terms.stop]))

    def rows_of(self, term: str) -> slice:
        """The rows of the postings of a term; none if the segment has no such term."""
        index = self.lexicon.find(term.encode())
        return slice(0, 0) if index < 0 else self.rows(range(index, index + 1))

    def occurrence_bounds(self, begin: int, end: int) -> NDArray[np.int64]:
        """Where the occurrences of the postings in these rows begin, and the last ones end: see
        `PositionOffsets.bounds`."""
        return self.offsets.bounds(begin, end)

    def counts(self, term: str) -> tuple[int, int]:
        """How many postings a term has and, if it is an exact form, how many occurrences."""
        rows = self.rows_of(term)
        size = rows.stop - rows.start
        if not size or term.startswith(STEM_MARK):
            return size, 0
        begin, end = (int(self.occurrence_bounds(row, row)[0]) for row in (rows.start, rows.stop))
        return size, end - begin


class SegmentReader:
    """A segment with its deletions. Immutable; shared by all threads."""

    def __init__(self, columns: Columns, deleted: Iterable[int] = ()) -> None:
        self.columns = columns
        self.size = columns.documents
        self.lexicon = TermDictionary.of(columns, "terms")
        self.names = {group: TermDictionary.of(columns, f"facets.{group}") for group in FACETS}
        self.lengths = columns["lengths"].reshape(-1, len(ZONES))
        self.profiles = columns["tf_profiles"].reshape(-1, len(ZONES))
        self._ids = DocumentIds(columns)
        stems = self.lexicon.starting(STEM_MARK.encode())
        self.terms = Terms(columns, self.lexicon, stems, PositionOffsets(columns))
        self._counts = lru_cache(REMEMBERED)(self.terms.counts)
        gone = np.fromiter(deleted, np.int64)
        self.alive: Mask | None = None
        if len(gone):
            self.alive = np.ones(self.size, bool)
            self.alive[gone] = False
        self.living = np.arange(self.size, dtype=np.int32)
        if self.alive is not None:
            self.living = self.living[self.alive]

    def doc_freq_with_deleted(self, term: str) -> int:
        """How many documents have a term, deleted ones included."""
        return self._counts(term)[0]

    def occurrence_count(self, term: str) -> int:
        """How often an exact form stands in all documents, deleted ones included."""
        return self._counts(term)[1]

    def posting_count(self, prefix: str) -> int:
        """How many postings the terms have that begin so, stems that do included."""
        rows = self.terms.rows(self.lexicon.starting(prefix.encode()))
        return int(rows.stop - rows.start)

    def number(self, id: str) -> int | None:
        """The living document of an id, if there is one."""
        return self._ids.number(id, self._is_deleted)

    def _is_deleted(self, number: int) -> bool:
        return self.alive is not None and not self.alive[number]

    def having(self, field: str, value: str) -> Numbers:
        """The documents of an `id` or a `url`, ascending, each once: of an id the living one."""
        if field == "id":
            number = self.number(value)
            return np.array([] if number is None else [number], np.int32)
        keys, digest = self.columns["urls.keys"], np.uint64(url_digest(value))
        first, last = np.searchsorted(keys, digest), np.searchsorted(keys, digest, side="right")
        return np.unique(self.columns["urls.documents"][first:last])

    def id(self, number: int) -> str:
        """The id of a document."""
        return self._ids[number].decode()

    def item(self, number: int) -> Item:
        """The item of a document; `IndexDamaged` if what is there is none."""
        try:
            return decode(stored_items.read(self.columns, number))
        except ValueError as error:
            message = f"item {self.id(number)} cannot be read: {error}; {REMEDY}"
            raise IndexDamaged(message) from error
