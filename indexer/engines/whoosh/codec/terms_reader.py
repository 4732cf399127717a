"""The terms of a segment, of all fields, as Whoosh asks for them."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from whoosh.codec import base
from whoosh.reading import TermInfo, TermNotFound

from indexer.engines.whoosh.codec.open_segment import TEXT_FIELDS, OpenSegment
from indexer.engines.whoosh.codec.posting_matcher import PostingList, PostingMatcher
from indexer.engines.whoosh.codec.text_terms import TextTerms
from indexer.engines.whoosh.codec.value_terms import ValueTerms, value_terms
from indexer.schema import FIELDS

NAMES = sorted(field.name for field in FIELDS)

REMEMBERED = 1024
"""Terms whose postings are remembered."""


class TermsReader(base.TermsReader):  # type: ignore[misc]  # Whoosh ships no types
    """See `whoosh.codec.base.TermsReader`."""

    def __init__(self, segment: OpenSegment) -> None:
        self._segment = segment
        self._fields: dict[str, TextTerms | ValueTerms] = {}
        self._postings = lru_cache(REMEMBERED)(lambda field, term: self.terms_of(field).find(term))

    def close(self) -> None:
        """Let go of the columns, and of all that was made from them, for good."""
        self.__dict__.clear()

    def terms_of(self, field: str) -> TextTerms | ValueTerms:
        """The terms of a field."""
        if field not in self._fields:
            self._fields[field] = (
                TextTerms(self._segment, field)
                if field in TEXT_FIELDS
                else value_terms(self._segment.columns, field)
            )
        return self._fields[field]

    def _existing(self, field: str, term: bytes) -> PostingList:
        """The postings of a term; `TermNotFound` if the field has no such term."""
        if (field, term) not in self:
            raise TermNotFound(f"No term {field}:{term!r}")
        return self._postings(field, term)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return term[0] in NAMES and self.doc_frequency(*term) > 0

    def indexed_field_names(self) -> list[str]:
        """All fields."""
        return NAMES

    def cursor(self, fieldname: str, fieldobj: Any) -> "TermCursor":
        """A walk over the terms of a field."""
        return TermCursor(self, fieldname, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Every field and term, in order."""
        return self.terms_from(NAMES[0], b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Every field and term, in order, from the first that is not less than this one."""
        for name in NAMES[bisect_left(NAMES, fieldname) :]:
            first = prefix if name == fieldname else b""
            for term in self.terms_of(name).starting_at(first):
                yield name, term

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Every field and term, in order, and what is known of it."""
        return self.items_from(NAMES[0], b"")

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """The same from the first that is not less than this one."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """What is known of a term; `TermNotFound` if the field has no such term."""
        documents, weights, lengths, _ = self._existing(fieldname, text)
        return TermInfo(
            weight=float(weights.sum(dtype=float)),
            df=len(documents),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """The sum of a term's weights; 0 if the field has no such term, because Whoosh asks each
        segment for a term that any of them has."""
        return float(self._postings(fieldname, text).weights.sum(dtype=float))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """How many documents have a term, deleted ones included; 0 as in `frequency`."""
        return len(self._postings(fieldname, text).documents)

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> PostingMatcher:
        """A walk over the postings of a term; `TermNotFound` if the field has no such term."""
        return PostingMatcher((fieldname, text), self._existing(fieldname, text), format_, scorer)


class TermCursor(base.FieldCursor):  # type: ignore[misc]  # Whoosh ships no types
    """See `whoosh.codec.base.FieldCursor`. It stands at the first term."""

    def __init__(self, reader: TermsReader, name: str, field: Any) -> None:
        self._reader, self._name, self._field = reader, name, field
        self.first()

    def first(self) -> Any:
        """Go to the first term."""
        return self.find(b"")

    def find(self, term: Any) -> Any:
        """Go to the first term that is not less than this one, as text or as bytes."""
        first = term if isinstance(term, bytes) else self._field.to_bytes(term)
        self._rest = self._reader.terms_of(self._name).starting_at(first)
        return self.next()

    def next(self) -> Any:
        """Go to the next term; the term as text, `None` if there is none."""
        self._term = next(self._rest, None)
        return self.text()

    def text(self) -> Any:
        """The term as text, `None` after the last."""
        return None if self._term is None else self._field.from_bytes(self._term)

    def term_info(self) -> TermInfo | None:
        """What is known of the term, `None` after the last."""
        return None if self._term is None else self._reader.term_info(self._name, self._term)

    def is_valid(self) -> bool:
        """Whether it stands at a term."""
        return self._term is not None
