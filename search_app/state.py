"""What an application holds besides its routes: its settings and the library it lends from."""

from dataclasses import dataclass

from flask import Flask

from search_app.search.library import Library
from search_app.settings import Settings


@dataclass(frozen=True, slots=True)
class State:
    """Made once, by `app.create_app`."""

    settings: Settings
    library: Library


def state(app: Flask) -> State:
    """The state of an application that `create_app` made."""
    held = app.extensions["newsdex"]
    if not isinstance(held, State):
        raise TypeError("this Flask application was not made by search_app.app.create_app")
    return held
