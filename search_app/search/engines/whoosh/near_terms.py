"""The terms near to a typed word, in plain Python: for one segment, and of all segments joined."""

from collections.abc import Iterable

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.analysis.parts import MAX_TERM
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.protocols import NearTerm

Found = list[tuple[bytes, int, int]]
"""Terms of a segment, each with its edits and how many living documents have it."""


def near(segment: SegmentReader, word: str, max_edits: int) -> Found:
    """What `native.fuzzy.near` gives, by looking at every term with the same first letter."""
    if not 0 < len(word) <= MAX_TERM:
        return []
    terms = segment.terms.beginning(word[0])
    found = process.extract(
        word,
        {term: term.decode() for term in terms},
        scorer=OSA.distance,
        score_cutoff=max_edits,
        limit=None,
    )
    return [(term, int(edits), _doc_freq(segment, term.decode())) for _, edits, term in found]


def _doc_freq(segment: SegmentReader, term: str) -> int:
    documents = segment.columns["postings.documents"][segment.terms.rows_of(term)]
    return int(np.count_nonzero(segment.alive[documents]))


def joined(segments: Iterable[Found]) -> list[NearTerm]:
    """The terms of all segments that living documents have, each once: those with the fewest edits
    first, of these the most frequent."""
    edits: dict[bytes, int] = {}
    doc_freqs: dict[bytes, int] = {}
    for found in segments:
        for term, distance, doc_freq in found:
            edits[term] = distance
            doc_freqs[term] = doc_freqs.get(term, 0) + doc_freq
    terms = [NearTerm(term.decode(), edits[term], n) for term, n in doc_freqs.items() if n]
    return sorted(terms, key=lambda near: (near.edits, -near.doc_freq, near.term))
