"""The query after analysis: what an engine evaluates, in terms of the field table.

    Term          a word: its stem where it has one, the exact form preferred
    Sequence      exact forms in a row; one alone is a word without its stem
    Start         exact forms that begin like this
    Keyword       a whole value of a keyword field; does not score
    Span          a bound on a number field; does not score
    Everything    every item; does not score
    Nothing       no item
    AllOf AnyOf   of their members; scores add up. `Exclude` stands only in `AllOf`.

An engine matches exactly what this says, and scores as `ranking` says over the field named:
a `Term` by its stem, and by its exact form once more at a share of `ranking.EXACT`; an exact form
without a stem at both shares; a `Phrase` as each of its distinct forms alone; a `Prefix` as one
term that stands wherever a form stands that begins so. On a keyword field it does not score.

A new kind of leaf is a class here (and in `leaves` and `scored`, if it scores), and is then taught:

    search.interpret                    which of what is typed becomes such a leaf
    search.highlight                    what it marks in a text
    engines.whoosh.cost_limit           `Costs.of` and `at_most`: what it costs
    engines.whoosh.vectorized.matcher   which documents it matches, and what they score
    engines.whoosh.native               the same in the kernel: `query_compiler`, then `program`,
                                        `match`, `score`; in `leaf` its score, and bounds on that
    tests.contract                      `reference`, what it means; `corpora`, that it is drawn:
                                        every suite there asks for it then
"""

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct


class Term(Struct, frozen=True):
    """Matches items with `stem` in `field`, or with `exact` where `stem` is empty."""

    field: str
    exact: str
    stem: str = ""


class Phrase(Struct, frozen=True):
    """Matches items with these exact forms at successive positions of `field`."""

    field: str
    terms: tuple[str, ...]


class Prefix(Struct, frozen=True):
    """Matches items with an exact form in `field` that starts with `prefix`."""

    field: str
    prefix: str


class Keyword(Struct, frozen=True):
    """Matches items that have `value` among those of a keyword field."""

    field: str
    value: str


class NumericRange(Struct, frozen=True):
    """Matches items with `low <= value < high` in a number field; `None` is no bound."""

    field: str
    low: int | None
    high: int | None


class MatchAll(Struct, frozen=True):
    """Matches every item."""


class MatchNone(Struct, frozen=True):
    """Matches no item."""


class Exclude(Struct, frozen=True):
    """Inside `AllOf`: takes away what `child` matches."""

    child: "Expression"


class AllOf(Struct, frozen=True):
    """Matches what every member matches; at least one member is no `Exclude`."""

    members: "tuple[Expression, ...]"


class AnyOf(Struct, frozen=True):
    """Matches what some member matches."""

    members: "tuple[Expression, ...]"


Scored: TypeAlias = Term | Phrase | Prefix
Expression: TypeAlias = (
    Scored | Keyword | NumericRange | MatchAll | MatchNone | Exclude | AllOf | AnyOf
)


def all_of(members: list[Expression]) -> Expression:
    """The conjunction in its simplest form, each member once; of nothing: everything."""
    members = list(dict.fromkeys(members))
    if any(isinstance(member, MatchNone) for member in members):
        return MatchNone()
    if all(isinstance(member, Exclude) for member in members):
        members = [MatchAll(), *members]
    return members[0] if len(members) == 1 else AllOf(tuple(members))


def any_of(members: list[Expression]) -> Expression:
    """The disjunction in its simplest form, each member once; of nothing: nothing."""
    distinct = list(dict.fromkeys(m for m in members if not isinstance(m, MatchNone)))
    if not distinct:
        return MatchNone()
    return distinct[0] if len(distinct) == 1 else AnyOf(tuple(distinct))


Window: TypeAlias = tuple[int | None, int | None]
"""Bounds on the date in half-open UTC seconds; `None` is no bound."""


def in_window(expression: Expression, window: Window) -> Expression:
    """What of an expression lies in a window of dates."""
    return (
        expression
        if window == (None, None)
        else all_of([expression, NumericRange("date", *window)])
    )


def leaves(expression: Expression) -> Iterator[Scored]:
    """The leaves of a kind that scores, in order, those taken away included."""
    if isinstance(expression, Exclude):
        yield from leaves(expression.child)
    elif isinstance(expression, AllOf | AnyOf):
        for member in expression.members:
            yield from leaves(member)
    elif isinstance(expression, Term | Phrase | Prefix):
        yield expression


def scored(expression: Expression) -> Iterator[Scored | Keyword]:
    """The leaves that say why an item was found: none of those taken away."""
    if isinstance(expression, AllOf | AnyOf):
        for member in expression.members:
            yield from scored(member)
    elif isinstance(expression, Term | Phrase | Prefix | Keyword):
        yield expression
