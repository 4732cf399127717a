"""A worker of `newsdex serve`: the same application in a process of its own, which answers searches
that come through a pipe (`serving.workers`)."""

import logging
import os
import threading
import time
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection

import msgspec

from indexer.errors import NewsdexError
from indexer.process_pool import when_parent_ends
from search_app.app import create_app
from search_app.serving.workers import NO_ANSWER, READY, Asked
from search_app.settings import Settings
from search_app.state import SEARCHES, State, state


def answer_searches(settings: Settings, pipe: Connection) -> None:
    """Answer what comes until the pipe breaks. What is wrong with an index or a request is told by
    the process that asked, which then makes the answer itself."""
    when_parent_ends(partial(os._exit, 0))
    logging.disable()
    app = create_app(settings)
    held, searches = state(app.extensions), app.extensions[SEARCHES]

    def answer(asked: Asked) -> bytes:
        """A body of the version that is asked for, unless that changes meanwhile."""
        if held.version() != asked.version:
            return NO_ANSWER
        _, make = searches[asked.path]
        body: bytes = make(asked.environ())
        return body if held.version() == asked.version else NO_ANSWER

    with suppress(NewsdexError):  # there is no index yet
        for path in searches:  # so that no reader waits for what is loaded with the first answer
            answer(Asked(held.version(), "", path, ""))
    threading.Thread(target=_follow, args=(held,), daemon=True).start()
    with suppress(EOFError, OSError):  # the process that asks has gone
        pipe.send_bytes(READY)
        while True:
            request = pipe.recv_bytes()
            try:
                body = answer(msgspec.msgpack.decode(request, type=Asked))
            except Exception:  # whatever it is, the process that asks meets it, too
                body = NO_ANSWER
            pipe.send_bytes(body)


def _follow(held: State, every: float = 1.0) -> None:
    """Open each new generation even if nobody asks, so that nobody waits for that, and the files of
    the old one are let go."""
    while True:
        with suppress(NewsdexError):  # whoever asks is told
            held.version()
        time.sleep(every)
