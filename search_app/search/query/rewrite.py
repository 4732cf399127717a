"""From the tree a person typed to the expression an engine evaluates.

Words are analysed here, fields resolved, and `match` applied to the words that stand side by side
at the top. What must hold in any case are phrases (unless any word will do), ranges, exclusions,
addresses and `provider:`, `topic:`, `type:`, also when joined by AND or OR among themselves; what
may be missing from a partial match are plain words.
"""

import re
from enum import StrEnum

from msgspec import Struct

from indexer.analysis import tokenizer
from indexer.urls import url_key
from search_app.search.query import tree
from search_app.search.query.logical import (
    AnyOf,
    Exclude,
    Expression,
    Keyword,
    MatchAll,
    MatchNone,
    NumericRange,
    Phrase,
    Prefix,
    Term,
    all_of,
    any_of,
    scored,
)
from search_app.search.query.parser import foremost, shown
from search_app.search.query.tree import And, Group, Node, Not, Note, Or, Range, Word

_DOMAIN = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}")
_URL = re.compile(r"https?://", re.IGNORECASE)
_CONSTRAINTS = ("provider", "topic", "type")


class Match(StrEnum):
    """Whether all or any of the words must be in an item; `AUTO`: all, then some of them."""

    AUTO = "auto"
    ALL = "all"
    ANY = "any"


class LogicalQuery(Struct, frozen=True):
    """`full`: what is asked for. `partial`: what may follow where that is too little, or `None`.

    `partial` matches everything `full` does, and possibly more.
    """

    full: Expression
    partial: Expression | None
    notes: tuple[Note, ...]


def rewrite(tree: Group, match: Match) -> LogicalQuery:
    """Analyse a tree and apply `match` to it. A query without anything to search for matches
    everything if nothing was typed, and nothing if what was typed holds no word."""
    notes: list[Note] = []
    words: list[Expression] = []
    constraints: list[Expression] = []
    for child in tree.children:
        found = _expression(child, notes)
        if found is not None:
            (constraints if _is_constraint(child, match) else words).append(found)
    said = foremost(notes)
    if tree.children and not words and not constraints:
        return LogicalQuery(MatchNone(), None, said)
    if match is Match.ANY and words:
        return LogicalQuery(all_of([*constraints, any_of(words)]), None, said)
    full = all_of([*constraints, *words])
    partial = _partial(words, constraints) if match is Match.AUTO else None
    return LogicalQuery(full, partial, said)


def _partial(words: list[Expression], constraints: list[Expression]) -> Expression | None:
    """Some of the words instead of all; beside a phrase, which stays, also none of them."""
    if not words:
        return None
    some = all_of([*constraints, any_of(_discriminating(words))]) if len(set(words)) > 1 else None
    if any(_is_row(firm) for firm in constraints):
        return any_of([all_of([*constraints, any_of(words)]), all_of(constraints)])
    return some


def _is_row(expression: Expression) -> bool:
    if isinstance(expression, AnyOf):
        return all(isinstance(member, Phrase) for member in expression.members)
    return isinstance(expression, Phrase)


def _is_constraint(node: Node, match: Match) -> bool:
    """Whether it must hold in any case."""
    if isinstance(node, And | Or | Group):
        return all(_is_constraint(child, match) for child in node.children)
    if isinstance(node, Word | tree.Phrase | tree.Prefix) and node.field not in _CONSTRAINTS:
        row = isinstance(node, tree.Phrase) and match is Match.AUTO
        return row or (isinstance(node, Word) and bool(_URL.match(node.text)))
    return True


def _discriminating(words: list[Expression]) -> list[Expression]:
    """The words that can stand for the query alone: the common ones only if there are no others."""
    return [word for word in words if not is_common(word)] or words


def is_common(expression: Expression) -> bool:
    """Whether all there is to find in it are common words."""
    leaves = list(scored(expression))
    return bool(leaves) and all(
        isinstance(leaf, Term) and leaf.exact in tokenizer.STOP_WORDS for leaf in leaves
    )


def _expression(node: Node, notes: list[Note]) -> Expression | None:
    """The expression of a node; `None`, with a note, if there is nothing to search for in it."""
    if isinstance(node, tree.Everything):
        return MatchAll()
    if isinstance(node, Range):
        return NumericRange(node.field, node.low, node.high)
    if isinstance(node, Not):
        child = _expression(node.child, notes)
        return None if child is None else Exclude(child)
    if isinstance(node, And | Or | Group):
        members = [found for child in node.children if (found := _expression(child, notes))]
        if not members:
            return None
        if isinstance(node, Or):
            return any_of([all_of([member]) for member in members])
        return all_of(members)
    found = _leaf(node)
    if found is None:
        notes.append(
            Note(
                "no_word",
                f"{shown(node.text)} holds no letter or digit to search for, so it was left out",
                node.start,
                node.end,
            )
        )
    return found


def _leaf(node: Word | tree.Phrase | tree.Prefix) -> Expression | None:
    field = node.field or "text"
    if field == "type":
        return _kind(node)
    if isinstance(node, tree.Prefix):
        return _prefix(node.text, field)
    outlet = _outlet(node.text)
    if field == "provider" and outlet:
        return outlet
    if isinstance(node, tree.Phrase):
        return _phrase(node.text, field)
    if _URL.match(node.text):
        return Keyword("url", url_key(node.text))
    members: list[Expression] = [
        Term(field, run[0], tokenizer.stem_typed(run[0])) if len(run) == 1 else Phrase(field, run)
        for run in tokenizer.query_forms(node.text)
    ]
    if field == "text" and outlet:
        members.append(outlet)
    return any_of(members) if members else None


def _outlet(text: str) -> Keyword | None:
    """The outlet of a domain; `None` for what is none."""
    if not _DOMAIN.fullmatch(text):
        return None
    return Keyword("outlet", text.lower().removeprefix("www."))


def _kind(node: Word | tree.Phrase | tree.Prefix) -> Expression:
    value = " ".join(node.text.lower().split())
    return Prefix("type", value) if isinstance(node, tree.Prefix) else Keyword("type", value)


def _phrase(text: str, field: str) -> Expression | None:
    members: list[Expression] = [Phrase(field, run) for run in tokenizer.query_forms(text)]
    return any_of(members) if members else None


def _prefix(text: str, field: str) -> Expression | None:
    """The last word begins so; what stands before it in the same chunk must be there as it is."""
    forms = tokenizer.query_forms(text)
    if not forms:
        return None
    *before, last = forms[0]
    return all_of([*([Phrase(field, tuple(before))] if before else []), Prefix(field, last)])
