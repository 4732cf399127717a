"""SQLite's FTS5 as a peer, in a file that Datasette serves as well.

What is alike: every part of `indexer.schema.PARTS` is a column of the full-text table, weighted in
`bm25()`; words lose case and accents and are stemmed (`porter`, an older English stemmer than
ours); hits are counted exactly; titles and excerpts are marked by `highlight()`; the stored form of
an item is read for every hit, though not decoded. Facets are counted by GROUP BY over a side table
of whole numbers, joined to the rows that match, disjunctive as ours.

It is given what makes it fast: indexes of the prefixes of three to five letters, a slim table for
sorting by date, and the whole file mapped into memory.

What is not: its phrases match stems, ours exact forms; it stems what a prefix begins with, too
(`why*` finds `whi...`), so that its prefixes may find more.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.document import Document
from indexer.schema import FACETS, ZONES
from search_app.search.protocols import MIN_FULL_MATCHES
from tests.bench.asks import Ask
from tests.bench.corpus import Corpus
from tests.bench.engines import FACET_SIZE, GROUPS, TOP, Maker, Summary

FILE = "bench.db"
TABLE = "item"
_COLUMNS = ", ".join(part.name for part in ZONES)
_WEIGHTS = ", ".join(str(part.weight) for part in ZONES)

_TABLES = f"""
CREATE TABLE item (
    number INTEGER PRIMARY KEY, id TEXT, {_COLUMNS}, type TEXT, year TEXT, date INTEGER,
    topics TEXT, providers TEXT, stored BLOB
);
CREATE TABLE day (number INTEGER PRIMARY KEY, date INTEGER);
CREATE TABLE value (value INTEGER PRIMARY KEY, facet TEXT, name TEXT);
CREATE TABLE facet (number INTEGER, value INTEGER, PRIMARY KEY (number, value)) WITHOUT ROWID;
CREATE VIRTUAL TABLE item_fts USING fts5(
    {_COLUMNS}, content="item", content_rowid="number",
    tokenize="porter unicode61 remove_diacritics 2", prefix="3 4 5"
);
INSERT INTO item_fts(item_fts, rank) VALUES ('rank', 'bm25({_WEIGHTS})');
"""  # noqa: S608 (all that is put into a statement's text is ours)

_FINISH = """
INSERT INTO item_fts(item_fts) VALUES ('rebuild');
INSERT INTO item_fts(item_fts) VALUES ('optimize');
CREATE INDEX item_type ON item(type);
CREATE INDEX item_year ON item(year);
CREATE INDEX item_date ON item(date);
ANALYZE;
"""

_OPENED = """
PRAGMA mmap_size = 4294967296;
PRAGMA temp_store = memory;
"""

_NARROWED = " AND EXISTS (SELECT 1 FROM facet WHERE number = item_fts.rowid AND value = ?)"
_NEWEST = (
    "SELECT number FROM item_fts JOIN day ON number = item_fts.rowid "
    "WHERE {} ORDER BY day.date DESC LIMIT 10"
)
_MARKED = ", ".join(f"highlight(item_fts, {n}, '<mark>', '</mark>')" for n in (0, 1))


@dataclass(frozen=True, slots=True)
class Match:
    """What rows have to match: a text in the language of FTS5, and a topic's value if there is one.

    `first`: of those, the ones that match this text as well come before the others.
    """

    text: str
    topic: int | None = None
    first: str = ""

    @property
    def condition(self) -> str:
        """As it stands after WHERE."""
        return "item_fts MATCH ?" + (_NARROWED if self.topic is not None else "")

    @property
    def parameters(self) -> tuple[str | int, ...]:
        """The values of the condition."""
        return (self.text,) if self.topic is None else (self.text, self.topic)


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to `page`: `hits` are (id, stored form, title, excerpt), the last two marked."""

    total: int
    hits: tuple[tuple[str, bytes, str, str], ...]
    facets: Mapping[str, Mapping[str, int]]


class Sqlite:
    """An open database."""

    def __init__(self, folder: Path) -> None:
        self._file = sqlite3.connect(folder / FILE, isolation_level=None)
        self._file.executescript(_OPENED)
        rows = self._file.execute("SELECT value, facet, name FROM value")
        self._values: dict[int, tuple[str, str]] = {v: (facet, name) for v, facet, name in rows}
        self._topics = {name: v for v, (facet, name) in self._values.items() if facet == "topic"}

    def plain(self, ask: Ask) -> Summary:
        """See `Engine.plain`."""
        match, total = self._match(ask)
        rows = self._top(ask, match, "item.id")
        return Summary(total, tuple(row[0] for row in rows), {})

    def faceted(self, ask: Ask) -> Summary:
        """See `Engine.faceted`."""
        match, total = self._match(ask)
        rows = self._top(ask, match, "item.id")
        return Summary(total, tuple(row[0] for row in rows), self._facets(match))

    def page(self, ask: Ask) -> Page:
        """See `Engine.page`."""
        match, total = self._match(ask)
        rows = self._top(ask, match, f"item.id, item.stored, {_MARKED}")
        return Page(total, tuple(rows), self._facets(match))

    def summary(self, answer: Any) -> Summary:
        """See `Engine.summary`."""
        if not isinstance(answer, Page):
            return Summary(answer.total, answer.ids, answer.facets)
        marked = tuple((title, excerpt) for _, _, title, excerpt in answer.hits)
        return Summary(answer.total, tuple(hit[0] for hit in answer.hits), answer.facets, marked)

    def close(self) -> None:
        """See `Engine.close`."""
        self._file.close()

    def _match(self, ask: Ask) -> tuple[Match, int]:
        """What the hits match, and how many do; in `auto`, too few with all words are widened."""
        topic = self._topics.get(ask.topic, -1) if ask.topic else None
        match = Match(expression(ask), topic)
        total = self._total(match)
        if ask.match == "auto" and total < MIN_FULL_MATCHES:
            match = Match(_joined("OR", ask.telling()), topic, match.text)
            total = self._total(match)
        return match, total

    def _total(self, match: Match) -> int:
        condition = match.condition
        statement = f"SELECT count(*) FROM item_fts WHERE {condition}"  # noqa: S608 - all ours
        total: int = self._file.execute(statement, match.parameters).fetchone()[0]
        return total

    def _top(self, ask: Ask, match: Match, what: str) -> list[Any]:
        if not match.first:
            return self._ranked(ask, match, what)
        rows = self._ranked(ask, Match(match.first, match.topic), what)
        seen = {row[0] for row in rows}
        rows += [row for row in self._ranked(ask, match, what) if row[0] not in seen]
        return rows[:TOP]

    def _ranked(self, ask: Ask, match: Match, what: str) -> list[Any]:
        hits = f"item_fts JOIN item ON item.number = item_fts.rowid WHERE {match.condition}"
        order, parameters = f"rank LIMIT {TOP}", match.parameters
        if ask.newest:  # the ten are chosen first, else SQLite marks every hit
            hits += f" AND item_fts.rowid IN ({_NEWEST.format(match.condition)})"
            order, parameters = "item.date DESC", parameters * 2
        statement = f"SELECT {what} FROM {hits} ORDER BY {order}"  # noqa: S608
        return self._file.execute(statement, parameters).fetchall()

    def _facets(self, match: Match) -> dict[str, dict[str, int]]:
        """The counts of each group, which ignore what is selected in it."""
        counts = self._counts(match)
        if match.topic is not None:
            counts["topic"] = self._counts(Match(match.text))["topic"]
        return counts

    def _counts(self, match: Match) -> dict[str, dict[str, int]]:
        statement = (
            "SELECT facet.value, count(*) AS hits "  # noqa: S608
            "FROM item_fts JOIN facet ON facet.number = item_fts.rowid "
            f"WHERE {match.condition} GROUP BY facet.value ORDER BY hits DESC"
        )
        counts: dict[str, dict[str, int]] = {group: {} for group in GROUPS}
        for value, hits in self._file.execute(statement, match.parameters):
            group, name = self._values[value]
            if len(counts[group]) < FACET_SIZE:
                counts[group][name] = hits
        return counts


def expression(ask: Ask) -> str:
    """A query in the language of FTS5; of `auto`, all the words."""
    if ask.match == "phrase":
        return f'"{" ".join(ask.words)}"'
    if ask.match == "prefix":
        return f'"{ask.words[0]}"*'
    return _joined("OR" if ask.match == "any" else "AND", ask.words)


def _joined(operator: str, words: tuple[str, ...]) -> str:
    return f" {operator} ".join(f'"{word}"' for word in words)


def _build(folder: Path, corpus: Corpus) -> None:
    folder.mkdir()
    file = sqlite3.connect(folder / FILE, isolation_level=None)
    file.executescript(_TABLES)
    values: dict[tuple[str, str], int] = {}
    file.execute("BEGIN")
    for number, document in enumerate(corpus.documents(), start=1):
        row = _row(number, document)
        file.execute(f"INSERT INTO item VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
        file.execute("INSERT INTO day VALUES (?, ?)", (number, document.numbers.get("date")))
        pairs = ((group, name) for group in GROUPS for name in document.keywords[FACETS[group]])
        codes = ((number, values.setdefault(pair, len(values))) for pair in pairs)
        file.executemany("INSERT INTO facet VALUES (?, ?)", codes)
    rows = ((value, group, name) for (group, name), value in values.items())
    file.executemany("INSERT INTO value VALUES (?, ?, ?)", rows)
    file.execute("COMMIT")
    file.executescript(_FINISH)
    file.close()


def _row(number: int, document: Document) -> tuple[Any, ...]:
    keywords = document.keywords
    return (
        number,
        document.id,
        *("\n".join(document.zones[part.name]) for part in ZONES),
        next(iter(keywords["type"]), None),
        next(iter(keywords["year"]), None),
        document.numbers.get("date"),
        json.dumps(keywords[FACETS["topic"]], ensure_ascii=False),
        json.dumps(keywords[FACETS["provider"]], ensure_ascii=False),
        document.stored,
    )


FTS5 = Maker(sqlite3.sqlite_version, _build, Sqlite)
