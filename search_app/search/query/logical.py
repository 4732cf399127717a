"""The logical query: what an engine evaluates, in analysed terms and the fields of the schema.

    Term          a word: its stem where it has one; the form as typed scores more
    Phrase        exact forms at successive positions; of one form: a word without its stem
    Prefix        the exact forms that begin so
    Keyword       a whole value of a keyword field; its score is given
    NumericRange  a range of a number field; does not score
    MatchAll      every item; does not score
    MatchNone     no item
    AllOf AnyOf   all or any of their members; scores add up
    BestOf        any of its members, as different readings of one word; the best score counts

`Exclude` and `Should`, which occur only in `AllOf`, are members that need not match.

An engine matches exactly what this says, and scores by `ranking` over the field named: a `Term` by
its stem, plus `ranking.EXACT` times the score of its exact form; an exact form without a stem by
both; a `Phrase` as the sum of its distinct forms; a `Prefix` as one term that occurs wherever one
of its forms does. Each score is multiplied by the leaf's `boost`. A `Prefix` of a keyword field
does not score.

A new kind of leaf is a class here (and in `leaves` and `scored`, if it scores). Then teach it to:

    query.leaf                          which typed leaves become it
    highlighting.highlighter            what it marks in a text
    engines.whoosh.cost_limit           `Costs`: what it costs
    engines.whoosh.vectorized.matcher   which documents it matches, and what they score
    engines.whoosh.native               the same in the kernel: `program`, then `matcher`; in
                                        `leaf` its score, and bounds on that
    engines.whoosh.explainer            how what it scores comes about
    tests.contract                      `reference`, what it means; `corpora`, that it is drawn:
                                        every suite there asks for it then
"""

from collections.abc import Iterable
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace


class Term(Struct, frozen=True):
    """Matches items with `stem` in `field` or, if they lack it, with one of `others`; or with
    `exact` where `stem` is empty. An item that has `exact` has one of them.

    Of a word typed in a surface form (`WHO`: see `analysis.parts`), `exact` is that form, and
    `stem` the word's stem or, if it has none, the folded word. Where items are in several
    languages, `others` are the word's stems in those. They all count as one term, which weighs in
    an item what the first does that the item has: see Lucene's `SynonymQuery`.
    """

    field: str
    exact: str
    stem: str = ""
    boost: float = 1.0
    others: tuple[str, ...] = ()

    @property
    def stems(self) -> tuple[str, ...]:
        """All stems, in their order; none where the exact form is searched for alone."""
        return (self.stem, *self.others) if self.stem else ()


class Phrase(Struct, frozen=True):
    """Matches items with these exact forms at successive positions of `field`."""

    field: str
    terms: tuple[str, ...]
    boost: float = 1.0


class Prefix(Struct, frozen=True):
    """Matches items with an exact form in `field` that starts with `prefix`."""

    field: str
    prefix: str
    boost: float = 1.0


class Keyword(Struct, frozen=True):
    """Matches items that have `value` among those of a keyword field. `score`: what each of them
    scores, if the field is `url` or `id` (Lucene's `ConstantScoreQuery`)."""

    field: str
    value: str
    score: float = 0.0


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
    """Inside `AllOf`: excludes what `child` matches."""

    child: "Expression"


class Should(Struct, frozen=True):
    """Inside `AllOf`: adds the score of `child` to the items that match it, too."""

    child: "Expression"


class AllOf(Struct, frozen=True):
    """Matches what every member matches; at least one member is no `Exclude` and no `Should`."""

    members: "tuple[Expression, ...]"


class AnyOf(Struct, frozen=True):
    """Matches what some member matches."""

    members: "tuple[Expression, ...]"


class BestOf(Struct, frozen=True):
    """Matches what some member matches, and scores as the member that scores most (Lucene's
    `DisjunctionMaxQuery`)."""

    members: "tuple[Expression, ...]"


Scored: TypeAlias = Term | Phrase | Prefix
Expression: TypeAlias = (
    Scored
    | Keyword
    | NumericRange
    | MatchAll
    | MatchNone
    | Exclude
    | Should
    | AllOf
    | AnyOf
    | BestOf
)


def all_of(members: Iterable[Expression]) -> Expression:
    """The conjunction in its simplest form, each member once; `MatchAll` of no members."""
    distinct = tuple(dict.fromkeys(members))
    kinds = set(map(type, distinct))
    if MatchNone in kinds:
        return MatchNone()
    if kinds <= {Exclude, Should}:
        distinct = (MatchAll(), *distinct)
    return distinct[0] if len(distinct) == 1 else AllOf(distinct)


def any_of(members: Iterable[Expression]) -> Expression:
    """The disjunction in its simplest form, each member once; `MatchNone` of no members."""
    return _disjunction(members, AnyOf)


def best_of(members: Iterable[Expression]) -> Expression:
    """The readings of a word in the simplest form, each once; `MatchNone` of no members."""
    return _disjunction(members, BestOf)


def _disjunction(members: Iterable[Expression], kind: type[AnyOf | BestOf]) -> Expression:
    distinct = tuple(dict.fromkeys([m for m in members if type(m) is not MatchNone]))
    if not distinct:
        return MatchNone()
    return distinct[0] if len(distinct) == 1 else kind(distinct)


def boosted(expression: Expression, boost: float) -> Expression:
    """The expression with every score multiplied by `boost` (Lucene's `BoostQuery`)."""
    match expression:
        case _ if boost == 1:
            return expression
        case Term() | Phrase() | Prefix():
            return replace(expression, boost=expression.boost * boost)
        case AllOf(members) | AnyOf(members) | BestOf(members):
            return type(expression)(tuple([boosted(member, boost) for member in members]))
        case Should(child):
            return Should(boosted(child, boost))
    return expression


Window: TypeAlias = tuple[int | None, int | None]
"""Bounds on the date in half-open UTC seconds; `None` is no bound."""


def in_window(expression: Expression, window: Window) -> Expression:
    """The expression, restricted to a window of dates."""
    if window == (None, None):
        return expression
    return all_of([expression, NumericRange("date", *window)])


_SCORED = (Term, Phrase, Prefix)
_REASONS = (*_SCORED, Keyword)
_SEVERAL = (AllOf, AnyOf, BestOf)


def leaves(expression: Expression) -> list[Scored]:
    """All leaves of a kind that scores, in order, the excluded ones included."""
    if isinstance(expression, _SCORED):
        return [expression]
    if isinstance(expression, _SEVERAL):
        return [leaf for member in expression.members for leaf in leaves(member)]
    return leaves(expression.child) if isinstance(expression, Exclude | Should) else []


def scored(expression: Expression) -> list[Scored | Keyword]:
    """The leaves that can be why an item matched: none of `Exclude` or `Should`."""
    if isinstance(expression, _REASONS):
        return [expression]
    if isinstance(expression, _SEVERAL):
        return [leaf for member in expression.members for leaf in scored(member)]
    return []
