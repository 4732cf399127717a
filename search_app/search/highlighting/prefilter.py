"""The keys by which the words of a text that may hold a term are found, without analysing them."""

import re
from collections.abc import Sequence
from functools import lru_cache

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
    """Strings with one of which this term, or every term with this stem, begins in a word that is
    `folded` and has its `LINKS` dropped. A text without any need not be analysed. An exact form has
    one key, a stem those parts that no ending changes, or nothing but "", with which every term
    begins."""
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


LINKS = "-.'&,_`"
_DROPPED = str.maketrans(dict.fromkeys(LINKS, ""))
"""The characters that link the parts of a word, as in `analysis`."""


def folded(text: str) -> str:
    """A text with its words folded. It has as many blanks as before, and no line feed."""
    text = one_line(text)
    return " ".join([w.lower() if w.isascii() else folded_word(w) for w in text.split(" ")])


def one_line(text: str) -> str:
    """A text without line feeds, its ampersands read as words where they are."""
    text = text.replace("\n", "_").replace("\uff06", "&")
    return AND.sub("and", text) if "&" in text else text


def folded_word(word: str) -> str:
    """The word folded, without white space: some characters are or fold to such."""
    return _remembered(word) if len(word) <= tokenizer.SHORT else _fold(word)


def _fold(word: str) -> str:
    """The word folded; and, after a bar, with its umlauts spelt out."""
    word = LONG_MARK.sub("", plain(word))
    spelt = word.translate(SPELT_OUT)
    forms = (word,) if spelt == word else (word, spelt)
    return "|".join("".join(fold(form).translate(_DROPPED).split()) for form in forms)


_remembered = lru_cache(maxsize=tokenizer.REMEMBERED)(_fold)
