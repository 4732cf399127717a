"""The engines that can hold an index, by name; each is imported only when it is chosen.

whoosh/      an index on this machine
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import EngineUnavailable

if TYPE_CHECKING:  # readers of an index load this package, and nothing that writes
    from indexer.reindex.protocols import Store

STORES = {"whoosh": ("indexer.engines.whoosh.store", "WhooshStore")}


def open_store(engine: str, folder: Path) -> "Store":
    """The store of an engine in a folder; `EngineUnavailable` if there is no such engine."""
    if engine not in STORES:
        raise EngineUnavailable(f"there is no engine {engine!r}; choose one of {', '.join(STORES)}")
    module, name = STORES[engine]
    store: Store = getattr(import_module(module), name)(folder)
    return store
