"""The search side of Newsdex: a query, an engine, and three ways to ask.

    cli                  newsdex search, newsdex serve
    server               newsdex serve, of granian_worker · listening: HTTP, and sockets
    app                  the Flask application
    views · api          the pages, the JSON API
    presenters · page    results as JSON (of the types in answers), as a page;
                         parameters · links: to and from addresses
    fairness             in front of the application: whose request is worked on next; of
                         client_address · admission · rate_limit
    search               the query side proper: knows neither Flask nor the write side
    settings             one table

Each layer imports only what stands below it, and from `indexer` only the contract of the index.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    """`create_app`, for `flask --app search_app`; loaded when asked for, so that the query side
    can be imported without Flask."""
    if name == "create_app":
        from search_app.app import create_app

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
