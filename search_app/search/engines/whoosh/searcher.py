"""The searcher over a Whoosh index, evaluated from the columns of its segments. Nothing changes
once it is open, so any number of threads may search at once."""

from collections.abc import Sequence

from indexer.engines.whoosh import toc
from indexer.errors import IndexDamaged
from indexer.index import file_records
from indexer.index.directory import Generation
from indexer.index.manifest import REMEDY
from indexer.item import Item
from indexer.segment import column_file
from search_app.search.engines.whoosh.backends import FASTEST, Backend
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.similarity import BM25F
from search_app.search.protocols import EngineRequest, EngineResult, ScoredDoc, Stats

FAULTS = (LookupError, ValueError, TypeError, ArithmeticError, BufferError, MemoryError)
"""What columns raise that do not hold what they should: a place beyond the end, a name that is no
text, a count of quintillions. Where a machine without memory raises the same, the answer is the
same, too: not now; nothing is thrown away for it."""


class WhooshSearcher:
    """Implements `search_app.search.protocols.Searcher`."""

    def __init__(self, generation: Generation, backend: Backend = FASTEST) -> None:
        """Open a verified generation; `IndexDamaged` if it is cleared away meanwhile."""
        self.generation, self._backend = generation.name, backend
        self._names = file_records.read_outlets(generation.folder)
        try:
            self._open(generation)
        except FAULTS as error:
            raise self._damaged("opened", error) from error

    def _open(self, generation: Generation) -> None:
        self.segments = [
            SegmentReader(
                column_file.read(generation.folder / listed.filename), listed.deleted_docs()
            )
            for listed in toc.read(generation.folder).segments
        ]
        self._evaluator = self._backend.make(self.segments, BM25F(self.segments))

    def search(self, query: EngineRequest) -> EngineResult:
        """See `Searcher.search`."""
        try:
            return self._evaluator.search(query)
        except FAULTS as error:
            raise self._damaged("searched", error) from error

    def items(self, hits: Sequence[ScoredDoc]) -> list[Item]:
        """See `Searcher.items`."""
        try:
            return [
                self.segments[place].item(number) for place, number in (hit.ref for hit in hits)
            ]
        except FAULTS as error:
            raise self._damaged("read", error) from error

    def get(self, id: str) -> Item | None:
        """See `Searcher.get`."""
        try:
            for segment in self.segments:
                number = segment.number(id)
                if number is not None:
                    return segment.item(number)
        except FAULTS as error:
            raise self._damaged("read", error) from error
        return None

    def outlet(self, domain: str) -> str:
        """See `Searcher.outlet`."""
        return self._names.get(domain, domain)

    def stats(self) -> Stats:
        """See `Searcher.stats`."""
        items = sum(len(segment.living) for segment in self.segments)
        return Stats(items, len(self.segments), self._backend.advice)

    def close(self) -> None:
        """See `Searcher.close`. The files are unmapped as the last array in them is let go of."""
        del self.segments, self._evaluator

    def _damaged(self, done: str, error: Exception) -> IndexDamaged:
        """What columns that do not fit each other amount to."""
        said = f"{type(error).__name__} {error}".strip()
        return IndexDamaged(f"{self.generation} cannot be {done}: {said}; {REMEDY}")
