"""One segment as the evaluator sees it: its columns, its lexicons, and who in it is alive."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import STEM_MARK
from indexer.document import decode
from indexer.engines.whoosh.columns import Columns
from indexer.engines.whoosh.gather import PART_SHIFT, url_digest
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.fields import FACETS, FIELDS, PARTS, Kind
from indexer.item import Item
from search_app.search.engines.whoosh.matches import Mask, Numbers, flat

Codes = NDArray[np.uint32]

_PLACES = {part.name: place for place, part in enumerate(PARTS)}
_GROUPS = {field: group for group, field in FACETS.items()}


def _holding(parts: tuple[str, ...]) -> Mask:
    """Which parts, by place, are among these."""
    held = np.zeros(len(PARTS), bool)
    held[[_PLACES[part] for part in parts]] = True
    return held


_FIELD_PARTS = {field.name: _holding(field.parts) for field in FIELDS if field.kind is Kind.TEXT}


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings of a term: documents, ascending; where the occurrences of each begin in `codes`."""

    documents: Numbers
    starts: NDArray[np.int64]
    codes: Codes

    def sizes(self) -> NDArray[np.int64]:
        """How many occurrences each document has."""
        return np.diff(self.starts, append=len(self.codes))

    def owners(self) -> Numbers:
        """The document of each occurrence."""
        if len(self.codes) == len(self.documents):
            return self.documents
        return np.repeat(self.documents, self.sizes())

    def where(self, keep: Mask) -> "Postings":
        """The postings that a mask over the documents keeps."""
        sizes = self.sizes()[keep]
        codes = self.codes[flat(self.starts[keep], sizes)]
        return Postings(self.documents[keep], np.cumsum(sizes) - sizes, codes)

    def inside(self, field: str) -> "Postings":
        """The postings with an occurrence in the field, and only those occurrences."""
        held = _FIELD_PARTS[field]
        if held.all():
            return self
        keep = held[parts_of(self.codes)]
        owners = self.owners()[keep]
        first = np.ones(len(owners), bool)
        first[1:] = owners[1:] != owners[:-1]
        starts = np.flatnonzero(first)
        return Postings(owners[starts], starts, self.codes[keep])


class Segment:
    """A segment with its deletions. Immutable; shared by all threads."""

    def __init__(self, columns: Columns, deleted: Iterable[int] = ()) -> None:
        self.columns = columns
        self.size = columns.documents
        self.lexicon = _lexicon(columns, "lexicon")
        self.names = {group: _lexicon(columns, f"facets.{group}") for group in FACETS}
        self._ids, self._stored = _lexicon(columns, "ids"), _lexicon(columns, "stored")
        self._stems = self.lexicon.starting(STEM_MARK.encode())
        everyone = np.arange(self.size, dtype=np.int32)
        self.owners: dict[str, Numbers] = {
            group: np.repeat(everyone, np.diff(columns[f"facets.{group}.starts"]))
            for group in FACETS
        }
        gone = np.fromiter(deleted, np.int64)
        self.alive: Mask | None = None
        if len(gone):
            self.alive = np.ones(self.size, bool)
            self.alive[gone] = False
        self.living = self.only_living(everyone)

    def only_living(self, numbers: Numbers) -> Numbers:
        """The documents among these that are not deleted."""
        return numbers if self.alive is None else numbers[self.alive[numbers]]

    def postings(self, field: str, term: str) -> Postings | None:
        """The living documents with a term in a field; `None` if the segment has no such term."""
        index = self.lexicon.find(term.encode())
        if index < 0:
            return None
        postings = self._run(index, index + 1)
        if self.alive is not None:
            postings = postings.where(self.alive[postings.documents])
        return postings.inside(field)

    def starting(self, field: str, prefix: str) -> tuple[Numbers, Codes]:
        """Document and code of every occurrence in a field of an exact form that begins so."""
        terms, stems = self.lexicon.starting(prefix.encode()), self._stems
        before = self._run(terms.start, max(terms.start, min(terms.stop, stems.start)))
        after = self._run(min(terms.stop, max(terms.start, stems.stop)), terms.stop)
        owners = np.concatenate([before.owners(), after.owners()])
        codes = np.concatenate([before.codes, after.codes])
        keep = _FIELD_PARTS[field][parts_of(codes)]
        if self.alive is not None:
            keep &= self.alive[owners]
        return owners[keep], codes[keep]

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
        values = self.columns[f"facets.{group}.values"]
        wanted = np.zeros(len(self.names[group]) + 1, bool)
        wanted[[place for place in ordinals if place >= 0]] = True
        owners = self.owners[group][wanted[values]]
        distinct = np.diff(owners, prepend=np.int32(-1)) > 0
        return self.only_living(owners[distinct])

    def number(self, id: str) -> int | None:
        """The living document of an id, if there is one."""
        wanted, order = id.encode(), self.columns["ids.order"]
        low, high = 0, len(order)
        while low < high:
            middle = (low + high) // 2
            if self._ids[order[middle]] < wanted:
                low = middle + 1
            else:
                high = middle
        for place in range(low, len(order)):  # an id replaced in one batch may be there twice
            number = int(order[place])
            if self._ids[number] != wanted:
                return None
            if self.alive is None or self.alive[number]:
                return number
        return None

    def id(self, number: int) -> str:
        """The id of a document."""
        return self._ids[number].decode()

    def item(self, number: int) -> Item:
        """The item of a document."""
        return decode(self._stored[number])

    def _run(self, begin: int, end: int) -> Postings:
        """The postings of a range of the lexicon, one term's after the other's."""
        starts, firsts = self.columns["postings.starts"], self.columns["postings.firsts"]
        run = slice(int(starts[begin]), int(starts[end]))
        sizes = self.columns["postings.sizes"][run]
        return Postings(
            self.columns["postings.documents"][run],
            np.cumsum(sizes, dtype=np.int64) - sizes,
            self.columns["occurrences"][firsts[begin] : firsts[end]],
        )

    def _addressed(self, key: str) -> Numbers:
        keys = self.columns["urls.keys"]
        digest = np.uint64(url_digest(key))
        first, last = np.searchsorted(keys, digest), np.searchsorted(keys, digest, side="right")
        return self.only_living(np.unique(self.columns["urls.documents"][first:last]))


def parts_of(codes: Codes) -> Codes:
    """The part each occurrence is in, as its place in `fields.PARTS`."""
    return codes >> np.uint32(PART_SHIFT)


def _lexicon(columns: Columns, name: str) -> Lexicon:
    return Lexicon(columns[f"{name}.blob"], columns[f"{name}.offsets"])
