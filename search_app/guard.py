"""Refuses requests that are too long or have a body before anything else reads them.

No route takes a body, so none is read: a request that announces one is refused, whatever it asks
for. The server may have read it before; `serving` bounds that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused: an HTTP status, a kind of error and a sentence."""

    status: int
    kind: str
    message: str


NO_BODY = Refusal(413, "too_large", "no request here takes a body; ask again without one")
NO_PATH = Refusal(404, "not_found", "there is nothing at an address as long as this")


def refusal(
    environ: Mapping[str, Any],
    *,
    max_path: int = 4_200,
    max_query: int = 262_144,
    max_parameters: int = 1_000,
) -> Refusal | None:
    """Why a WSGI request is refused, or `None`. Looks at its headers, never at its body.

    It may have a path of `max_path` bytes, and `max_parameters` parameters of `max_query` bytes in
    all. An item's id is the path of its file, and no system takes one of more than 4,096 bytes. The
    parameters may be longer than any search, which is then shortened, but not so long that reading
    them would be work.
    """
    if environ.get("HTTP_TRANSFER_ENCODING") or environ.get("CONTENT_LENGTH", "").strip(" 0"):
        return NO_BODY
    if len(environ.get("PATH_INFO", "")) > max_path:
        return NO_PATH
    query = environ.get("QUERY_STRING", "")
    if len(query) > max_query:
        message = (
            f"the address has {len(query):,} bytes of parameters; {max_query:,} are read at most"
        )
        return Refusal(400, "too_long", message)
    given = query.count("&") + 1
    if given > max_parameters:
        message = f"the address has {given:,} parameters; {max_parameters:,} are read at most"
        return Refusal(400, "too_many", message)
    return None
