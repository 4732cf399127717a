"""Reads lines of broken YAML the way a person does: keys, list items, how far a value goes.

Nothing here parses YAML: it finds a line's key and value, for the rules that diagnose a fault. Line
indexes count from 0 in the front matter.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.source.frontmatter.nodes import PRIVATE_NAME, is_private

FIRST_LINE = 2
"""The line of the file that index 0 stands for: the one after the opening marker."""

_LINE = re.compile(
    r"(?P<lead>\s*(?:-\s+)*)"
    r"(?:(?P<key>\"[^\"]*\"|'[^']*'|[^\W_]?[\w.$-][^:#\[\]{}\"'`,]{0,60}?|<<)\s*:(?:\s+|$))?"
    r"(?P<value>.*)"
)
_KEY_LIKE = re.compile(r"(?P<lead>\s*(?:-\s+)*)[\"']?[\w.$-]+[\"']?:(?:\s|$)")
_DASH = re.compile(r"(?P<lead>\s*)-(?:\s|$)")
_PRIVATE_KEY = re.compile(
    rf"[\s\-\"'#?{{\[,]*+(?:[&!]\S*+\s++)*+[\"']?(?P<name>{PRIVATE_NAME}(?![^\W_]))", re.IGNORECASE
)
_PRIVATE_INSIDE = re.compile(
    rf"(?P<open>[{{\[,]\s*[\"']?)?{PRIVATE_NAME}[\"']?\s*[:=]\s*(?P<blob>\S{{16}})?", re.IGNORECASE
)
_NEAR = 4

LONGEST_SHOWN = 800
"""Characters of corrected lines: what is longer is not shown, for a part of it is no remedy."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line's key (empty for a list item) and value. `start` is where the value begins."""

    key: str
    value: str
    start: int
    column: int
    """Where the key begins, or the item's last dash: what belongs to it is indented deeper."""

    @property
    def is_quoted(self) -> bool:
        """Whether the value begins with a quote."""
        return self.value.startswith(('"', "'"))


@dataclass(eq=False)
class Fault(Exception):
    """Where the parser stopped, and where the value it was reading began (`opened`); lines and
    columns count from 0 in the front matter. `is_clear`: the reason is in words for people."""

    line: int
    column: int
    reason: str
    opened: int
    is_clear: bool = False

    @property
    def reached(self) -> tuple[float, float]:
        """How far the text could be read; if it ends in an open value, to where that began."""
        is_open = "end of stream" in self.reason
        return (self.opened, math.inf) if is_open else (self.line, self.column)


@dataclass(frozen=True, slots=True)
class Fix:
    """What is wrong, and corrected lines by their index, the first of which the problem names."""

    message: str
    edits: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class FaultContext:
    """The lines of a front matter, the line of the fault (`at`), and the one where the value being
    read began (`opened`). Both exist, and `opened` is no later than `at`: `locate` sees to it."""

    lines: Sequence[str]
    at: int
    opened: int

    def near(self) -> Iterator[int]:
        """The lines likely at fault: where the value began, the fault's own, and some before it;
        comments among them."""
        if self.at - 12 <= self.opened < self.at:
            yield self.opened
        left = _NEAR
        for index in range(self.at, -1, -1):
            if not left:
                return
            if self.lines[index].strip():
                yield index
                left -= not is_idle(self.lines[index])


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
    match = _LINE.fullmatch(line)
    if match is None or is_idle(line):
        return None
    value = "" if match["value"].startswith("#") else match["value"].rstrip()
    if match["key"]:
        return Line(match["key"].strip("\"'"), value, match.start("value"), len(match["lead"]))
    if value and "-" in match["lead"]:
        return Line("", value, match.start("value"), match["lead"].rindex("-"))
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


def key_of(lines: Sequence[str], index: int, text: str) -> str:
    """The key of a line whose corrected text is given, or of the list it is in; or empty."""
    line = parse_line(text)
    while line and not line.key and index:
        index -= 1
        line = parse_line(lines[index]) or line
    return line.key if line else ""


def whole_value(lines: Sequence[str], start: int, line: Line) -> str:
    """The value of a line, which is at `start`, with all the lines below that belong to it.

    It ends before the next key that is no deeper than its own and, if its line is in a list, the
    next item: prose has dashes, too. Without quotes, it ends before whatever is no deeper.
    """
    own = dash_column(lines[start])
    end = start
    for index in range(start + 1, len(lines)):
        text = lines[index]
        if is_idle(text):
            continue
        key, dash = key_column(text), dash_column(text)
        if dash is not None and (dash < line.column or dash == own):
            break
        if dash is None and key is not None and key <= line.column:
            break
        if indent(text) <= line.column and not line.is_quoted:
            break
        end = index
    return "\n".join([line.value, *lines[start + 1 : end + 1]])


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
        elif (parsed := parse_line(line)) and is_private(parsed.key):
            limit = parsed.column
        inside = any(m["blob"] or m["open"] or "{" in line for m in _PRIVATE_INSIDE.finditer(line))
        if limit is not None or inside:
            private.add(index)
    return frozenset(private)


def shown(lines: Iterable[str]) -> str:
    """Corrected lines as one line to copy; empty if they are too long for a message."""
    text = " ".join(" ".join(lines).split())
    return text if len(text) <= LONGEST_SHOWN else ""


def shorten(text: str, longest: int = 100) -> str:
    """Text for a message: on one line, and without its middle if it is long."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    tail = longest // 4
    return f"{text[: longest - tail - 2].rstrip()} … {text[-tail:].lstrip()}"
