"""A store whose merges are worth several processes however small they are."""

from pathlib import Path

from indexer.engines.whoosh.merge_policy import DEFAULT_POLICY
from indexer.engines.whoosh.parts import MergeLimits
from indexer.engines.whoosh.store import WhooshStore


class SharingStore(WhooshStore):
    """Shares the work of any merge."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, DEFAULT_POLICY, MergeLimits(shared_from=0))


SHARING = (SharingStore.__module__, SharingStore.__name__)
"""Its entry in the registry of stores."""
