"""The engine-neutral table of fields, and the fingerprint that tells one table from another.

Two layers. A `Zone` is where a text comes from (the item's title, a related excerpt) and how much
a word there weighs. A `Field` is what a query can name. Searched fields are made of zones; `text`,
made of all of them, is where words without a field are searched. The rest are keywords
(whole values: facets, filters) and numbers (ranges, sorting).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from indexer.analysis import tokenizer


class Kind(StrEnum):
    """`TEXT` analysed words, `KEYWORD` whole values, `NUMBER` one signed 64-bit integer."""

    TEXT = "text"
    KEYWORD = "keyword"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Zone:
    """A source of text. `weight`: what a word there counts in a field of several zones."""

    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Field:
    """A searchable field. `zones`: for `Kind.TEXT`, the names of the texts it holds, in order."""

    name: str
    kind: Kind
    zones: tuple[str, ...] = ()


ZONES = (
    Zone("title", 2.0),
    Zone("excerpt", 1.0),
    Zone("related_title", 1.0),
    Zone("related_excerpt", 0.5),
    Zone("provider", 1.0),
    Zone("topic", 1.0),
    Zone("body", 0.25),
)
"""Joined BM25F's field weights (Robertson, Zaragoza, Taylor 2004, section 3)."""

B = 0.75
"""BM25's `b`: how much the length of a zone lowers what a word in it counts."""

FIELDS = (
    Field("text", Kind.TEXT, tuple(zone.name for zone in ZONES)),
    Field("title", Kind.TEXT, ("title",)),
    Field("excerpt", Kind.TEXT, ("excerpt",)),
    Field("related", Kind.TEXT, ("related_title", "related_excerpt")),
    Field("provider", Kind.TEXT, ("provider",)),
    Field("topic", Kind.TEXT, ("topic",)),
    Field("id", Kind.KEYWORD),
    Field("outlet", Kind.KEYWORD),  # domains of every outlet that carried the story
    Field("label", Kind.KEYWORD),  # topics as written
    Field("type", Kind.KEYWORD),
    Field("year", Kind.KEYWORD),
    Field("url", Kind.KEYWORD),  # of the item and its related articles, without scheme and `www.`
    Field("date", Kind.NUMBER),  # seconds since 1970-01-01T00:00Z
    Field("quality", Kind.NUMBER),
    Field("heat", Kind.NUMBER),
    Field("outlets", Kind.NUMBER),  # how many distinct outlets
)


def zone_weights(field: Field) -> dict[str, float]:
    """What one occurrence counts in each zone of a field; 1 if it has only one zone."""
    weights = {zone.name: zone.weight for zone in ZONES if zone.name in field.zones}
    return weights if len(weights) > 1 else dict.fromkeys(weights, 1.0)


FACETS = {"topic": "label", "provider": "outlet", "type": "type", "year": "year"}
"""Facet group, as the API names it, to the keyword field that holds its values."""

ZONE_GAP = 100
"""Positions left free between two texts, so that no phrase reaches from one into the next."""

DOCUMENT_VERSION = 7
"""Raise it whenever the same file gives another item, the same item another document, or an
engine's files hold it otherwise: the stored form, the columns of a segment."""


VERSIONS = (DOCUMENT_VERSION, tokenizer.VERSION, tokenizer.STEMMER_RELEASE)
"""What else the fingerprint holds. Snowball's English rules change with the stemmer's releases, and
an index asked for other stems than it holds would find nothing and say nothing."""


def fingerprint(
    zones: Sequence[Zone] = ZONES,
    fields: Sequence[Field] = FIELDS,
    zone_gap: int = ZONE_GAP,
    versions: Sequence[int | str] = VERSIONS,
) -> str:
    """16 hex digits that change with anything that makes an index unfit for this version."""
    table = [[asdict(zone) for zone in zones], [asdict(field) for field in fields], zone_gap, B]
    return hashlib.sha256(json.dumps([table, versions]).encode()).hexdigest()[:16]
