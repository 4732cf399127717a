"""How well items that report the same story are grouped: pairwise precision and recall.

The items are those of `stories`, with all their articles. Of all pairs of items that are put into
one story, precision is the share that belongs together; of all pairs that belong together, recall
is the share that is put together.

    python -m tests.relevance.story_grouping [articles of an item ...]
"""

import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.engines.whoosh.store import WhooshStore
from tests.indexer.samples import write
from tests.indexer.stories.index import groups
from tests.relevance.collection import DATA
from tests.relevance.stories import item_of, story_items

ARTICLES = DATA / "stories.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Grouping:
    """How well items were grouped. `items`: how many there are; `together`: those that are not
    alone."""

    items: int
    together: int
    precision: float
    recall: float


def measure(path: Path, size: int) -> Grouping:
    """How well the items of at most `size` articles each are grouped by a reindex."""
    items = story_items(path, size)
    stories = defaultdict(list)
    for item in items:
        stories[item.story].append(item.id)
    with TemporaryDirectory() as folder:
        write(WhooshStore(Path(folder)), [item_of(item.id, item.rows) for item in items])
        found = groups(Path(folder)).values()
    joined, belonging = _pairs(found), _pairs(stories.values())
    right = len(joined & belonging)
    return Grouping(len(items), sum(map(len, found)), right / len(joined), right / len(belonging))


def _pairs(groups: Iterable[list[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or ("6", "1")):
        print(f"items of at most {size} articles: {measure(ARTICLES, size)}")
