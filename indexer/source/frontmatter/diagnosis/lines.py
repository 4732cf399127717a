"""Lines of broken YAML, read the way a person reads them: keys, list items, how far a text goes.

Nothing here parses YAML; it names the parts of a line so that a fault can be explained. Lines are
indexed from 0 in the front matter.
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
class Part:
    """A line's key (empty for a list item) and value. `start` is where the value begins."""

    key: str
    value: str
    start: int
    column: int
    """Where the key begins, or the item's last dash: what belongs to it is indented deeper."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where reading stopped, from 0 in the front matter, and where that which it read began."""

    line: int
    column: int
    reason: str
    opened: int
    is_clear: bool = False
    """Whether the reason is in words for people and needs no explaining."""

    @property
    def at_end(self) -> bool:
        """Whether the parser ran into the end, looking for the end of what `opened` began."""
        return "end of stream" in self.reason


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is wrong at a line and the lines that would put it right.

    `edits` are lines by index; the one at `line` is what the message shows unless `shown` names
    another text. Without edits nothing can be tried, and the remedy is but advice.
    """

    line: int
    key: str
    message: str
    edits: Mapping[int, str] = field(default_factory=dict)
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A fault with the lines it is in; `reach` says how far some edits let the parser get.

    `at` is the line of the fault and `opened` the one where that which was read began. Both are
    lines that are there, `opened` no later than `at`: `place` sees to it, whatever a parser says.
    """

    lines: Sequence[str]
    at: int
    opened: int
    reach: Callable[[Mapping[int, str]], tuple[int, int]]

    def near(self) -> Iterator[int]:
        """The lines likely at fault: where the construct began, the fault's own, some before."""
        seen = {self.opened} if self.opened >= self.at - 12 else set()
        yield from seen
        at, left = self.at, _NEAR + 1
        while at >= 0 and left:
            if at not in seen and not is_idle(self.lines[at]):
                yield at
                left -= 1
            at -= 1


def place(lines: Sequence[str], fault: Fault) -> tuple[int, int]:
    """The line of a fault and the one where that which was read began, as lines that are there.

    A parser that runs into the end names a line after the last one, for the fault and, where
    nothing follows an opening bracket, for the beginning, too. The last line that holds anything
    stands for it. `lines` has at least one.
    """
    at = min(fault.line, len(lines) - 1)
    while at > 0 and not lines[at].strip():
        at -= 1
    return at, min(fault.opened, at)


def part(line: str) -> Part | None:
    """A line as `key: value` or as `- value`; None for anything else."""
    if is_idle(line):
        return None
    if match := _ENTRY.fullmatch(line):
        key = match["key"].strip("\"'")
        value = "" if match["value"].startswith("#") else match["value"].rstrip()
        return Part(key, value, match.start("value"), len(match["lead"]))
    if match := _ITEM.fullmatch(line):
        column = match["lead"].rindex("-")
        return Part("", match["value"].rstrip(), match.start("value"), column)
    return None


def is_idle(line: str) -> bool:
    """Whether a line is blank or a comment."""
    text = line.lstrip()
    return not text or text.startswith("#")


def indent(line: str) -> int:
    """How many blanks a line begins with."""
    return len(line) - len(line.lstrip())


def key_column(line: str) -> int | None:
    """Where a key begins that is surely one (a single word and a colon), dashes skipped."""
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
    return next((i for i in range(index - 1, -1, -1) if (p := part(lines[i])) and p.key), None)


def parent_key(lines: Sequence[str], index: int) -> str:
    """The key that a list item stands under; empty where none can be named."""
    above = parent(lines, index)
    found = part(lines[above]) if above is not None else None
    return found.key if found else ""


def text_end(lines: Sequence[str], start: int, column: int) -> int:
    """The last line of a text that begins on a line: those that follow are indented deeper."""
    end = start
    for index in range(start + 1, len(lines)):
        if not lines[index].strip():
            continue
        if indent(lines[index]) <= column or lines[index].lstrip().startswith("#"):
            break
        end = index
    return end


def next_key(lines: Sequence[str], start: int, column: int) -> int:
    """The line of the first key no deeper than a column after a line, or the end.

    Items count where the line is or stands in one: prose has dashes, too.
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
    """The last line that is neither blank nor a comment, from start and before stop."""
    return next((i for i in range(stop - 1, start, -1) if not is_idle(lines[i])), start)


def private_lines(lines: Sequence[str]) -> frozenset[int]:
    """The lines that may hold a private value: a private key's, and those that may belong to it."""
    found: set[int] = set()
    limit: int | None = None
    for index, line in enumerate(lines):
        column = key_column(line)
        if limit is not None and column is not None and column <= limit:
            limit = None
        if match := _PRIVATE_KEY.match(line):
            limit = match.start("name")
        inside = any(m["blob"] or "{" in line for m in _PRIVATE_INSIDE.finditer(line))
        if limit is not None or inside:
            found.add(index)
    return frozenset(found)


def clipped(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Text for a message: on one line, and its middle left out where it is long."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    tail = longest // 4
    return f"{text[: longest - tail - 2].rstrip()} … {text[-tail:].lstrip()}"
