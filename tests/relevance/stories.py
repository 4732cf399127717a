"""Story retrieval: from the headline of one more report, find the items of its story.

The articles of a story, in time order, are cut into items of at most six, as a news aggregator
would group them: the earliest leads, the others are related. One related article of each item,
drawn by seed, is held out. Its headline is a query, and all items of its story are relevant.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any

from indexer.item import Article, Item, Provider
from tests.relevance.collection import Collection

SIZE = 6
"""Articles of an item at most, before one is held out."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grouped:
    """The articles that make an item, the earliest first; all of them report `story`."""

    id: str
    story: str
    rows: tuple[Row, ...]


def story_items(path: Path, size: int = SIZE) -> tuple[Grouped, ...]:
    """All articles of the file, cut into items of at most `size`."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    grouped = []
    rows.sort(key=itemgetter("story", "published"))
    for number, (story, of_story) in enumerate(groupby(rows, key=itemgetter("story"))):
        articles = tuple(of_story)
        for start in range(0, len(articles), size):
            id = f"story-{number}-{start // size}"
            grouped.append(Grouped(id, story, articles[start : start + size]))
    return tuple(grouped)


def story_collection(path: Path, seed: int) -> Collection:
    """The collection made of a file of articles. The same seed always holds out the same ones."""
    chance = Random(seed)  # noqa: S311 - no secret
    items, queries, stories = [], {}, {}
    for group in story_items(path):
        lead, *related = group.rows
        if related:
            held_out = related.pop(chance.randrange(len(related)))
            queries[group.id] = held_out["title"]
        items.append(item_of(group.id, (lead, *related)))
        stories[group.id] = group.story
    return Collection(
        "stories",
        tuple(items),
        queries,
        {
            query: {id: 1 for id, story in stories.items() if story == stories[query]}
            for query in queries
        },
    )


def item_of(id: str, rows: Sequence[Row]) -> Item:
    """The item of these articles, led by the first."""
    lead, *related = [_article(row) for row in rows]
    return Item(id, lead, topics=(rows[0]["topic"],), related=tuple(related))


def _article(row: Row) -> Article:
    return Article(
        row["title"],
        url=row["url"],
        published=datetime.fromtimestamp(row["published"] // 1000, UTC),
        provider=Provider(row["provider"], row["domain"].removeprefix("www.")),
    )
