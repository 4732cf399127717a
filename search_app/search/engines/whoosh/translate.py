"""From expressions to Whoosh queries."""

from typing import Any

from whoosh import query as whoosh

from search_app.search import ranking
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


def translate(expression: Expression) -> Any:
    """The `whoosh.query.Query` that matches, and scores, what the expression says."""
    match expression:
        case Term(field, exact, stem):
            if not stem:
                return whoosh.Term(field, exact, boost=1 + ranking.EXACT)
            preferred = whoosh.Term(field, exact, boost=ranking.EXACT)
            return whoosh.AndMaybe(whoosh.Term(field, stem), preferred)
        case Sequence(field, (term,)):
            return whoosh.Term(field, term, boost=1 + ranking.EXACT)
        case Sequence(field, terms):
            return whoosh.Phrase(field, list(terms))
        case Start(field, prefix):
            return whoosh.Prefix(field, prefix)
        case Keyword(field, value):
            return _unscored(whoosh.Term(field, value))
        case Span(field, low, high):
            return _unscored(_range(field, low, high))
        case Everything():
            return _unscored(whoosh.Every())
        case Nothing():
            return whoosh.NullQuery
        case AllOf(members):
            return whoosh.And([translate(member) for member in members])
        case AnyOf(members):
            return whoosh.Or([translate(member) for member in members])
        case Without(child):
            return whoosh.Not(translate(child))


def _unscored(query: Any) -> Any:
    return whoosh.ConstantScoreQuery(query, score=0.0)


_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


def _range(field: str, low: int | None, high: int | None) -> Any:
    first = _LEAST if low is None else max(low, _LEAST)
    last = _MOST if high is None else min(high - 1, _MOST)
    return whoosh.NumericRange(field, first, last) if first <= last else whoosh.NullQuery
