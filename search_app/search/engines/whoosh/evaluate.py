"""From an expression to the documents it matches and their scores, posting by posting.

Whoosh's own query classes are not used. Of 2.7.5, `Or` loses members that score 0, what is meant
to score 0 scores 1 and so does `Not`, conjunctions forget an empty member or a repeated one,
`Prefix` scores differently from segment to segment and reads the stems too, and nested
constants raise. What is used are its postings, its lexicon, its deletions.

All figures are those of the living documents: Whoosh counts deleted ones until their segment is
merged, and an index built step by step would then score unlike one built at once.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import reduce
from typing import Any

from whoosh.reading import TermNotFound

from indexer.analysis import STEM_MARK
from search_app.search import ranking
from search_app.search.engines.whoosh.columns import Columns
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

Scores = dict[int, float]
"""Document number to score."""

Rows = list[int] | None
"""The only document numbers of interest, ascending; `None`: all."""

ALONE = 1 + ranking.EXACT
"""What an exact form counts where no stem stands beside it."""


class Evaluator:
    """Evaluates over one Whoosh reader, and like it for one thread at a time."""

    def __init__(self, reader: Any, columns: Columns) -> None:
        self._columns = columns
        self._leaves = list(reader.leaf_readers()) if columns.live else []

    def scores(self, expression: Expression, among: Rows = None) -> Scores:
        """The documents, of those in `among`, that match."""
        match expression:
            case Term(field, exact, ""):
                return self._term(field, exact, ALONE, among)
            case Term(field, exact, stem):
                return self._stem(field, exact, stem, among)
            case Sequence(field, terms):
                return self._sequence(field, terms, among)
            case Start(field, prefix):
                return self._start(field, prefix, among)
            case Keyword(field, value):
                return {row: 0.0 for row, _ in self._postings(field, value.encode(), among)}
            case Span(field, low, high):
                return self._span(field, low, high, among)
            case Everything():
                return dict.fromkeys(self._rows(among), 0.0)
            case Nothing() | Without():  # what takes away matches nothing by itself
                return {}
            case AllOf(members):
                return self._all_of(members, among)
            case AnyOf(members):
                return reduce(_added, (self.scores(member, among) for member in members), {})

    def _term(self, field: str, term: str, boost: float, among: Rows) -> Scores:
        text = term.encode()
        weights = {row: posting.weight() for row, posting in self._postings(field, text, among)}
        containing = len(weights) if among is None else self._frequency(field, text)
        return self._bm25(field, weights, containing, boost)

    def _stem(self, field: str, exact: str, stem: str, among: Rows) -> Scores:
        found = self._term(field, stem, 1, among)
        preferred = self._term(field, exact, ranking.EXACT, among)
        return {row: score + preferred.get(row, 0.0) for row, score in found.items()}

    def _sequence(self, field: str, terms: tuple[str, ...], among: Rows) -> Scores:
        """The terms one by one, the rarest first, then the documents where they stand in a row."""
        containing = {term: self._frequency(field, term.encode()) for term in terms}
        places: dict[str, dict[int, frozenset[int]]] = {}
        found: list[Scores] = []
        for term in sorted(containing, key=containing.__getitem__):
            weights = {}
            places[term] = {}
            for row, posting in self._postings(field, term.encode(), among):
                weights[row] = posting.weight()
                places[term][row] = frozenset(posting.value_as("positions"))
            among = list(weights)
            found.append(self._bm25(field, weights, containing[term], ALONE))
        rows = [row for row in among or () if _in_a_row([places[term][row] for term in terms])]
        return {row: sum(scores[row] for scores in found) for row in rows}

    def _start(self, field: str, prefix: str, among: Rows) -> Scores:
        """All forms that begin so, as one term that stands wherever one of them does."""
        weights: dict[int, float] = {}
        for term in self._forms(field, prefix.encode()):
            for row, posting in self._postings(field, term, None):
                weights[row] = weights.get(row, 0.0) + posting.weight()
        kept = weights if among is None else {row: weights[row] for row in among if row in weights}
        if field not in self._columns.lengths:
            return dict.fromkeys(kept, 0.0)
        return self._bm25(field, kept, len(weights), 1)

    def _span(self, field: str, low: int | None, high: int | None, among: Rows) -> Scores:
        numbers = self._columns.numbers[field]
        return {
            row: 0.0
            for row in self._rows(among)
            if (number := numbers[row]) is not None
            and (low is None or low <= number)
            and (high is None or number < high)
        }

    def _all_of(self, members: tuple[Expression, ...], among: Rows) -> Scores:
        """Narrowed member by member, the smallest first; what is left is ascending, as `among`."""
        wanted = sorted((m for m in members if not isinstance(m, Without)), key=self._size)
        found: list[Scores] = []
        for member in wanted:
            found.append(self.scores(member, among))
            among = sorted(found[-1])
        for unwanted in members:
            if isinstance(unwanted, Without):
                taken = self.scores(unwanted.child, among)
                among = [row for row in among or () if row not in taken]
        return {row: sum(scores[row] for scores in found) for row in among or ()}

    def _bm25(self, field: str, weights: dict[int, float], containing: int, boost: float) -> Scores:
        lengths, average = self._columns.lengths[field], self._columns.averages[field]
        factor = boost * ranking.idf(len(self._columns.live), containing)
        return {
            row: factor * ranking.bm25(weight, lengths[row], average)
            for row, weight in weights.items()
        }

    def _rows(self, among: Rows) -> list[int]:
        return self._columns.live if among is None else among

    def _postings(self, field: str, text: bytes, among: Rows) -> Iterator[tuple[int, Any]]:
        """The living documents with a term, ascending, each with a matcher that stands at it."""
        for leaf, base in self._leaves:
            try:
                matcher = leaf.postings(field, text)
            except TermNotFound:
                continue
            if among is not None:
                end = bisect_left(among, base + leaf.doc_count_all())
                yield from _met(matcher, base, among[bisect_left(among, base) : end])
                continue
            while matcher.is_active():
                yield base + matcher.id(), matcher
                matcher.next()

    def _forms(self, field: str, prefix: bytes) -> set[bytes]:
        """The exact forms, of a keyword field the values, that begin so."""
        forms = {text for leaf, _ in self._leaves for text in leaf.expand_prefix(field, prefix)}
        if field in self._columns.lengths:
            return {text for text in forms if not text.startswith(STEM_MARK.encode())}
        return forms

    def _frequency(self, field: str, text: bytes) -> int:
        """In how many living documents a term occurs."""
        total = 0
        for leaf, _ in self._leaves:
            if not leaf.has_deletions():
                total += leaf.doc_frequency(field, text)
            elif (field, text) in leaf:
                total += sum(1 for _ in leaf.postings(field, text).all_ids())
        return total

    def _size(self, expression: Expression) -> int:
        """About how many documents match, at little cost: it only decides what is tried first."""
        match expression:
            case Term(field, exact, stem):
                return self._most(field, stem or exact)
            case Sequence(field, terms):
                return min((self._most(field, term) for term in terms), default=0)
            case Keyword(field, value):
                return self._most(field, value)
            case AllOf(members):
                return min(self._size(m) for m in members if not isinstance(m, Without))
            case AnyOf(members):
                return sum(map(self._size, members))
            case _:
                return len(self._columns.live) + 1

    def _most(self, field: str, term: str) -> int:
        return sum(leaf.doc_frequency(field, term) for leaf, _ in self._leaves)


def _met(matcher: Any, base: int, rows: list[int]) -> Iterator[tuple[int, Any]]:
    """The postings of one segment's matcher that stand at one of these rows."""
    for row in rows:
        if not matcher.is_active():
            return
        matcher.skip_to(row - base)
        if matcher.is_active() and matcher.id() == row - base:
            yield row, matcher


def _in_a_row(places: list[frozenset[int]]) -> bool:
    first, *rest = places
    return any(
        all(start + step in place for step, place in enumerate(rest, start=1)) for start in first
    )


def _added(one: Scores, other: Scores) -> Scores:
    """The sum of two, in place of the first."""
    for row, score in other.items():
        one[row] = one.get(row, 0.0) + score
    return one
