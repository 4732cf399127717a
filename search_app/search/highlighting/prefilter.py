"""Finds the words of a text that may hold a term, without analysing them: those with its key."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from indexer.analysis import tokenizer
from indexer.analysis.folding import fold

KEYS = 1_024
"""Terms whose keys are cached: those of a few queries. What was ever typed must not fill memory."""


@lru_cache(maxsize=KEYS)
def prefilter_key(term: str) -> str:
    """A string that every folded word with this term contains. A text without it need not be
    analysed. For a stem, it is the part that no ending changes.

    Snowball's English rules only cut endings off, except that they add one in `hope` (hoping),
    `happi` (happy) and `sensibl` (sensibility), and make `die` of `dying`, `tie` of `tying`.
    """
    plain = "".join(_DROPPED.sub("", term.removeprefix(tokenizer.STEM_MARK)).split())
    if not term.startswith(tokenizer.STEM_MARK):
        return plain
    if len(plain) == 3 and plain.endswith("ie"):
        return plain[0]
    return plain[:-1] if plain[-1:] in "eiyl" else plain


_LINKS = b"-.'&,_"
_DROPPED = re.compile("[-.'&,_\u2010\u2011\u2019]")
"""The characters that link the parts of a word, as in `analysis`."""


def plain_texts(texts: Sequence[str]) -> list[str]:
    """The texts folded, without the characters that link the parts of a word: `oreilly` for
    `O'Reilly`. Each keeps its blanks. Many texts at once cost little more than one."""
    if "\n" in "".join(texts):
        texts = [text.replace("\n", "_") for text in texts]
    whole = "\n".join([t.lower() if t.isascii() else _folded(t) for t in texts]).encode()
    return whole.translate(None, _LINKS).decode().split("\n")


def _folded(text: str) -> str:
    return " ".join([w.lower() if w.isascii() else _folded_word(w) for w in text.split(" ")])


def _folded_word(word: str) -> str:
    """The word folded, without white space: some characters are or fold to such."""
    return _remembered(word) if len(word) <= tokenizer.SHORT else _fold(word)


def _fold(word: str) -> str:
    return "".join(_DROPPED.sub("", fold(word)).split())


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
