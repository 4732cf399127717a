"""Finds the words of a text that may hold a term, without analysing them: those with its key."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from indexer.analysis import tokenizer
from indexer.analysis.folding import UNSPACED, fold
from indexer.analysis.languages import beginnings
from indexer.analysis.parts import AND, LONG_MARK, SPELT_OUT
from indexer.analysis.signs import plain

KEYS = 4_096
"""Terms whose keys are cached: those of a few queries. What was ever typed must not fill memory."""


_UNSPACED = re.compile(f"[{UNSPACED}]")

MAX_INITIALS = 4
"""The longest phrase of single letters that is taken for initials."""


@lru_cache(maxsize=KEYS)
def prefilter_keys(term: str) -> tuple[str, ...]:
    """Strings of which every word with this term contains one, once it is folded as `folded_texts`
    does. A text without any need not be analysed. An exact form has one key, a stem those parts
    that no ending changes, or nothing but "", which every word contains."""
    if term.startswith(tokenizer.STEM_MARK):
        return beginnings(term)
    return ("".join(fold(term).translate(_DROPPED).split()),)


def phrase_start_keys(phrase: Sequence[str]) -> tuple[str, ...]:
    """Strings of which a text with this phrase contains one, in the word where the phrase begins.
    Initials (`j`, `r`, `r`) stand apart by blanks, or by the signs that are dropped; apart by other
    signs they are not found. Of a script without blanks a letter may stand in a longer word."""
    are_initials = all(len(term) == 1 and not _UNSPACED.match(term) for term in phrase)
    if not are_initials or not 1 < len(phrase) <= MAX_INITIALS:
        return prefilter_keys(phrase[0])
    first, *others = phrase
    keys = [first]
    for letter in others:
        keys = [key + gap + letter for key in keys for gap in (" ", "")]
    return tuple(keys)


_LINKS = "-.'&,_`"
_DROPPED = str.maketrans(dict.fromkeys(_LINKS, ""))
"""The characters that link the parts of a word, as in `analysis`."""

_LOWER = bytes(range(128)).lower() + bytes(range(128, 256))
"""What each byte of ASCII is in small letters; UTF-8 uses them for nothing else."""

_END = " \n"
"""What each line of folded texts ends with. The blank stands after the last word as after any."""


class FoldedTexts(NamedTuple):
    """Texts folded, without the characters that link the parts of a word: `oreilly` for `O'Reilly`.

    `lines`: each text, with all its blanks and one more, then a line feed; in UTF-8. `unicode`: how
    many characters the texts that are not all ASCII have, before and after they are folded.
    """

    lines: bytes
    unicode: int


def folded_texts(texts: Sequence[str]) -> FoldedTexts:
    """The texts folded. Many texts at once cost little more than one."""
    lines = [*texts, ""]
    whole = _END.join(lines)
    if whole.count("\n") > len(texts):
        lines = [text.replace("\n", "_") for text in lines]
        whole = _END.join(lines)
    if "&" in whole or "\uff06" in whole:
        lines = [_with_and(text) for text in lines]
        whole = _END.join(lines)
    unicode = 0
    if not whole.isascii():
        for number, text in enumerate(lines):
            if not text.isascii():
                lines[number] = _folded(text)
                unicode += len(text) + len(lines[number])
        whole = _END.join(lines)
    return FoldedTexts(whole.encode().translate(_LOWER, _LINKS.encode()), unicode)


def _with_and(text: str) -> str:
    text = text.replace("\uff06", "&")
    return AND.sub("and", text) if "&" in text else text


def _folded(text: str) -> str:
    return " ".join([w.lower() if w.isascii() else _folded_word(w) for w in text.split(" ")])


def _folded_word(word: str) -> str:
    """The word folded, without white space: some characters are or fold to such."""
    return _remembered(word) if len(word) <= tokenizer.SHORT else _fold(word)


def _fold(word: str) -> str:
    """The word folded; and, after a bar, with its umlauts spelt out."""
    word = LONG_MARK.sub("", plain(word))
    spelt = word.translate(SPELT_OUT)
    forms = (word,) if spelt == word else (word, spelt)
    return "|".join("".join(fold(form).translate(_DROPPED).split()) for form in forms)


_remembered = lru_cache(maxsize=tokenizer.REMEMBERED)(_fold)


def words_with(keys: Iterable[bytes], lines: bytes) -> Iterator[tuple[int, list[int]]]:
    """The number of each of the `lines` (see `FoldedTexts`) that contain a key, and the numbers of
    its words, separated by blanks, in which one begins; both ascending."""
    line, words = -1, list[int]()
    word = before = 0
    end = -1  # of the line
    for at in _places(keys, lines):
        if at > end:
            if words:
                yield line, words
            line += 1 + lines.count(b"\n", end + 1, at)
            before, end = lines.rfind(b"\n", 0, at) + 1, lines.find(b"\n", at)
            word, words = 0, []
        word += lines.count(b" ", before, at)
        before = at
        if not words or words[-1] != word:
            words.append(word)
    if words:
        yield line, words


def _places(keys: Iterable[bytes], lines: bytes) -> list[int]:
    """Where keys are found, ascending; of each the first place in a word."""
    places: list[int] = []
    for key in keys:
        at = lines.find(key)
        while at >= 0:
            places.append(at)
            at = lines.find(key, lines.find(b" ", at))
    return sorted(places)
