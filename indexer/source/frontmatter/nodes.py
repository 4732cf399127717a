"""What the tree of a front matter is made of: text, lists and mappings, each with its line.

No types are guessed: a scalar stays the text that was written, so a title `2020` or `No` is text.
Lines count from 1 in the file. Scalars and entries are `msgspec` structures because a file has
dozens of them: those are made in a fifth of the time.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, TypeAlias

import msgspec

PRIVATE_KEYS = frozenset({"secured", "featuredContent"})
"""Keys whose values are neither kept in a tree nor quoted in a message, in any case, and with
blanks, hyphens or underlines between their letters."""

_LETTERS = frozenset(key.casefold() for key in PRIVATE_KEYS)
_NO_LETTER = re.compile(r"[\W_]+")


def _spelled(letter: str) -> str:
    """A letter of a private key, in itself or as an escape of YAML, TOML or JSON."""
    codes = f"{ord(letter.lower()):02x}|{ord(letter.upper()):02x}"
    return rf"(?:{letter}|\\(?:x|u00|U000000)(?:{codes}))"


PRIVATE_NAME = rf"(?:{'|'.join('[-_]?'.join(map(_spelled, key)) for key in sorted(PRIVATE_KEYS))})"
"""The pattern of a private key's name, to be compared without regard to case."""

MAX_DEPTH = 32
"""Levels of lists and mappings inside each other."""
MAX_NODES = 20_000
"""Values in one file, counting everything an alias stands for."""
LONG_TEXT = 1_000
"""Characters of a text in YAML for which it counts as one value more: thousands of aliases may
stand for a long text, and whatever reads it reads it for each."""

PRIVATE_LINE = re.compile(
    rf"^[ \t\-\"'#?{{\[,]*+(?:[&!]\S*+[ \t]++)*+[\"']?{PRIVATE_NAME}[\"']?[ \t]*+[:=|]"
    rf"|^[^\n]*[{{\[][ \t]*+[\"']?{PRIVATE_NAME}[\"']?[ \t]*+:",
    re.IGNORECASE | re.MULTILINE,
)
"""The beginning of a line that stands for a private key and its value, or has one in brackets."""

_PRIVATE = re.compile(rf"(?:\b|(?<=_)|(?=\\)){PRIVATE_NAME}(?![^\W_]).*", re.IGNORECASE | re.DOTALL)
_LONGEST_KEY = 40
_BETWEEN_WORDS = re.compile(r"(?<=[^\W_])[-_.:\s]+(?=[^\W_])")
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
"""What stands for "no value" without quotes."""


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """Text. `plain`: it was written without quotes and not as a block. `loss`: what to tell whoever
    uses it as text, if more was written than was read, or other text; or empty."""

    kind: ClassVar[str] = "text"

    text: str
    line: int
    plain: bool
    loss: str = ""

    @property
    def is_absent(self) -> bool:
        """Whether it stands for "no value": blank, or an unquoted `null` or `~`."""
        return (self.plain and self.text in NOTHING) or not self.text.strip()


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list. `quoted` gives its line with the value as text in quotes, as `title: "[Update]"`, or
    nothing if that cannot be said; `loss`: what to tell whoever uses it as a list of texts, if some
    of them were not read, or nothing."""

    kind: ClassVar[str] = "a list"

    items: tuple["Node", ...]
    line: int
    quoted: Callable[[], str] = field(default=str, compare=False, repr=False)
    loss: Callable[[], str] = field(default=str, compare=False, repr=False)


class Entry(msgspec.Struct, frozen=True):
    """A key's value; `line` is the key's."""

    key: str
    line: int
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written. If a key is written twice, the last one counts.
    `quoted`: as of a list."""

    kind: ClassVar[str] = "a mapping"

    entries: dict[str, Entry]
    line: int
    quoted: Callable[[], str] = field(default=str, compare=False, repr=False)

    def get(self, key: str) -> Entry | None:
        """The entry of a key, or None if the key is missing or its value stands for no value."""
        entry = self.entries.get(key)
        if entry is None or (type(entry.value) is Scalar and entry.value.is_absent):
            return None
        return entry


Node: TypeAlias = Scalar | Sequence | Mapping


def folded_key(key: str) -> str:
    """Equal for the spellings of one key: without regard to capitals, and to the signs between its
    words. `siteName`, `site_name`, `Site-Name`, `site name` and `site.name` are one."""
    return _folded(key) if len(key) <= _LONGEST_KEY else key


@lru_cache(4096)
def _folded(key: str) -> str:
    return _BETWEEN_WORDS.sub("", key.strip().lower())


@lru_cache(maxsize=1024)
def is_private(key: str) -> bool:
    """Whether a key's value is private."""
    return key in PRIVATE_KEYS or _NO_LETTER.sub("", key).casefold() in _LETTERS


def without_private(text: str) -> str:
    """Text of a file for a message: what comes before the first private key in it. A text may go on
    over a private key's line."""
    return _PRIVATE.sub("…", text)


def before_private_line(text: str) -> tuple[str, bool]:
    """A text of several lines up to the first that stands for a private key, as a text in quotes
    that are not closed may take it in; and whether there is one."""
    match = PRIVATE_LINE.search(text, text.find("\n")) if "\n" in text else None
    return (text[: match.start()], True) if match else (text, False)
