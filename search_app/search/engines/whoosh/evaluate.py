"""From an expression to the documents it matches, as arrays: one call of NumPy where stock
Whoosh takes a step of Python for every posting."""

import threading
from collections import OrderedDict
from collections.abc import Sequence as Several

import numpy as np

from indexer.engines.whoosh.gather import MISSING
from search_app.search import ranking
from search_app.search.engines.whoosh.matches import (
    NONE,
    Matches,
    Numbers,
    Scores,
    contains,
    intersection,
    union,
)
from search_app.search.engines.whoosh.segment import Postings, Segment
from search_app.search.engines.whoosh.weighting import Weighting
from search_app.search.expression import (
    AllOf,
    AnyOf,
    Everything,
    Expression,
    Keyword,
    Nothing,
    Scored,
    Sequence,
    Span,
    Start,
    Term,
    Without,
)

KEPT_POSTINGS = 2_000_000
"""Scored postings kept of what was asked for last: 12 bytes each."""

KEPT_LEAF = 256
"""Postings that a leaf counts for besides its own: without matches, too, it takes some room."""

ALONE = 1 + ranking.EXACT
"""What an exact form counts where no stem stands beside it."""


class Evaluator:
    """Evaluates over the segments of one generation. Safe to share between threads."""

    def __init__(self, segments: Several[Segment], weighting: Weighting) -> None:
        self._segments, self._weighting = segments, weighting
        self._known: OrderedDict[Scored, list[Matches]] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()

    def matches(self, expression: Expression) -> list[Matches]:
        """For each segment the living documents that match, and their scores."""
        match expression:
            case Term() | Sequence() | Start():
                return self._remembered(expression)
            case Keyword(field, value):
                return [Matches(segment.valued(field, value)) for segment in self._segments]
            case Span():
                return [_within(s, expression, Matches(s.living)) for s in self._segments]
            case Everything():
                return [Matches(segment.living) for segment in self._segments]
            case Nothing() | Without():  # what takes away matches nothing by itself
                return [NONE for _ in self._segments]
            case AllOf(members):
                return self._all_of(members)
            case AnyOf(members):
                found = [self.matches(member) for member in members]
                return [
                    union(sets, segment.size)
                    for segment, *sets in zip(self._segments, *found, strict=True)
                ]

    def _remembered(self, leaf: Scored) -> list[Matches]:
        """A leaf's matches; those of the leaves asked for last are kept, being snapshots."""
        with self._lock:
            if leaf in self._known:
                self._known.move_to_end(leaf)
                return self._known[leaf]
        found = self._leaf(leaf)
        with self._lock:
            if leaf not in self._known:
                self._known[leaf] = found
                self._held += KEPT_LEAF + sum(map(len, found))
            while self._held > KEPT_POSTINGS:
                _, dropped = self._known.popitem(last=False)
                self._held -= KEPT_LEAF + sum(map(len, dropped))
        return found

    def _leaf(self, leaf: Scored) -> list[Matches]:
        match leaf:
            case Term(field, exact, ""):
                return self._term(field, exact, ALONE)
            case Term(field, exact, stem):
                preferred = self._term(field, exact, ranking.EXACT)
                stems = self._term(field, stem, 1.0)
                sizes = [segment.size for segment in self._segments]
                return [_raised(s, p, n) for s, p, n in zip(stems, preferred, sizes, strict=True)]
            case Sequence(field, terms):
                return self._sequence(field, terms)
            case Start(field, prefix):
                return self._start(field, prefix)

    def _term(self, field: str, term: str, boost: float) -> list[Matches]:
        postings = [segment.postings(field, term) for segment in self._segments]
        containing = sum(len(found.documents) for found in postings if found)
        return [
            self._scored(place, field, found, containing, boost) if found else NONE
            for place, found in enumerate(postings)
        ]

    def _scored(
        self, place: int, field: str, postings: Postings, containing: int, boost: float
    ) -> Matches:
        documents, codes = postings.documents, postings.codes
        weights = self._weighting.counts(place, field, postings.owners(), codes)
        if len(codes) != len(documents):
            weights = np.add.reduceat(weights, postings.starts)
        scores = self._weighting.scores(place, field, documents, weights, containing)
        return Matches(documents, boost * scores)

    def _sequence(self, field: str, terms: tuple[str, ...]) -> list[Matches]:
        """Where the terms stand in a row; each distinct one adds its score."""
        distinct = dict.fromkeys(terms)
        postings = {term: [s.postings(field, term) for s in self._segments] for term in distinct}
        containing = {
            term: sum(len(found.documents) for found in postings[term] if found)
            for term in distinct
        }
        matches = []
        for place, segment in enumerate(self._segments):
            here = {term: found for term in distinct if (found := postings[term][place])}
            if len(here) < len(distinct):
                matches.append(NONE)
                continue
            common = _in_a_row(terms, here, segment.size)
            scored = [
                self._scored(place, field, _only(p, common, segment.size), containing[t], ALONE)
                for t, p in here.items()
            ]
            matches.append(intersection(scored, segment.size))
        return matches

    def _start(self, field: str, prefix: str) -> list[Matches]:
        """All forms that begin so, as one term that stands wherever one of them does."""
        if field == "type":
            return [
                Matches(s.with_ordinals("type", s.names["type"].starting(prefix.encode())))
                for s in self._segments
            ]
        found: list[tuple[Numbers, Scores]] = []
        for place, segment in enumerate(self._segments):
            owners, codes = segment.starting(field, prefix)
            counts = self._weighting.counts(place, field, owners, codes)
            weights: Scores = np.bincount(owners, counts, segment.size).astype(np.float64)
            documents = np.flatnonzero(weights).astype(np.int32)
            found.append((documents, weights[documents]))
        containing = sum(len(documents) for documents, _ in found)
        return [
            Matches(documents, self._weighting.scores(place, field, documents, w, containing))
            for place, (documents, w) in enumerate(found)
        ]

    def _all_of(self, members: tuple[Expression, ...]) -> list[Matches]:
        """What is cheap to test of a document, a bound on a number, is tested last."""
        spans = [m for m in members if isinstance(m, Span)]
        unwanted = [self.matches(m.child) for m in members if isinstance(m, Without)]
        wanted = [
            self.matches(m) for m in members if not isinstance(m, Span | Without | Everything)
        ] or [self.matches(Everything())]
        results = []
        for place, segment in enumerate(self._segments):
            common = intersection([found[place] for found in wanted], segment.size)
            for span in spans:
                common = _within(segment, span, common)
            for taken in unwanted:
                inside = contains(taken[place].numbers, common.numbers, segment.size)
                common = common.where(~inside)
            results.append(common)
        return results


def _raised(stems: Matches, preferred: Matches, size: int) -> Matches:
    """The matches of a stem, those with the exact form raised by its score."""
    raised = intersection([stems, preferred], size)
    if stems.scores is None or raised.scores is None:
        return stems
    scores = stems.scores.copy()
    scores[contains(raised.numbers, stems.numbers, size)] = raised.scores
    return Matches(stems.numbers, scores)


def _within(segment: Segment, span: Span, matches: Matches) -> Matches:
    """The matches whose number lies within the bounds."""
    numbers = segment.columns[f"numbers.{span.field}"][matches.numbers]
    keep = numbers != MISSING
    if span.low is not None:
        keep &= numbers >= span.low
    if span.high is not None:
        keep &= numbers < span.high
    return matches.where(keep)


def _only(postings: Postings, documents: Numbers, size: int) -> Postings:
    return postings.where(contains(documents, postings.documents, size))


def _in_a_row(terms: tuple[str, ...], postings: dict[str, Postings], size: int) -> Numbers:
    """The documents in which the terms stand at successive positions of one text.

    A place is a document and a code in one integer; a row is a place whose successors are there.
    """
    common = intersection([Matches(found.documents) for found in postings.values()], size).numbers
    places = {}
    for term, found in postings.items():
        most = len(common) * 2 > len(found.documents)
        narrowed = found if most else _only(found, common, size)
        places[term] = (narrowed.owners().astype(np.int64) << 32) | narrowed.codes
    rows = places[terms[0]]
    for step, term in enumerate(terms[1:], start=1):
        if len(rows):
            following = places[term]
            at = np.searchsorted(following, rows + step)
            at[at == len(following)] = 0
            rows = rows[following[at] == rows + step]
    documents: Numbers = np.unique(rows >> 32).astype(np.int32)
    return documents
