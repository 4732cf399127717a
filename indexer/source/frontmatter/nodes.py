"""The front matter as a tree of small frozen values: text, lists and mappings, each with its line.

Nothing is guessed: a scalar stays the text that was written, so a title of `2020` or `No` is
text. Lines count from 1 in the file. Of scalars and entries there are dozens in a file, which is
why they are `msgspec` structures: made in a fifth of the time.
"""

from dataclasses import dataclass
from typing import TypeAlias

import msgspec

PRIVATE_KEYS = frozenset({"secured", "featuredContent"})
"""Keys whose values are neither kept in a tree nor quoted in a message."""

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """Text. `plain` says it was written without quotes and not as a block."""

    text: str
    line: int
    plain: bool

    @property
    def is_absent(self) -> bool:
        """Whether it stands for "no value": blank, or an unquoted `null` or `~`."""
        return (self.plain and self.text in _NOTHING) or not self.text.strip()


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    line: int


class Entry(msgspec.Struct, frozen=True):
    """A key's value; `line` is the key's."""

    key: str
    line: int
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and their values in the order written. Of a key written twice the last one counts."""

    entries: dict[str, Entry]
    line: int

    def get(self, key: str) -> Entry | None:
        """The entry of a key, or None where the key is missing or its value stands for nothing."""
        entry = self.entries.get(key)
        if entry is None or (type(entry.value) is Scalar and entry.value.is_absent):
            return None
        return entry


Node: TypeAlias = Scalar | Sequence | Mapping
