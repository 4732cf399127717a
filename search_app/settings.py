"""The settings of the search side: the indexer's table and its own rows."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.settings import SETTINGS as INDEXER_SETTINGS
from indexer.settings import Setting, values
from search_app.client_address import Networks, networks
from search_app.search.request import MAX_PAGE_SIZE, PAGE_SIZE


def port(text: str) -> int:
    """A TCP port; 0 lets the system choose one."""
    return _between(text, 0, 65_535)


def _size(text: str) -> int:
    return _between(text, 1, MAX_PAGE_SIZE)


def _threads(text: str) -> int:
    return _between(text, 1, 256)


def _concurrency(text: str) -> int:
    return _between(text, 0, 256)


def _rate(text: str) -> float:
    if not RATE.fullmatch(text) or float(text) > MAX_RATE:
        raise ValueError(f"write a number from 0 to {MAX_RATE}, such as 10 or 0.5")
    return float(text)


def _between(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ValueError(f"write a whole number from {least} to {most}")
    return int(text)


RATE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
MAX_RATE = 100_000

SETTINGS = (
    *INDEXER_SETTINGS,
    Setting("host", "127.0.0.1", "The address `newsdex serve` listens on."),
    Setting("port", "8080", "The port `newsdex serve` listens on; 0: any that is free.", port),
    Setting("threads", "8", "How many requests `newsdex serve` works on at a time.", _threads),
    Setting(
        "client_concurrency",
        "0",
        "How many requests of one client are worked on at a time; 0: half the threads.",
        _concurrency,
    ),
    Setting("rate_limit", "0", "How many requests a second one client may make; 0: any.", _rate),
    Setting(
        "trusted_proxies",
        "",
        "Addresses and networks of the proxies whose `X-Forwarded-*` is believed.",
        networks,
    ),
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
    client_concurrency: int
    rate_limit: float
    trusted_proxies: Networks
    page_size: int

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **given: Any) -> "Settings":
        """From what was given, the environment and the defaults, in this order of precedence."""
        return cls(**values(SETTINGS, os.environ if environ is None else environ, given))
