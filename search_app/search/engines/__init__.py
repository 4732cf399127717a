"""The engines that can answer a search, by name. Imported only when chosen."""

from importlib import import_module

from indexer.errors import EngineUnavailable
from indexer.home import Generation
from search_app.search.engine import Searcher

SEARCHERS = {"whoosh": ("search_app.search.engines.whoosh.searcher", "WhooshSearcher")}


def open_searcher(engine: str, generation: Generation) -> Searcher:
    """Open a verified generation; `EngineUnavailable` for a name that is no engine."""
    if engine not in SEARCHERS:
        raise EngineUnavailable(
            f"there is no engine {engine!r}; choose one of {', '.join(SEARCHERS)}"
        )
    module, name = SEARCHERS[engine]
    searcher: Searcher = getattr(import_module(module), name)(generation)
    return searcher
