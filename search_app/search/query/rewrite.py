"""Rewrites the tree of a query to the logical query that an engine evaluates.

Words are analysed, fields resolved, and `match` is applied to the top level of the tree. Phrases
(unless `match` is `any`), ranges, exclusions, URLs and `provider:`, `topic:`, `author:`, `type:`
are constraints, and so is an AND or OR of nothing else: every match satisfies them. A partial match
may lack any other word.

Kinds of notes: no_word; and those of `leaf`.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from math import sqrt
from typing import NamedTuple, TypeVar

from msgspec import Struct

from indexer.analysis import tokenizer
from indexer.analysis.english import STOP_WORDS
from search_app.search.query import tree
from search_app.search.query.addresses import has_scheme
from search_app.search.query.capitals import in_small_letters
from search_app.search.query.initials import with_initials
from search_app.search.query.leaf import leaf_expression, word_boost, word_term
from search_app.search.query.logical import (
    AnyOf,
    BestOf,
    Exclude,
    Expression,
    Keyword,
    MatchAll,
    MatchNone,
    NumericRange,
    Phrase,
    Should,
    Term,
    all_of,
    any_of,
    best_of,
    boosted,
    scored,
)
from search_app.search.query.notes import foremost, shown
from search_app.search.query.synonyms import NO_SYNONYMS, Synonyms
from search_app.search.query.tree import (
    Address,
    And,
    Group,
    Node,
    Not,
    Note,
    Or,
    Range,
    Typed,
    Word,
)
from search_app.search.vocabulary import Vocabulary

_LONGEST_NAME = 3
_SEVERAL = (And, Or)
AnyExpression = TypeVar("AnyExpression", bound=Expression)
CONSTRAINTS = ("provider", "topic", "author", "type", "language")


class Match(StrEnum):
    """Whether an item must have all or any of the words; `AUTO`: all, then some of them."""

    AUTO = "auto"
    ALL = "all"
    ANY = "any"


class LogicalQuery(Struct, frozen=True):
    """`full` is what was asked for. `partial`, which matches everything that `full` does and more,
    is added if `full` matches too few items; `None`: nothing is. `pairs`: the words that stand side
    by side in the query, by which `ranking` rescores."""

    full: Expression
    partial: Expression | None
    notes: tuple[Note, ...]
    pairs: tuple[tuple[Term, Term], ...] = ()


class _Parts(NamedTuple):
    """What a query is made of: its `constraints`; the `words` that an item may have some of; and
    what of them it is `required` to have, synonyms being one way to have a word."""

    words: list[Expression]
    required: list[Expression]
    constraints: list[Expression]


def rewrite(
    tree: Group, match: Match, vocabulary: Vocabulary, synonyms: Synonyms = NO_SYNONYMS
) -> LogicalQuery:
    """The logical query of a tree, for a generation with this vocabulary. One in which nothing can
    be searched for matches no item. Words that have synonyms together are there if one of these is,
    or all of them are."""
    notes: list[Note] = []
    children = _loosened(tree.children) if match is Match.ANY else tree.children
    parts = _parts(children, match, vocabulary, synonyms, notes)
    words, constraints = _once(parts.words), parts.constraints
    kept_notes, pairs = foremost(notes), _pairs(children, vocabulary)
    if not words and not constraints:
        return LogicalQuery(MatchNone(), None, kept_notes)
    if match is Match.ANY and words:
        loose = all_of([*constraints, *_any_of(words, vocabulary)])
        return LogicalQuery(loose, None, kept_notes, pairs)
    full = all_of([*constraints, *_once(parts.required)])
    common = vocabulary.stop_words
    partial = _partial(words, constraints, common) if match is Match.AUTO else None
    return LogicalQuery(full, partial, kept_notes, pairs)


def _parts(
    nodes: Sequence[Node],
    match: Match,
    vocabulary: Vocabulary,
    synonyms: Synonyms,
    notes: list[Note],
) -> _Parts:
    parts = _Parts([], [], [])
    for run in synonyms.runs(in_small_letters(with_initials(nodes))):
        own: list[Expression] = []
        for child in run:
            is_word = isinstance(child, Word)
            expression = _expression(child, notes, vocabulary, NO_SYNONYMS if is_word else synonyms)
            if expression is not None:
                if match is Match.ANY and is_word:
                    expression = _in_parts(expression, vocabulary)
                (parts.constraints if _is_constraint(child, match) else own).append(expression)
        others = synonyms.of(run, vocabulary)
        whole = [best_of([all_of(own), *others])] if others else own
        parts.words.extend(whole if len(run) == 1 else [*own, *others])
        parts.required.extend(whole)
    return parts


def _loosened(nodes: Sequence[Node]) -> list[Node]:
    """The nodes where any word will do: beside others, the words of a quotation, which is longer
    than a name, are words of their own."""
    if len(nodes) == 1:
        return list(nodes)
    loosened: list[Node] = []
    for node in nodes:
        if isinstance(node, tree.Phrase) and not node.field and _is_quotation(node.text):
            loosened += [Word(text, "", node.start, node.end) for text in node.text.split()]
        else:
            loosened.append(node)
    return loosened


def _is_quotation(text: str) -> bool:
    return len(text.split()) > _LONGEST_NAME


def _once(words: list[Expression]) -> list[Expression]:
    """Each word once; one that was typed several times scores the square root of so many times."""
    if len(set(words)) == len(words):
        return words
    return [boosted(word, sqrt(count)) for word, count in Counter(words).items()]


def _pairs(
    nodes: Sequence[Node], vocabulary: Vocabulary, most: int = 32
) -> tuple[tuple[Term, Term], ...]:
    """The pairs of different words that stand side by side in a query, each once; not more than
    `most`, and none of two stop words."""
    pairs: dict[tuple[Term, Term], None] = {}
    before: Term | None = None
    for node in nodes:
        if not isinstance(node, Word) or node.field:
            before = None
            continue
        for exact in tokenizer.phrase(node.text):
            word = Term("text", exact, boost=word_boost(exact, vocabulary))
            if before and before != word and max(before.boost, word.boost) == 1:
                pairs[before, word] = None
            before = word
    return tuple(pairs)[:most]


def _partial(
    words: list[Expression], constraints: list[Expression], stop_words: Collection[str]
) -> Expression | None:
    """Any of the words instead of all; or, beside a phrase or an address, which must match, none of
    them."""
    if not words:
        return None
    if any(_can_stand_alone(constraint) for constraint in constraints):
        return any_of([all_of([*constraints, any_of(words)]), all_of(constraints)])
    if len(set(words)) < 2:
        return None
    telling = discriminating(words, stop_words)
    forms = [_discriminating_form(word, stop_words) for word in telling]
    return all_of([*constraints, any_of(forms)])


def _in_parts(word: Expression, vocabulary: Vocabulary) -> Expression:
    """A word where any word will do: each reading of it that is several in a row also by its parts;
    but single letters and digits, which say nothing alone."""
    readings: list[Expression] = []
    for reading in word.members if isinstance(word, BestOf) else (word,):
        if isinstance(reading, Phrase):
            parts = [term for term in reading.terms if len(term) > 1]
            readings.append(any_of(word_term(reading.field, part, vocabulary) for part in parts))
        readings.append(reading)
    return best_of(readings)


def _any_of(words: Sequence[Expression], vocabulary: Vocabulary) -> Iterator[Expression]:
    """Any of the words; an item found by one of them also scores by single words of phrases."""
    yield any_of(words)
    for phrase in words:
        if isinstance(phrase, Phrase):
            single = [word_term(phrase.field, term, vocabulary) for term in phrase.terms]
            yield from map(Should, single)


def _can_stand_alone(expression: Expression) -> bool:
    """Whether an expression is a phrase or an address, in any of its readings."""
    if isinstance(expression, AnyOf):
        return all(map(_can_stand_alone, expression.members))
    is_address = isinstance(expression, Keyword) and expression.field == "url"
    return is_address or isinstance(expression, Phrase)


def _is_constraint(node: Node, match: Match) -> bool:
    """Whether every match, full or partial, must satisfy the node."""
    if isinstance(node, Address):
        return has_scheme(node.text) and match is not Match.ANY
    if isinstance(node, Typed):
        is_strict = isinstance(node, tree.Phrase) and match is Match.AUTO
        return node.field in CONSTRAINTS or is_strict
    if isinstance(node, _SEVERAL):
        return all(_is_constraint(child, match) for child in node.children)
    return True


def discriminating(
    words: list[AnyExpression], stop_words: Collection[str] = STOP_WORDS
) -> list[AnyExpression]:
    """The words that are no stop words, or all if there are no others."""
    return [word for word in words if not is_common(word, stop_words)] or words


def _discriminating_form(word: Expression, stop_words: Collection[str]) -> Expression:
    """The word; of a stop word in capitals (`WHO`), the acronym alone."""
    match word:
        case AnyOf((Term() as acronym, Term() as common)) if is_common(common, stop_words):
            return acronym
    return word


def is_common(expression: Expression, stop_words: Collection[str]) -> bool:
    """Whether an expression scores by stop words alone."""
    leaves = scored(expression)
    return bool(leaves) and all(
        isinstance(leaf, Term) and leaf.exact in stop_words for leaf in leaves
    )


def _expression(
    node: Node, notes: list[Note], vocabulary: Vocabulary, synonyms: Synonyms
) -> Expression | None:
    """The expression of a node, each word in it with its own synonyms; `None` if there is nothing
    to search for in it, with a note on each text that holds no word."""
    if isinstance(node, Typed):
        return _typed(node, notes, vocabulary, synonyms)
    if isinstance(node, tree.Everything):
        return MatchAll()
    if isinstance(node, Range):
        return NumericRange(node.field, node.low, node.high)
    if isinstance(node, Not):
        child = _expression(node.child, notes, vocabulary, NO_SYNONYMS)
        return None if child is None else Exclude(child)
    found = (_expression(child, notes, vocabulary, synonyms) for child in node.children)
    members = [one for one in found if one]
    if not members:
        return None
    return any_of(all_of([one]) for one in members) if isinstance(node, Or) else all_of(members)


def _typed(
    node: Word | tree.Phrase | tree.Prefix | Address,
    notes: list[Note],
    vocabulary: Vocabulary,
    synonyms: Synonyms,
) -> Expression | None:
    expression = leaf_expression(node, notes, vocabulary)
    if not isinstance(expression, MatchNone):
        others = synonyms.of((node,), vocabulary)
        return best_of([expression, *others]) if others else expression
    message = f"{shown(node.text)} holds no letter or digit to search for, so it was left out"
    notes.append(Note("no_word", message, node.start, node.end))
    return None
