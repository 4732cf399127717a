"""The engines under measurement: what each can be asked, and how to build and open it.

A peer is imported only when it is wanted, so that one that is not installed stops nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from tests.bench.asks import Ask
from tests.bench.corpus import Corpus, Unavailable

OURS = "newsdex"
LEVELS = {
    "plain": "top 10",
    "faceted": "top 10, four facet groups",
    "page": "top 10, four facet groups, snippets, stored fields",
}
"""All count their hits exactly. `plain` gives ids, `faceted` ids and counts of facet values, `page`
all that a page of results shows."""

GROUPS = ("topic", "provider", "type", "year")
FACET_SIZE = 50
"""The most values counted of a facet group, ours and the peers' alike."""

TOP = 10


@dataclass(frozen=True, slots=True)
class Summary:
    """An answer in nobody's own form: made after the clock has stopped, to compare answers.

    `facets`: group to value to count. `marked`: title and excerpt of each hit, as marked.
    """

    total: int
    ids: tuple[str, ...]
    facets: Mapping[str, Mapping[str, int]]
    marked: tuple[tuple[str, str], ...] = ()


class Engine(Protocol):
    """An open index. Answers are in the engine's own form; `summary` reads one."""

    def plain(self, ask: Ask) -> Any:
        """The ids of the first ten hits, and how many there are."""

    def faceted(self, ask: Ask) -> Any:
        """The same, and the counts of the four facet groups."""

    def page(self, ask: Ask) -> Any:
        """All that a page of results shows."""

    def summary(self, answer: Any) -> Summary:
        """What an answer of `plain`, `faceted` or `page` says."""

    def close(self) -> None:
        """Let go of the files."""


@dataclass(frozen=True, slots=True)
class Maker:
    """How an engine's index is built in a new folder, and opened. `version`: of its library;
    `is_usable`: whether an index found there can be opened instead of building it again;
    `reads_files`: whether it is built from the files, not from documents."""

    version: str
    build: Callable[[Path, Corpus], None]
    open: Callable[[Path], Engine]
    is_usable: Callable[[Path], bool] = Path.is_dir
    reads_files: bool = False


_MAKERS = {
    OURS: ("tests.bench.ours", "NEWSDEX"),
    "tantivy": ("tests.bench.tantivy_peer", "WEIGHTED"),
    "tantivy-joined": ("tests.bench.tantivy_peer", "JOINED"),
    "sqlite": ("tests.bench.sqlite_peer", "FTS5"),
}

PEERS = tuple(name for name in _MAKERS if name != OURS)


def maker(name: str) -> Maker:
    """The maker of an engine; `Unavailable` if what it needs is not installed."""
    module, attribute = _MAKERS[name]
    try:
        found = getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        raise Unavailable(f"{name}: {error.name} is not installed") from error
    if not isinstance(found, Maker):
        raise TypeError(f"{module}.{attribute} is no Maker")
    return found
