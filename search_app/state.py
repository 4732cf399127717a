"""What an application shares among its requests: the settings and the reader of the index."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

from msgspec.structs import replace

from indexer.index.directory import IndexDirectory
from indexer.index.manifest import VerifyPolicy
from search_app.assets import Assets
from search_app.look import Look
from search_app.observing.access_log import AccessLog
from search_app.program import program_fingerprint
from search_app.request_params import (
    Parameters,
    search_request,
    suggest_request,
)
from search_app.search import service
from search_app.search.answering import PAGE, Wanted
from search_app.search.counting import MAX_BUCKETS, items_by_date, values_of_facet
from search_app.search.cursor import Cursor, cursor
from search_app.search.engines import open_searcher, verify_policy
from search_app.search.examples import Examples, examples
from search_app.search.index_reader import IndexReader
from search_app.search.overview import Overview, overview
from search_app.search.request import FacetRequest, Group, SearchRequest, TimelineRequest
from search_app.search.results import FacetResults, Hit, Results, StoryItems, TimelineResults
from search_app.search.suggest import Suggestions, suggest
from search_app.serving.entity_tags import entity_tag
from search_app.settings import Settings
from search_app.synonyms_file import SynonymsFile

NAME = "newsdex"
"""The key of the state among an application's extensions."""

_OF_PAGES = ("prefix",)
"""Parameters that the form of a page sends along, and that say nothing about a search."""

METRICS = "newsdex.metrics"
"""The key of its metrics there."""

SEARCHES = "newsdex.searches"
"""The key of what answers searches there."""


@dataclass(frozen=True, slots=True)
class State:
    """Made once, by `app.create_app`. `fixed_version` is the part of `version` that stays."""

    settings: Settings
    reader: IndexReader
    synonyms: SynonymsFile
    look: Look
    assets: Assets
    fixed_version: str
    access_log: AccessLog | None = None

    def close(self) -> None:
        """Close the index and the log of requests."""
        self.reader.close()
        if self.access_log:
            self.access_log.close()

    def search(self, parameters: Parameters) -> Results:
        """The results of a search in the current generation. Raises `UsageError` for a parameter
        with a value it cannot have, `IndexUnusable` if there is no generation."""
        return self.answer(search_request(parameters, self.settings.page_size))

    def page(self, parameters: Parameters, wanted: Wanted) -> Results:
        """The results of a search as the pages show them: grouped as the settings say where the
        parameters do not, and no score explained, even if that is asked. Raises as `search`."""
        defaults = self.settings.page_size, self.settings.group
        request = search_request(parameters, *defaults, more=_OF_PAGES)
        return self.answer(replace(request, explain=False), wanted)

    def answer(self, request: SearchRequest, wanted: Wanted = PAGE) -> Results:
        """The results of a request in the current generation. Raises `IndexUnusable` if there is
        none."""
        with self.reader.acquire() as lease:
            return service.search(
                lease.searcher,
                request,
                lease.notes,
                synonyms=self.synonyms.synonyms(),
                signals=self.settings.signals,
                wanted=wanted,
            )

    @contextmanager
    def cursor(self, request: SearchRequest) -> Iterator[Cursor]:
        """A cursor over all entries of a search in the current generation, which stays open as long
        as this is entered. Raises as `search`."""
        with self.reader.acquire() as lease:
            yield cursor(
                lease.searcher,
                request,
                lease.notes,
                synonyms=self.synonyms.synonyms(),
                signals=self.settings.signals,
            )

    def version(self) -> str:
        """Changes when an answer to the same request may change: with the generation, the settings
        and the files they name, the synonyms, the program, and the day, by which freshness counts.
        Raises `IndexUnusable` if there is no generation. Every request asks."""
        today = datetime.now(UTC).date()
        return _version(self.fixed_version, self.reader.answering(), self.synonyms.key(), today)

    def timeline(self, request: TimelineRequest, most: int = MAX_BUCKETS) -> TimelineResults:
        """What a search finds, by date, in at most so many buckets. Raises as `answer`."""
        with self.reader.acquire() as lease:
            return items_by_date(
                lease.searcher, request, lease.notes, self.synonyms.synonyms(), most
            )

    def facet_values(self, request: FacetRequest) -> FacetResults:
        """Values of a facet group in what a search finds. Raises as `answer`."""
        with self.reader.acquire() as lease:
            return values_of_facet(
                lease.searcher, request, lease.notes, synonyms=self.synonyms.synonyms()
            )

    def examples(self) -> Examples:
        """What stands in the current generation. Raises as `answer`."""
        with self.reader.acquire() as lease:
            return examples(lease.searcher)

    def suggest(self, parameters: Parameters) -> Suggestions:
        """What is suggested in the current generation. Raises as `search`."""
        request = suggest_request(parameters)
        with self.reader.acquire() as lease:
            return suggest(lease.searcher, request, lease.notes, synonyms=self.synonyms.synonyms())

    def similar(self, id: str, parameters: Parameters) -> Results | None:
        """What is like one item, as `search` gives results; `None` if none has this id."""
        request = search_request(parameters, self.settings.page_size)
        with self.reader.acquire() as lease:
            return service.similar(
                lease.searcher, id, request, lease.notes, self.synonyms.synonyms()
            )

    def overview(self) -> tuple[Overview, datetime]:
        """What the current generation holds at a glance, and when it was made. Raises
        `IndexUnusable` if there is none."""
        with self.reader.acquire() as lease:
            held = overview(lease.searcher, datetime.now(UTC).date(), self.settings.group)
            return held, datetime.fromisoformat(lease.created)

    def get(self, id: str) -> Hit | None:
        """One item with its coverage; `None` if none has this id."""
        with self.reader.acquire() as lease:
            return service.get(lease.searcher, id)

    def get_with_others(
        self, id: str, most_alike: int, request: SearchRequest | None = None
    ) -> tuple[Hit, StoryItems, tuple[Hit, ...]] | None:
        """One item with its coverage, the other items of its story, and at most so many stories
        that are like it; `None` if none has this id. Marked is what the request finds in the item,
        if one led to it."""
        with self.reader.acquire() as lease:
            hit = service.get(lease.searcher, id, request, self.synonyms.synonyms())
            alike = service.similar(
                lease.searcher,
                id,
                SearchRequest(page_size=most_alike, group=Group.STORY),
                wanted=Wanted(marks=False, facet_size=0),
            )
            if hit is None or alike is None:
                return None
            return hit, service.same_story(lease.searcher, hit), alike.hits


def fixed_version(settings: Settings, assets: Assets) -> str:
    """What changes with the program, the settings and the files they name."""
    return entity_tag(program_fingerprint(), settings, assets.fingerprint)


@lru_cache(maxsize=8)
def _version(*parts: object) -> str:
    return entity_tag(*parts)


def state(extensions: Mapping[str, Any]) -> State:
    """The state among the extensions of an application that `create_app` made."""
    held: State = extensions[NAME]
    return held


def open_reader(
    settings: Settings, policy: VerifyPolicy | None = None, recheck: float = 0.01
) -> IndexReader:
    """A reader of the index that the settings name. `policy` is how a generation is verified before
    it answers, by default as its engine needs it; `recheck`: see `IndexReader`."""
    opener = partial(open_searcher, settings.engine)
    return IndexReader(
        IndexDirectory(settings.index),
        settings.engine,
        opener,
        policy or verify_policy(settings.engine),
        recheck=recheck,
    )
