"""The words of a query whose spelling is looked at: those outside of quotes, fields and exclusions.

A word may be corrected if it is one word of the index's kind and made of letters alone: a number or
a code is never a slip of another one.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from msgspec import Struct

from indexer.analysis import tokenizer
from search_app.search.query.tree import And, Group, Node, Or, Word

_SEVERAL = (And, Or, Group)


class TypedWord(Struct, frozen=True):
    """A word as it stands in the query, and its folded form."""

    word: Word
    term: str


Pair = tuple[TypedWord, TypedWord]


def typed_words(tree: Group, most: int) -> list[TypedWord]:
    """Those among the first `most` words that may be corrected, in order."""
    words = [TypedWord(word, _term(word.text)) for word in islice(_words(tree), most)]
    return [word for word in words if word.term]


def adjacent(text: str, words: Sequence[TypedWord]) -> list[Pair]:
    """The words between which nothing but a blank stands in the text of the query."""
    return [
        (first, second)
        for first, second in pairwise(words)
        if text[first.word.end : second.word.start].isspace()
    ]


def exact_form(*words: TypedWord) -> str:
    """The form in which items have a word, or several written as one."""
    return "".join([word.term for word in words])


def is_word(term: str) -> bool:
    """Whether a term of the index consists of letters alone, with the marks that belong to them."""
    return term.isalpha() or all(
        char.isalpha() or unicodedata.category(char)[0] == "M" for char in term
    )


def _words(node: Node) -> Iterator[Word]:
    if isinstance(node, Word) and not node.field:
        yield node
    elif isinstance(node, _SEVERAL):
        for child in node.children:
            yield from _words(child)


def _term(text: str) -> str:
    """The folded form of a word; `""` if it is several, or holds more than letters."""
    forms = tokenizer.query_forms(text)
    return forms[0][0] if forms and len(forms[0]) == 1 and is_word(forms[0][0]) else ""
