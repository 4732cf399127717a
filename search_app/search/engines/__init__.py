"""The engines that can answer a search, by name; each is imported only when it is chosen.

whoosh/      an index on this machine
"""

from importlib import import_module
from typing import NamedTuple

from indexer.errors import EngineUnavailable
from indexer.index import file_records
from indexer.index.directory import Generation
from indexer.index.manifest import FULL, VerifyPolicy
from search_app.search.protocols import Searcher


class Entry(NamedTuple):
    """The module and the class of an engine's searcher, and how a generation is verified before it
    is opened: files the searcher never reads by their size, large plain arrays by XXH3."""

    module: str
    name: str
    verify_policy: VerifyPolicy


SEARCHERS = {
    "whoosh": Entry(
        "search_app.search.engines.whoosh.searcher",
        "WhooshSearcher",
        VerifyPolicy(xxh3=(".columns",), size_only=(file_records.NAME,)),
    )
}


def open_searcher(engine: str, generation: Generation) -> Searcher:
    """Open a verified generation; `EngineUnavailable` for a name that is no engine."""
    if engine not in SEARCHERS:
        raise EngineUnavailable(
            f"there is no engine {engine!r}; choose one of {', '.join(SEARCHERS)}"
        )
    module, name, _ = SEARCHERS[engine]
    searcher: Searcher = getattr(import_module(module), name)(generation)
    return searcher


def verify_policy(engine: str) -> VerifyPolicy:
    """How to verify a generation before `open_searcher` opens it."""
    return SEARCHERS[engine].verify_policy if engine in SEARCHERS else FULL
