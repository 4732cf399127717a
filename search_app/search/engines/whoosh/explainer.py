"""Explains the scores of single hits: the arithmetic of `search_app.search.ranking`, written out
from the statistics of the segments, by the same operations in the same order as in `vectorized`."""

from collections.abc import Iterator, Sequence

import numpy as np

from indexer.schema import FACETS
from indexer.segment import MISSING
from indexer.segment.postings import ZONE_SHIFT
from search_app.search import ranking
from search_app.search.engines.whoosh.cost_limit import CostLimit, Costs
from search_app.search.engines.whoosh.document_terms import DocumentTerms
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.signal_columns import SignalColumns
from search_app.search.engines.whoosh.similarity import ALONE, BM25F, ZONE_WEIGHTS
from search_app.search.engines.whoosh.term_scores import TermScores
from search_app.search.engines.whoosh.vectorized.proximity import Pair, Proximity, together
from search_app.search.explanation import Explanation, given, greatest_of, product_of, sum_of
from search_app.search.protocols import EngineRequest, ScoredDoc
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
    Phrase,
    Prefix,
    Should,
    Term,
)

_BOOST = "boost of the word"
_UNSCORED = given(0.0, "matches, without a score")
_SIGNALS = {"freshness": "f", "quality": "(p - 1/2)", "heat": "(p - 1/2)", "coverage": "c"}
"""What a weight is multiplied by: see `search_app.search.signals`."""

_GROUPS = {field: group for group, field in FACETS.items()}


class Explainer:
    """Explains hits of one request."""

    def __init__(
        self,
        segments: Sequence[SegmentReader],
        similarity: BM25F,
        signals: SignalColumns,
        query: EngineRequest,
        costs: Costs,
        decimals: int,
    ) -> None:
        self._segments, self._similarity, self._signals = segments, similarity, signals
        self._query, self._decimals = query, decimals
        limit = CostLimit(segments, query, costs)
        limit.worded()  # which is admitted first
        self._tiers = list(limit.tiers())
        self._terms = TermScores(segments, similarity)
        self._proximity = Proximity(segments, similarity, query.pairs)

    def explain(self, hit: ScoredDoc) -> Explanation:
        """How the score of a hit comes about."""
        place, number = hit.ref
        document = DocumentTerms(self._segments[place], number, self._similarity)
        signals = self._of_signals(place, number)
        words = next(filter(None, (self._score(document, tier) for tier in self._tiers)), _UNSCORED)
        headline = document.segment.columns["numbers.headline"][number] == self._query.headline
        equal = [given(ranking.EQUAL_HEADLINE, "the query is the headline")]
        factors = [*(equal if headline else []), *signals]
        parts = [product_of("words and what counts beside them", (words, *factors))]
        score = self._rounded(parts[0].value)
        if score != hit.score:  # so it was one of the best, in which pairs count
            pairs = sum_of("words that stand together", self._pairs(document))
            parts.append(product_of("pairs of words", (pairs, *signals)))
            score = self._rounded(score + parts[1].value)
        what = f"score, rounded to {self._decimals} decimals, sum of"
        return Explanation(score, what, tuple(parts))

    def _rounded(self, score: float) -> float:
        return float(np.round(score, self._decimals))

    def _of_signals(self, place: int, number: int) -> list[Explanation]:
        """The one factor that the signals of a document make up; none if all are off."""
        values = self._signals.of(place, number)
        weights = {name: getattr(self._query.signals, name) for name in values}
        details = [
            Explanation(
                1 + weight * values[name],
                f"{name}, 1 + weight * {_SIGNALS[name]}",
                (given(weight, "weight"), given(values[name], _SIGNALS[name])),
            )
            for name, weight in weights.items()
            if weight
        ]
        return [product_of("signals", details)] if details else []

    def _pairs(self, document: DocumentTerms) -> Iterator[Explanation]:
        for first, second in self._query.pairs:
            weights = together(document, first, second)
            if any(weights):
                yield self._pair((first, second), *weights)

    def _pair(self, pair: Pair, adjacent: float, near: float) -> Explanation:
        """What two words score that stand together, by what their occurrences weigh."""
        most = [given(self._proximity.most(one), f"most of {one.exact}") for one in pair]
        formula = f"w / (w + k1) with k1 = {ranking.K1:g}"
        standings = [
            Explanation(w / (w + ranking.K1), f"{what}, {formula}", (given(w, "w"),))
            for what, w in (("side by side", adjacent), ("near each other", near))
            if w
        ]
        names = " ".join(one.exact for one in pair)
        return product_of(
            names,
            (
                given(ranking.PROXIMITY, "weight of pairs"),
                sum_of("most that the two score alone", most),
                sum_of("frequencies", standings),
            ),
        )

    def _score(self, document: DocumentTerms, expression: Expression) -> Explanation | None:
        """What a document scores by an expression; `None` if it does not match."""
        match expression:
            case Term() | Phrase():
                return self._of_words(document, expression)
            case Prefix(field, prefix, boost) if field not in _GROUPS:
                return self._terms.prefix(document, field, prefix, [(boost, _BOOST)])
            case Keyword(field, value, score):
                is_scored = score and field not in _GROUPS
                own = given(score, f"{field} {value}") if is_scored else _UNSCORED
                return own if _has(document, field, value) else None
            case Prefix(field, prefix):
                values = _values(document, field)
                return _UNSCORED if any(value.startswith(prefix) for value in values) else None
            case NumericRange():
                return _UNSCORED if _is_within(document, expression) else None
            case MatchAll():
                return _UNSCORED
            case AllOf(members):
                return self._all(document, members)
            case AnyOf(members):
                return _joined("any of", [self._score(document, one) for one in members])
            case BestOf(members):
                found = [one for m in members if (one := self._score(document, m))]
                return _alone(found) or (greatest_of("readings", found) if found else None)
            case MatchNone() | Exclude() | Should():  # these two match only in `AllOf`
                return None

    def _all(self, document: DocumentTerms, members: Sequence[Expression]) -> Explanation | None:
        found: list[Explanation | None] = []
        for member in members:
            if isinstance(member, Exclude):
                if self._score(document, member.child):
                    return None
            elif isinstance(member, Should):
                found.append(self._score(document, member.child))
            elif score := self._score(document, member):
                found.append(score)
            else:
                return None
        return _joined("all of", found)

    def _of_words(self, document: DocumentTerms, leaf: Term | Phrase) -> Explanation | None:
        field, boost = leaf.field, (leaf.boost, _BOOST)
        if isinstance(leaf, Term) and leaf.stems:
            stem = self._terms.term(document, field, leaf.stems, [boost])
            exact = self._terms.term(
                document, field, (leaf.exact,), [boost, (ranking.EXACT, "exact form")]
            )
            return stem and _joined(leaf.exact, [stem, exact])
        forms = (leaf.exact,) if isinstance(leaf, Term) else leaf.terms
        if len(forms) > 1 and not _stand_in_a_row(document, field, forms):
            return None
        found = [
            self._terms.term(document, field, (form,), [boost, (ALONE, "for stem and exact form")])
            for form in dict.fromkeys(forms)
        ]
        return _joined(" ".join(forms), found) if all(found) else None


def _joined(what: str, members: Sequence[Explanation | None]) -> Explanation | None:
    """The sum of what members score, as far as they match; `None` if none does."""
    found = [member for member in members if member]
    if not found:
        return None
    scoring = [member for member in found if member.value]
    return _alone(scoring) or (sum_of(what, scoring) if scoring else _UNSCORED)


def _alone(found: Sequence[Explanation]) -> Explanation | None:
    return found[0] if len(found) == 1 else None


def _stand_in_a_row(document: DocumentTerms, field: str, forms: Sequence[str]) -> bool:
    """Whether forms stand at successive positions of one text of a field."""
    zones = ZONE_WEIGHTS[field] > 0
    first, *others = [set(document.positions(form).tolist()) for form in forms]
    return any(
        all(at + step in some for step, some in enumerate(others, start=1))
        for at in first
        if zones[at >> ZONE_SHIFT]
    )


def _has(document: DocumentTerms, field: str, value: str) -> bool:
    """Whether a document has a value in a keyword field."""
    if field in _GROUPS:
        return value in _values(document, field)
    return document.number in document.segment.having(field, value)


def _values(document: DocumentTerms, field: str) -> list[str]:
    """The values of a document in a field that is that of a facet group."""
    segment, group = document.segment, _GROUPS[field]
    begin, end = segment.columns[f"facets.{group}.starts"][document.number :][:2].tolist()
    ordinals = segment.columns[f"facets.{group}.values"][begin:end].tolist()
    return [segment.names[group][ordinal].decode() for ordinal in ordinals]


def _is_within(document: DocumentTerms, wanted: NumericRange) -> bool:
    value = int(document.segment.columns[f"numbers.{wanted.field}"][document.number])
    is_high = wanted.low is None or value >= wanted.low
    return value != MISSING and is_high and (wanted.high is None or value < wanted.high)
