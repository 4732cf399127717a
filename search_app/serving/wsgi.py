"""The types of WSGI (PEP 3333): what a server gives an application, and the application itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Environ = dict[str, Any]
"""The headers of a request, and how it came."""

App = Callable[[Environ, Any], Iterable[bytes]]
"""A WSGI application."""

Headers = list[tuple[str, str]]
"""The headers of an answer."""

ROUTE = "newsdex.route"
"""The key of the environment under which whoever answers leaves the rule of the address, such as
`/items/<path:id>`. Rules are few; addresses are not, and would make as many time series."""

VERSION = "newsdex.version"
"""The key under which `Cached` leaves the version that an answer is to be of."""

GREEDY = "newsdex.greedy"
"""The key under which `Fairness` leaves whether the request is one of a greedy client."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status line, headers, body."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def whole(body: Iterable[bytes]) -> bytes:
    """All of a body, which is closed."""
    try:
        return b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close:
            close()
