"""What an application holds besides its routes: its settings and the library it lends from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from search_app.search.library import Library
from search_app.settings import Settings

NAME = "newsdex"
"""What it is called among an application's extensions."""


@dataclass(frozen=True, slots=True)
class State:
    """Made once, by `app.create_app`."""

    settings: Settings
    library: Library


def state(extensions: Mapping[str, Any]) -> State:
    """The state among the extensions of an application that `create_app` made."""
    held: State = extensions[NAME]
    return held
