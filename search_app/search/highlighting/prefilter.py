"""Finds the words of a text that may hold a term, without analysing them: those with its key."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from indexer.analysis import tokenizer
from indexer.analysis.folding import UNSPACED, fold
from indexer.analysis.languages import beginnings
from indexer.analysis.parts import AND, LONG_MARK, SPELT_OUT
from indexer.analysis.signs import plain

KEYS = 1_024
"""Terms whose keys are cached: those of a few queries. What was ever typed must not fill memory."""


_UNSPACED = re.compile(f"[{UNSPACED}]")

MAX_INITIALS = 4
"""The longest phrase of single letters that is taken for initials."""


@lru_cache(maxsize=KEYS)
def prefilter_keys(term: str) -> tuple[str, ...]:
    """Strings of which every word with this term contains one, once it is folded as `plain_texts`
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


def plain_texts(texts: Sequence[str]) -> list[str]:
    """The texts folded, without the characters that link the parts of a word: `oreilly` for
    `O'Reilly`. Each keeps its blanks. Many texts at once cost little more than one."""
    whole = "".join(texts)
    if "\n" in whole:
        texts = [text.replace("\n", "_") for text in texts]
    if "&" in whole or "\uff06" in whole:
        texts = [_with_and(text) for text in texts]
    folded = "\n".join([t.lower() if t.isascii() else _folded(t) for t in texts]).encode()
    return folded.translate(None, _LINKS.encode()).decode().split("\n")


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


def words_with(key: str, plain: str) -> Iterator[int]:
    """The numbers of the words, separated by blanks, that contain a key."""
    at, before, word = plain.find(key), 0, 0
    while at >= 0:
        word += plain.count(" ", before, at)
        yield word
        before = plain.find(" ", at)
        if before < 0:
            return
        at = plain.find(key, before)
