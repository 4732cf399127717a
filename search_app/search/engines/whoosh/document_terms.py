"""The terms of one document: how often they occur in each zone, and where."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import BM25F, Scores


class DocumentTerms:
    """The terms of a document of a segment; `norms`: what an occurrence in each zone counts before
    the zone's weight."""

    def __init__(self, segment: SegmentReader, number: int, similarity: BM25F) -> None:
        self.segment, self.number, self.similarity = segment, number, similarity
        self.norms: Scores = similarity.norms(segment.lengths[number : number + 1])[0]

    def counts(self, rows: Sequence[slice]) -> list[Scores]:
        """For each posting of the document in these rows, how often it occurs in each zone."""
        columns = self.segment.columns
        profiles = [
            profile
            for some in rows
            for profile in columns["postings.tf_profiles"][some][
                columns["postings.documents"][some] == self.number
            ].tolist()
        ]
        return [self.segment.profiles[profile].astype(np.float64) for profile in profiles]

    def positions(self, term: str) -> NDArray[np.int64]:
        """Where an exact form stands, ascending: see `indexer.segment.postings`."""
        rows = self.segment.terms.rows_of(term)
        documents = self.segment.columns["postings.documents"][rows]
        at = int(documents.searchsorted(self.number))
        if at == len(documents) or documents[at] != self.number:
            return np.zeros(0, np.int64)
        begin, end = self.segment.terms.offsets.bounds(rows.start + at, rows.start + at + 1)
        return self.segment.columns["positions"][begin:end].astype(np.int64)
