"""A judged collection: items, queries, and which items answer which query."""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.item import Article, Item

DATA = Path(__file__).parents[2].parent / "shared" / "data"
"""Third-party texts, which are no part of the project."""

TITLE_WORDS = 10

Qrels = Mapping[str, Mapping[str, int]]
"""Query to item to grade; 0 or absent is not relevant."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Items as they are indexed, the text of each query by its id, and the judgments."""

    name: str
    items: tuple[Item, ...]
    queries: Mapping[str, str]
    qrels: Qrels


def read_collection(name: str, folder: Path) -> Collection:
    """The collection of a folder: `corpus.jsonl.gz`, `queries.jsonl`, `qrels.tsv`. Its texts have a
    title at most; an item is given nothing that its text has not. A query nobody judged is left
    out: nothing can be said of its answers."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        items = tuple(_item(json.loads(line)) for line in lines)
    qrels: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, text, grade = line.split("\t")
        qrels.setdefault(query, {})[item_id(text)] = int(grade)
    queries = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    return Collection(name, items, {id: queries[id] for id in qrels}, qrels)


def item_id(text: str) -> str:
    """The item that a text becomes. The letter keeps its number from being read as a date."""
    return f"d{text}"


def _item(row: Mapping[str, Any]) -> Item:
    title, words = " ".join(row["title"].split()), row["text"].split()
    if not title:
        title, words = " ".join(words[:TITLE_WORDS]), words[TITLE_WORDS:]
    return Item(item_id(row["_id"]), Article(title, " ".join(words)))


def _rows(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
