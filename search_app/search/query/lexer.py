"""Splits a query into tokens that always fit the grammar in `parser`.

    scan      text to tokens: one regular expression, every character in at most one token
    balance   every parenthesis left has its partner and something inside
    settle    every operator, minus and field left has the operands it needs

A token that does not fit is dropped or becomes a plain word, with a note, so the parser has no
errors to handle. Each step goes through its input once. Between scanning and balancing, `capitals`
takes the operators from a headline in capitals.
"""

import re

from msgspec.structs import replace

from search_app.search.query.addresses import ADDRESS_SIGNS, extent, is_quoted
from search_app.search.query.capitals import as_headline
from search_app.search.query.signs import QUOTES as QUOTE_FAMILIES
from search_app.search.query.tokens import Kind, Token
from search_app.search.query.tree import (
    DATE_ALIASES,
    RANGE_FIELDS,
    WORD_ALIASES,
    WORD_FIELDS,
    Note,
)

MAX_DEPTH = 32
QUOTES = "".join(QUOTE_FAMILIES)
ALIASES = (*WORD_ALIASES, *DATE_ALIASES)

_DASHES = r"\-–—―‒"
_GROUP = r"\d{1,3}(?!\d)"  # after the comma of a number
_IN_WORD = rf"""(?: (?!&&)[^ ();|,{QUOTES}] | (?<=\d),(?={_GROUP}) | (?<=[^\W_])["”»] )"""
_GLUED_ADDRESS = "(?<![A-Za-z0-9]) (?ai:https?)://[^ /]"
_TOKENS = rf"""
         (?P<blank>(?: [ ;] | (?<!\d), | ,(?!{_GROUP}) )++)
       | (?P<open>\()
       | (?P<close>\))
       | (?P<phrase>{"|".join(f"[{family}][^{family}]*+[{family}]" for family in QUOTE_FAMILIES)})
       | (?P<quote>[{QUOTES}])                                        # one that is never closed
       | (?P<or>\|\|?)
       | (?P<and>&&)
       | (?P<minus>(?<![^ (;,|]) -                                    # first, next to a word
           (?= [^\W_] | [*({QUOTES}] | [.\#@$€£'‘’]\w ))
       | (?P<dash>[{_DASHES}]++ (?![^ (),;|{QUOTES}]))                # all alone
       | (?P<weight>(?<=[){QUOTES}]) [~^] [\d.]*+ (?!\w))
       | (?P<stop>(?<=[),;{QUOTES}]) [.:!?…'’]++ (?![^ (),;|{QUOTES}]))
       | (?P<field>(?<!:) (?: (?ai:{"|".join((*WORD_FIELDS, *RANGE_FIELDS))}):
                            | (?ai:{"|".join(ALIASES)}):(?![ ]|$) ))
       | (?P<word> {_IN_WORD} (?: (?!{_GLUED_ADDRESS}) {_IN_WORD} )*+ )     # also 5"disk, 1,000
"""
_WITHOUT_ADDRESSES = re.compile(_TOKENS, re.VERBOSE)
_TOKEN = re.compile(f"{ADDRESS_SIGNS} | {_TOKENS}", re.VERBOSE)


_VALUES = (Kind.WORD, Kind.PHRASE, Kind.ADDRESS, Kind.OPEN)
_OPERANDS = (*_VALUES, Kind.FIELD)
_NEEDS = {
    Kind.FIELD: _VALUES,
    Kind.MINUS: _OPERANDS,
    Kind.NOT: (*_OPERANDS, Kind.MINUS),
    Kind.AND: (*_OPERANDS, Kind.MINUS, Kind.NOT),
    Kind.OR: (*_OPERANDS, Kind.MINUS, Kind.NOT),
}
_ENDS_OPERAND = (Kind.WORD, Kind.PHRASE, Kind.ADDRESS, Kind.CLOSE)


_OPERATORS = {"OR": Kind.OR, "AND": Kind.AND, "NOT": Kind.NOT}
_APART = re.compile(" +[^ ]")
_NO_BOUND = re.compile(r" +[^ \d<>=.…≥≤]")
_NO_TOKENS = ("blank", "opener", "dash", "stop")
_LEFT_OUT = {
    "quote": Note(
        "unclosed_quote",
        "A quote that is never closed was ignored: its words need not be in a row",
        0,
        0,
    ),
    "weight": Note(
        "unknown_sign",
        "What follows the “^” or “~” was ignored: no word counts more, or stands for others",
        0,
        0,
    ),
    "link": Note(
        "link_text", "The text of the link was ignored: only its address was searched", 0, 0
    ),
}
"""Matches that are no tokens, and the notes on them."""


def tokenize(typed: str, text: str) -> tuple[list[Token], list[Note]]:
    """The tokens of a text as typed, of which `text` are the plain signs, and notes on what was
    dropped or changed."""
    notes: list[Note] = []
    tokens = as_headline(_scan(typed, text, notes), text, notes)
    return _settle(_balance(tokens, notes), notes), notes


def _scan(typed: str, text: str, notes: list[Note]) -> list[Token]:
    tokens: list[Token] = []
    at = depth = 0
    opener = ""
    pattern = _TOKEN if "/" in text or "?" in text else _WITHOUT_ADDRESSES
    while match := pattern.search(text, at):
        name, start, at = str(match.lastgroup), match.start(), match.end()
        if name == "opener" and match[0] in QUOTES and not is_quoted(text, start):
            match = _WITHOUT_ADDRESSES.match(text, start) or match
            name, at = str(match.lastgroup), match.end()
        if name == "address":
            found = extent(text, start, at, opener, depth > 0)
            address = match[0] + typed[at : found.end]
            tokens.append(Token(Kind.ADDRESS, address, start, found.tail))
            at = found.after
        else:
            depth += (name == "open") - (name == "close")
            _add(name, match, tokens, notes)
        opener = match[0] if name == "opener" else ""
    return tokens


def _add(name: str, match: re.Match[str], tokens: list[Token], notes: list[Note]) -> None:
    """Add the token of a match, or a note on what is none."""
    start, end, text = match.start(), match.end(), match[0]
    if name in _LEFT_OUT:
        notes.append(replace(_LEFT_OUT[name], start=start, end=end))
    elif name == "phrase":
        if words := " ".join(text[1:-1].split()):
            tokens.append(Token(Kind.PHRASE, words, start, end))
        else:
            _drop_signs(tokens, start)
    elif name == "word" and text in _OPERATORS and not _signed(tokens, start):
        tokens.append(Token(_OPERATORS[text], text, start, end))
    elif name == "field" and _is_heading(match):
        tokens.append(Token(Kind.WORD, text, start, end))
        message = f"“{text}” was searched as a word; a field has its value right after the colon"
        notes.append(Note("heading", message, start, end))
    elif name not in _NO_TOKENS:
        tokens.append(Token(Kind(name), text, start, end))


def _is_heading(field: re.Match[str]) -> bool:
    """Whether a headline begins so, as in `Related: what to read`, and no field."""
    follows = _NO_BOUND if field[0][:-1].lower() in RANGE_FIELDS else _APART
    return field[0][0].isupper() and follows.match(field.string, field.end()) is not None


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
            message = f"“{token.text}” was ignored: nothing to look for follows it"
            notes.append(Note("empty_field", message, token.start, token.end))
        elif token.kind is not Kind.MINUS:
            settled.append(replace(token, kind=Kind.STRAY))
            is_not = token.kind is Kind.NOT
            needs = "something to leave out after it" if is_not else "words on both sides"
            message = f"“{token.text}” was searched as a word: as an operator it needs {needs}"
            notes.append(Note("dangling_operator", message, token.start, token.end))
    return settled[::-1]
