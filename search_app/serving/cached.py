"""WSGI middleware that gives an answer again which was given before (RFC 9110, section 13).

An answer depends on its address and on the *version*: generation, settings, synonyms, day. So its
entity tag is known before it is made, and a client that has it already is told so without a search.
Everyone else gets the answer from the cache if it is there.

An answer of another version is never given. So a client that asks for a fresh answer (`no-cache`)
has nothing to gain, and is treated like all others.

A `Stream` has no tag: it may break off when the client has been sent the tag, and what is then kept
would be confirmed as if it were whole.
"""

from collections.abc import Callable, Iterable
from typing import Any

from search_app.serving.answer_cache import AnswerCache
from search_app.serving.content_coding import IDENTITY, chosen_coding, compressed, is_compressible
from search_app.serving.entity_tags import entity_tag, is_listed
from search_app.serving.stream import Stream
from search_app.serving.wsgi import ROUTE, VERSION, Answer, App, Environ, Headers, whole

_ADDRESS = (
    *("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT"),
    *("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
)
_VARY = ("Vary", "Accept-Encoding")

MIN_BYTES = 1_400
"""A shorter answer is not compressed: it fits into one packet as it is."""


class Cached:
    """An application in front of another, which it asks for what is not in the cache.

    `route` gives the rule of a request's address if the answer depends on address and version only,
    and "" otherwise; such a request is passed on. `version` gives the present version, or "" if
    nothing can be answered.
    """

    def __init__(
        self,
        app: App,
        route: Callable[[Environ], str],
        version: Callable[[], str],
        cache: AnswerCache,
    ) -> None:
        self._app, self._route, self._version, self._cache = app, route, version, cache

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """See PEP 3333."""
        route = self._route(environ)
        version = self._version() if route else ""
        if not version:
            return self._app(environ, start_response)
        environ[ROUTE] = route
        tag = entity_tag(version, *map(environ.get, _ADDRESS))
        if is_listed(tag, environ.get("HTTP_IF_NONE_MATCH", "")):
            start_response("304 Not Modified", [*_validators(tag), _VARY])
            return []
        coding = chosen_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        is_head = environ["REQUEST_METHOD"] == "HEAD"
        answer = self._cache.get(version, tag + coding)
        if answer is None:
            environ[VERSION] = version
            status, headers, body = _asked(self._app, environ)
            if isinstance(body, Stream):
                start_response(status, headers)
                if is_head:
                    body.close()
                return [] if is_head else body
            answer = Answer(status, tuple(headers), body)
            # Made while the version changed, it might be of either.
            if status.startswith("200") and self._version() == version:
                answer = _encoded(answer, tag, coding)
                self._cache.put(version, tag + coding, answer)
        start_response(answer.status, list(answer.headers))
        return [] if is_head else [answer.body]


def _asked(app: App, environ: Environ) -> tuple[str, Headers, bytes | Stream]:
    """What the application answers: to HEAD the same as to GET, as their headers must be equal."""
    started: list[tuple[str, Headers]] = []

    def start(status: str, headers: Headers, *_: Any) -> None:
        started.append((status, headers))

    method = environ["REQUEST_METHOD"]
    environ["REQUEST_METHOD"] = "GET"
    try:
        body = app(environ, start)
    finally:
        environ["REQUEST_METHOD"] = method
    return *started[-1], body if isinstance(body, Stream) else whole(body)


def _validators(tag: str) -> Headers:
    """The headers by which a client keeps an answer, but asks each time before it is used again."""
    return [("ETag", tag), ("Cache-Control", "no-cache")]


def _encoded(answer: Answer, tag: str, coding: str, min_bytes: int = MIN_BYTES) -> Answer:
    """An answer as it is sent, compressed where that makes it shorter."""
    headers = [pair for pair in answer.headers if pair[0] != "Content-Length"]
    headers += _validators(tag)
    body = answer.body
    if is_compressible(dict(headers).get("Content-Type", "")):
        headers.append(_VARY)
        if coding != IDENTITY and len(body) >= min_bytes:
            body = compressed(body, coding)
            headers.append(("Content-Encoding", coding))
    headers.append(("Content-Length", str(len(body))))
    return Answer(answer.status, tuple(headers), body)
