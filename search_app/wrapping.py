"""Breaks text into lines of a terminal, by the columns that its signs take there.

Unlike `textwrap` it counts nothing for the sequences that switch bold on and off, two columns for a
wide sign, and breaks a script without spaces wherever it has to.
"""

import re
from unicodedata import combining, east_asian_width

LEAST = 20
"""Columns of text at least, however narrow the terminal."""

_WIDE = "\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60"
_PIECE = re.compile(rf"[{_WIDE}]\s*|[^\s{_WIDE}]+\s*|\s+")
"""What a line is not broken in: a word or a sign of a script without spaces, with space after."""

_SEQUENCE = re.compile("\x1b\\[[0-9]*m")


def wrapped(text: str, indent: int, width: int, further: int = 0) -> list[str]:
    """The lines of a text in `width` columns, each with an indent, those after the first with a
    `further` one. A word that is too long for a line is broken. There is one line at least."""
    lines, line, room = [], "", max(LEAST, width - indent)
    for piece in _PIECE.findall(text):
        if line.strip() and _columns(line) + _columns(piece.rstrip()) > room:
            lines.append(line.rstrip())
            line = " " * further
        line += piece
        while _columns(line.rstrip()) > room:
            head = _head(line, room)
            lines.append(head)
            line = " " * further + line[len(head) :]
    return [f"{' ' * indent}{one}" for one in [*lines, line.rstrip()]]


def _columns(text: str) -> int:
    shown = _SEQUENCE.sub("", text)
    return len(shown) if shown.isascii() else sum(map(_width, shown))


def _width(sign: str) -> int:
    if combining(sign):
        return 0
    return 2 if east_asian_width(sign) in "WF" else 1


def _head(text: str, room: int) -> str:
    """The beginning of a text that takes at most `room` columns."""
    at = columns = 0
    while at < len(text):
        if sequence := _SEQUENCE.match(text, at):
            at = sequence.end()
            continue
        columns += _width(text[at])
        if columns > room:
            break
        at += 1
    return text[:at]
