"""Which words of a text may hold a term, told without analysing them: those with its trace."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from indexer.analysis import tokenizer
from indexer.analysis.folding import fold

TRACES = 1_024
"""Terms of queries of which the trace is remembered: those of a few queries. People may type
anything, and all that was ever typed is nothing to fill the memory with."""


@lru_cache(maxsize=TRACES)
def prefilter_key(term: str) -> str:
    """Letters that stand, in a row, in every word that has this term: what a text is glanced at
    for before it is analysed. Of a stem, what no ending changes of it.

    Snowball's English rules cut endings off and put none on but those of `hope` (hoping), `happi`
    (happy) and `sensibl` (sensibility), and make `die` of `dying`, `tie` of `tying`.
    """
    plain = "".join(_DROPPED.sub("", term.removeprefix(tokenizer.STEM_MARK)).split())
    if not term.startswith(tokenizer.STEM_MARK):
        return plain
    if len(plain) == 3 and plain.endswith("ie"):
        return plain[0]
    return plain[:-1] if plain[-1:] in "eiyl" else plain


_LINKS = b"-.'&,_"
_DROPPED = re.compile("[-.'&,_\u2010\u2011\u2019]")
"""The marks that link the parts of a word, as `analysis` has them."""


def plain_texts(texts: Sequence[str]) -> list[str]:
    """The texts folded, without the marks that link the parts of a word: `oreilly` for
    `O'Reilly`. Each has the blanks it had. All at once: that costs little more than one."""
    if "\n" in "".join(texts):
        texts = [text.replace("\n", "_") for text in texts]
    whole = "\n".join([t.lower() if t.isascii() else _folded(t) for t in texts]).encode()
    return whole.translate(None, _LINKS).decode().split("\n")


def _folded(text: str) -> str:
    return " ".join([w.lower() if w.isascii() else _folded_word(w) for w in text.split(" ")])


def _folded_word(word: str) -> str:
    """Without the white space that some characters may fold to, or be."""
    return _remembered(word) if len(word) <= tokenizer.SHORT else _fold(word)


def _fold(word: str) -> str:
    return "".join(_DROPPED.sub("", fold(word)).split())


_remembered = lru_cache(maxsize=tokenizer.REMEMBERED)(_fold)


def words_with(trace: str, plain: str) -> Iterator[int]:
    """Which words, counted by blanks, a trace stands in."""
    at, before, word = plain.find(trace), 0, 0
    while at >= 0:
        word += plain.count(" ", before, at)
        yield word
        before = plain.find(" ", at)
        if before < 0:
            return
        at = plain.find(trace, before)
