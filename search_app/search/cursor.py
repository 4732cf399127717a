"""Reads all entries of a search, however many, in memory that does not grow with them.

A cursor stands on one searcher, so all entries are of one generation. It asks the engine for `step`
of them at a time: few enough to be held, and so many that evaluating the query again for each step
costs little beside reading the items.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from indexer.errors import IndexDamaged
from indexer.index.manifest import REMEDY
from search_app.search.answering import Wanted, answer_to
from search_app.search.filters import understood
from search_app.search.highlighting.highlighter import Highlighter
from search_app.search.highlighting.marking_cost import CostLimit
from search_app.search.hits import Found, hits_of
from search_app.search.protocols import EngineRequest, ScoredDoc, Searcher
from search_app.search.query.logical import Expression
from search_app.search.query.synonyms import NO_SYNONYMS, Synonyms
from search_app.search.query.tree import Note
from search_app.search.request import SearchRequest
from search_app.search.results import Corrected, Hit
from search_app.search.signals import DEFAULT_SIGNALS, Signals

STEP = 10_000
"""Entries that the engine is asked for at a time."""

BATCH = 100
"""Entries that are read and handed on at a time."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The entries of a search: items, or stories. `total` is how many there are, `relaxed` whether
    some hold only some of the words, `corrected` what was searched instead of the request's
    query."""

    total: int
    relaxed: bool
    notes: tuple[Note, ...]
    corrected: Corrected | None
    _searcher: Searcher
    _asked: EngineRequest
    _step: int

    @property
    def generation(self) -> str:
        """The generation that all entries are of."""
        return self._searcher.generation

    def batches(
        self,
        begin: int = 0,
        end: int | None = None,
        size: int = BATCH,
        *,
        with_bodies: bool = False,
    ) -> Iterator[tuple[Hit, ...]]:
        """The entries [begin, end), by default all, in their order, at most `size` at a time; their
        items without bodies, unless these are asked for. Nothing in them is marked. Raises
        `IndexDamaged` if there are fewer than were counted."""
        end = self.total if end is None else min(end, self.total)
        for offset in range(begin, end, self._step):
            docs = self._docs(offset, min(self._step, end - offset))
            for first in range(0, len(docs), size):
                yield self._hits(docs[first : first + size], with_bodies)

    def _docs(self, offset: int, limit: int) -> tuple[ScoredDoc, ...]:
        asked = replace(self._asked, offset=offset, limit=limit, facet_size=0)
        docs = self._searcher.search(asked).hits
        if len(docs) != limit:
            message = f"{self.generation} gives {len(docs)} of {limit} hits from {offset}; {REMEDY}"
            raise IndexDamaged(message)
        return docs

    def _hits(self, docs: tuple[ScoredDoc, ...], with_bodies: bool) -> tuple[Hit, ...]:
        items = self._searcher.items(docs, with_bodies=with_bodies)
        found = list(map(Found, items, self._searcher.stories(docs), docs))
        return hits_of(self._searcher, found, Highlighter(()), CostLimit())


def cursor(
    searcher: Searcher,
    request: SearchRequest,
    notes: tuple[Note, ...] = (),
    *,
    synonyms: Synonyms = NO_SYNONYMS,
    like: Expression | None = None,
    signals: Signals = DEFAULT_SIGNALS,
    step: int = STEP,
) -> Cursor:
    """A cursor over all entries that `service.search` finds for a request, whatever its page."""
    request = replace(request, page=1, page_size=1, explain=False)
    filters = understood(request, searcher.vocabulary)
    answer = answer_to(searcher, filters, synonyms, like, signals, Wanted(hits=False, facet_size=0))
    found = answer.found
    return Cursor(
        total=found.total if found.stories is None else found.stories,
        relaxed=found.relaxed,
        notes=(*notes, *answer.notes(filters, CostLimit())),
        corrected=answer.corrected,
        _searcher=searcher,
        _asked=answer.engine_asked,
        _step=step,
    )
