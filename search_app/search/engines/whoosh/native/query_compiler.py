"""An expression written into a program of the kernel."""

from collections.abc import Sequence as Several
from typing import Any

from indexer.engines.whoosh.gather import NUMBERS
from search_app.search import ranking
from search_app.search.engines.whoosh.compiled import kernel
from search_app.search.engines.whoosh.evaluate import ALONE, Evaluation
from search_app.search.engines.whoosh.scoring import Scoring
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.engines.whoosh.weighting import JoinedBM25F
from search_app.search.expression import (
    AllOf,
    AnyOf,
    Everything,
    Expression,
    Keyword,
    Nothing,
    Sequence,
    Span,
    Start,
    Term,
    Without,
)

_COLUMNS = {name: column for column, name in enumerate(NUMBERS)}

LEAST, GREATEST = -(1 << 62) + 1, (1 << 63) - 1
"""Bounds that every number is within, but for `MISSING`."""


class Writer:
    """Writes expressions into one program. What the kernel does not know, words of one field and
    whole values, is looked up beforehand and listed."""

    def __init__(
        self, index: kernel.Index, segments: Several[Segment], weighting: JoinedBM25F
    ) -> None:
        self.program = kernel.Program(index)
        self._segments, self._weighting = segments, weighting
        self._known: dict[int, tuple[int, Expression]] = {}  # by identity: held, none is reused
        self._forms: dict[str, int] = {}

    def node(self, expression: Expression) -> int:
        """The node of an expression. What matches in full and what does in part are made of the
        same objects, of which there is one node each."""
        known = self._known.get(id(expression))
        if known is None:
            known = self._known[id(expression)] = self._node(expression), expression
        return known[0]

    def _node(self, expression: Expression) -> int:
        program = self.program
        match expression:
            case Term("text", exact, ""):
                return self._form(exact)
            case Term("text", exact, stem):
                return program.term(exact.encode(), stem.encode(), 1.0, ranking.EXACT)
            case AllOf(members):
                return program.all([self.node(member) for member in members])
            case AnyOf(members):
                return program.any([self.node(member) for member in members])
            case Sequence("text", terms):
                return program.row([self._form(term) for term in terms])
            case Start("text", prefix):
                return program.beginning(prefix.encode())
            case Without(child):
                return program.without(self.node(child))
            case Span(field, low, high):
                return program.span(_COLUMNS[field], _bound(low, LEAST), _bound(high, GREATEST))
            case Everything():
                return program.everything()
            case Nothing():
                return program.nothing()
        return program.listed(self._listed(expression))

    def _form(self, form: str) -> int:
        """An exact form that counts alone."""
        if form not in self._forms:
            self._forms[form] = self.program.term(form.encode(), b"", ALONE, 0.0)
        return self._forms[form]

    def _listed(self, leaf: Expression) -> list[tuple[Any, Any]]:
        """The documents of a leaf in each segment, and their scores if it has any."""
        evaluation = Evaluation(self._segments, self._weighting)
        if isinstance(leaf, Term):
            found = [
                segment.having(leaf.field, leaf.stem or leaf.exact) for segment in self._segments
            ]
        else:
            found = [matches.numbers for matches in evaluation.matches(leaf)]
        if isinstance(leaf, Keyword) or (isinstance(leaf, Start) and leaf.field == "type"):
            return [(numbers, None) for numbers in found]
        scoring = Scoring(evaluation)
        return [
            (numbers, scoring.scores(leaf, place, numbers)) for place, numbers in enumerate(found)
        ]


def _bound(bound: int | None, otherwise: int) -> int:
    """A bound as far as numbers go."""
    return otherwise if bound is None else max(LEAST, min(bound, GREATEST))
