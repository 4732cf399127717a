"""Stock Whoosh beside the evaluator: the same index, the same formula, its own query objects.

`query` says an expression with them so that sums are formed member by member, as the evaluator
forms them; `flat` as somebody would who uses Whoosh, members all at once. Whoosh has no word with
several stems: `in_english` leaves the English one.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from whoosh import query as whoosh
from whoosh.index import open_dir
from whoosh.query.spans import SpanNear2
from whoosh.sorting import FieldFacet

from indexer.analysis.tokenizer import STEM_MARK
from indexer.engines.whoosh import toc
from indexer.schema import FACETS
from indexer.segment import column_file
from search_app.search import ranking
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import ALONE
from search_app.search.engines.whoosh.vectorized.evaluator import VectorizedEvaluator
from search_app.search.engines.whoosh.vectorized.matcher import DocSet, Matcher
from search_app.search.protocols import EngineRequest, EngineResult
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    BestOf,
    Exclude,
    Expression,
    Keyword,
    MatchAll,
    MatchNone,
    NumericRange,
    Prefix,
    Should,
    Term,
)
from search_app.search.query.logical import Phrase as Row
from search_app.search.request import Selections, Sort, no_selections
from tests.contract.whoosh_formula import WhooshBM25F, WhooshMatcher

EVERYTHING = whoosh.And([whoosh.Every(), whoosh.Every()], boost=0.0)
"""Every document, scoring 0; `Every(boost=0)` scores 1."""

LEAST, GREATEST = -(1 << 63), (1 << 63) - 1

Scored = list[tuple[int, float]]
"""Document number in the whole index, and score."""


def in_english(expression: Expression) -> Expression:
    """The expression with the English stem of each word alone, or the folded word if it has none.
    For items in English that changes nothing."""
    match expression:
        case Term() if expression.others:
            *stems, folded = expression.stems
            english = next((stem for stem in stems if stem.startswith("~en:")), folded)
            return replace(expression, stem=english, others=())
        case AllOf(members) | AnyOf(members) | BestOf(members):
            return replace(expression, members=tuple(map(in_english, members)))
        case Exclude(child) | Should(child):
            return replace(expression, child=in_english(child))
        case _:
            return expression


class Pair:
    """One generation, open in stock Whoosh and in plain NumPy under Whoosh's formula."""

    def __init__(self, folder: Path, searcher: Any) -> None:
        self.searcher = searcher
        self.segments = [
            SegmentReader(column_file.read(folder / one.filename), one.deleted_docs())
            for one in toc.read(folder).segments
        ]
        self.similarity = WhooshBM25F(self.segments, searcher.reader())
        self.evaluator = VectorizedEvaluator(
            self.segments, self.similarity, make_matcher=WhooshMatcher
        )
        self.bases = [base for _, base in searcher.leaf_searchers()]

    def ours(self, expression: Expression) -> Scored:
        """What the evaluator finds, in the order of documents."""
        matcher = WhooshMatcher(self.segments, self.similarity)
        return [
            (self.bases[place] + number, score)
            for place, scored in enumerate(listed(matcher, expression))
            for number, score in scored
        ]

    def answer(self, expression: Expression, selections: Selections | None = None) -> EngineResult:
        """What the evaluator answers, the best first."""
        chosen = no_selections() | (selections or {})
        asked = EngineRequest(expression, None, (None, None), chosen, Sort.RELEVANCE, 0, 1000, 50)
        return self.evaluator.search(asked)

    def page(self, expression: Expression) -> Scored:
        """What the evaluator finds, the best first."""
        at = [(hit.ref, hit.score) for hit in self.answer(expression).hits]
        return [(self.bases[place] + number, score) for (place, number), score in at]

    def stock(self, asked: Any, **more: Any) -> Scored:
        """What Whoosh finds, in the order of documents."""
        found = self.searcher.search(asked, limit=None, **more).top_n
        return sorted((int(number), float(score)) for score, number in found)

    def stock_counts(self, asked: Any, group: str, **more: Any) -> dict[str, int]:
        """A group's values in what Whoosh finds, counted by Whoosh."""
        facet = FieldFacet(FACETS[group], allow_overlap=True)
        found = self.searcher.search(asked, limit=None, groupedby=facet, **more).groups()
        return {value: len(numbers) for value, numbers in found.items() if value is not None}


@contextmanager
def opened(folder: Path) -> Iterator[Pair]:
    """The generation in a folder, both ways."""
    with open_dir(str(folder), readonly=True).searcher() as searcher:
        yield Pair(folder, searcher)


def listed(matcher: Matcher, expression: Expression) -> list[Scored]:
    """For each segment the documents that match, with their scores."""
    return [_pairs(found) for found in matcher.matches(expression)]


def _pairs(found: DocSet) -> Scored:
    numbers = found.mask.nonzero()[0]
    return list(zip(numbers.tolist(), found.scores[numbers].tolist(), strict=True))


def query(expression: Expression) -> Any:
    """An expression in Whoosh's objects, two members at a time, the first two first.

    What does not score has boost 0, ranges are required and not added, and what begins with a
    prefix is only looked for: see `tests.contract.test_whoosh_faults` for why.
    """
    match expression:
        case Term(field, exact, "", boost):
            return whoosh.Term(field, exact, boost=boost * ALONE)
        case Term(field, exact, stem, boost):
            return whoosh.AndMaybe(
                whoosh.Term(field, stem, boost=boost),
                whoosh.Term(field, exact, boost=boost * ranking.EXACT),
            )
        case Row(field, (term,), boost):
            return whoosh.Term(field, term, boost=boost * ALONE)
        case Row(field, terms, boost):
            words = [whoosh.Term(field, term, boost=boost * ALONE) for term in terms]
            return reduce(lambda before, word: SpanNear2([before, word]), words)
        case Prefix(field, prefix):
            return only(Beginning(field, prefix))
        case Keyword(field, value):
            return whoosh.Term(field, value, boost=0.0)
        case NumericRange(field, low, high):
            return only(bounded(field, low, high))
        case MatchAll():
            return EVERYTHING
        case MatchNone():
            return whoosh.NullQuery
        case AllOf(members):
            wanted = [query(m) for m in members if not isinstance(m, Exclude | Should)]
            every = reduce(lambda one, other: whoosh.And([one, other]), wanted)
            more = [query(m.child) for m in members if isinstance(m, Should)]
            every = reduce(whoosh.AndMaybe, more, every)
            taken = [whoosh.Not(query(m.child)) for m in members if isinstance(m, Exclude)]
            return reduce(whoosh.Require, taken, every)
        case AnyOf(members):
            return reduce(lambda one, other: whoosh.Or([one, other]), map(query, members))
        case BestOf(members):
            return whoosh.DisjunctionMax([query(member) for member in members])
    raise AssertionError(f"{expression} may stand only in AllOf")


def flat(kind: Any, members: Sequence[Expression]) -> Any:
    """`And` or `Or` of all the members at once."""
    return kind([query(member) for member in members])


def only(asked: Any) -> Any:
    """What a query matches, scoring 0."""
    return whoosh.Require(EVERYTHING, asked)


def bounded(field: str, low: int | None, high: int | None) -> Any:
    """A range of Whoosh's, which has no numbers beyond its 64 bits."""
    first = max(LEAST, LEAST if low is None else low)
    last = min(GREATEST, GREATEST if high is None else high - 1)
    return whoosh.NumericRange(field, first, last) if first <= last else whoosh.NullQuery


class Beginning(whoosh.Prefix):  # type: ignore[misc]  # Whoosh ships no types
    """Whoosh's `Prefix` without the stems."""

    def _btexts(self, reader: Any) -> Iterator[bytes]:
        mark = b"" if self.fieldname == "type" else STEM_MARK.encode()
        for term in super()._btexts(reader):
            if not mark or not term.startswith(mark):
                yield term
