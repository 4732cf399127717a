"""The terms of a segment, of all fields, as Whoosh asks for them."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from whoosh.codec import base
from whoosh.reading import TermInfo, TermNotFound

from indexer.engines.whoosh.codec.open_segment import TEXT_FIELDS, OpenSegment
from indexer.engines.whoosh.codec.posting_matcher import PostingList, PostingMatcher, Postings
from indexer.engines.whoosh.codec.text_terms import TextTerms
from indexer.engines.whoosh.codec.value_terms import NumberTerms, ValueTerms, value_terms
from indexer.schema import FIELDS
from indexer.segment.term_dictionary import TermDictionary

NAMES = sorted(field.name for field in FIELDS)

REMEMBERED = 1024
"""Terms of which it is remembered what was computed from their postings."""

FieldTerms = TextTerms | ValueTerms | NumberTerms


class TermsReader(base.TermsReader):  # type: ignore[misc]  # Whoosh ships no types
    """See `whoosh.codec.base.TermsReader`."""

    def __init__(self, segment: OpenSegment) -> None:
        self._segment = segment
        self._lexicon = TermDictionary.of(segment.columns, "terms")
        self._fields: dict[str, FieldTerms] = {}
        self._find = lru_cache(REMEMBERED)(self._found)
        self.term_info = lru_cache(REMEMBERED)(self._info)

    def close(self) -> None:
        """Let go of the columns, and of all that was made from them, for good."""
        self.__dict__.clear()

    def terms_of(self, field: str) -> FieldTerms:
        """The terms of a field."""
        if field not in self._fields:
            columns = self._segment.columns
            self._fields[field] = (
                TextTerms(columns, self._lexicon, TEXT_FIELDS[field])
                if field in TEXT_FIELDS
                else value_terms(columns, field)
            )
        return self._fields[field]

    def _found(self, field: str, term: bytes) -> PostingList | None:
        """The postings of a term in a field, `None` if there are none."""
        return self.terms_of(field).find(term) if field in NAMES else None

    def _postings(self, field: str, term: bytes) -> PostingList:
        found = self._find(field, term)
        if found is None:
            raise TermNotFound(f"No term {field}:{term!r}")
        return found

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._find(*term) is not None

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

    def _info(self, field: str, term: bytes) -> TermInfo:
        """What is known of a term; `TermNotFound` if the field has no such term."""
        documents, weights, _ = self._postings(field, term)
        shortest = longest = 0
        if field in TEXT_FIELDS:
            lengths = self._segment.lengths(field).stepped.take(documents)
            shortest, longest = int(lengths.min()), int(lengths.max())
        return TermInfo(
            weight=float(len(documents) if weights is None else weights.sum(dtype=float)),
            df=len(documents),
            minlength=shortest,
            maxlength=longest,
            maxweight=1.0 if weights is None else float(weights.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """The weights of a term's postings, summed; 0 if the field has no such term, which Whoosh
        asks of one segment when another has it."""
        return self.term_info(fieldname, text).weight() if (fieldname, text) in self else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """How many documents have a term, deleted ones included; 0 as `frequency`."""
        found = self._find(fieldname, text)
        return 0 if found is None else len(found.documents)

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> PostingMatcher:
        """A walk over the postings of a term; `TermNotFound` if the field has no such term."""
        found = self._postings(fieldname, text)
        terms = self.terms_of(fieldname)
        postings = Postings(found)
        if isinstance(terms, TextTerms):
            lengths = self._segment.lengths(fieldname).stepped
            postings = Postings(found, terms.positions, lengths)
        return PostingMatcher((fieldname, text), postings, format_, scorer)


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
