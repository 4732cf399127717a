"""The plain form of each sign of the query language, whatever keyboard or typesetter wrote it.

Each character becomes one, so that whatever is found in the plain text spans the same characters of
the text as typed. Single quotation marks stay: like the plain one, they are apostrophes. So do the
dashes (`–` `—`): they part words in many languages, where a minus would leave one out.
"""

import unicodedata

QUOTES = ('"“”„‟〝〞〟❝❞❠', "«»", "‹›", "「」", "『』", "《》", "〈〉")
"""Quotation marks by family: any of a family closes what any of it opened."""

_ALIKE = {
    '"': "״″‶˝ˮ",
    "-": "−‐‑﹣˗➖",
    ":": "︓﹕∶꞉",
    "|": "¦│∣❘￨‖",
    "*": "∗⁎﹡٭✱",
    "(": "﹙❨︵",
    ")": "﹚❩︶",
    ",": "、，﹐﹑،､︐︑፣",
    ";": "；；؛﹔。｡",
    "&": "﹠",
    "+": "﹢",
    "「": "｢﹁",
    "」": "｣﹂",
    "‹": "❮",
    "›": "❯",
    "『": "﹃",
    "』": "﹄",
}
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(sign): plain for plain, signs in _ALIKE.items() for sign in signs
}
"""Full-width forms stand in the order of ASCII (Unicode, block FF00)."""

_INVISIBLE = frozenset(
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
    "\u180e\u2800\u3164\uffa0"
)
"""Spaces without width, and marks of the writing direction, with which pasted text may begin. The
joiners of Persian and Indian scripts are none of them."""


def plain_signs(text: str) -> str:
    """The text with a blank for each character that only separates words, and plain signs."""
    if text.isascii() and text.isprintable():
        return text
    return "".join([" " if _separates(char) else char for char in text]).translate(_PLAIN)


def _separates(char: str) -> bool:
    """White space of any script, control characters, lone surrogates, invisible spaces."""
    return char.isspace() or char in _INVISIBLE or unicodedata.category(char) in ("Cc", "Cs")
