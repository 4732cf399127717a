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
    """Where an engine's searcher is, and how closely a generation has to be looked at before it is
    opened: `sized` may be what the searcher never reads, `quick` what it reads as plain arrays."""

    module: str
    name: str
    scrutiny: VerifyPolicy


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


def scrutiny(engine: str) -> VerifyPolicy:
    """How closely to look at a generation before `open_searcher` is given it."""
    return SEARCHERS[engine].scrutiny if engine in SEARCHERS else FULL
