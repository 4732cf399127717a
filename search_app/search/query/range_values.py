"""Parses the value of a range field, after `date:`, `quality:` or `outlets:`, to bounds.

    P  >P  >=P  <P  <=P  P..Q  P..  ..Q

P and Q are dates (see `period`) or whole numbers of up to 12 digits. A date is a span of time:
`>2020` begins after its end, and `2019..2020` holds the whole of both.
"""

import re
from dataclasses import dataclass

from search_app.search.period import period

_NUMBER = re.compile(r"-?[0-9]{1,12}")
_SIGNED = re.compile(r"(?P<sign>[<>]=?)(?P<value>.+)")


@dataclass(frozen=True, slots=True)
class Bounds:
    """`low <= value < high`, `None` for no bound; `swapped` if it was written backwards."""

    low: int | None
    high: int | None
    swapped: bool = False


def parse_range(field: str, text: str) -> Bounds | None:
    """The bounds that `text` means after `field:`; `None` if it is no value of that field."""
    signed = _SIGNED.fullmatch(text)
    if signed is not None:
        span = _span(field, signed["value"])
        return None if span is None else _beyond(signed["sign"], *span)
    first, dots, last = text.partition("..")
    if dots:
        return _between(field, first, last)
    span = _span(field, text)
    return None if span is None else Bounds(*span)


def _span(field: str, text: str) -> tuple[int, int] | None:
    """One date or number as a half-open span."""
    if field == "date":
        return period(text)
    return (int(text), int(text) + 1) if _NUMBER.fullmatch(text) else None


def _beyond(sign: str, start: int, end: int) -> Bounds:
    """All values on one side of a span; with `=`, the span too."""
    if sign == ">":
        return Bounds(end, None)
    if sign == ">=":
        return Bounds(start, None)
    return Bounds(None, start if sign == "<" else end)


def _between(field: str, first: str, last: str) -> Bounds | None:
    """From the start of `first` to the end of `last`; one of them may be missing."""
    one, other = _span(field, first), _span(field, last)
    if (first and one is None) or (last and other is None):
        return None
    if one is not None and other is not None:
        if one[0] >= other[1]:
            return Bounds(other[0], one[1], swapped=True)
        return Bounds(one[0], other[1])
    if one is None and other is None:
        return None
    return Bounds(one[0] if one else None, other[1] if other else None)
