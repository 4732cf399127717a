"""Reads lines of broken YAML the way a person does: keys, list items, how far a text goes.

Nothing here parses YAML: it finds a line's key and value, for the rules that diagnose a fault. Line
indexes count from 0 in the front matter.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.source.frontmatter.nodes import PRIVATE_KEYS

FIRST_LINE = 2
"""The line of the file that index 0 stands for: the one after the opening marker."""

_ENTRY = re.compile(
    r"(?P<lead>\s*(?:-\s+)*)"
    r"(?P<key>\"[^\"]*\"|'[^']*'|[^\W_]?[\w.$-][^:#\[\]{}\"'`,]{0,60}?|<<)"
    r"(?P<colon>\s*:)(?P<gap>\s+|$)(?P<value>.*)"
)
_ITEM = re.compile(r"(?P<lead>\s*(?:-\s+)+)(?P<value>\S.*)")
_KEY_LIKE = re.compile(r"(?P<lead>\s*(?:-\s+)*)[\"']?[\w.$-]+[\"']?:(?:\s|$)")
_DASH = re.compile(r"(?P<lead>\s*)-(?:\s|$)")
_NAMES = "|".join(sorted(PRIVATE_KEYS))
_PRIVATE_KEY = re.compile(rf"[\s\-\"'#]*(?P<name>{_NAMES})\b", re.IGNORECASE)
_PRIVATE_INSIDE = re.compile(rf"(?:{_NAMES})[\"']?\s*[:=]\s*(?P<blob>\S{{16}})?", re.IGNORECASE)
_LONGEST_SHOWN = 100
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line's key (empty for a list item) and value. `start` is where the value begins."""

    key: str
    value: str
    start: int
    column: int
    """Where the key begins, or the item's last dash: what belongs to it is indented deeper."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the parser stopped, and where the value it was reading began (`opened`); lines and
    columns count from 0 in the front matter."""

    line: int
    column: int
    reason: str
    opened: int
    is_clear: bool = False
    """Whether the reason is already in words for people."""

    @property
    def at_end(self) -> bool:
        """Whether the parser reached the end of the text in what began at `opened`."""
        return "end of stream" in self.reason


@dataclass(frozen=True, slots=True)
class Fix:
    """What is wrong at a line, and the lines that would correct it.

    `edits` are lines by index; the message shows the one at `line`, or else `shown`. Without edits
    there is nothing to try, and the fix is only advice.
    """

    line: int
    key: str
    message: str
    edits: Mapping[int, str] = field(default_factory=dict)
    shown: str = ""


@dataclass(frozen=True, slots=True)
class FaultContext:
    """A fault with its lines; `progress` says how far the parser gets with some edits.

    `at` is the line of the fault, `opened` the one where the value being read began. Both exist,
    and `opened` is no later than `at`: `locate` sees to it, whatever a parser says.
    """

    lines: Sequence[str]
    at: int
    opened: int
    progress: Callable[[Mapping[int, str]], tuple[int, int]]

    def near(self) -> Iterator[int]:
        """The lines likely at fault: where the value began, the fault's own, and some before it."""
        seen = {self.opened} if self.opened >= self.at - 12 else set()
        yield from seen
        at, left = self.at, _NEAR + 1
        while at >= 0 and left:
            if at not in seen and not is_idle(self.lines[at]):
                yield at
                left -= 1
            at -= 1


def locate(lines: Sequence[str], fault: Fault) -> tuple[int, int]:
    """The line of a fault, and the line where the value being read began; both exist.

    A parser that reaches the end names a line after the last one as the fault, and, if nothing
    follows an opening bracket, as the beginning too. The last line that holds anything is taken
    instead. `lines` has at least one.
    """
    at = min(fault.line, len(lines) - 1)
    while at > 0 and not lines[at].strip():
        at -= 1
    return at, min(fault.opened, at)


def parse_line(line: str) -> Line | None:
    """A line as `key: value` or as `- value`; None if it is neither."""
    if is_idle(line):
        return None
    if match := _ENTRY.fullmatch(line):
        key = match["key"].strip("\"'")
        value = "" if match["value"].startswith("#") else match["value"].rstrip()
        return Line(key, value, match.start("value"), len(match["lead"]))
    if match := _ITEM.fullmatch(line):
        column = match["lead"].rindex("-")
        return Line("", match["value"].rstrip(), match.start("value"), column)
    return None


def is_idle(line: str) -> bool:
    """Whether a line is blank or a comment."""
    text = line.lstrip()
    return not text or text.startswith("#")


def indent(line: str) -> int:
    """How many blanks a line begins with."""
    return len(line) - len(line.lstrip())


def key_column(line: str) -> int | None:
    """The column of what is surely a key (a single word and a colon), after any dashes."""
    match = _KEY_LIKE.match(line)
    return len(match["lead"]) if match else None


def dash_column(line: str) -> int | None:
    """Where the first dash of a list item stands."""
    match = _DASH.match(line)
    return len(match["lead"]) if match else None


def structure_column(line: str) -> int | None:
    """Where a line's list item or key begins, whichever comes first; None for running text."""
    dash = dash_column(line)
    return key_column(line) if dash is None else dash


def parent(lines: Sequence[str], index: int) -> int | None:
    """The last line above one that has a key."""
    return next(
        (i for i in range(index - 1, -1, -1) if (p := parse_line(lines[i])) and p.key), None
    )


def parent_key(lines: Sequence[str], index: int) -> str:
    """The key that a list item belongs to; empty if none can be named."""
    above = parent(lines, index)
    line = parse_line(lines[above]) if above is not None else None
    return line.key if line else ""


def text_end(lines: Sequence[str], start: int, column: int) -> int:
    """The last line of a text that begins at `start`: the lines that belong to it are indented
    deeper than `column`."""
    end = start
    for index in range(start + 1, len(lines)):
        if not lines[index].strip():
            continue
        if indent(lines[index]) <= column:
            break
        end = index
    return end


def next_key(lines: Sequence[str], start: int, column: int) -> int:
    """The first line after `start` with a key no deeper than `column`, or the end.

    List items count only if `start` is in one: prose has dashes, too.
    """
    own = dash_column(lines[start])
    for index in range(start + 1, len(lines)):
        key, dash = key_column(lines[index]), dash_column(lines[index])
        if key is not None and dash is None and key <= column:
            return index
        if dash is not None and (dash < column or dash == own):
            return index
    return len(lines)


def last_text(lines: Sequence[str], start: int, stop: int) -> int:
    """The last line that is neither blank nor a comment, from `start` and before `stop`."""
    return next((i for i in range(stop - 1, start, -1) if not is_idle(lines[i])), start)


def private_lines(lines: Sequence[str]) -> frozenset[int]:
    """The lines that may hold a private value: a private key's, and all that may belong to it."""
    private: set[int] = set()
    limit: int | None = None
    for index, line in enumerate(lines):
        column = key_column(line)
        if limit is not None and column is not None and column <= limit:
            limit = None
        if match := _PRIVATE_KEY.match(line):
            limit = match.start("name")
        inside = any(m["blob"] or "{" in line for m in _PRIVATE_INSIDE.finditer(line))
        if limit is not None or inside:
            private.add(index)
    return frozenset(private)


def shorten(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Text for a message: on one line, and without its middle if it is long."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    tail = longest // 4
    return f"{text[: longest - tail - 2].rstrip()} … {text[-tail:].lstrip()}"
