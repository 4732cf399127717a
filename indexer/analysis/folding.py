"""Says which characters make a word, and folds words to the form in which they are compared.

A change here gives other terms: raise `tokenizer.VERSION` with it.
"""

import re
import unicodedata
from functools import lru_cache

from indexer.analysis.signs import DIGITS

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
"""The letters of scripts written without spaces: kana, Han, Hangul, Thai, Lao, Myanmar, Khmer."""

MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711-\u07f3\u07fd"
    "\u0816-\u082d\u0859-\u085b\u0897-\u08e1\u08e3-\u0963\u0981-\u09e3\u09fe-\u0a75\u0a81-\u0ae3"
    "\u0afa-\u0b63\u0b82-\u0bd7\u0c00-\u0c63\u0c81-\u0c83\u0cbc-\u0d4d\u0d57-\u0d63\u0d81-\u0df3"
    "\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ece\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e-\u0f84"
    "\u0f86-\u0fbc\u0fc6\u102b-\u103e\u1056-\u109d\u135d-\u135f\u1712-\u1734\u1752-\u17d3\u17dd"
    "\u180b-\u180d\u180f-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1b44\u1b6b-\u1b73\u1b80-\u1bf3"
    "\u1c24-\u1c37\u1cd0-\u1cd2\u1cd4-\u1dff\u200b-\u200d\u20d0-\u20f0\u2cef-\u2cf1\u2d7f-\u2dff"
    "\u302a-\u302f\u3099\u309a\ua66f-\ua672\ua674-\ua67d\ua69e-\ua6f1\ua802-\ua827\ua82c"
    "\ua880-\ua8c5\ua8e0-\ua8f1\ua8ff-\ua92d\ua947-\ua953\ua980-\ua9c0\ua9e5-\uaa4d\uaa7b-\uaac1"
    "\uaaeb-\uaaef\uaaf5\uaaf6\uabe3-\uabea\uabec\uabed\ufb1e\ufe00-\ufe0f\ufe20-\ufe2f"
)
"""Marks that combine with a letter, and invisible joiners. They belong to the word they stand in,
but `\\w` matches neither. These are the marks of every script in Unicode's basic plane."""

_STRIPPED = re.compile(
    "[\u00ad\u02b9-\u02bf\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06ed\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200b-\u200d\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f]"
)
"""Marks that words are written with and without: accents, vowel points, the nuktas of India."""

_LATIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h"} | {
    "\u0131": "i"
}
_ARABIC = {"\u0671": "\u0627"} | {
    **dict.fromkeys("\u06a9\u06aa", "\u0643"),  # kaf, as Persian writes it
    **dict.fromkeys("\u0649\u06cc\u06cd\u06d0\u06d2", "\u064a"),  # yeh
    **dict.fromkeys("\u0629\u06be\u06c1\u06c3\u06d5", "\u0647"),  # heh, teh marbuta
}
"""Letters for which Arabic, Persian and Urdu keyboards have different characters."""

_INDIC = {chr(row + 1): chr(row + 2) for row in range(0x0900, 0x0E00, 0x80) if row != 0x0B80}
"""The chandrabindu of each script of India to the anusvara that is often written for it."""

_DEAD_NASAL = re.compile("\u0928\u094d(?=[\u0915-\u0939])|\u092e\u094d(?=[\u092a-\u092d])")
"""In Hindi, an n before a consonant, or an m before p and b, for which an anusvara is often
written."""

_LETTERS = str.maketrans(_LATIN | _ARABIC | _INDIC) | DIGITS


_UNCHANGED = re.compile(
    "[\u0e01-\u0e30\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\U00020000-\U0002f7ff\U00030000-\U0003134f]+"
)
"""Letters that folding does not change, alone or side by side. Finding that a text has no others
takes a tenth of the time of folding it."""

REMEMBERED = 16_384
SHORT = 4
"""How many folded texts are remembered, and how many characters they have at most: these are the
bigrams of scripts without spaces, which are few."""


def fold(text: str) -> str:
    """The form in which words are compared: without case, accents, width, ligatures and vowel
    points, with one of the letters that keyboards confuse, and plain digits."""
    if text.isascii():
        return text.lower()
    if _UNCHANGED.fullmatch(text):
        return text
    return _remembered(text) if len(text) <= SHORT else _folded(text)


def _folded(text: str) -> str:
    plain = _STRIPPED.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
    return unicodedata.normalize("NFC", _DEAD_NASAL.sub("\u0902", plain.translate(_LETTERS)))


_remembered = lru_cache(maxsize=REMEMBERED)(_folded)
