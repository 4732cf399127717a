"""Fairness between clients, as WSGI middleware: it works the same under any server.

A request takes a token of its client's, then a slot, then is worked on. `/healthz`, `/readyz` and
`/metrics` have slots of their own, because a monitor must get an answer while all other slots are
taken; neither they nor static files take a token. A slot is given back when the application has
returned its answer, which is whole by then, so a client that reads slowly holds up nobody.

Of an answer that is a `Stream`, each chunk takes a slot for itself, so a long export stands back
behind light requests like any greedy client. As a stream keeps a thread until the client has taken
it, there are places for only a few at a time: paths in `STREAMED` wait for one of these first.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from search_app.serving.admission import Gate, QueueLimits, Reason, Refused
from search_app.serving.client_address import client_key
from search_app.serving.rate_limit import RateLimit
from search_app.serving.stream import Stream
from search_app.serving.wsgi import GREEDY, Answer, App, Environ
from search_app.settings import Settings

HEALTH = ("/healthz", "/readyz", "/metrics")
STATIC = "/static/"
STREAMED = ("/search.csv", "/search.jsonl", "/sitemap")
"""Beginnings of the paths whose answers are streams."""

STREAMS, STREAMS_EACH = 4, 2
"""Streams at a time, in all and of one client."""

STREAM_QUEUE = QueueLimits(places=16, places_each=8)

MESSAGES = {
    Reason.TOO_MANY: "too many requests from your address at once; wait a moment and try again",
    Reason.RATE: "more requests a second from your address than are allowed; ask less often",
    Reason.BUSY: "too many searches at once; wait a moment and try again",
}
STATUSES = {Reason.TOO_MANY: 429, Reason.RATE: 429, Reason.BUSY: 503}


Answers = Callable[[Environ, Reason], Answer]
"""Returns the answer to a refused request, by its environ and the reason, without `Retry-After`,
which `Fairness` adds."""


class Fairness:
    """A WSGI application that lets requests through to another one, in fair turns, with the limits
    that the settings name. `gate` has the slots of all but monitors."""

    def __init__(self, app: App, settings: Settings, answers: Answers) -> None:
        self._app, self._answers = app, answers
        each = settings.client_concurrency or max(1, settings.threads // 2)
        self.gate = Gate(settings.threads, each)
        self._health = Gate(4, 2, QueueLimits(places=16, places_each=8))
        self._streams = Gate(STREAMS, STREAMS_EACH, STREAM_QUEUE)
        self._rate = RateLimit(settings.rate_limit)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """See PEP 3333."""
        path, client = environ.get("PATH_INFO", ""), client_key(environ.get("REMOTE_ADDR", ""))
        healthy = path in HEALTH
        try:
            if not healthy and not path.startswith(STATIC):
                self._rate.take(client)
            if path.startswith(STREAMED):
                return self._streamed(environ, start_response, client)
            with (self._health if healthy else self.gate).slot(client) as is_greedy:
                environ[GREEDY] = is_greedy
                return self._app(environ, start_response)
        except Refused as refused:
            return self._refuse(environ, start_response, refused)

    def _streamed(self, environ: Environ, start_response: Any, client: str) -> Iterable[bytes]:
        with ExitStack() as held:
            held.enter_context(self._place(client))
            with self.gate.slot(client):
                body = self._app(environ, start_response)
            if isinstance(body, Stream):
                return body.take_turns(partial(self._turn, client), held.pop_all())
            return body

    @contextmanager
    def _place(self, client: str) -> Iterator[None]:
        """A place among the streams. A server that drops one without closing it, as it should, also
        gives the place back: a generator is closed when it is dropped."""
        with self._streams.slot(client):
            yield

    @contextmanager
    def _turn(self, client: str, attempts: int = 10) -> Iterator[None]:
        """A slot for the next chunk of a stream. It has begun, so where a request would be refused,
        it asks again."""
        with ExitStack() as held:
            for left in reversed(range(attempts)):
                try:
                    held.enter_context(self.gate.slot(client))
                    break
                except Refused as refused:
                    if not left:
                        raise
                    time.sleep(refused.retry_after)
            yield

    def _refuse(self, environ: Environ, start_response: Any, refused: Refused) -> Iterable[bytes]:
        answer = self._answers(environ, refused.reason)
        start_response(answer.status, [*answer.headers, ("Retry-After", str(refused.retry_after))])
        return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else answer.body]
