"""What may have been meant by a typed word that the index lacks, or hardly has.

a near word    within the edits that its length allows, with the same first letter
two words      that stand beside each other in some item: `deep fake` for `deepfake`
one word       for two typed ones: `facebook` for `face book`
"""

from collections.abc import Iterator
from math import log

from msgspec import Struct

from indexer.analysis.folding import fold
from search_app.search.protocols import Searcher
from search_app.search.query.leaf import leaf_expression
from search_app.search.query.logical import Expression, Phrase
from search_app.search.query.tree import Word
from search_app.search.spelling.policy import Policy
from search_app.search.spelling.typed_words import Pair, TypedWord, exact_form, is_word


class Alternative(Struct, frozen=True):
    """Another text for the part of the query from `start` to `end`. `expression`: the items that
    have it, of which `doc_freq` have just this form; `edits`: how far it is from what was typed;
    `apart`: the two typed words beside each other, for which it stands, or `None`."""

    text: str
    start: int
    end: int
    expression: Expression
    doc_freq: int
    edits: int = 1
    apart: Phrase | None = None

    def overlaps(self, other: "Alternative") -> bool:
        """Whether both stand for the same part of the query, or for some of it."""
        return self.start < other.end and other.start < self.end

    def stands_for(self, word: TypedWord) -> bool:
        """Whether it replaces this word, alone or with another."""
        return self.start <= word.word.start < self.end

    def likelihood(self, edit_cost: float) -> float:
        """The logarithm of how likely it is to be meant, but for a constant: a noisy channel
        (Kernighan, Church, Gale 1990) in which every edit is as likely as any other."""
        return log(self.doc_freq) - edit_cost * self.edits


def alternatives(searcher: Searcher, word: TypedWord, policy: Policy) -> list[Alternative]:
    """What may stand for a word, the likeliest first."""
    found = [*near_words(searcher, word, policy), *_split(searcher, word)]
    found.sort(key=lambda one: -one.likelihood(policy.edit_cost))
    return found[: policy.alternatives]


def near_words(searcher: Searcher, word: TypedWord, policy: Policy) -> Iterator[Alternative]:
    """The words of the index within the edits that the length of a typed word allows."""
    allowed = policy.allowed(word.term)
    for near in searcher.near_terms(word.term, allowed) if allowed else ():
        if is_word(near.term) and fold(near.term) == near.term and near.edits:
            yield _alternative(searcher, near.term, (word,), near.doc_freq, near.edits)


def joined(searcher: Searcher, pair: Pair, doc_freq: int) -> Alternative:
    """One word of the index, which so many items have, for two words that are typed."""
    return _alternative(searcher, exact_form(*pair), pair, doc_freq)


def as_typed(word: TypedWord, expression: Expression, count: int) -> list[Alternative]:
    """A word itself, in the forms of it that so many items have; none if none has any."""
    typed = word.word
    return [Alternative(typed.text, typed.start, typed.end, expression, count, 0)] if count else []


def _split(searcher: Searcher, word: TypedWord) -> Iterator[Alternative]:
    """Two words of the index that stand for one."""
    term = word.term
    splits = [(term[:at], term[at:]) for at in range(2, len(term) - 1)]
    known = searcher.doc_freqs([part for split in splits for part in split])
    phrases = [
        Phrase("text", split)
        for split, counts in zip(splits, zip(known[::2], known[1::2], strict=True), strict=True)
        if all(counts)
    ]
    for phrase, doc_freq in zip(phrases, searcher.counts(phrases), strict=True):
        if doc_freq:
            text = _with_case(" ".join(phrase.terms), word.word.text)
            yield Alternative(text, word.word.start, word.word.end, phrase, doc_freq)


def _alternative(
    searcher: Searcher,
    term: str,
    words: tuple[TypedWord, ...],
    doc_freq: int,
    edits: int = 1,
) -> Alternative:
    """A term of the index instead of one word, or of two that stand beside each other."""
    first, last = words[0], words[-1]
    apart = Phrase("text", tuple(word.term for word in words)) if words[1:] else None
    text = _with_case(term, first.word.text)
    expression = leaf_expression(Word(text), [], searcher.vocabulary)
    return Alternative(text, first.word.start, last.word.end, expression, doc_freq, edits, apart)


def _with_case(text: str, typed: str) -> str:
    """Folded terms with capitals where the typed word has them, but for what would be an operator:
    AND, OR, NOT."""
    if typed.isupper() and min(map(len, text.split())) > len("NOT"):
        return text.upper()
    return text.capitalize() if typed[:1].isupper() else text
