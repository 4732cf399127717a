"""Cuts a file's bytes into front matter and body, before anything is read as YAML."""

import codecs
import re
from dataclasses import dataclass

from indexer.item import Problem

MAX_FRONT_MATTER = 512 * 1024
"""Characters of front matter; a news item needs a few thousand."""

_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_MARKER_LIKE = re.compile(r"[ \t]*[-\u2010-\u2015\u2212]{1,80}[ \t]*")
_STRUCTURE = re.compile(r"[ \t]+\S|-(?:[ \t]|$)|[\]}]|[\"']?[\w.$-]+[\"']?:(?:[ \t]|$)")
_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Sections:
    """`front` is what stands between the two markers; its first line is line 2 of the file.

    `problem` is set if there is no closing marker: `front` then ends where the front matter seems
    to end. Line ends are `\\n` throughout.
    """

    front: str
    body: str
    problem: Problem | None = None


def split(data: bytes, path: str) -> Sections | Problem:
    """Front matter and body of a file, or the problem that there are none; that shows `path`."""
    text = _decode(data, path)
    if isinstance(text, Problem):
        return text
    opening, _, rest = text.partition("\n")
    if opening.rstrip(" \t") != "---":
        return Problem(path, 1, "", _opening_fault(text, opening))
    closing = _CLOSING.search(rest)
    end = closing.start() if closing else len(rest)
    if end > MAX_FRONT_MATTER:
        message = (
            f"the front matter is longer than {MAX_FRONT_MATTER // 1024} KiB; "
            "move the text below the closing ---"
        )
        return Problem(path, 1, "", message)
    if closing is None:
        return _unclosed(rest, path)
    return Sections(rest[:end], rest[closing.end() :].removeprefix("\n"))


def _decode(data: bytes, path: str) -> str | Problem:
    """The text without a byte order mark and with `\\n` line ends."""
    for mark, name in _ENCODINGS:
        if data.startswith(mark):
            return Problem(path, 1, "", f"the file is saved as {name}; save it as UTF-8")
    if (at := data.find(0)) >= 0:
        message = "a NUL byte: the file is not text, or not saved as UTF-8; save it as UTF-8 text"
        return Problem(path, _line_of(data, at), "", message)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        offset = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        message = (
            f"byte {offset + 1} of the file (0x{data[offset]:02x}) is not UTF-8; "
            "save the file as UTF-8"
        )
        return Problem(path, _line_of(data, offset), "", message)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _line_of(data: bytes, offset: int) -> int:
    """The line, from 1, that holds the byte at an offset."""
    head = data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return head.count(b"\n") + 1


def _opening_fault(text: str, opening: str) -> str:
    """What is wrong with the first line."""
    if not text.strip():
        return "the file is empty; write front matter with a title between two lines of ---"
    if not opening.strip() and text.lstrip().startswith("---"):
        return "empty lines stand before the opening ---; remove them"
    if opening.startswith("+++"):
        return "the front matter is TOML (+++); write it as YAML between two lines of ---"
    if opening.startswith("{"):
        return "the front matter is JSON; write it as YAML between two lines of ---"
    if opening.strip() and _MARKER_LIKE.fullmatch(opening):
        return "the first line must be exactly three hyphens; write ---"
    if opening.startswith("---"):
        return "nothing may follow --- on the first line; put the rest on a line of its own"
    return "the file does not begin with front matter; begin it with ---, title: ..., and ---"


def _unclosed(rest: str, path: str) -> Sections | Problem:
    """The sections if no line closes the front matter: a marker is misspelt or forgotten."""
    lines = rest.split("\n")
    last = 0
    for number, line in enumerate(lines, 2):
        if _MARKER_LIKE.fullmatch(line) and line.strip() != "-":
            message = "this line looks like the closing marker; write exactly --- from the margin"
            problem = Problem(path, number, "", message)
            return _cut(lines, number - 1, problem)
        if _STRUCTURE.match(line):
            last = number
        elif line.strip() and not line.startswith("#"):
            break
    if not last:
        message = (
            "the --- on line 1 opens front matter, but no key: value line and no closing --- "
            "follow; write title: ... and --- below it"
        )
        return Problem(path, 1, "", message)
    message = (
        "the front matter that line 1 opens is never closed; "
        f"add a line of exactly --- after line {last}"
    )
    return _cut(lines, last, Problem(path, last, "", message))


def _cut(lines: list[str], last: int, problem: Problem) -> Sections:
    """The sections if the front matter ends with line `last` of the file."""
    return Sections("\n".join(lines[: last - 1]), "\n".join(lines[last - 1 :]), problem)
