"""The query language: turns any text into a tree (`tree`), without errors, in linear time.

    query    = { either }                        side by side: a `Group`
    either   = both { ("OR" | "|") both }        binds tighter than side by side
    both     = operand { ("AND" | "&&") operand }        binds tighter than OR
    operand  = [ "NOT" ] [ "-" ] [ field ":" ] value
    value    = word | prefix "*" | "*" | '"' words '"' | address | "(" query ")"
    field    = title excerpt related provider topic type     its value is any of the above
             | date quality outlets                          its value is one of `range_values`

`a b OR c d` means a, (b OR c), d. Inside parentheses, all words side by side must match. A field
before parentheses applies to everything inside that names no field of its own. A word is anything
between blanks, commas, semicolons, bars, parentheses and quotes, as typed: `C++`, `AT&T`, `x:y`,
`5"disk`, `1,000`. `-` excludes only at the beginning of a word and directly before what it
excludes. Signs of other scripts and typesetters mean what their plain forms do (`signs`); so does
an address, whatever signs it holds (`addresses`). In capitals nothing is an operator (`capitals`).
The span of a word is the word alone; that of a prefix includes its star, of a phrase its quotes, of
an address its tail, of a range its field. Other names of fields are in `tree`.

Only the empty query finds everything: one in which nothing can be looked for has an empty tree.

Kinds of notes: unclosed_quote, unbalanced_parenthesis, dangling_operator, unknown_field,
empty_field, bad_range, reversed_range, stray_star, too_long, too_many_words, too_deep, no_word,
capitals, leaves_out, heading, link_text, outlet_only, list_in_field, unknown_sign, dash,
date_words.
"""

import re

from msgspec import Struct

from indexer.urls import clean_domain
from search_app.search.query.date_order import in_order
from search_app.search.query.date_words import date_words
from search_app.search.query.field_notes import list_in_field, outlet_only, unknown_field
from search_app.search.query.lexer import tokenize
from search_app.search.query.notes import (
    foremost,
    leaves_out,
    shown,
    too_long,
)
from search_app.search.query.range_values import RANGE_FORMS, parse_range
from search_app.search.query.signs import plain_signs
from search_app.search.query.tokens import Kind, Token
from search_app.search.query.tree import (
    DATE_ALIASES,
    RANGE_FIELDS,
    WORD_ALIASES,
    Address,
    And,
    Everything,
    Group,
    Leaf,
    Node,
    Not,
    Note,
    Or,
    Phrase,
    Prefix,
    Range,
    Word,
)
from search_app.search.query.unknown_signs import unknown_operators, unknown_sign

MAX_CHARACTERS = 4096
MAX_LEAVES = 128

_WORDS = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_WORD = re.compile(r"[^ ]+")
_OPERATOR = re.compile(r"\b(?:OR|AND|NOT|NEAR|ADJ|WITHIN|XOR)\b")
_DASHED = re.compile(r"[–—―‒][^\W_]")
_DASH_BEFORE = re.compile(r"(?:^|[ (])[–—―‒]")
_BOUNDED = (*RANGE_FIELDS, *DATE_ALIASES)


class Parsed(Struct, frozen=True):
    """A query as a tree, and notes on what was ignored, or read otherwise than it may be meant."""

    tree: Group
    notes: tuple[Note, ...]


def parse(text: str) -> Parsed:
    """The tree of any text; `Group(())` if nothing in it can be looked for. Never raises."""
    leaves = _plain(text) if len(text) <= MAX_CHARACTERS else ()
    if 0 < len(leaves) <= MAX_LEAVES:
        return Parsed(Group(leaves), foremost(date_words(text, leaves)))
    typed = text[:MAX_CHARACTERS]
    plain = plain_signs(typed)
    if not plain.strip():
        return Parsed(Group((Everything(),)), ())
    tokens, notes = tokenize(typed, plain)
    if len(text) > MAX_CHARACTERS:
        notes.append(too_long(MAX_CHARACTERS, len(text)))
    reader = _Reader(typed, plain, tokens, notes)
    children, exchanged = in_order(reader.side_by_side(""), plain)
    tree = Group(children)
    if not tree.children:
        start, end = len(plain) - len(plain.lstrip()), len(plain.rstrip())
        message = f"{shown(plain[start:end])} holds nothing to search for, so nothing was found"
        notes.append(Note("no_word", message, start, end))
    notes += [
        *exchanged,
        *date_words(plain, reader.leaves),
        *unknown_operators(plain),
        *leaves_out(tokens, plain),
    ]
    return Parsed(tree, foremost(notes))


def _plain(text: str) -> tuple[Leaf, ...]:
    """The leaves of a text of nothing but words, or of one phrase; empty for any other text. Most
    queries are such texts; the grammar gives them the same tree, but takes ten times as long."""
    if text[:1] == '"' and _WORDS.fullmatch(text, 1, len(text) - 1) and text[-1] == '"':
        return (Phrase(text[1:-1], "", 0, len(text)),)
    if not _WORDS.fullmatch(text) or _OPERATOR.search(text):
        return ()
    if not text.isascii() and _FULL_WIDTH.search(text):
        return ()
    return tuple([Word(m[0], "", m.start(), m.end()) for m in _WORD.finditer(text)])


def _joined(kind: type[And] | type[Or], nodes: list[Node]) -> list[Node]:
    """Several nodes as one of a kind, with the children of those that are of this kind already."""
    if len(nodes) < 2:
        return nodes
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.children if isinstance(node, kind) else (node,))
    return [kind(tuple(flat))]


class _Reader:
    """Recursive descent over tokens that `lexer` made fit the grammar.

    Each rule returns the nodes it read, side by side: none for an operand that is ignored, several
    for one that turned out to be plain words. `field` is the field it stands in, or empty.
    """

    def __init__(self, typed: str, text: str, tokens: list[Token], notes: list[Note]) -> None:
        self._typed = typed
        self._text = text
        self._tokens = tokens
        self._notes = notes
        self._at = 0
        self._count = 0
        self.leaves: list[Leaf] = []

    def side_by_side(self, field: str) -> list[Node]:
        nodes: list[Node] = []
        while self._at < len(self._tokens) and not self._took(Kind.CLOSE):
            nodes += self._joined_by(Kind.OR, field)
        return nodes

    def _joined_by(self, operator: Kind, field: str) -> list[Node]:
        """Operands with OR between them, each of which is operands with AND between them."""
        is_or = operator is Kind.OR
        operands: list[list[Node]] = []
        while not operands or self._took(operator):
            operands.append(self._joined_by(Kind.AND, field) if is_or else self._operand(field))
        if len(operands) == 1:
            return operands[0]
        nodes = [node for operand in operands for node in _joined(And, operand)]
        return _joined(Or if is_or else And, nodes)

    def _operand(self, field: str) -> list[Node]:
        token = self._next()
        if token.kind in (Kind.NOT, Kind.MINUS):
            operand = _joined(And, self._operand(field))
            return [node.child if isinstance(node, Not) else Not(node) for node in operand]
        if token.kind is Kind.FIELD:
            name = token.text[:-1].lower()
            return self._value(self._next(), WORD_ALIASES.get(name, name), token)
        return self._value(token, field, None)

    def _value(self, token: Token, field: str, named: Token | None) -> list[Node]:
        """The value that begins with `token`, in `field`. `named` is the token before it that names
        the field; `None` if the field stands before a parenthesis around it, or is empty."""
        if token.kind is Kind.OPEN:
            return _joined(And, self.side_by_side(field))
        if named is not None:
            self._notes += list_in_field(token, named, self._text)
        if field in _BOUNDED and token.kind in (Kind.WORD, Kind.PHRASE, Kind.ADDRESS):
            return self._range(token, field, named)
        if field in _BOUNDED:
            field = ""
        if token.kind is Kind.ADDRESS:
            return self._address(token, field)
        if token.kind is Kind.PHRASE:
            return self._phrase(token, field)
        if token.kind is Kind.WORD:
            return self._word(token, field, named)
        return self._leaf(Word(token.text, field, token.start, token.end), token)

    def _range(self, token: Token, name: str, named: Token | None) -> list[Node]:
        """The bounds that a value means after `name`: a field, or one of `DATE_ALIASES`."""
        start = token.start if named is None else named.start
        typed = self._text[start : token.end]
        field, sign = ("date", DATE_ALIASES[name]) if name in DATE_ALIASES else (name, "")
        bounds = parse_range(field, sign + token.text)
        if bounds is not None:
            if bounds.swapped:
                message = f"{shown(typed)} was written backwards and searched the other way round"
                self._note("reversed_range", message, start, token.end)
            return self._leaf(Range(field, bounds.low, bounds.high, start, token.end), token)
        message = f"{shown(typed)} was searched as words: {RANGE_FORMS[field]}"
        self._note("bad_range", message, start, token.end)
        nodes: list[Node] = []
        if named is not None:
            named_end = named.start + len(named.text) - 1
            nodes += self._leaf(Word(named.text[:-1], "", named.start, named_end), named)
        kind = Phrase if token.kind is Kind.PHRASE else Word
        return nodes + self._leaf(kind(token.text, "", token.start, token.end), token)

    def _address(self, token: Token, field: str) -> list[Node]:
        tail = self._typed[token.start + len(token.text) : token.end]
        if field == "provider" and (outlet := clean_domain(token.text)):
            self._notes += outlet_only(token, outlet)
            return self._leaf(Word(outlet, field, token.start, token.end), token)
        return self._leaf(Address(token.text, field, token.start, token.end, tail), token)

    def _phrase(self, token: Token, field: str) -> list[Node]:
        if "*" in token.text:
            message = (
                f"{shown(token.text)} was searched without its stars: a phrase is of whole words"
            )
            self._note("stray_star", message, token.start, token.end)
        if _DASH_BEFORE.fullmatch(self._text[max(0, token.start - 2) : token.start]):
            dashed = self._text[token.start - 1 : token.end]
            message = (
                f"{shown(dashed)} was searched as words; to leave them out, write -{dashed[1:]}"
            )
            self._note("dash", message, token.start - 1, token.end)
        return self._leaf(Phrase(token.text, field, token.start, token.end), token)

    def _word(self, token: Token, field: str, named: Token | None) -> list[Node]:
        text, start = token.text, token.start
        if named is None:
            self._notes += unknown_field(token, self._text)
        if _DASHED.match(text):
            message = f"{shown(text)} was searched as a word; to leave it out, write -{text[1:]}"
            self._note("dash", message, start, token.end)
        if found := unknown_sign(text):
            meaning = shown(found.text) if found.text != text else "a word"
            message = f"{shown(text)} was searched as {meaning}: {found.advice}"
            self._note("unknown_sign", message, start, token.end)
            text = found.text
        if "*" not in text:
            return self._leaf(Word(text, field, start, start + len(text)), token)
        if text == "*" and not field and (start == 0 or self._text[start - 1] in " (-,;|"):
            return self._leaf(Everything(), token)
        if text.index("*") == len(text) - 1 and any(map(str.isalnum, text)):
            return self._leaf(Prefix(text[:-1], field, start, start + len(text)), token)
        message = f"{shown(text)} was searched without its stars: write one at the end of a word"
        self._note("stray_star", message, start, token.end)
        pieces = list(re.finditer(r"[^*]+", text))
        pieces = [piece for piece in pieces if any(map(str.isalnum, piece[0]))] or pieces
        nodes: list[Node] = []
        for piece in pieces:
            word = Word(piece[0], field, start + piece.start(), start + piece.end())
            nodes += self._leaf(word, token)
        return nodes

    def _leaf(self, leaf: Leaf, token: Token) -> list[Node]:
        """The leaf; nothing, with a note on the first, if the query has too many."""
        self._count += 1
        if self._count <= MAX_LEAVES:
            self.leaves.append(leaf)
            return [leaf]
        if self._count == MAX_LEAVES + 1:
            message = f"Only the first {MAX_LEAVES} words of the query were searched"
            self._note("too_many_words", message, token.start, len(self._text))
        return []

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _took(self, kind: Kind) -> bool:
        """Whether the next token is of this kind; if so, it is read."""
        took = self._at < len(self._tokens) and self._tokens[self._at].kind is kind
        self._at += took
        return took

    def _note(self, kind: str, message: str, start: int, end: int) -> None:
        self._notes.append(Note(kind, message, start, end))
