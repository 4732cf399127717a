"""The record of sources: which file gave which item, kept in the generation it gave rise to."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import IndexDamaged
from indexer.item import Item

NAME = "sources.json"
OUTLETS = "outlets.json"


@dataclass(frozen=True, slots=True)
class Record:
    """An indexed item. `fingerprint` is its document's, `outlets` its (domain, name) pairs."""

    path: str
    fingerprint: str
    outlets: tuple[tuple[str, str], ...] = ()


Records = Mapping[str, Record]
"""Item id to record."""


def outlets(item: Item) -> tuple[tuple[str, str], ...]:
    """The distinct (domain, name) pairs of an item's outlets."""
    pairs = ((a.provider.domain, a.provider.name) for a in item.articles() if a.provider)
    return tuple(dict.fromkeys(pairs))


def outlet_names(records: Iterable[Record]) -> dict[str, str]:
    """For each domain the name most items give it; of equals, the first in the alphabet."""
    counts = Counter(pair for record in records for pair in record.outlets)
    ranked = sorted(counts.items(), key=lambda entry: (entry[0][0], -entry[1], entry[0][1]))
    names: dict[str, str] = {}
    for (domain, name), _ in ranked:
        names.setdefault(domain, name)
    return names


def write(folder: Path, records: Records) -> None:
    """Write the record into a generation's folder, ids in order, and the names of its outlets."""
    rows = {
        id: [record.path, record.fingerprint, record.outlets]
        for id, record in sorted(records.items())
    }
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    # A path that is not UTF-8 has lone surrogates; their escapes are JSON's, too.
    (folder / NAME).write_text(text, encoding="utf-8", errors="backslashreplace")
    names = json.dumps(outlet_names(records.values()), ensure_ascii=False)
    (folder / OUTLETS).write_text(names, encoding="utf-8")


def read(folder: Path) -> dict[str, Record]:
    """The record of a verified generation; `IndexDamaged` if it cannot be read."""
    try:
        rows = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{folder / NAME} cannot be read: {error}") from error
    return {
        id: Record(path, fingerprint, tuple((domain, name) for domain, name in pairs))
        for id, (path, fingerprint, pairs) in rows.items()
    }


def read_outlets(folder: Path) -> dict[str, str]:
    """The names of a verified generation's outlets, by domain; `IndexDamaged` if unreadable."""
    try:
        names: dict[str, str] = json.loads((folder / OUTLETS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{folder / OUTLETS} cannot be read: {error}") from error
    return names
