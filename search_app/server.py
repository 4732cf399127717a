"""`newsdex serve`: the application behind waitress, a production WSGI server in pure Python."""

import logging
from collections.abc import Callable
from contextlib import closing
from typing import Any

from waitress.server import create_server

from indexer.errors import UsageError
from search_app.app import create_app
from search_app.settings import Settings
from search_app.state import state


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until interrupted. `announce` is given the address once requests are answered.

    Raises `UsageError` if the address cannot be listened on, `KeyboardInterrupt` at the end.
    """
    app = create_app(settings)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # to wait one's turn is no fault
    try:
        server = create_server(
            app, host=settings.host, port=settings.port, threads=settings.threads, ident=None
        )
    except (OSError, ValueError) as error:
        raise UsageError(
            f"cannot listen on {settings.host} port {settings.port}: {error}; choose another "
            "with --host and --port",
            "port",
        ) from error
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    announce(f"http://{host}:{_port(server)}/")
    with closing(state(app.extensions).library), closing(server):
        server.run()
    raise KeyboardInterrupt  # it ends in no other way, and keeps that to itself


def _port(server: Any) -> int:
    """The port listened on; a host name with several addresses has one for each."""
    if hasattr(server, "effective_listen"):
        return int(server.effective_listen[0][1])
    return int(server.effective_port)
