"""An expression made into a program of the kernel."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from indexer.schema import FACETS
from indexer.segment import NUMBERS
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

    def __init__(
        self,
        index: segment.Index,
        segments: Sequence[SegmentReader],
        names: Mapping[str, Sequence[str]],
    ) -> None:
        """`names`: of each facet group's values, by global ordinal."""
        self.program = program.Program(index)
        self._segments, self._names = segments, names
        self._nodes: dict[int, tuple[program.ProgramNode, Expression]] = {}
        self._forms: dict[tuple[str, str], program.ProgramNode] = {}

    def node(self, expression: Expression) -> program.ProgramNode:
        """The node of an expression. What matches in full and what does in part are made of the
        same objects, of which there is one node each; they are held, so that no identity is
        another's later."""
        known = self._nodes.get(id(expression))
        if known is None:
            known = self._nodes[id(expression)] = self._node(expression), expression
        return known[0]

    def _node(self, expression: Expression) -> program.ProgramNode:
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
                names = self._names["type"]
                low = bisect_left(names, prefix)
                high = bisect_right(names, prefix, low, key=lambda name: name[: len(prefix)])
                return made.value(_GROUPS["type"][0], low, high)
            case Prefix(field, prefix):
                return made.prefix(_FIELDS[field], prefix.encode())
            case Keyword("url" | "id" as field, value):
                return made.doc_list([own.having(field, value) for own in self._segments])
            case Keyword(field, value):
                number, group = _GROUPS[field]
                names = self._names[group]
                low = bisect_left(names, value)
                return made.value(number, low, low + (value in names[low : low + 1]))
            case Exclude(child):
                return made.exclude(self.node(child))
            case NumericRange(field, low, high):
                return made.range(_COLUMNS[field], _bound(low, LEAST), _bound(high, GREATEST))
            case MatchAll():
                return made.everything()
            case MatchNone():
                return made.nothing()

    def _form(self, field: str, form: str) -> program.ProgramNode:
        """An exact form that counts alone."""
        if (field, form) not in self._forms:
            node = self.program.term(_FIELDS[field], form.encode(), b"", ALONE, 0.0)
            self._forms[field, form] = node
        return self._forms[field, form]


def _bound(bound: int | None, otherwise: int) -> int:
    """A bound as far as numbers go."""
    return otherwise if bound is None else max(LEAST, min(bound, GREATEST))
