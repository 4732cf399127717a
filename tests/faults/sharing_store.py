"""A store whose merges are worth several processes however small they are."""

from pathlib import Path

from indexer.engines.whoosh.store import WhooshStore
from indexer.segment.merge_inputs import MergeLimits
from indexer.segment.merge_policy import DEFAULT_POLICY


class SharingStore(WhooshStore):
    """Shares the work of any merge."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, DEFAULT_POLICY, MergeLimits(shared_from=0))


SHARING = (SharingStore.__module__, SharingStore.__name__)
"""Its entry in the registry of stores."""
