"""A log of requests: a line of JSON for each.

What people search for is nobody's business, so a line has the path of a request without its
parameters, unless a setting asks for them.
"""

import json
import logging
import sys
from contextlib import suppress
from logging.handlers import WatchedFileHandler
from typing import Any

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
            handler = logging.StreamHandler(sys.stdout) if path == STDOUT else _File(path)
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


class _File(WatchedFileHandler):
    """Says once that the file cannot be written, as on a full disk or in a folder that is gone, and
    goes on trying."""

    def __init__(self, path: str) -> None:
        super().__init__(path, encoding="utf-8")
        self._told = False

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`. To open the file anew, where that fails, would raise."""
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name of logging
        """See `logging.Handler`."""
        if not self._told:
            self._told = True
            log.error("the access log cannot be written: %s", sys.exc_info()[1])
