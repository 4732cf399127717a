"""How much of an item an answer shows, so that no answer grows with what its items hold.

A page or an answer has room for so many bytes, which its hits share: each may take an equal part of
what is left, so what one does not need goes to those after it. A hit that takes more is shown in
less detail, level by level, until it fits. What the first level leaves out no ordinary item has.
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
    """Characters shown of a title, an excerpt, a related article's excerpt, a name and a body;
    numbers shown of related articles and of topics; bytes of an address that is repeated."""

    title: int
    excerpt: int
    gist: int
    name: int
    body: int
    related: int
    topics: int
    address: int


HITS = (
    Detail(title=300, excerpt=1_000, gist=600, name=80, body=0, related=24, topics=12, address=900),
    Detail(title=300, excerpt=600, gist=200, name=80, body=0, related=4, topics=6, address=900),
    Detail(title=200, excerpt=400, gist=0, name=60, body=0, related=0, topics=3, address=400),
    Detail(title=120, excerpt=120, gist=0, name=40, body=0, related=0, topics=1, address=200),
    Detail(title=60, excerpt=0, gist=0, name=20, body=0, related=0, topics=0, address=150),
    Detail(title=40, excerpt=0, gist=0, name=0, body=0, related=0, topics=0, address=0),
)
"""Levels of a hit on a page of results."""

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

WHOLE = Detail(
    title=1_000, excerpt=20_000, gist=20_000, name=1_000, body=5_000_000, related=256, topics=64,
    address=30_000,
)  # fmt: skip
"""All that an item can hold."""

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
    """All of the things shown, each with the level at which it was, in so many bytes; more only
    where even the last level takes more. What takes too much already by what it takes at `least`
    is not shown to find out."""
    found: list[tuple[Shown, Detail]] = []
    for place, thing in enumerate(things):
        share = room // (len(things) - place)
        for level in levels:
            if level is not levels[-1] and least(thing, level) > share:
                continue
            shown = show(thing, level)
            size = weight(shown)
            if size <= share:
                break
        found.append((shown, level))
        room = max(0, room - size)
    return found


def weight(shown: str | bytes) -> int:
    """The bytes of what is shown."""
    return len(shown) if isinstance(shown, bytes) or shown.isascii() else len(shown.encode())
