"""One segment as the evaluator sees it: its columns, its lexicons, and who in it is alive."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import STEM_MARK
from indexer.document import decode
from indexer.engines.whoosh import deflated
from indexer.engines.whoosh.columns import Columns
from indexer.engines.whoosh.document_ids import DocumentIds
from indexer.engines.whoosh.gather import url_digest
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.postings import PART_SHIFT, flat
from indexer.engines.whoosh.weights import exact, part_factors
from indexer.errors import IndexDamaged
from indexer.fields import FACETS, FIELDS, PARTS, Kind
from indexer.item import Item
from indexer.manifest import REMEDY
from search_app.search.engines.whoosh.matches import Mask, Numbers, located

REMEMBERED = 16_384
"""Terms of a segment of which it is remembered where their postings are."""

Profiles = NDArray[Any]
"""Rows of a segment's table, which says how often a term stands in each part."""

Weights = NDArray[np.float64]

Places = NDArray[np.int64]
"""Occurrences, each its document and its code in one integer."""

_PLACES = {part.name: place for place, part in enumerate(PARTS)}
_GROUPS = {field: group for group, field in FACETS.items()}


def _holding(parts: tuple[str, ...]) -> Mask:
    """Which parts, by place, are among these."""
    held = np.zeros(len(PARTS), bool)
    held[[_PLACES[part] for part in parts]] = True
    return held


_FIELD_PARTS = {field.name: _holding(field.parts) for field in FIELDS if field.kind is Kind.TEXT}
_FACTORS = {field.name: part_factors(field) for field in FIELDS if field.kind is Kind.TEXT}
_ALL = {field for field, held in _FIELD_PARTS.items() if held.all()}


@dataclass(frozen=True, slots=True)
class PostingList:
    """Postings, those in deleted documents included: document, profile and bucket of each.

    Of one term the documents ascend; of several, within each.
    """

    documents: Numbers
    profiles: Profiles
    buckets: NDArray[np.uint8]

    def at(self, rows: NDArray[np.int64]) -> "PostingList":
        """The postings in these rows."""
        return PostingList(
            self.documents.take(rows), self.profiles.take(rows), self.buckets.take(rows)
        )


class Known(NamedTuple):
    """A term that is there: its postings and, of an exact form, the row of the first of them
    among those of all exact forms."""

    postings: PostingList
    row: int


class Segment:
    """A segment with its deletions. Immutable; shared by all threads."""

    def __init__(self, columns: Columns, deleted: Iterable[int] = ()) -> None:
        self.columns = columns
        self.size = columns.documents
        self.lexicon = Lexicon.of(columns, "lexicon")
        self.names = {group: Lexicon.of(columns, f"facets.{group}") for group in FACETS}
        self.lengths = columns["lengths"].reshape(-1, len(PARTS))
        self.means, self.bounds = columns["means"], columns["buckets.bounds"]
        self.table = columns["profiles"].reshape(-1, len(PARTS))
        self._has = {field: self.table[:, held].any(axis=1) for field, held in _FIELD_PARTS.items()}
        self.factors = {field: self.table * factors for field, factors in _FACTORS.items()}
        self._ids = DocumentIds(columns)
        self.stems = self.lexicon.starting(STEM_MARK.encode())
        self._known = lru_cache(REMEMBERED)(partial(_find, columns, self.lexicon, self.stems))
        self._counted = lru_cache(REMEMBERED)(partial(_occurrence_count, columns, self._known))
        gone = np.fromiter(deleted, np.int64)
        self.alive: Mask | None = None
        if len(gone):
            self.alive = np.ones(self.size, bool)
            self.alive[gone] = False
        self.living = self.only_living(np.arange(self.size, dtype=np.int32))

    def only_living(self, numbers: Numbers) -> Numbers:
        """The documents among these that are not deleted."""
        return numbers if self.alive is None else numbers[self.alive.take(numbers)]

    def postings(self, field: str, term: str) -> PostingList | None:
        """The documents with a term in a field; `None` if the segment has no such term."""
        found = self._known(term)
        return None if found is None else self._in(field, found.postings)

    def having(self, field: str, term: str) -> Numbers:
        """The documents with a term in a field, deleted ones among them."""
        found = self.postings(field, term)
        return np.zeros(0, np.int32) if found is None else found.documents

    def frequency(self, field: str, term: str) -> int:
        """How many living documents have a term in a field."""
        return len(self.only_living(self.having(field, term)))

    def commonness(self, term: str) -> int:
        """How many documents have a term, deleted ones included."""
        found = self._known(term)
        return len(found.postings.documents) if found else 0

    def occurrence_count(self, term: str) -> int:
        """How often an exact form stands in all documents, deleted ones included."""
        return self._counted(term)

    def commonness_of_all(self, prefix: str) -> int:
        """How many postings the terms have that begin so, stems that do included."""
        terms, starts = self.lexicon.starting(prefix.encode()), self.columns["postings.starts"]
        return int(starts[terms.stop]) - int(starts[terms.start])

    def starting(self, field: str, prefix: str) -> PostingList:
        """The postings in a field of all exact forms that begin so."""
        terms, stems = self.lexicon.starting(prefix.encode()), self.stems
        first, last = terms.start, terms.stop
        before = _postings(self.columns, first, max(first, min(last, stems.start)))
        after = _postings(self.columns, min(last, max(first, stems.stop)), last)
        both = before if not len(after.documents) else _joined(before, after)
        return self._in(field, both)

    def occurrences(self, field: str, term: str, documents: Numbers) -> Places:
        """Where an exact form stands in a field of these documents, ascending; all have it."""
        found = self._known(term)
        if found is None:
            return np.zeros(0, np.int64)
        rows, _ = located(found.postings.documents, documents)
        firsts = self._firsts(found.row, len(found.postings.documents))
        starts = firsts.take(rows).astype(np.int64)
        sizes = firsts.take(rows + 1) - starts
        codes = self.columns["occurrences"][flat(starts, sizes)]
        places: Places = np.repeat(documents, sizes).astype(np.int64) << 32 | codes
        if field not in _ALL:
            places = places[_FIELD_PARTS[field][codes >> np.uint32(PART_SHIFT)]]
        return places

    def _firsts(self, row: int, count: int) -> NDArray[np.uint32]:
        """Where the occurrences of so many postings begin, and the last ones end. They are read,
        not mapped: phrases need few of them, and of all terms there are as many as documents."""
        size = np.dtype(np.uint32).itemsize
        raw = self.columns.piece("postings.firsts", row * size, (row + count + 1) * size)
        return np.frombuffer(raw, "<u4")

    def weights(self, field: str, profiles: Profiles, norms: NDArray[np.float64]) -> Weights:
        """What postings weigh in a field; `norms` has a row for each, that of its document."""
        return exact(self.factors[field], profiles, norms)

    def valued(self, field: str, value: str) -> Numbers:
        """The living documents with a value of a keyword field."""
        if field == "url":
            return self._addressed(value)
        if field == "id":
            number = self.number(value)
            return np.array([] if number is None else [number], np.int32)
        group = _GROUPS[field]
        return self.with_ordinals(group, [self.names[group].find(value.encode())])

    def with_ordinals(self, group: str, ordinals: Iterable[int]) -> Numbers:
        """The living documents with any of these values, by place in `names`, of a facet group."""
        wanted = np.zeros(len(self.names[group]) + 1, bool)
        wanted[[place for place in ordinals if place >= 0]] = True
        found = np.flatnonzero(wanted.take(self.columns[f"facets.{group}.values"]))
        owners = np.searchsorted(self.columns[f"facets.{group}.starts"], found, side="right") - 1
        distinct = np.diff(owners, prepend=-1) > 0
        return self.only_living(owners[distinct].astype(np.int32))

    def number(self, id: str) -> int | None:
        """The living document of an id, if there is one."""
        return self._ids.number(id, self._is_deleted)

    def _is_deleted(self, number: int) -> bool:
        return self.alive is not None and not self.alive[number]

    def id(self, number: int) -> str:
        """The id of a document."""
        return self._ids[number].decode()

    def item(self, number: int) -> Item:
        """The item of a document; `IndexDamaged` if what is there is none."""
        try:
            return decode(deflated.read(self.columns, number))
        except ValueError as error:
            message = f"item {self.id(number)} cannot be read: {error}; {REMEDY}"
            raise IndexDamaged(message) from error

    def _in(self, field: str, postings: PostingList) -> PostingList:
        """Those of the postings that stand in a field."""
        if field in _ALL:
            return postings
        return postings.at(np.flatnonzero(self._has[field].take(postings.profiles)))

    def _addressed(self, key: str) -> Numbers:
        keys = self.columns["urls.keys"]
        digest = np.uint64(url_digest(key))
        first, last = np.searchsorted(keys, digest), np.searchsorted(keys, digest, side="right")
        return self.only_living(np.unique(self.columns["urls.documents"][first:last]))


def _find(columns: Columns, lexicon: Lexicon, stems: range, term: str) -> Known | None:
    index = lexicon.find(term.encode())
    if index < 0:
        return None
    starts = columns["postings.starts"]
    before = 0 if index < stems.stop else int(starts[stems.stop]) - int(starts[stems.start])
    return Known(_postings(columns, index, index + 1), int(starts[index]) - before)


def _occurrence_count(columns: Columns, find: Callable[[str], Known | None], term: str) -> int:
    found = find(term)
    if found is None:
        return 0
    size, rows = (
        np.dtype(np.uint32).itemsize,
        (found.row, found.row + len(found.postings.documents)),
    )
    pieces = (columns.piece("postings.firsts", row * size, (row + 1) * size) for row in rows)
    begin, end = (int.from_bytes(piece, "little") for piece in pieces)
    return end - begin


def _postings(columns: Columns, begin: int, end: int) -> PostingList:
    """The postings of a range of the lexicon, one term's after the other's."""
    starts = columns["postings.starts"]
    run = slice(int(starts[begin]), int(starts[end]))
    return PostingList(
        columns["postings.documents"][run],
        columns["postings.profiles"][run],
        columns["postings.buckets"][run],
    )


def _joined(one: PostingList, other: PostingList) -> PostingList:
    return PostingList(
        np.concatenate([one.documents, other.documents]),
        np.concatenate([one.profiles, other.profiles]),
        np.concatenate([one.buckets, other.buckets]),
    )
