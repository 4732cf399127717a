"""Items, files and stores made for the tests of the write side."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from indexer.analysis import tokenizer
from indexer.document import document
from indexer.engines.whoosh.store import WhooshStore
from indexer.facet_values import labels
from indexer.index.file_records import FileRecord, FileRecords, FileRecordsBuilder
from indexer.item import Article, Image, Item, Provider
from indexer.process_pool import IN_PROCESS
from indexer.reindex.protocols import Store
from indexer.reindex.report import Options, Report
from indexer.reindex.run import reindex
from indexer.segment import column_file, writer
from indexer.segment.column_file import Columns
from indexer.segment.merge_inputs import DEFAULT_LIMITS, MergeLimits, SegmentRef
from indexer.source.validate.images import MAX_PIXELS


def seed(folder: Path, name: str = "a", title: str = "A title", **front: Any) -> Path:
    """Write an item's file; JSON values are YAML values, but for pairs of escapes."""
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {"title": title, **front}
    lines = [f"{key}: {json.dumps(v, ensure_ascii=False)}" for key, v in values.items()]
    path.write_text("\n".join(["---", *lines, "---", ""]), encoding="utf-8")
    return path


def segment_of(piece: Columns, limits: MergeLimits = DEFAULT_LIMITS) -> Columns:
    """The segment that one piece makes."""
    with TemporaryDirectory() as folder:
        begun, done = Path(folder, "piece"), Path(folder, "segment")
        column_file.write(begun, piece)
        writer.write(done, [SegmentRef(begun)], IN_PROCESS, limits)
        return column_file.read(done)


def run(seeds: Path, index: Path, **options: Any) -> Report:
    """A reindex with a store of its own, as each command has."""
    return reindex(seeds, WhooshStore(index), Options(**options))


def item(id: str = "a", title: str = "A title", **details: Any) -> Item:
    """An item; `topics`, `heat`, `promoted`, `related`, `body`, `authors`, `language`, `markdown`
    are its own, the rest its article's."""
    own = {"topics", "heat", "promoted", "related", "body", "authors", "language", "markdown"}
    rest = {name: value for name, value in details.items() if name not in own}
    details = {name: value for name, value in details.items() if name in own}
    return Item(id, Article(title, **rest), **details)


def terms_of(text: str, language: str) -> list[tuple[str, int]]:
    """Each exact form in a text of a language and its position; and its stem, once a position."""
    pieces = list(tokenizer.tokenize(text))
    exact = [(piece.term, piece.position) for piece in pieces]
    stems = {(tokenizer.stem(piece.term, language), piece.position) for piece in pieces}
    return [*exact, *((stem, position) for stem, position in stems if stem)]


def record(of: Item) -> FileRecord:
    """The record a reindex would keep of an item."""
    return FileRecord(fingerprint=document(of).fingerprint)


def sources(items: Iterable[Item]) -> FileRecords:
    """The record a reindex would keep of the files of these items."""
    ledger = FileRecordsBuilder()
    for one in items:
        ledger.add(one.id, record(one), labels(one))
    return ledger.build()


def less(store: Store, *ids: str) -> FileRecords:
    """The current sources, without those of these ids."""
    found = store.file_records()
    files = {id: record for id, record in found.files.items() if id not in ids}
    return replace(found, files=files)


def write(store: Store, items: Iterable[Item], *, full: bool = True) -> None:
    """Make a generation that holds these items; without `full`, these besides those there."""
    before = [] if full else store.items(sorted(store.file_records().items()))
    after = {one.id: one for one in before}
    with store.exclusive(), store.batch(full=full) as batch:
        for one in items:
            batch.put(document(one))
            after[one.id] = one
        batch.commit(sources(after.values()))


def _text(least: int = 0) -> st.SearchStrategy[str]:
    return st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=least)


def images() -> st.SearchStrategy[Image]:
    """Any picture that `validate` could give."""
    pixels = st.none() | st.integers(1, MAX_PIXELS)
    return st.builds(Image, _text(1), pixels, pixels)


def articles() -> st.SearchStrategy[Article]:
    """Any article that `validate` could give."""
    moments = st.datetimes(timezones=st.just(UTC)).map(lambda m: m.replace(microsecond=0))
    return st.builds(
        Article,
        title=_text(1),
        excerpt=_text(),
        url=_text(),
        amp_url=_text(),
        cached_url=_text(),
        published=st.none() | moments,
        type=_text(1),
        provider=st.none() | st.builds(Provider, _text(1), _text(1), st.none() | images()),
        quality=st.none() | st.integers(-(10**9), 10**9),
        image=st.none() | images(),
    )


def items() -> st.SearchStrategy[Item]:
    """Any item that `validate` could give."""
    return st.builds(
        Item,
        id=_text(1),
        article=articles(),
        topics=st.lists(_text(1), max_size=3, unique=True).map(tuple),
        heat=st.none() | st.integers(-1, 100),
        promoted=st.none() | st.booleans(),
        related=st.lists(articles(), max_size=3).map(tuple),
        body=_text(),
        authors=st.lists(_text(1), max_size=2, unique=True).map(tuple),
        markdown=_text(),
    )


NEW_YEAR = datetime(2020, 1, 1, tzinfo=UTC)
