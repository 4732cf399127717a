"""All hits of a search as CSV and as JSON Lines, chunk by chunk, for files and other programs.

JSON Lines have everything of an item, unchanged. CSV is for spreadsheets (RFC 4180, UTF-8): a cell
that a spreadsheet would take for a formula is preceded by an apostrophe, as OWASP advises against
CSV injection.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from msgspec.structs import asdict

from indexer.item import instant
from search_app.answers import Error, ExportedItem, Fault
from search_app.json_views import item_answer
from search_app.search.results import Hit

Batches = Iterable[tuple[Hit, ...]]
Formatter = Callable[[Batches], Iterator[bytes]]

COLUMNS: dict[str, Callable[[Hit], Any]] = {
    "id": lambda hit: hit.item.id,
    "title": lambda hit: hit.item.article.title,
    "excerpt": lambda hit: hit.item.article.excerpt,
    "url": lambda hit: hit.item.article.url,
    "published": lambda hit: (
        instant(hit.item.article.published) if hit.item.article.published else None
    ),
    "type": lambda hit: hit.item.article.type,
    "outlet": lambda hit: hit.provider.name if hit.provider else None,
    "domain": lambda hit: hit.provider.domain if hit.provider else None,
    "authors": lambda hit: SEPARATOR.join(hit.item.authors),
    "topics": lambda hit: SEPARATOR.join(hit.item.topics),
    "language": lambda hit: hit.item.language,
    "quality": lambda hit: hit.item.article.quality,
    "heat": lambda hit: hit.item.heat,
    "outlets": lambda hit: hit.outlets,
    "story": lambda hit: hit.story,
    "others": lambda hit: hit.others,
    "score": lambda hit: hit.score,
}
"""The columns of CSV, and what stands in them."""

SEPARATOR = "; "
"""Between the topics of an item, and between its authors."""

_FORMULA = re.compile(r"(?:^|[;\t])[^\S\t]*(?=[=+@＝＋－＠\t-])")
"""Where a spreadsheet would begin to read a formula: at the beginning of a cell, blanks aside, and
after a semicolon or a tab, at which some of them cut lines."""


def csv_chunks(batches: Batches) -> Iterator[bytes]:
    """A row of names, then a row for each hit; lines end in CR LF."""
    yield _csv([tuple(COLUMNS)])
    for batch in batches:
        yield _csv([[_cell(value(hit)) for value in COLUMNS.values()] for hit in batch])


def csv_broken_off(error: Exception) -> bytes:
    """A last row that tells people that rows are missing; it has a single cell, so programs that
    want all columns fail at it."""
    return _csv([[f"BROKEN OFF: rows are missing ({_told(error)})"]])


def json_lines(batches: Batches) -> Iterator[bytes]:
    """A JSON object and a line feed for each hit."""
    for batch in batches:
        yield _ENCODER.encode_lines([exported(hit) for hit in batch])


def json_broken_off(error: Exception) -> bytes:
    """A last line with the one body of every error."""
    return _ENCODER.encode_lines([Error(Fault("broken_off", f"lines are missing: {_told(error)}"))])


def exported(hit: Hit) -> ExportedItem:
    """A hit with all that its item has."""
    return ExportedItem(**asdict(item_answer(hit)), score=hit.score, others=hit.others)


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """A value as a spreadsheet may read it: numbers stay numbers, text stays text."""
    return _FORMULA.sub(lambda found: f"{found[0]}'", value) if isinstance(value, str) else value


def _told(error: Exception) -> str:
    """What may be said of an error to a client: no path of this machine."""
    return getattr(error, "public", "") or "this could not be finished; ask again"


_ENCODER = msgspec.json.Encoder()
