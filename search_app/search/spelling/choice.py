"""Which alternatives of several words go together, and with the other words of the query.

Two words that stand in the same items, and in the same headlines, more often than chance would have
it were probably meant together: the logarithm of each ratio (pointwise mutual information, Church
and Hanks 1990) adds to the likelihood of the alternatives.
"""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from math import log

from msgspec.structs import replace

from search_app.search.protocols import Searcher
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    BestOf,
    Expression,
    Phrase,
    Term,
    all_of,
)
from search_app.search.spelling.alternatives import Alternative
from search_app.search.spelling.policy import Policy


def choose(
    searcher: Searcher,
    slots: Iterable[Sequence[Alternative]],
    context: Sequence[Expression],
    policy: Policy,
) -> tuple[Alternative, ...]:
    """One alternative of each slot, which fit each other and the `context` best.

    The slots are gone through in order, and only the best few combinations are kept (a beam
    search), in which the fit with the alternative before counts: a few dozen counts for each slot.
    """
    affinity = _Affinity(searcher, policy.doubt)
    beam: list[tuple[float, tuple[Alternative, ...]]] = [(0.0, ())]
    for slot in slots:
        affinity.ask(
            (one.expression, other)
            for one in slot
            for other in (*context, *(chosen[-1].expression for _, chosen in beam if chosen))
        )
        grown = [
            (
                score
                + one.likelihood(policy.edit_cost)
                + sum(affinity.of(one.expression, other) for other in context)
                + sum(affinity.of(one.expression, last.expression) for last in chosen[-1:]),
                (*chosen, one),
            )
            for score, chosen in beam
            for one in slot
        ]
        beam = nlargest(policy.alternatives, grown, key=lambda entry: entry[0])
    return beam[0][1]


class _Affinity:
    """How much more often than by chance two expressions match the same items and headlines. Each
    count is asked for once."""

    def __init__(self, searcher: Searcher, doubt: float) -> None:
        self._searcher, self._doubt = searcher, doubt
        self._items = searcher.stats().items
        self._counts: dict[Expression, int] = {}

    def ask(self, pairs: Iterable[tuple[Expression, Expression]]) -> None:
        """Count the items and headlines of these pairs, all in one go."""
        both = [here for pair in pairs for here in (pair, (_titled(pair[0]), _titled(pair[1])))]
        wanted = dict.fromkeys(one for pair in both for one in (*pair, all_of(pair)))
        new = [one for one in wanted if one not in self._counts]
        self._counts |= zip(new, self._searcher.counts(new), strict=True)

    def of(self, one: Expression, other: Expression) -> float:
        """The sum of the logarithms of both ratios, each drawn towards 0 where few items tell."""
        return self._ratio(one, other) + self._ratio(_titled(one), _titled(other))

    def _ratio(self, one: Expression, other: Expression) -> float:
        together = self._counts[all_of((one, other))]
        chance = self._counts[one] * self._counts[other] / self._items
        return log((together + self._doubt) / (chance + self._doubt))


def _titled(expression: Expression) -> Expression:
    """The same words in a headline."""
    match expression:
        case Term() | Phrase():
            return replace(expression, field="title")
        case AllOf(members) | AnyOf(members) | BestOf(members):
            return replace(expression, members=tuple(map(_titled, members)))
    return expression
