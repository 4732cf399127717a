"""What an application holds besides its routes: its settings and the library it lends from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from indexer.index.directory import IndexDirectory
from indexer.index.manifest import VerifyPolicy
from search_app.search.engines import open_searcher, scrutiny
from search_app.search.index_reader import IndexReader
from search_app.settings import Settings

NAME = "newsdex"
"""What it is called among an application's extensions."""


@dataclass(frozen=True, slots=True)
class State:
    """Made once, by `app.create_app`."""

    settings: Settings
    library: IndexReader


def state(extensions: Mapping[str, Any]) -> State:
    """The state among the extensions of an application that `create_app` made."""
    held: State = extensions[NAME]
    return held


def open_library(settings: Settings, look: VerifyPolicy | None = None) -> IndexReader:
    """A library over the index that the settings name; `look`: how closely a generation is looked
    at before it answers, by default as closely as its engine needs."""
    opener = partial(open_searcher, settings.engine)
    return IndexReader(
        IndexDirectory(settings.index), settings.engine, opener, look or scrutiny(settings.engine)
    )
