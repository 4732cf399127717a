"""The engines under contract: what is particular to each, and an index built in steps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from indexer.document import document
from indexer.engines import open_store
from indexer.engines.whoosh.store import WhooshStore
from indexer.index.directory import Generation, IndexDirectory
from indexer.item import Item
from indexer.reindex.protocols import Store
from indexer.segment.merge_policy import MergePolicy
from indexer.stories.finder import find_stories
from indexer.stories.policy import StoryPolicy
from search_app.search.engines import SEARCHERS, open_searcher
from search_app.search.engines.whoosh.backends import BACKENDS, Backend
from search_app.search.protocols import Searcher
from tests.contract.reference import Corpus
from tests.indexer.samples import sources
from tests.indexer.stories.index import by_number, groups

ENGINES = sorted(SEARCHERS)

Step = tuple[tuple[Item, ...], tuple[str, ...]]
"""One batch: the items it puts, then the ids it deletes."""


UNMERGED = MergePolicy(growth=0, small=0)
"""Each step stays a segment of its own, however small."""

LOOSE = partial(find_stories, policy=StoryPolicy(min_words=1, max_sharing=1000, seconds=10**10))
"""So even items of a few words report the same story."""


class UnmergedStore(WhooshStore):
    """A store that merges nothing, and tells stories by the numbers of items."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, UNMERGED, find_stories=by_number)


Opener = Callable[[Generation], Searcher]


def tuned(name: str, **settings: Any) -> Backend:
    """A backend with settings of its own."""
    return replace(BACKENDS[name], make=partial(BACKENDS[name].make, **settings))


def build(
    engine: str, folder: Path, steps: list[Step], merge_policy: MergePolicy | None = None
) -> dict[str, Item]:
    """Carry out the steps, each a generation of its own, and say which items are there then."""
    if merge_policy:
        store: Store = WhooshStore(folder, merge_policy, find_stories=LOOSE)
    else:
        store = open_store(engine, folder)
    items: dict[str, Item] = {}
    for number, (puts, deletes) in enumerate(steps):
        with store.exclusive(), store.batch(full=number == 0) as batch:
            for item in puts:
                items[item.id] = item
                batch.put(document(item))
            for id in deletes:
                if items.pop(id, None):
                    batch.delete(id)
            batch.commit(sources(items.values()))
            store.collect_garbage()
    return items


@contextmanager
def opened(
    engine: str,
    folder: Path,
    steps: list[Step],
    opener: Opener | None = None,
    merge_policy: MergePolicy | None = None,
) -> Iterator[tuple[Searcher, Corpus]]:
    """An index built in steps, open for searching; and the reference over the same items."""
    items = build(engine, folder, steps, merge_policy)
    home = IndexDirectory(folder)
    opener = opener or partial(open_searcher, engine)
    searcher = opener(home.load(home.current_name(), engine))
    try:
        stories = {id: f"{name:016x}" for name, ids in groups(folder).items() for id in ids}
        yield searcher, Corpus(map(document, items.values()), stories)
    finally:
        searcher.close()
