"""Makes an expression of a leaf of the tree: what a typed text means in its field.

`provider:`, `topic:`, `type:` and `language:` mean the items with a whole value: an outlet by its
domain or its name, a topic, a type, a language by its code or its name, in any case. If no item has
a value called so, `provider:` and `topic:` mean the words of the text in an outlet's name or in a
topic. A filter means what its field does: see `selected`.

Kinds of notes: unknown_value.
"""

import re
from collections.abc import Sequence

from indexer.analysis import tokenizer
from indexer.analysis.english import beside
from indexer.analysis.parts import Form
from indexer.facet_values import value_key
from indexer.schema import FACETS
from indexer.urls import url_key
from search_app.search.nearest import near_hint
from search_app.search.query import tree
from search_app.search.query.addresses import has_scheme
from search_app.search.query.logical import (
    AnyOf,
    Expression,
    Keyword,
    MatchNone,
    Phrase,
    Prefix,
    Term,
    all_of,
    any_of,
    best_of,
)
from search_app.search.query.notes import MAX_NOTES_OF_A_KIND, shown
from search_app.search.query.tree import Address, Note, Typed, Word
from search_app.search.ranking import ADDRESS, STOP_WORD
from search_app.search.vocabulary import Vocabulary

_APART = re.compile(r"((?<!\w)[^\W\d_]\.) (?=[^\W\d_]\.)")
_TOGETHER = re.compile(r"((?<!\w)[^\W\d_]\.)(?=[^\W\d_]\.)")
"""An initial before another one, with a blank between them and without."""

_DOMAIN = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}")
_UNKNOWN = {
    "provider": "is no outlet, so outlets with its words in their names were searched",
    "topic": "is no topic, so topics with its words were searched",
    "type": "is the type of no item",
    "year": "is the year of no item",
    "language": "is the language of no item",
}
"""What a note says of a value that no item has."""

_LONGEST_TAIL = 4

_SHORT = 32
"""Longer words are not remembered."""

MAX_NAMESAKES = 16
"""With more outlets of a name than this, as garbage may be, the name is searched as words."""


def leaf_expression(node: Typed, notes: list[Note], vocabulary: Vocabulary) -> Expression:
    """The expression of a typed text, for a generation with this vocabulary; `MatchNone` if it
    holds no word. A note is added on a value that no item has."""
    if type(node) is Word and not node.field and len(node.text) <= _SHORT:
        found: Expression = vocabulary.words.get(node.text, lambda _: _leaf(node, vocabulary))
        return found
    return _value(node, notes, vocabulary) or _leaf(node, vocabulary)


def selected(group: str, text: str, notes: list[Note], vocabulary: Vocabulary) -> Expression:
    """The items that a filter of a facet group lets through: those that the field of this name
    finds, with the text in quotes if it has blanks. A value that is there may end in a star."""
    node: Typed = Word(text, group)
    if any(map(str.isspace, text)):
        node = tree.Phrase(text, group)
    elif _is_starred(text) and not vocabulary.called(group, text):
        node = tree.Prefix(text[:-1], group)
    found = leaf_expression(node, notes, vocabulary)
    return Keyword(FACETS[group], value_key(text)) if isinstance(found, MatchNone) else found


def _is_starred(text: str) -> bool:
    return text.find("*") == len(text) - 1 and any(map(str.isalnum, text))


def _value(node: Typed, notes: list[Note], vocabulary: Vocabulary) -> Expression | None:
    """The whole value that a text names in its field; `None`, with a note, if it names none."""
    if node.field not in _UNKNOWN or isinstance(node, tree.Prefix):
        return None
    called = vocabulary.called(node.field, node.text)
    if 0 < len(called) <= MAX_NAMESAKES:
        return any_of(Keyword(FACETS[node.field], value) for value in called)
    noted = sum(note.kind == "unknown_value" for note in notes)
    if not called and noted < MAX_NOTES_OF_A_KIND:  # as to find near ones takes time
        near = near_hint(vocabulary.near(node.field, node.text))
        message = f"{shown(node.text)} {_UNKNOWN[node.field]}{near}"
        notes.append(Note("unknown_value", message, node.start, node.end))
    return None


def _leaf(node: Typed, vocabulary: Vocabulary) -> Expression:
    """The expression of a typed text; `MatchNone` if it holds no word."""
    field = node.field or "text"
    if isinstance(node, Address) and has_scheme(node.text):
        return _page(node)
    is_prefix = isinstance(node, tree.Prefix)
    if field in ("type", "year", "language"):
        value = value_key(node.text)
        return Prefix(field, value) if is_prefix and field != "language" else Keyword(field, value)
    forms = tokenizer.query_forms(node.text)
    if is_prefix:
        return _prefix(forms[0], field) if forms else MatchNone()
    outlet = _outlet(node.text)
    if field == "provider" and outlet:
        return outlet
    if isinstance(node, tree.Phrase):
        return any_of(Phrase(field, run) for run in (*forms, *_other_initials(node.text)))
    words = _words(field, forms, tokenizer.surface(node.text), vocabulary)
    if isinstance(node, Address):
        return best_of([_page(node), *words])
    return best_of([*words, outlet] if field == "text" and outlet else words)


def _other_initials(text: str) -> list[Form]:
    """The forms of a text with its initials side by side, and apart: `J.R.R.`, `J. R. R.`"""
    texts = (_APART.sub(r"\1", text), _TOGETHER.sub(r"\1 ", text))
    return [form for other in texts if other != text for form in tokenizer.query_forms(other)]


def _words(
    field: str, forms: Sequence[Form], surface: str, vocabulary: Vocabulary
) -> list[Expression]:
    """A typed word in each of its forms."""
    words: list[Expression] = [_word(field, form, vocabulary) for form in forms]
    if not forms or len(forms[0]) > 1:
        return words
    (exact,) = forms[0]
    if surface:
        words[0] = _as_written(field, surface, exact, vocabulary)
    if "en" in vocabulary.languages and exact not in vocabulary.stop_words:
        words += [Phrase(field, (other,)) for other in filter(None, [beside(exact)])]
    return words


def _word(field: str, form: Form, vocabulary: Vocabulary) -> Term | Phrase:
    if len(form) > 1:
        return Phrase(field, form)
    return word_term(field, form[0], vocabulary)


def word_term(field: str, exact: str, vocabulary: Vocabulary) -> Term:
    """A word by its stems in the languages of the items."""
    stem, *others = tokenizer.typed_stems((exact,), vocabulary.languages) or ("",)
    return Term(field, exact, stem, word_boost(exact, vocabulary), tuple(others))


def word_boost(exact: str, vocabulary: Vocabulary) -> float:
    """What the score of a word is multiplied by: a stop word weighs little."""
    return STOP_WORD if exact in vocabulary.stop_words else 1.0


def _as_written(field: str, surface: str, exact: str, vocabulary: Vocabulary) -> Expression:
    """A word whose surface form brings what is written so to the front: an acronym that is
    otherwise a stop word (`WHO`) as if it were another word."""
    word = word_term(field, exact, vocabulary)
    if word.boost < 1 and surface not in vocabulary.stop_words:
        return AnyOf((Term(field, surface), word))
    stem, *others = tokenizer.typed_stems((surface, exact), vocabulary.languages) or (exact,)
    return Term(field, surface, stem, word.boost, tuple(others))


def _page(address: Address) -> Expression:
    """The page at an address, to which any of its tail may belong (`Yahoo!...`)."""
    ends = {*range(min(len(address.tail), _LONGEST_TAIL)), len(address.tail)}
    texts = (address.text + address.tail[:end] for end in sorted(ends))
    return any_of(Keyword("url", url_key(text), ADDRESS) for text in texts)


def _outlet(text: str) -> Keyword | None:
    """The outlet that a text names by its domain; `None` for any other text."""
    if not _DOMAIN.fullmatch(text):
        return None
    return Keyword("outlet", text.lower().removeprefix("www."))


def _prefix(forms: tuple[str, ...], field: str) -> Expression:
    """The last form is a prefix; the forms before it in the same chunk must precede it as typed."""
    *before, last = forms
    prefix = Prefix(field, last)
    return all_of([Phrase(field, tuple(before)), prefix]) if before else prefix
