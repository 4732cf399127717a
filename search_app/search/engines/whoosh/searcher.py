"""The searcher over the columns of a Whoosh index. Nothing changes once it is open, so any number
of threads may search at once."""

import time
from collections.abc import Sequence
from pathlib import Path

from indexer.engines.whoosh import toc
from indexer.errors import IndexDamaged
from indexer.index import file_records
from indexer.index.directory import Generation
from indexer.index.manifest import REMEDY
from indexer.item import Item
from indexer.segment import column_file
from indexer.stories import story_file
from indexer.suggestions import suggestion_file
from search_app.search.completions import Completions
from search_app.search.engines.whoosh.backends import FASTEST, Backend
from search_app.search.engines.whoosh.day_columns import newest_day
from search_app.search.engines.whoosh.segment_reader import SegmentReader, languages
from search_app.search.engines.whoosh.segment_stories import SegmentStories
from search_app.search.engines.whoosh.similarity import BM25F
from search_app.search.explanation import Explanation
from search_app.search.protocols import EngineRequest, EngineResult, NearTerm, ScoredDoc, Stats
from search_app.search.query.logical import Expression
from search_app.search.vocabulary import Vocabulary

FAULTS = (LookupError, ValueError, TypeError, ArithmeticError, BufferError, MemoryError)
"""What damaged columns raise: an index out of bounds, an id that is no UTF-8, a size beyond memory.
A machine short of memory raises the same; the answer fails then, too, but nothing is deleted."""


class WhooshSearcher:
    """Implements `search_app.search.protocols.Searcher`."""

    def __init__(self, generation: Generation, backend: Backend = FASTEST) -> None:
        """Open a verified generation; `IndexDamaged` if its files do not fit each other, or are
        removed meanwhile."""
        self.generation, self._backend = generation.name, backend
        try:
            labels = file_records.read_labels(generation.folder)
            self.completions = Completions(suggestion_file.read(generation.folder), labels)
            self.segments = opened_segments(generation.folder)
            self.vocabulary = Vocabulary(labels, languages(self.segments))
            self._evaluator = backend.make(self.segments, BM25F(self.segments))
            self._newest = newest_day(self.segments, time.time())
        except FAULTS as error:
            raise self._damaged("opened", error) from error

    def search(self, query: EngineRequest) -> EngineResult:
        """See `Searcher.search`."""
        try:
            return self._evaluator.search(query)
        except FAULTS as error:
            raise self._damaged("searched", error) from error

    def explain(self, query: EngineRequest, hits: Sequence[ScoredDoc]) -> list[Explanation]:
        """See `Searcher.explain`."""
        try:
            return self._evaluator.explain(query, hits)
        except FAULTS as error:
            raise self._damaged("searched", error) from error

    def items(self, hits: Sequence[ScoredDoc], *, with_bodies: bool = False) -> list[Item]:
        """See `Searcher.items`."""
        try:
            return [
                self.segments[place].item(number, with_body=with_bodies)
                for place, number in [hit.ref for hit in hits]
            ]
        except FAULTS as error:
            raise self._damaged("read", error) from error

    def stories(self, hits: Sequence[ScoredDoc]) -> list[str]:
        """See `Searcher.stories`."""
        return [
            self.segments[place].stories.name(number) for place, number in [hit.ref for hit in hits]
        ]

    def get(self, id: str) -> Item | None:
        """See `Searcher.get`."""
        try:
            found = self._find(id)
            return found and found[0].item(found[1], with_body=True)
        except FAULTS as error:
            raise self._damaged("read", error) from error

    def story(self, id: str) -> str:
        """See `Searcher.story`."""
        try:
            found = self._find(id)
            return found[0].stories.name(found[1]) if found else ""
        except FAULTS as error:
            raise self._damaged("read", error) from error

    def counts(self, expressions: Sequence[Expression]) -> list[int]:
        """See `Searcher.counts`."""
        try:
            return self._evaluator.counts(expressions)
        except FAULTS as error:
            raise self._damaged("searched", error) from error

    def near_terms(self, word: str, max_edits: int) -> list[NearTerm]:
        """See `Searcher.near_terms`."""
        try:
            return self._evaluator.near_terms(word, max_edits)
        except FAULTS as error:
            raise self._damaged("searched", error) from error

    def doc_freqs(self, terms: Sequence[str]) -> list[int]:
        """See `Searcher.doc_freqs`."""
        try:
            return self._evaluator.doc_freqs(terms)
        except FAULTS as error:
            raise self._damaged("searched", error) from error

    def stats(self) -> Stats:
        """See `Searcher.stats`."""
        items = sum(len(segment.living) for segment in self.segments)
        return Stats(items, len(self.segments), self._backend.advice, self._newest)

    def close(self) -> None:
        """See `Searcher.close`. A file is unmapped when nothing uses its arrays any more."""
        del self.segments, self._evaluator

    def _find(self, id: str) -> tuple[SegmentReader, int] | None:
        """The segment and the number of the living document with an id, if there is one."""
        for segment in self.segments:
            number = segment.number(id)
            if number is not None:
                return segment, number
        return None

    def _damaged(self, done: str, error: Exception) -> IndexDamaged:
        cause = f"{type(error).__name__} {error}".strip()
        return IndexDamaged(f"{self.generation} cannot be {done}: {cause}; {REMEDY}")


def opened_segments(folder: Path) -> list[SegmentReader]:
    """The segments of a verified generation; `IndexDamaged`, or one of `FAULTS`, if they do not fit
    each other."""
    listed = toc.read(folder).segments
    stories = story_file.read(folder, [one.filename for one in listed])
    return [
        SegmentReader(
            column_file.read(folder / one.filename),
            one.deleted_docs(),
            SegmentStories(of_documents, stories.names),
        )
        for one, of_documents in zip(listed, stories.of_documents, strict=True)
    ]
