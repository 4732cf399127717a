"""Refuses requests that are too long, or have a body, before anything else looks at them.

No route takes a body, so none is read: a request that announces one is refused, whatever it asks
for. The server may have read it before; `serving` bounds that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a request may hold: bytes of the path, bytes and number of the parameters.

    An item's id is the path of its file, of which no system takes more than 4,096 bytes. A query
    string may be longer than any search, which is then shortened, but not so long that merely to
    read it would be work.
    """

    path: int = 4_200
    query: int = 262_144
    parameters: int = 1_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not looked at any further: an HTTP status, a kind and a sentence."""

    status: int
    kind: str
    message: str


NO_BODY = Refusal(413, "too_large", "no request here takes a body; ask again without one")
NO_PATH = Refusal(404, "not_found", "there is nothing at an address as long as this")


def refusal(environ: Mapping[str, Any], limits: Limits | None = None) -> Refusal | None:
    """Why a WSGI request is refused as it stands, or `None`. Reads its headers, never its body."""
    limits = limits or Limits()
    if environ.get("HTTP_TRANSFER_ENCODING") or environ.get("CONTENT_LENGTH", "").strip(" 0"):
        return NO_BODY
    if len(environ.get("PATH_INFO", "")) > limits.path:
        return NO_PATH
    query = environ.get("QUERY_STRING", "")
    if len(query) > limits.query:
        message = (
            f"the address has {len(query):,} bytes of parameters; {limits.query:,} are read at most"
        )
        return Refusal(400, "too_long", message)
    given = query.count("&") + 1
    if given > limits.parameters:
        message = f"the address has {given:,} parameters; {limits.parameters:,} are read at most"
        return Refusal(400, "too_many", message)
    return None
