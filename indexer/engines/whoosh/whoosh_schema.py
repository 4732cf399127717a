"""Makes the Whoosh schema from the table of fields, so that stock Whoosh can search an index.

Whoosh's table of contents holds a pickle of the schema, with which stock Whoosh opens an index. So
the paths of these classes are part of the format. Newsdex itself opens an index with
`whoosh_schema()`, never with the pickle.
"""

from collections.abc import Iterator
from typing import Any, NoReturn

from whoosh import fields as whoosh
from whoosh.analysis import IDAnalyzer, Token
from whoosh.formats import Existence, Positions

from indexer.analysis import tokenizer
from indexer.engines.whoosh.codec import WritingRefused
from indexer.engines.whoosh.codec.value_terms import PRECISION_STEP
from indexer.schema import FIELDS, Field, Kind
from indexer.segment import url_digest


class TextAnalyzer:
    """Gives Whoosh the terms of a text: of an indexed text all exact forms and stems, as of an
    English one; of a query its words as successive exact forms, so that a phrase stays a phrase.

    `Term("title", "~en:reform")` finds a stem. Suggestions include stems unless they must begin as
    the word does (`suggest("title", "refrom", prefix=1)`).
    """

    def __call__(self, value: str, mode: str = "", **wanted: Any) -> Iterator[Token]:
        """See `whoosh.analysis.Analyzer`. As there, the same token is changed for each term."""
        token = Token(mode=mode, **wanted)
        for term, position, start, end in self._terms(value, mode):
            token.text = token.original = term
            token.pos, token.startchar, token.endchar = position, start, end
            yield token

    def _terms(self, value: str, mode: str) -> Iterator[tuple[str, int, int, int]]:
        """Each term, its position, and where in the text it begins and ends."""
        if mode == "query":
            for position, term in enumerate(tokenizer.phrase(value)):
                yield term, position, 0, len(value)
            return
        for token in tokenizer.tokenize(value):
            for term in filter(None, (token.term, tokenizer.stem(token.term))):
                yield term, token.position, token.start, token.end


class ReadOnly:
    """A field that Whoosh's writer cannot put into a document."""

    def separate_spelling(self) -> NoReturn:
        """Raises `WritingRefused`: only a writer asks this, for each field of a new document."""
        raise WritingRefused


class TextField(ReadOnly, whoosh.FieldType):  # type: ignore[misc]  # Whoosh ships no types
    """Analysed words with their positions."""

    def __init__(self) -> None:
        super().__init__(
            Positions(), TextAnalyzer(), scorable=True, stored=True, multitoken_query="phrase"
        )


class KeywordField(ReadOnly, whoosh.FieldType):  # type: ignore[misc]  # Whoosh ships no types
    """Whole values."""

    def __init__(self, **more: Any) -> None:
        super().__init__(Existence(), IDAnalyzer(), stored=True, **more)


class AddressField(KeywordField):
    """Addresses. Queries name an address; the terms are digests of them."""

    def to_bytes(self, value: str | bytes) -> bytes:
        """The term of an address, as `urls.url_key` writes it."""
        return value if isinstance(value, bytes) else url_digest(value).to_bytes(8, "big")

    def from_bytes(self, term: bytes) -> str:
        """The digest in hex, because the address cannot be told from it."""
        return term.hex()


class NumberField(ReadOnly, whoosh.NUMERIC):  # type: ignore[misc]  # Whoosh ships no types
    """Whole numbers, for ranges and sorting."""

    def __init__(self) -> None:
        super().__init__(int, bits=64, shift_step=PRECISION_STEP, stored=True, sortable=True)


def whoosh_schema() -> Any:
    """The `whoosh.fields.Schema` of the field table."""
    return whoosh.Schema(**{field.name: _field(field) for field in FIELDS})


def _field(field: Field) -> whoosh.FieldType:
    if field.kind is Kind.TEXT:
        return TextField()
    if field.kind is Kind.NUMBER:
        return NumberField()
    if field.name == "url":
        return AddressField()
    return KeywordField(sortable=field.name == "id", unique=field.name == "id")
