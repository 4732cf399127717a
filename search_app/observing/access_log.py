"""A log of requests: a line of JSON for each.

What people search for is nobody's business, so a line has the path of a request without its
parameters, unless a setting asks for them.
"""

import json
import logging
import sys
from contextlib import suppress
from logging.handlers import WatchedFileHandler
from typing import Any, TextIO

from indexer.errors import UsageError

STDOUT = "-"

log = logging.getLogger(__name__)


class AccessLog:
    """Writes lines to a file, which may be moved away at any time, or to stdout. Safe to share
    between threads. Raises `UsageError` if the file cannot be opened."""

    def __init__(self, path: str, *, with_queries: bool) -> None:
        self._with_queries = with_queries
        handler: logging.Handler
        try:
            handler = _Stdout(sys.stdout) if path == STDOUT else _File(path)
        except OSError as error:
            message = f"access_log: {path}: cannot be written: {error.strerror}"
            raise UsageError(message, "access_log") from None
        self._logger = logging.Logger("access")  # no other logger sees its records
        self._logger.addHandler(handler)

    def write(self, line: dict[str, Any], query: str) -> None:
        """Write what is known of a request; `query` are its parameters as the address has them."""
        if self._with_queries:
            line["query"] = query
        self._logger.info("%s", json.dumps(line))

    def close(self) -> None:
        """Close the file."""
        for handler in self._logger.handlers:
            with suppress(OSError):  # what could not be written was told when it was tried
                handler.close()


class _ToldOnce(logging.Handler):
    """Says once that the log cannot be written, as on a full disk, and goes on trying."""

    _is_told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name of logging
        """See `logging.Handler`."""
        if not self._is_told:
            self._is_told = True
            log.error("the access log cannot be written: %s", sys.exc_info()[1])


class _Stdout(_ToldOnce, logging.StreamHandler[TextIO]):
    """Writes to stdout, which a reader may have closed."""


class _File(_ToldOnce, WatchedFileHandler):
    """Writes to a file, in a folder that may be gone."""

    def __init__(self, path: str) -> None:
        super().__init__(path, encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`. To open the file anew, where that fails, would raise."""
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)
