"""Signs that other search engines know and we do not, in a word: `wom?n`, `ferry~2`, `+storm`.

They are searched as words, and a note says so, and what to write instead.
"""

import re
from typing import NamedTuple

from search_app.search.query.tree import RANGE_FIELDS, WORD_FIELDS, Note

_LETTER = r"[^\W\d_]"


class Found(NamedTuple):
    """What a word means: `text`, which begins it, and the advice of the note."""

    text: str
    advice: str


_WEIGHTED = re.compile(
    r"(?P<word>[^\^~]*[^\W\d])(?:\^[0-9]+(?:\.[0-9]+)?|~(?:[0-9]+(?:\.[0-9]+)?)?)"
)
_SIGNS = (
    (rf"(?:.*{_LETTER})?\?{_LETTER}.*", "a “?” stands for no letter; a star ends a word: immuni*"),
    (rf"\+{_LETTER}.*", "all words count anyway; what must be there, put in quotes"),
    (rf"!{_LETTER}.*", "to leave a word out, write -word"),
    (rf"~{_LETTER}.*", "no word stands for others"),
    (rf"%.*{_LETTER}.*|.*{_LETTER}%", "a “%” stands for no letters; a star ends a word: immuni*"),
    (r"[^.]*[0-9]\.\.\.?[^.]*[0-9]", "a range needs a field: date:2020..2021"),
    (r"[<>]=?[0-9]+", "a bound needs a field: quality:>70"),
    (r"/.+/", "there are no regular expressions"),
    (r"\{.+|.+\}", "braces mean nothing; parentheses group"),
    (
        r"(?i:near|adj|within|w|n|pre)/[0-9]+",
        "words near each other cannot be asked for; in a row, put them in quotes",
    ),
    (rf"(?i:{'|'.join(RANGE_FIELDS)})[<>=].+", "a field has a colon: quality:>70"),
    (rf"(?i:{'|'.join(WORD_FIELDS)})=.+", "a field has a colon: title:ferry"),
)
_TABLE = tuple((re.compile(pattern), advice) for pattern, advice in _SIGNS)
_ANY = re.compile(r"[?+!/{}<>=^~%]|\.\.")
"""One of them stands in whatever the table knows."""

_BETWEEN = re.compile(r"[\[{][^ \[\]{}]+ TO [^ \[\]{}]+[\]}]")
_NEAR = re.compile(r"(?<![^ ])(?:NEAR|AROUND|ADJ|WITHIN|XOR)(?=[ (])")


def unknown_sign(word: str) -> Found | None:
    """What is to be searched instead of a word that holds such signs; `None` if it holds none."""
    if not _ANY.search(word):
        return None
    if weighted := _WEIGHTED.fullmatch(word):
        return Found(weighted["word"], "no word counts more than others, or stands for others")
    for pattern, advice in _TABLE:
        if pattern.fullmatch(word):
            return Found(word, advice)
    return None


def unknown_operators(text: str) -> list[Note]:
    """A note on each `[a TO b]`, and on each `NEAR` and the like among small letters."""
    advice = "words; write date:2020..2021"
    found = [(match, advice) for match in _BETWEEN.finditer(text)]
    if not text.isupper():
        advice = "a word; the operators are OR, AND, NOT"
        found += [(match, advice) for match in _NEAR.finditer(text)]
    return [
        Note("unknown_sign", f"“{match[0]}” was searched as {advice}", *match.span())
        for match, advice in found
    ]
