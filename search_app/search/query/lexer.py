"""Splits a query into tokens that always fit the grammar in `parser`.

    scan      text to tokens: one regular expression, every character in exactly one token
    balance   every parenthesis left has its partner and something inside
    settle    every operator, minus and field left has the operands it needs

A token that does not fit is dropped or becomes a plain word, with a note, so the parser has no
errors to handle. Each step goes through its input once.
"""

import re
import unicodedata
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from search_app.search.query.tree import RANGE_FIELDS, WORD_FIELDS, Note

MAX_DEPTH = 32
QUOTES = '"“”„‟«»'

_DASHES = r"\-‐‑‒–—―−"
_ZERO_WIDTH = "\u200b\ufeff"
_OPERATORS = {"OR": "or", "|": "or", "||": "or", "AND": "and", "&&": "and", "NOT": "not"}
_TOKEN = re.compile(
    rf"""(?P<blank>[ ]+)
       | (?P<open>\()
       | (?P<close>\))
       | (?P<phrase>["“”„‟] [^"“”„‟]*+ ["“”„‟] | [«»] [^«»]*+ [«»])
       | (?P<quote>[{QUOTES}])                                        # one that is never closed
       | (?P<minus>(?<![^ (]) - (?=[^ ){_DASHES}]))                   # first, and next to something
       | (?P<dash>[{_DASHES}]++ (?![^ (){QUOTES}]))                   # all alone
       | (?P<field>(?<!:) (?ai:{"|".join((*WORD_FIELDS, *RANGE_FIELDS))}) :)
       | (?P<word>(?: [^ (){QUOTES}] | (?<=[^\W_])["”»] )++)          # a quote as in 5"disk
    """,
    re.VERBOSE,
)


class Kind(StrEnum):
    """The kind of a token. `STRAY` is an operator and `NAME` a field that is searched as a word."""

    WORD = "word"
    PHRASE = "phrase"
    OPEN = "open"
    CLOSE = "close"
    MINUS = "minus"
    FIELD = "field"
    OR = "or"
    AND = "and"
    NOT = "not"
    STRAY = "stray"
    NAME = "name"


class Token(Struct, frozen=True):
    """A token of the query: `text` is its value, `start` and `end` its span with all signs."""

    kind: Kind
    text: str
    start: int
    end: int


_VALUES = (Kind.WORD, Kind.PHRASE, Kind.OPEN)
_OPERANDS = (*_VALUES, Kind.FIELD, Kind.NAME)
_NEEDS = {
    Kind.FIELD: _VALUES,
    Kind.MINUS: _OPERANDS,
    Kind.NOT: (*_OPERANDS, Kind.MINUS),
    Kind.AND: (*_OPERANDS, Kind.MINUS, Kind.NOT),
    Kind.OR: (*_OPERANDS, Kind.MINUS, Kind.NOT),
}
_ENDS_OPERAND = (Kind.WORD, Kind.PHRASE, Kind.CLOSE, Kind.FIELD)


def spaced(text: str) -> str:
    """The text with a space in place of each character that only separates words."""
    if text.isascii() and text.isprintable():
        return text  # has no other white space
    return "".join(" " if _separates(char) else char for char in text)


def tokenize(text: str) -> tuple[list[Token], list[Note]]:
    """The tokens of a text that `spaced` returned, and notes on what was dropped or changed."""
    notes: list[Note] = []
    return _settle(_balance(_scan(text, notes), notes), notes), notes


def _separates(char: str) -> bool:
    """White space of any script, control characters, lone surrogates, invisible spaces."""
    return char.isspace() or char in _ZERO_WIDTH or unicodedata.category(char) in ("Cc", "Cs")


def _scan(text: str, notes: list[Note]) -> list[Token]:
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        start, end, typed = match.start(), match.end(), match[0]
        name = str(match.lastgroup)
        if name == "quote":
            message = "A quote that is never closed was ignored: its words need not be in a row"
            notes.append(Note("unclosed_quote", message, start, end))
        elif name == "phrase":
            words = " ".join(typed[1:-1].split())
            if words:
                tokens.append(Token(Kind.PHRASE, words, start, end))
            else:
                _drop_signs(tokens, start)
        elif name == "word" and typed in _OPERATORS and not _signed(tokens, start):
            tokens.append(Token(Kind(_OPERATORS[typed]), typed, start, end))
        elif name not in ("blank", "dash"):
            tokens.append(Token(Kind(name), typed, start, end))
    return tokens


def _signed(tokens: list[Token], start: int) -> bool:
    """Whether a minus or a field ends right where `start` is."""
    return bool(tokens) and tokens[-1].kind in (Kind.MINUS, Kind.FIELD) and tokens[-1].end == start


def _drop_signs(tokens: list[Token], start: int) -> None:
    """Drop the minus and the field before an empty value at `start`: `-title:""`."""
    while _signed(tokens, start):
        start = tokens.pop().start


def _balance(tokens: list[Token], notes: list[Note]) -> list[Token]:
    kept: list[Token] = []
    opened: list[Token | None] = []  # `None` for a parenthesis that is too deep
    unmatched: list[Token] = []
    too_deep: list[Token] = []
    for token in tokens:
        if token.kind is Kind.OPEN:
            fits = len(opened) < MAX_DEPTH
            opened.append(token if fits else None)
            (kept if fits else too_deep).append(token)
        elif token.kind is not Kind.CLOSE:
            kept.append(token)
        elif not opened:
            unmatched.append(token)
        elif (partner := opened.pop()) is not None:
            if kept[-1] is partner:
                _drop_signs(kept, kept.pop().start)
            else:
                kept.append(token)
    unclosed = [token for token in opened if token is not None]
    gone = {token.start for token in unclosed}
    _note_parentheses(unmatched + unclosed, too_deep, notes)
    return [token for token in kept if token.start not in gone]


def _note_parentheses(unmatched: list[Token], too_deep: list[Token], notes: list[Note]) -> None:
    """Add one note on all unmatched parentheses and one on all that are too deep, which point to
    the first of them."""
    if unmatched:
        first = min(unmatched, key=lambda token: token.start)
        message = "A parenthesis without its partner was ignored"
        notes.append(Note("unbalanced_parenthesis", message, first.start, first.end))
    if too_deep:
        message = f"Parentheses inside {MAX_DEPTH} others were ignored"
        notes.append(Note("too_deep", message, too_deep[0].start, too_deep[0].end))


def _settle(tokens: list[Token], notes: list[Note]) -> list[Token]:
    """Goes from right to left, because a token needs what follows it."""
    settled: list[Token] = []
    for at in reversed(range(len(tokens))):
        token = tokens[at]
        is_complete = bool(settled) and settled[-1].kind in _NEEDS.get(token.kind, ())
        if token.kind in (Kind.OR, Kind.AND):
            is_complete = is_complete and at > 0 and tokens[at - 1].kind in _ENDS_OPERAND
        if is_complete or token.kind not in _NEEDS:
            settled.append(token)
        elif token.kind is Kind.FIELD:
            name = token.text[:-1]
            settled.append(replace(token, kind=Kind.NAME, text=name, end=token.end - 1))
            message = f"“{token.text}” was searched as a word: nothing to look for follows it"
            notes.append(Note("empty_field", message, token.start, token.end))
        elif token.kind is not Kind.MINUS:
            settled.append(replace(token, kind=Kind.STRAY))
            is_not = token.kind is Kind.NOT
            needs = "something to leave out after it" if is_not else "words on both sides"
            message = f"“{token.text}” was searched as a word: as an operator it needs {needs}"
            notes.append(Note("dangling_operator", message, token.start, token.end))
    return settled[::-1]
