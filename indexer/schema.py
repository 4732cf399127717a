"""The engine-neutral table of fields, and the fingerprint that tells one table from another.

A `Zone` is where a text comes from (the item's title, a related excerpt) and how much a word there
weighs. A `Field` is what a query can name. Text fields consist of zones; a word without a field is
searched in `text`, which consists of all of them. The other fields are keywords (whole values, for
facets and filters) and numbers (for ranges and sorting).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from indexer.analysis import languages, tokenizer


class Kind(StrEnum):
    """`TEXT` analysed words, `KEYWORD` whole values, `NUMBER` one signed 64-bit integer."""

    TEXT = "text"
    KEYWORD = "keyword"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Zone:
    """A source of text. `weight`: what a word there counts in a field of several zones; `b`: how
    much the length of the zone lowers that, from 0 to 1."""

    name: str
    weight: float
    b: float = 0.75


@dataclass(frozen=True, slots=True)
class Field:
    """A searchable field. `zones`: for `Kind.TEXT`, the names of the texts it holds, in order."""

    name: str
    kind: Kind
    zones: tuple[str, ...] = ()


ZONES = (
    Zone("title", 2.0),
    Zone("excerpt", 1.0),
    Zone("related_title", 0.75, 0.6),
    Zone("related_excerpt", 0.375, 0.6),
    Zone("provider", 0.25),
    Zone("topic", 1.0),
    Zone("author", 1.0),
    Zone("body", 0.25),
)
"""The weights and `b` of joined BM25F (Robertson, Zaragoza, Taylor 2004, section 3)."""

FIELDS = (
    Field("text", Kind.TEXT, tuple(zone.name for zone in ZONES)),
    Field("title", Kind.TEXT, ("title",)),
    Field("excerpt", Kind.TEXT, ("excerpt",)),
    Field("related", Kind.TEXT, ("related_title", "related_excerpt")),
    Field("provider", Kind.TEXT, ("provider",)),
    Field("topic", Kind.TEXT, ("topic",)),
    Field("author", Kind.TEXT, ("author",)),
    Field("id", Kind.KEYWORD),
    Field("outlet", Kind.KEYWORD),  # domains of every outlet that carried the story
    Field("label", Kind.KEYWORD),  # topics, in the form of `facet_values.value_key`
    Field("type", Kind.KEYWORD),  # in the same form
    Field("year", Kind.KEYWORD),
    Field("language", Kind.KEYWORD),  # the code of the item's language, by which it is stemmed
    Field("url", Kind.KEYWORD),  # of the item and its related articles, by `urls.url_key`
    Field("date", Kind.NUMBER),  # seconds since 1970-01-01T00:00Z
    Field("quality", Kind.NUMBER),
    Field("heat", Kind.NUMBER),
    Field("outlets", Kind.NUMBER),  # how many distinct outlets
    Field("headline", Kind.NUMBER),  # of the title, by `document.headline_number`
)


def zone_weights(field: Field) -> dict[str, float]:
    """What one occurrence counts in each zone of a field; 1 if it has only one zone."""
    weights = {zone.name: zone.weight for zone in ZONES if zone.name in field.zones}
    return weights if len(weights) > 1 else dict.fromkeys(weights, 1.0)


FACETS = {
    "topic": "label",
    "provider": "outlet",
    "type": "type",
    "year": "year",
    "language": "language",
}
"""Facet group, as the API names it, to the keyword field that holds its values."""

ZONE_GAP = 100
"""Positions skipped between two texts, so that no phrase reaches from one into the next."""

DOCUMENT_VERSION = 14
"""Raise it whenever the same file gives another item, the same item another document, or the same
document another stored form or other columns."""
TABLE = (
    (ZONES, FIELDS, ZONE_GAP),
    (DOCUMENT_VERSION, tokenizer.VERSION, languages.STEMMER_RELEASE),
)
"""Everything that makes an index unfit for this version if it changes. Snowball's rules
change with the stemmer's releases: an index asked for other stems than it holds would find nothing
and say nothing."""


def fingerprint(table: Sequence[object] = TABLE) -> str:
    """16 hex digits that change with the table."""
    return hashlib.sha256(json.dumps(table, default=asdict).encode()).hexdigest()[:16]
