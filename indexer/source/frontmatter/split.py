"""Cuts a file's bytes into front matter and body, before either is read, and tells the language.

The first line tells it: `---` begins YAML, `+++` TOML, `{` JSON; `---json`, `---toml` and `---yaml`
say it in words. JSON that begins with `{` ends where its object ends, which its reader finds out.
"""

import codecs
import re
from dataclasses import dataclass
from enum import Enum

from indexer.item import Problem

MAX_FRONT_MATTER = 512 * 1024
"""Characters of front matter; a news item needs a few thousand."""

_OPENING = re.compile(r"(?P<marker>---|\+\+\+)[ \t]*+(?P<language>yaml|yml|toml|json)?[ \t]*+")
_NO_JSON = re.compile(r"\{[{%:<]")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_MARKER_LIKE = re.compile(r"[ \t]*[-\u2010-\u2015\u2212]{1,80}[ \t]*")
_KEY_LINE = re.compile(r"[A-Za-z_]\w{0,40}:(?:[ \t]|$)")
_STRUCTURE = re.compile(r"[ \t]+\S|-(?:[ \t]|$)|[\]}]|[\"']?[\w.$-]+[\"']?:(?:[ \t]|$)")


class Language(Enum):
    """What a front matter is written in."""

    YAML = "YAML"
    TOML = "TOML"
    JSON = "JSON"


_LANGUAGES = {"yml": Language.YAML, **{language.value.lower(): language for language in Language}}


@dataclass(frozen=True, slots=True)
class Sections:
    """`front` is the text between the two markers; its first line is `first_line` of the file. Of
    JSON without markers it is the whole text, and the body is not yet cut off.

    `problem` is set if no marker closes the front matter: `front` then ends where the front matter
    seems to end. Line ends are `\\n` throughout.
    """

    front: str
    body: str
    problem: Problem | None = None
    language: Language = Language.YAML
    first_line: int = 2


def split(data: bytes, path: str) -> Sections | Problem:
    """The front matter and body of a file, or the problem that it has none; it shows `path`."""
    text = _decode(data, path)
    if isinstance(text, Problem):
        return text
    if text.startswith("{") and not _NO_JSON.match(text):
        return Sections(text, "", None, Language.JSON, 1)
    opening, _, rest = text.partition("\n")
    first = _OPENING.fullmatch(opening)
    if first is None or (first["marker"] == "+++" and first["language"]):
        return Problem(path, 1, "", _opening_fault(text, opening))
    marker = first["marker"]
    language = _LANGUAGES[first["language"] or ("yaml" if marker == "---" else "toml")]
    closing = _CLOSING[marker].search(rest)
    end = closing.start() if closing else len(rest)
    if end > MAX_FRONT_MATTER:
        return too_long(path)
    if closing is None:
        if language is Language.YAML:
            return _unclosed(rest, path)
        message = f"the front matter that line 1 opens is never closed; add a line of {marker}"
        return Problem(path, 1, "", message)
    return Sections(rest[:end], rest[closing.end() :].removeprefix("\n"), None, language)


def too_long(path: str) -> Problem:
    """The problem of a front matter that is longer than the limit."""
    message = (
        f"the front matter is longer than {MAX_FRONT_MATTER // 1024} KiB; "
        "move the text below its end"
    )
    return Problem(path, 1, "", message)


def _decode(data: bytes, path: str) -> str | Problem:
    """The text without a byte order mark and with `\\n` line ends."""
    data = data.removeprefix(codecs.BOM_UTF8)
    at = data.find(0)
    message = "a NUL byte: the file is not text, or not saved as UTF-8; save it as UTF-8 text"
    if at < 0:
        try:
            return data.decode().replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            at = error.start
            message = f"the byte 0x{data[at]:02x} is not UTF-8; save the file as UTF-8"
    line = len(re.split(rb"\r\n|\r|\n", data[:at]))
    return Problem(path, line, "", message)


def _opening_fault(text: str, opening: str) -> str:
    """What is wrong with the first line."""
    if not text.strip():
        return "the file is empty; write front matter with a title between two lines of ---"
    if not opening.strip() and text.lstrip().startswith(("---", "+++")):
        return f"empty lines stand before the opening {text.lstrip()[:3]}; remove them"
    if opening.strip() and _MARKER_LIKE.fullmatch(opening):
        return "the first line must be exactly three hyphens; write ---"
    if opening.startswith(("---", "+++")):
        return (
            f"nothing may follow {opening[:3]} on the first line; put the rest on a line of its own"
        )
    if _KEY_LINE.match(opening):
        return (
            "the first line looks like front matter without its markers; put a line of --- before "
            "it, and another after the last key"
        )
    return "the file does not begin with front matter; begin it with ---, title: ..., and ---"


def _unclosed(rest: str, path: str) -> Sections | Problem:
    """The sections of a file whose closing marker is misspelt or missing."""
    lines = rest.split("\n")
    last = 0
    for number, line in enumerate(lines, 2):
        if _MARKER_LIKE.fullmatch(line) and line.strip() != "-":
            message = "this line looks like the closing marker; write exactly --- from the margin"
            front = "\n".join(lines[: number - 2])
            return Sections(front, "", Problem(path, number, "", message))
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
    return Sections("\n".join(lines[: last - 1]), "", Problem(path, last, "", message))
