"""The settings of the search side: the indexer's table and its own rows."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.settings import SETTINGS as INDEXER_SETTINGS
from indexer.settings import Setting, values
from search_app.search.request import MAX_PAGE_SIZE, PAGE_SIZE


def port(text: str) -> int:
    """A TCP port; 0 lets the system choose one."""
    return _between(text, 0, 65_535)


def _size(text: str) -> int:
    return _between(text, 1, MAX_PAGE_SIZE)


def _threads(text: str) -> int:
    return _between(text, 1, 256)


def _between(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ValueError(f"write a whole number from {least} to {most}")
    return int(text)


SETTINGS = (
    *INDEXER_SETTINGS,
    Setting("host", "127.0.0.1", "The address `newsdex serve` listens on."),
    Setting("port", "8080", "The port `newsdex serve` listens on; 0: any that is free.", port),
    Setting("threads", "8", "How many requests `newsdex serve` works on at a time.", _threads),
    Setting("page_size", str(PAGE_SIZE), "Hits on a page where the request names none.", _size),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The value of every setting of the table, by name."""

    seeds: Path
    index: Path
    engine: str
    jobs: int
    memory: int
    follow_links: bool
    promoted_only: bool
    poll: bool
    host: str
    port: int
    threads: int
    page_size: int

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **given: Any) -> "Settings":
        """From what was given, the environment and the defaults, in this order of precedence."""
        return cls(**values(SETTINGS, os.environ if environ is None else environ, given))
