"""The types of WSGI (PEP 3333): what a server gives an application, and the application itself."""

from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
"""The headers of a request, and how it came."""

App = Callable[[Environ, Any], Iterable[bytes]]
"""A WSGI application."""
