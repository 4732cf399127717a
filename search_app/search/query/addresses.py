"""Where a web address begins and ends in a query, and what was only put around it.

An address is anything up to a blank, with whatever signs it has: stars, bars, commas, parentheses.
Not in it are what encloses it (quotes, `<>`, `[]`, a parenthesis opened before it) and the next
address of a list. Signs that may end a sentence or the address (`Yahoo!`) are told apart as `tail`.
"""

import re
from typing import NamedTuple

from search_app.search.query.signs import QUOTES

_QUOTE = re.escape("".join(QUOTES))
_HOST = r"(?:[\w-]++\.)++(?:(?ai:xn--[\w-]+)|[^\W\d_]{2,63}) (?::\d{1,5})?+ (?: / | \?\w+= )"
HEAD = rf"(?: (?ai:https?://)(?=[^ /]) | (?://)?{_HOST} )"
"""How an address begins, as a part of a verbose pattern: with a scheme, or with a host whose last
label is a word of letters, and a slash or parameters. `node.js`, `3.5/5`, `U.S./UK` and `and/or`
are none."""

ADDRESS_SIGNS = rf"""
         (?P<link> !?\[ [^\[\]]*+ \] (?=\({HEAD}) )
       | (?P<opener> (?: [<\[{{⟨【〔_'‘‚`*]++ | [{_QUOTE}] | (?ai:url|link): ) (?={HEAD}) )
       | (?P<address> {HEAD} )"""
"""The text of a Markdown link, what opens an address, and how it begins."""

_LETTER = re.compile(r"\w")
_HAS_SCHEME = re.compile("https?://", re.IGNORECASE)
_PARTNERS = {")": "(", "]": "[", "}": "{", ">": "<", "⟩": "⟨", "】": "【", "〕": "〔"}
_CLOSERS = {opening: closing for closing, opening in _PARTNERS.items() if opening != "("} | {
    **{sign: sign for sign in "'`*_"},
    **{"‘": "’", "‚": "‘’"},
}
_TAIL = frozenset(".,;:!?…|*_'’‘`" + '"' + "".join(QUOTES) + "".join(_PARTNERS))
_OPENING, _SEPARATING = "".join(_PARTNERS.values()) + "".join(QUOTES), ",;|"
_CLOSING = re.compile(rf"[>\]}}⟩】〕_'’‘`*.,;:!?…{_QUOTE}]*")


class Extent(NamedTuple):
    """An address ends at `end`, its tail at `tail`, and the signs that close it at `after`."""

    end: int
    tail: int
    after: int


def has_scheme(text: str) -> bool:
    """Whether an address can be nothing else: it says `http://` or `https://`."""
    return bool(_HAS_SCHEME.match(text))


def is_quoted(text: str, quote: int) -> bool:
    """Whether the mark at `quote` and one of its family enclose an address and nothing more."""
    end = _blank(text, quote)
    closed = _last(text, _closers(text[quote]), quote + 1, end)
    return closed >= 0 and not _LETTER.search(text, closed, end)


def extent(text: str, start: int, head: int, opener: str, is_enclosed: bool) -> Extent:
    """Where the address ends that begins at `start`, and whose beginning ends at `head`. `opener`
    is what was put before it; `is_enclosed`: a parenthesis was opened before."""
    end = _next_address(text, head, _blank(text, head))
    closed = _last(text, _closers(opener), head, end)
    if closed >= 0:
        end = closed
    elif is_enclosed:
        end = _closing_parenthesis(text, head, end)
    closing = _CLOSING.match(text, end)
    return Extent(_without_tail(text, head, end), end, closing.end() if closing else end)


def _next_address(text: str, start: int, end: int) -> int:
    """Where an address ends if another follows after a comma or a bar; else `end`."""
    for found in _HAS_SCHEME.finditer(text, start, end):
        before = text[start : found.start()].rstrip(_OPENING)
        own = before.rstrip(_SEPARATING)
        if own != before:
            return start + len(own)
    return end


def _blank(text: str, start: int) -> int:
    at = text.find(" ", start)
    return len(text) if at < 0 else at


def _last(text: str, signs: str, start: int, end: int) -> int:
    return max((text.rfind(sign, start, end) for sign in signs), default=-1)


def _closers(opener: str) -> str:
    for family in QUOTES:
        if opener and opener[-1] in family:
            return family
    return _CLOSERS.get(opener[-1:], "")


def _closing_parenthesis(text: str, start: int, end: int) -> int:
    """Where a parenthesis closes that was not opened since `start`; `end` if none does."""
    depth = 0
    for at in range(start, end):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth < 0:
            return at
    return end


def _without_tail(text: str, start: int, end: int) -> int:
    """Where the address ends without the signs that may belong to the sentence around it."""
    depth = {closer: text.count(closer, start, end) for closer in _PARTNERS}
    opened = {closer: text.count(partner, start, end) for closer, partner in _PARTNERS.items()}
    while end > start and text[end - 1] in _TAIL:
        sign = text[end - 1]
        if sign in _PARTNERS and depth[sign] <= opened[sign]:
            break
        if sign in _PARTNERS:
            depth[sign] -= 1
        end -= 1
    return end
