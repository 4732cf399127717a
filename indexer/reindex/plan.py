"""What a reindex has to do, decided from fingerprints alone: a pure comparison of then and now."""

from collections.abc import Iterable, Set
from enum import StrEnum


class Change(StrEnum):
    """What became of one item between the index and its file."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    KEPT = "kept"  # the file is unusable now; the item stays as it was
    REJECTED = "rejected"  # the file is unusable, and there was no item


def change(before: str | None, now: str) -> Change:
    """Compare an item's fingerprint in the index (`None`: not there) with its file's."""
    if before is None:
        return Change.ADDED
    return Change.UNCHANGED if before == now else Change.CHANGED


def removed(before: Iterable[str], found: Set[str], unreadable: Iterable[str] = ()) -> list[str]:
    """The ids whose files are gone, in order.

    `unreadable` are ids whose files are there but cannot be read, and folders, ending in `/` or
    empty for all of them, that cannot be listed: what they hold is not known to be gone, so it
    stays.
    """
    unknown = set(unreadable)
    folders = tuple(id for id in unknown if not id or id.endswith("/"))
    return sorted(
        id
        for id in before
        if id not in found and id not in unknown and not (folders and id.startswith(folders))
    )
