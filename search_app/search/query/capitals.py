"""A headline in capitals is no formula: `DO NOT PANIC`, `PORT TO RENEW CONTRACTS -UNION`.

In a query wholly in capitals and without fields nothing is an operator, but in a chain of single
words or phrases with OR between them all (`WHO OR NATO`). A note offers the other reading. Words of
scripts without case are not in capitals, so among them operators are what they always are. Small
letters that capitals leave small do not count: `McDONALD'S`, `MPs`, `20m`, `STRAßE`, `#MeToo`. Nor
is one of its words an acronym: `WHO WON` asks for who won.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from msgspec.structs import replace

from search_app.search.query.tokens import OPERATORS, Kind, Token
from search_app.search.query.tree import Node, Note, Word

_LONGEST = 240


def as_headline(tokens: list[Token], text: str, notes: list[Note]) -> list[Token]:
    """The tokens, with words instead of operators if the query is wholly in capitals."""
    signs = [token for token in tokens if token.kind in OPERATORS]
    if any(token.kind is Kind.FIELD for token in tokens):
        return tokens
    if not signs or not is_capital(t.text for t in tokens if t.kind in _WORDS):
        return tokens
    span = signs[0].start, signs[0].end
    if _is_chain(tokens):
        if any(sign.text == "OR" for sign in signs):
            message = f"“OR” was read as an operator; to search it as a word, write {text.lower()}"
            notes.append(Note("capitals", _cut(message), *span))
        return tokens
    told = ", ".join(dict.fromkeys(f"“{sign.text}”" for sign in signs))
    message = (
        f"Nothing is an operator in a query wholly in capitals, so {told} was none; "
        f"otherwise write {_small(tokens, text)}"
    )
    notes.append(Note("capitals", _cut(message), *span))
    words = (t if t.kind not in _OPERATOR_WORDS else _as_word(t) for t in tokens)
    return [token for token in words if token.kind not in OPERATORS]


_WORDS = (Kind.WORD, Kind.PHRASE)
_SMALL = re.compile(
    r"""[#@]\w+
    |   (?<![^\W_]) (?: Ma?c | [ei] ) (?=[^\W\d_a-z]{2})
    |   (?<=[^\W\d_a-z]{2}) (?:['’]?s) (?![^\W_])
    |   (?<=[0-9]) (?: m | bn | k | pc | s | st | nd | rd | th | am | pm ) (?![^\W_])""",
    re.VERBOSE,
)
_OPERATOR_WORDS = (Kind.OR, Kind.AND, Kind.NOT)


def in_small_letters(nodes: Sequence[Node], least: int = 3) -> Sequence[Node]:
    """The nodes; where at least so many words are in capitals, and all as a headline has them, in
    small letters: there capitals tell no acronym."""
    words = [node.text for node in nodes if isinstance(node, Word)]
    if sum(map(str.isupper, words)) < least or not is_capital(words):
        return nodes
    return [replace(n, text=n.text.lower()) if isinstance(n, Word) else n for n in nodes]


def is_capital(texts: Iterable[str]) -> bool:
    """Whether all letters are capitals, but for those that stay small in a headline. A text without
    letters (`.`, `1963`) tells nothing."""
    words = [word for text in texts for word in text.replace("ß", "").split()]
    capital = [word for word in words if word.isupper()]
    return bool(capital) and all(map(_has_no_small_letter, words))


def _has_no_small_letter(word: str) -> bool:
    return all(map(str.isupper, filter(str.isalpha, _SMALL.sub("", word))))


def _is_chain(tokens: Iterable[Token]) -> bool:
    """Whether the tokens are words and phrases with OR between each two of them."""
    kinds = [token.kind for token in tokens if token.kind not in (Kind.OPEN, Kind.CLOSE)]
    pairs = zip_longest(kinds[::2], kinds[1::2])
    return len(kinds) % 2 == 1 and all(
        word in _WORDS and sign in (Kind.OR, None) for word, sign in pairs
    )


def _as_word(token: Token) -> Token:
    """An operator as the word it is; `|` and `&&` are none, and stay what they are."""
    return Token(Kind.WORD, token.text, token.start, token.end) if token.text.isalpha() else token


def _small(tokens: Iterable[Token], text: str) -> str:
    """The query with its words in small letters, so that its operators are some."""
    pieces, at = [], 0
    for token in tokens:
        piece = text[token.start : token.end]
        pieces += [text[at : token.start], piece.lower() if token.kind in _WORDS else piece]
        at = token.end
    return "".join([*pieces, text[at:]])


def _cut(message: str) -> str:
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
