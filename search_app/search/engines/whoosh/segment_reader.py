"""A segment as both evaluators read it: its columns, its terms, its living documents."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.tokenizer import STEM_MARK
from indexer.document import decode, decode_head
from indexer.errors import IndexDamaged
from indexer.index.manifest import REMEDY
from indexer.item import Item
from indexer.schema import FACETS, FIELDS, ZONES, Kind
from indexer.segment import url_digest
from indexer.segment.column_file import Columns
from indexer.segment.document_ids import DocumentIds
from indexer.segment.postings import PositionOffsets
from indexer.segment.stored_items import StoredItems
from indexer.segment.term_dictionary import TermDictionary
from search_app.search.engines.whoosh.segment_stories import SegmentStories, without_stories

CACHED_TERMS = 16_384
"""Terms of a segment whose counts are cached."""

Numbers = NDArray[np.int32]
"""Document numbers of a segment."""

Mask = NDArray[np.bool_]

TEXT_FIELDS = tuple(field for field in FIELDS if field.kind is Kind.TEXT)


class Terms:
    """The terms of a segment, and the rows of their postings in the columns.

    `stems`: the indices of the stems, between those of the exact forms; `offsets`: of the positions
    of postings.
    """

    def __init__(self, columns: Columns) -> None:
        self._starts = columns["postings.starts"]
        self._lexicon = TermDictionary.of(columns, "terms")
        self.stems = self._lexicon.starting(STEM_MARK.encode())
        self.offsets = PositionOffsets(columns, self._lexicon)

    def rows_of(self, term: str) -> slice:
        """The rows of a term's postings; none if the segment lacks the term."""
        index = self._lexicon.find(term.encode())
        return slice(0, 0) if index < 0 else self._rows(index, index + 1)

    def rows_starting(self, prefix: str) -> list[slice]:
        """The rows of the postings of all exact forms with a prefix: before and after the stems."""
        terms, stems = self._lexicon.starting(prefix.encode()), self.stems
        first, last = terms.start, terms.stop
        exact = ((first, min(last, stems.start)), (max(first, stems.stop), last))
        return [self._rows(begin, end) for begin, end in exact if begin < end]

    def beginning(self, letters: str) -> list[bytes]:
        """The exact forms that begin so, in order."""
        terms = self._lexicon.starting(letters.encode())
        return [self._lexicon[index] for index in terms]

    def counts(self, term: str) -> tuple[int, int]:
        """How many documents have a term and, if it is an exact form, how often all together;
        deleted documents included."""
        rows = self.rows_of(term)
        size = rows.stop - rows.start
        if not size or term.startswith(STEM_MARK):
            return size, 0
        return size, self.offsets.between(rows.start, rows.stop)

    def _rows(self, first: int, last: int) -> slice:
        return slice(int(self._starts[first]), int(self._starts[last]))


def languages(segments: "Sequence[SegmentReader]") -> Counter[str]:
    """How many living items are in each language, by its code."""
    counts: Counter[str] = Counter()
    for segment in segments:
        ordinals = segment.columns["facets.language.values"][segment.living]  # each has one
        for ordinal, count in enumerate(np.bincount(ordinals).tolist()):
            counts[segment.names["language"][ordinal].decode()] += count
    return +counts


class SegmentReader:
    """A segment with its deletions. Immutable; shared by all threads.

    `stories`: those that its documents report, by default each its own. `counts` is a cached
    `Terms.counts`; `alive` tells for each document whether it is not deleted, `living` are the
    numbers of those.
    """

    def __init__(
        self, columns: Columns, deleted: Iterable[int] = (), stories: SegmentStories | None = None
    ) -> None:
        self.columns = columns
        self.size = columns.documents
        self.names = {group: TermDictionary.of(columns, f"facets.{group}") for group in FACETS}
        self.lengths = columns["lengths"].reshape(-1, len(ZONES))
        self.profiles = columns["tf_profiles"].reshape(-1, len(ZONES))
        self._ids, self._items = DocumentIds(columns), StoredItems(columns)
        self.terms = Terms(columns)
        self.counts = lru_cache(CACHED_TERMS)(self.terms.counts)
        self.alive: Mask = np.ones(self.size, bool)
        self.alive[np.fromiter(deleted, np.int64)] = False
        self.living: Numbers = np.flatnonzero(self.alive).astype(np.int32)
        self.stories = stories or without_stories(self.size)
        if len(self.stories.of_documents) != self.size:
            raise IndexError("there are not as many stories as documents")

    def number(self, id: str) -> int | None:
        """The number of the living document with an id, if there is one."""
        return self._ids.number(id, lambda number: not self.alive[number])

    def having(self, field: str, value: str) -> Numbers:
        """The documents with an `id` (the living one), a `url` or a `story`, ascending and
        distinct."""
        if field == "id":
            number = self.number(value)
            return np.array([] if number is None else [number], np.int32)
        if field == "story":
            return self.stories.having(value)
        keys, digest = self.columns["urls.keys"], np.uint64(url_digest(value))
        first, last = np.searchsorted(keys, digest), np.searchsorted(keys, digest, side="right")
        return np.unique(self.columns["urls.documents"][first:last])

    def doc_freq(self, term: str) -> int:
        """How many living documents have a term."""
        if len(self.living) == self.size:
            return self.counts(term)[0]
        documents = self.columns["postings.documents"][self.terms.rows_of(term)]
        return int(np.count_nonzero(self.alive[documents]))

    def id(self, number: int) -> str:
        """The id of a document."""
        return self._ids[number].decode()

    def item(self, number: int, *, with_body: bool) -> Item:
        """The item of a document; `IndexDamaged` if the stored bytes are no item."""
        try:
            if with_body:
                return decode(self._items.read(number))
            return decode_head(self._items.read_head(number))
        except ValueError as error:
            message = f"item {self.id(number)} cannot be read: {error}; {REMEDY}"
            raise IndexDamaged(message) from error
