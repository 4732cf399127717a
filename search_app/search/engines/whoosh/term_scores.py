"""Explains what a document scores by one term: see `similarity` and `indexer.segment.impacts`."""

from collections.abc import Sequence
from functools import reduce
from operator import mul
from typing import NamedTuple

import numpy as np

from indexer.analysis.tokenizer import STEM_MARK
from indexer.schema import ZONES
from search_app.search import ranking
from search_app.search.engines.whoosh.document_terms import DocumentTerms
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import BM25F, ZONE_WEIGHTS, Scores
from search_app.search.explanation import Explanation, given, product_of

Rows = Sequence[slice]
"""The postings of a term, or of several, in one segment."""

Boosts = Sequence[tuple[float, str]]
"""What a score is multiplied by, and why."""

_IDF = f"idf, ln(1 + (N - n + 1/2) / (n + 1/2)) ^ {ranking.IDF_POWER:g}"
_FREQUENCY = f"frequency, w (k1 + 1) / (w + k1) with k1 = {ranking.K1:g} and w the sum of"


class TermScores:
    """The scores by terms in one generation. How many documents have a term is counted once."""

    def __init__(self, segments: Sequence[SegmentReader], similarity: BM25F) -> None:
        self._segments, self._similarity = segments, similarity
        self._doc_freqs: dict[tuple[str, str, tuple[str, ...]], int] = {}

    def term(
        self, document: DocumentTerms, field: str, terms: tuple[str, ...], boosts: Boosts
    ) -> Explanation | None:
        """By the first of these stems or exact forms that a document has in a field; `None`: it
        has none."""
        for term in terms:
            counts = document.counts([document.segment.terms.rows_of(term)])
            if weight := _weight(document, field, counts):
                if (key := (field, "", terms)) not in self._doc_freqs:
                    rows = [[s.terms.rows_of(one) for one in terms] for s in self._segments]
                    self._doc_freqs[key] = self._doc_freq(field, rows)
                return self._scored(_named(term, field), weight, self._doc_freqs[key], boosts)
        return None

    def prefix(
        self, document: DocumentTerms, field: str, prefix: str, boosts: Boosts
    ) -> Explanation | None:
        """By all words in a field that begin so; `None`: it has none."""
        counts = document.counts(document.segment.terms.rows_starting(prefix))
        if weight := _weight(document, field, counts):
            if (key := (field, prefix, ())) not in self._doc_freqs:
                rows = [s.terms.rows_starting(prefix) for s in self._segments]
                self._doc_freqs[key] = self._doc_freq(field, rows)
            return self._scored(f"{prefix}* in {field}", weight, self._doc_freqs[key], boosts)
        return None

    def _doc_freq(self, field: str, rows: Sequence[Rows]) -> int:
        """How many living documents have postings in these rows of each segment, in a field."""
        zones, found = np.flatnonzero(ZONE_WEIGHTS[field]), 0
        for segment, own in zip(self._segments, rows, strict=True):
            in_field = segment.profiles[:, zones].sum(axis=1) > 0
            having = np.zeros(segment.size, bool)
            for some in own:
                inside = in_field[segment.columns["postings.tf_profiles"][some]]
                having[segment.columns["postings.documents"][some][inside]] = True
            found += int(np.count_nonzero(having & segment.alive))
        return found

    def _scored(self, what: str, weight: "_Weight", doc_freq: int, boosts: Boosts) -> Explanation:
        """The score of a term, by the same operations as `BM25F.scores`."""
        w, items = weight.value, self._similarity.items
        score = reduce(mul, [boost for boost, _ in boosts], 1.0)
        score *= float(self._similarity.scores(np.array([w]), doc_freq)[0])
        numbers = (given(doc_freq, "items with it, n"), given(items, "items, N"))
        return Explanation(
            score,
            f"{what}, product of",
            (
                *[given(*boost) for boost in boosts if boost[0] != 1],
                Explanation(ranking.idf(items, doc_freq), _IDF, numbers),
                Explanation(w * (ranking.K1 + 1) / (w + ranking.K1), _FREQUENCY, weight.zones),
            ),
        )


class _Weight(NamedTuple):
    """What a term weighs in a document, and of that what in each zone."""

    value: float
    zones: tuple[Explanation, ...]


def _weight(document: DocumentTerms, field: str, counts: Sequence[Scores]) -> _Weight | None:
    """What the postings of a document weigh in a field; `None`: nothing. Added up zone by zone,
    then posting by posting, as in `vectorized.matcher`."""
    factors = ZONE_WEIGHTS[field]
    zones = np.flatnonzero(factors).tolist()
    value = 0.0
    for posting in counts:
        weight = 0.0
        for zone in zones:
            weight += float(posting[zone] * factors[zone] * document.norms[zone])
        value += weight
    if not value:
        return None
    occurrences = np.sum(counts, axis=0)
    found = [_zone(document, z, occurrences[z], factors[z]) for z in zones if occurrences[z]]
    return _Weight(value, tuple(found))


def _zone(document: DocumentTerms, zone: int, occurrences: float, factor: float) -> Explanation:
    """What the occurrences in a zone weigh."""
    length = int(document.segment.lengths[document.number, zone])
    mean, b = document.similarity.means[zone], ZONES[zone].b
    norm = f"length norm, 1 / (1 - b + b * {length} / {mean:.6g}) with b = {b:g}"
    return product_of(
        ZONES[zone].name.replace("_", " "),
        (
            given(int(occurrences), "occurrences"),
            given(float(factor), "zone weight"),
            given(float(document.norms[zone]), norm),
        ),
    )


def _named(term: str, field: str) -> str:
    """A stem or an exact form, as a description names it."""
    if not term.startswith(STEM_MARK):
        return f"{term} in {field}"
    language, _, stem = term.removeprefix(STEM_MARK).partition(":")
    return f"{stem} ({language} stem) in {field}"
