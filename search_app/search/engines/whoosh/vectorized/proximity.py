"""What documents score by two words that stand together in them: see `ranking`."""

from collections.abc import Sequence
from functools import reduce
from operator import add

import numpy as np

from indexer.segment.postings import ZONE_SHIFT
from search_app.search import ranking
from search_app.search.engines.whoosh.document_terms import DocumentTerms
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import ALONE, BM25F, ZONE_WEIGHTS
from search_app.search.query.logical import Term

Pair = tuple[Term, Term]


class Proximity:
    """Scores single documents by the pairs of one query."""

    def __init__(
        self, segments: Sequence[SegmentReader], similarity: BM25F, pairs: Sequence[Pair]
    ) -> None:
        self._segments, self._similarity, self.pairs = segments, similarity, pairs

    def score(self, place: int, document: int) -> float:
        """What a document of a segment scores by all pairs."""
        terms = DocumentTerms(self._segments[place], document, self._similarity)
        # One by one, as the kernel does it: since Python 3.12 `sum` corrects rounding.
        return reduce(add, (self._pair(terms, *pair) for pair in self.pairs), 0.0)

    def _pair(self, document: DocumentTerms, first: Term, second: Term) -> float:
        adjacent, near = together(document, first, second)
        return (
            ranking.PROXIMITY
            * (self.most(first) + self.most(second))
            * (adjacent / (adjacent + ranking.K1) + near / (near + ranking.K1))
        )

    def most(self, term: Term) -> float:
        """The most that a term scores alone."""
        doc_freq = sum(segment.doc_freq(term.exact) for segment in self._segments)
        return term.boost * ALONE * self._similarity.factor(doc_freq)


def together(document: DocumentTerms, first: Term, second: Term) -> tuple[float, float]:
    """What the occurrences of the first word weigh that the second follows at once, and of those
    that it is near to."""
    ones, others = document.positions(first.exact), document.positions(second.exact)
    since = np.searchsorted(others, ones - ranking.NEAR, "right")
    is_near = np.searchsorted(others, ones + ranking.NEAR) > since
    zones, is_adjacent = ones[is_near] >> ZONE_SHIFT, np.isin(ones + 1, others)[is_near]
    factors = ZONE_WEIGHTS[first.field]
    adjacent = near = 0.0
    for zone, counts in zip(zones.tolist(), is_adjacent.tolist(), strict=True):
        weight = float(factors[zone] * document.norms[zone])
        near += weight
        adjacent += weight if counts else 0.0
    return adjacent, near
