"""What the tree of a front matter is made of: text, lists and mappings, each with its line.

No types are guessed: a scalar stays the text that was written, so a title `2020` or `No` is text.
Lines count from 1 in the file. Scalars and entries are `msgspec` structures because a file has
dozens of them: those are made in a fifth of the time.
"""

import re
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

import msgspec

PRIVATE_KEYS = frozenset({"secured", "featuredContent"})
"""Keys whose values are neither kept in a tree nor quoted in a message."""

_PRIVATE = re.compile(rf"\b(?:{'|'.join(PRIVATE_KEYS)})\b.*", re.IGNORECASE | re.DOTALL)
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """Text. `plain`: it was written without quotes and not as a block."""

    kind: ClassVar[str] = "text"

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

    kind: ClassVar[str] = "a list"

    items: tuple["Node", ...]
    line: int


class Entry(msgspec.Struct, frozen=True):
    """A key's value; `line` is the key's."""

    key: str
    line: int
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written. If a key is written twice, the last one counts."""

    kind: ClassVar[str] = "a mapping"

    entries: dict[str, Entry]
    line: int

    def get(self, key: str) -> Entry | None:
        """The entry of a key, or None if the key is missing or its value stands for no value."""
        entry = self.entries.get(key)
        if entry is None or (type(entry.value) is Scalar and entry.value.is_absent):
            return None
        return entry


Node: TypeAlias = Scalar | Sequence | Mapping


def without_private(text: str) -> str:
    """Text of a file for a message: what comes before the first private key in it. A text may go on
    over a private key's line."""
    return _PRIVATE.sub("…", text)
