"""Parses the value of a range field, after `date:`, `quality:` or `outlets:`, to bounds.

    P  >P  >=P  <P  <=P  P..Q  P..  ..Q

P and Q are dates (see `period`) or whole numbers of up to 12 digits. A date is a span of time:
`>2020` begins after its end, and `2019..2020` holds the whole of both. `≥`, `≤` and `…` do as well.
"""

import re
from dataclasses import dataclass

from search_app.search.period import period

_NUMBER = re.compile(r"-?[0-9]{1,12}")
_TYPOGRAPHIC = (("≥", ">="), ("≤", "<="), ("…", ".."), ("‥", ".."))
_SIGNED = re.compile(r"(?P<sign>[<>]=?)(?P<value>.+)")

RANGE_FORMS = {
    "date": "a date is written 2020, 2020-06 or 2020-06-01..2020-06-15",
    "quality": "quality is a whole number, as in quality:70, quality:>70 or quality:50..70",
    "outlets": "outlets is a whole number, as in outlets:3, outlets:>3 or outlets:2..5",
}
"""What a note tells of the values of each field."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """`low <= value < high`, `None` for no bound; `swapped` if it was written backwards."""

    low: int | None
    high: int | None
    swapped: bool = False


def parse_range(field: str, text: str) -> Bounds | None:
    """The bounds that `text` means after `field:`; `None` if it is no value of that field."""
    for sign, plain in _TYPOGRAPHIC:
        text = text.replace(sign, plain)
    if signed := _SIGNED.fullmatch(text):
        span = _span(field, signed["value"])
        return _beyond(signed["sign"], *span) if span else None
    first, dots, last = text.partition("..")
    low, high = _span(field, first), _span(field, last if dots else first)
    if (first and not low) or (last and not high) or not (low or high):
        return None
    if low and high and low[0] >= high[1]:
        return Bounds(high[0], low[1], swapped=True)
    return Bounds(low[0] if low else None, high[1] if high else None)


def _span(field: str, text: str) -> tuple[int, int] | None:
    """One date or number as a half-open span."""
    if field == "date":
        return period(text)
    return (int(text), int(text) + 1) if _NUMBER.fullmatch(text) else None


def _beyond(sign: str, start: int, end: int) -> Bounds:
    """All values on one side of a span; with `=`, the span too."""
    if sign.startswith(">"):
        return Bounds(end if sign == ">" else start, None)
    return Bounds(None, start if sign == "<" else end)
