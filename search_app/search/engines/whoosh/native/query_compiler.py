"""An expression made into a program of the kernel."""

from collections.abc import Sequence as Several

from indexer.schema import FACETS
from indexer.segment import NUMBERS, url_digest
from search_app.search import ranking
from search_app.search.engines.whoosh.native import program, segment
from search_app.search.engines.whoosh.segment_reader import TEXT_FIELDS, SegmentReader
from search_app.search.engines.whoosh.similarity import ALONE
from search_app.search.query.logical import (
    AllOf,
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
)

_FIELDS = {field.name: number for number, field in enumerate(TEXT_FIELDS)}
_COLUMNS = {name: column for column, name in enumerate(NUMBERS)}
_GROUPS = {field: (number, group) for number, (group, field) in enumerate(FACETS.items())}

LEAST, GREATEST = -(1 << 62) + 1, (1 << 63) - 1
"""Bounds that every number is within, but for `MISSING`."""


class QueryCompiler:
    """Makes expressions into nodes of one program."""

    def __init__(self, index: segment.Index, segments: Several[SegmentReader]) -> None:
        self.program = program.Program(index)
        self._segments = segments
        self._nodes: dict[int, tuple[int, Expression]] = {}  # by identity: held, none is reused
        self._forms: dict[tuple[str, str], int] = {}

    def node(self, expression: Expression) -> int:
        """The node of an expression. What matches in full and what does in part are made of the
        same objects, of which there is one node each."""
        known = self._nodes.get(id(expression))
        if known is None:
            known = self._nodes[id(expression)] = self._node(expression), expression
        return known[0]

    def _node(self, expression: Expression) -> int:
        made = self.program
        match expression:
            case Term(field, exact, ""):
                return self._form(field, exact)
            case Term(field, exact, stem):
                words = exact.encode(), stem.encode()
                return made.term(_FIELDS[field], *words, 1.0, ranking.EXACT)
            case AllOf(members):
                return made.all([self.node(member) for member in members])
            case AnyOf(members):
                return made.any([self.node(member) for member in members])
            case Phrase(field, terms):
                return made.phrase([self._form(field, term) for term in terms])
            case Prefix("type", prefix):
                return self._value("type", prefix, whole=False)
            case Prefix(field, prefix):
                return made.prefix(_FIELDS[field], prefix.encode())
            case Keyword("url", value):
                return made.urls(url_digest(value))
            case Keyword("id", value):
                return made.ids(value.encode())
            case Keyword(field, value):
                return self._value(field, value, whole=True)
            case Exclude(child):
                return made.without(self.node(child))
            case NumericRange(field, low, high):
                return made.range(_COLUMNS[field], _bound(low, LEAST), _bound(high, GREATEST))
            case MatchAll():
                return made.everything()
            case MatchNone():
                return made.nothing()

    def _form(self, field: str, form: str) -> int:
        """An exact form that counts alone."""
        if (field, form) not in self._forms:
            node = self.program.term(_FIELDS[field], form.encode(), b"", ALONE, 0.0)
            self._forms[field, form] = node
        return self._forms[field, form]

    def _value(self, field: str, value: str, *, whole: bool) -> int:
        """The values of a keyword field that are this, or begin so."""
        number, group = _GROUPS[field]
        names = [one.names[group] for one in self._segments]
        if whole:
            found = [own.find(value.encode()) for own in names]
            bounds = [(ordinal, ordinal + 1) for ordinal in found]  # -1, if none: no value is
        else:
            starting = [own.starting(value.encode()) for own in names]
            bounds = [(ordinals.start, ordinals.stop) for ordinals in starting]
        return self.program.value(number, bounds)


def _bound(bound: int | None, otherwise: int) -> int:
    """A bound as far as numbers go."""
    return otherwise if bound is None else max(LEAST, min(bound, GREATEST))
