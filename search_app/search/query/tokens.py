"""The tokens that `lexer` makes of a query."""

from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """The kind of a token. `STRAY` is an operator that is searched as a word."""

    WORD = "word"
    PHRASE = "phrase"
    ADDRESS = "address"
    OPEN = "open"
    CLOSE = "close"
    MINUS = "minus"
    FIELD = "field"
    OR = "or"
    AND = "and"
    NOT = "not"
    STRAY = "stray"


class Token(Struct, frozen=True):
    """A token of the query: `text` is its value, `start` and `end` its span with all signs.

    The value of an address begins its span; the rest of the span is its tail."""

    kind: Kind
    text: str
    start: int
    end: int


OPERATORS = (Kind.OR, Kind.AND, Kind.NOT, Kind.MINUS)
