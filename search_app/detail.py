"""How much of an item an answer shows, so that the size of an answer has a bound.

The first level shows ordinary items whole. A page of results that takes too many bytes is made
again in less detail, level by level, until it fits.

The hits of an answer share a number of bytes. Each may take an equal part of what is left, so what
a short hit does not need goes to those after it. A hit that needs more is shown in less detail.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

PAGE = 290_000
"""Bytes of a page of HTML, at most."""

ANSWER = 2_000_000
"""Bytes of the hits in an answer of the API, at most."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A level of detail: the most characters shown of a title, an excerpt, a related article's
    excerpt (`gist`), a name and a body; the most related articles, and topics or authors; the
    most bytes of an address, which is left out if it is longer."""

    title: int
    excerpt: int
    gist: int
    name: int
    body: int
    related: int
    topics: int
    address: int


HITS = (
    Detail(title=300, excerpt=400, gist=240, name=80, body=0, related=2, topics=12, address=900),
    Detail(title=300, excerpt=400, gist=100, name=80, body=0, related=2, topics=6, address=900),
    Detail(title=200, excerpt=400, gist=0, name=60, body=0, related=0, topics=3, address=400),
    Detail(title=120, excerpt=120, gist=0, name=40, body=0, related=0, topics=1, address=200),
    Detail(title=60, excerpt=0, gist=0, name=20, body=0, related=0, topics=0, address=0),
)
"""Levels of all hits on a page of results."""

ITEMS = (
    Detail(
        title=1_000, excerpt=20_000, gist=20_000, name=200, body=250_000, related=256, topics=64,
        address=4_000,
    ),
    Detail(
        title=1_000, excerpt=4_000, gist=400, name=100, body=50_000, related=100, topics=32,
        address=900,
    ),
    Detail(
        title=500, excerpt=2_000, gist=200, name=60, body=15_000, related=40, topics=16, address=400
    ),
    Detail(
        title=300, excerpt=1_000, gist=100, name=40, body=5_000, related=16, topics=8, address=300
    ),
)  # fmt: skip
"""Levels of the page of an item."""

FRONT = Detail(title=200, excerpt=200, gist=0, name=60, body=0, related=0, topics=0, address=900)
"""Stories on the front page; there are few, so they always fit."""

WHOLE = Detail(
    title=1_000, excerpt=20_000, gist=20_000, name=1_000, body=5_000_000, related=256, topics=64,
    address=30_000,
)  # fmt: skip
"""Everything an item can have."""

ANSWERS = (
    WHOLE,
    Detail(
        title=1_000, excerpt=2_000, gist=600, name=200, body=0, related=24, topics=32, address=4_000
    ),
    Detail(
        title=300, excerpt=1_000, gist=300, name=80, body=0, related=6, topics=12, address=900
    ),
    Detail(title=300, excerpt=400, gist=0, name=80, body=0, related=0, topics=6, address=900),
)  # fmt: skip
"""Levels of a hit in an answer of the API."""

Shown = TypeVar("Shown", str, bytes)
Thing = TypeVar("Thing")


def fitting(
    things: Sequence[Thing],
    show: Callable[[Thing, Detail], Shown],
    levels: Sequence[Detail],
    room: int,
    least: Callable[[Thing, Detail], int] = lambda _, __: 0,
) -> list[tuple[Shown, Detail]]:
    """Each thing as it is shown, with its level of detail: all of them in at most `room` bytes,
    unless the last level takes more. `least` returns a lower bound on a thing's bytes; a level at
    which that is too much is not tried."""
    fitted: list[tuple[Shown, Detail]] = []
    for rank, thing in enumerate(things):
        share = room // (len(things) - rank)
        for level in levels:
            if level is not levels[-1] and least(thing, level) > share:
                continue
            shown = show(thing, level)
            size = weight(shown)
            if size <= share:
                break
        fitted.append((shown, level))
        room = max(0, room - size)
    return fitted


def weight(shown: str | bytes) -> int:
    """The number of bytes of a text in UTF-8."""
    return len(shown) if isinstance(shown, bytes) or shown.isascii() else len(shown.encode())
