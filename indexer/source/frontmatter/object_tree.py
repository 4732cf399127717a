"""TOML and JSON to the nodes that YAML is read as, under the same bounds.

Their parsers tell the line of a fault, but not those of keys. So keys are looked up in the text:
each stands where the text names it next.
"""

import json
import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from indexer.item import Problem
from indexer.source.frontmatter.diagnosis.escapes import unmeant, unmeant_in_read
from indexer.source.frontmatter.nodes import (
    MAX_DEPTH,
    MAX_NODES,
    PRIVATE_LINE,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    before_private_line,
    is_private,
)
from indexer.source.frontmatter.remarks import Remarks

_TOML_KEY = r"(?:\"[^\"\n]*+\"|'[^'\n]*+'|(?<![\w-])[\w-]++)[ \t]*+"
_TOML_KEYS = re.compile(rf"({_TOML_KEY})(?=[=\].])")
_JSON_KEYS = re.compile(r"\"((?:[^\"\\]|\\.)*+)\"\s*+:", re.DOTALL)
# Python's parser takes time that grows with the square of how deep such a key leads.
_DEEP_KEY = re.compile(
    rf"(?:^|[\[{{,])[ \t]*+(?:{_TOML_KEY}\.[ \t]*+){{{MAX_DEPTH}}}", re.MULTILINE
)
_TOML_LINE = re.compile(r"\(at line (\d+),")
_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels; flatten it"
_NEWLINE = re.compile("\n")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TOML_WORDS = (
    ("Invalid value", "put text in double quotes, and write true or false in small letters"),
    ("Invalid statement", "write key = value"),
    ("Invalid initial character", "write key = value, or put the key in quotes"),
    ("Expected '='", "write key = value"),
    ("Expected newline", "something follows the value; put all of a text in quotes"),
    ("Unclosed array", "close the list with ]"),
    ("Unclosed inline table", "close the table with } on the same line"),
    ("Unterminated string", "close the text with the quotes it begins with"),
    ("Expected '\"'", "close the text with the quotes it begins with"),
    ('Expected "\'"', "close the text with the quotes it begins with"),
    ("Illegal character", "close the text on its line, or put it in three quotes"),
    ("Unescaped", "write \\\\ for a backslash, or put the text in single quotes"),
    ("Cannot", "a key or table stands twice; remove one"),
    ("Duplicate", "a key stands twice; remove one"),
    ("", "mend it"),
)
"""How the parsers' messages begin, and what to do. They are not told: they may quote the file."""

_JSON_WORDS = (
    ("Expecting property name", "write keys in double quotes, and end the object with }"),
    ("Expecting ',' delimiter", "put a comma between values, and close what was opened"),
    ("Expecting ':' delimiter", "write a colon after the key"),
    ("Unterminated string", "close the text with a double quote"),
    ("Invalid", "write \\\\ for a backslash"),
    ("", "write text in double quotes, a number, true, false or null"),
)


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


class _Pairs(list[tuple[str, Any]]):
    """The keys and values of a JSON object."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A tree, or None if there is a problem that says why; `end`: how many characters were read."""

    tree: Mapping | None
    problems: tuple[Problem, ...]
    end: int = 0


@dataclass(eq=False)
class _TooMuchError(Exception):
    """A bound is reached on a line of the file."""

    line: int
    reason: str


def read_toml(text: str, path: str, first_line: int) -> Reading:
    """The tree of a TOML document, whose first line is `first_line` of the file."""
    if deep := _DEEP_KEY.search(text):
        line = text.count("\n", 0, deep.start()) + first_line
        return _refusal(path, line, _TOO_DEEP)
    try:
        table = tomllib.loads(text, parse_float=_Number)
    except RecursionError:
        return _refusal(path, first_line, _TOO_DEEP)
    except ValueError as error:  # of dates and whole numbers, too
        said = str(error)
        at = _TOML_LINE.search(said)
        last = text.rstrip().count("\n")
        line = (int(at[1]) - 1 if at else last) + first_line
        advice = next(do for begins, do in _TOML_WORDS if said.startswith(begins))
        if said.endswith("(at end of document)"):
            advice = "close the list, the table or the text that is open"
        return _refusal(path, line, f"the line cannot be read as TOML; {advice}")
    names = ((match.start(), match[1].strip().strip("\"'")) for match in _TOML_KEYS.finditer(text))
    return _tree(table, _KeyPlaces(text, first_line, names), path, len(text))


def read_json(text: str, path: str, first_line: int) -> Reading:
    """The tree of the JSON object that a text begins with; its first line is `first_line`."""
    begin = len(text) - len(text.lstrip())
    if not text.startswith("{", begin):
        return _refusal(path, first_line, "a JSON object is expected; begin it with {")
    try:
        pairs, end = _JSON.raw_decode(text, begin)
    except RecursionError:
        return _refusal(path, first_line, _TOO_DEEP)
    except json.JSONDecodeError as error:
        line = first_line + text.count("\n", 0, min(error.pos, len(text.rstrip())))
        advice = next(do for begins, do in _JSON_WORDS if error.msg.startswith(begins))
        if text[: error.pos].rstrip().endswith(","):
            advice = "take away the comma after the last value, or add what should follow it"
        return _refusal(path, line, f"the line cannot be read as JSON; {advice}")
    names = ((match.start(), match[1]) for match in _JSON_KEYS.finditer(text, begin, end))
    return _tree(pairs, _KeyPlaces(text[:end], first_line, names), path, end)


_JSON = json.JSONDecoder(
    object_pairs_hook=_Pairs,
    parse_int=_Number,
    parse_float=_Number,
    parse_constant=_Number,
    strict=False,
)


def _refusal(path: str, line: int, message: str) -> Reading:
    return Reading(None, (Problem(path, line, "", message),))


class _KeyPlaces:
    """Where a text names each key, and how it is written, as far as that can be told without
    parsing it."""

    def __init__(self, text: str, first_line: int, names: Iterable[tuple[int, str]]) -> None:
        self._text = text
        self._first_line = first_line
        self._ends = [match.start() for match in _NEWLINE.finditer(text)]
        self._places: dict[str, list[int]] = {}
        for place, name in names:
            self._places.setdefault(name, []).append(place)

    def after(self, last: int, name: str) -> int | None:
        """The first place after `last` that names the key."""
        places = self._places.get(name, ())
        at = bisect_right(places, last)
        return places[at] if at < len(places) else None

    def begin_a_line(self, words: str) -> bool:
        """Whether a line of the text begins with some words."""
        at = bisect_left(self._lines, words)
        return at < len(self._lines) and self._lines[at].startswith(words)

    @cached_property
    def _lines(self) -> list[str]:
        """All lines but the first, in alphabetical order."""
        return sorted(self._text.split("\n")[1:])

    @cached_property
    def have_unmeant_escapes(self) -> bool:
        """Whether the text has escapes that nobody means; if not, a control character in a value is
        none of them."""
        return bool(unmeant(self._text))

    def line(self, place: int) -> int:
        """The line of the file a place is on."""
        return self._first_line + bisect_left(self._ends, place)


def _tree(root: Any, places: _KeyPlaces, path: str, end: int) -> Reading:
    """The nodes of what a parser made."""
    converter = _Converter(places, Remarks(path))
    try:
        tree = converter.mapping(root, 0, 1)
    except _TooMuchError as error:
        return _refusal(path, error.line, error.reason)
    return Reading(tree, tuple(converter.remarks.problems), end)


class _Converter:
    """Makes nodes of values. Raises _TooMuchError at a bound."""

    def __init__(self, places: _KeyPlaces, remarks: Remarks) -> None:
        self.remarks = remarks
        self._places = places
        self._last = -1
        self._nodes = 0

    def mapping(self, value: Any, place: int, depth: int) -> Mapping:
        """The node of a table that begins at a place; a private key's value is not kept."""
        entries: dict[str, Entry] = {}
        for key, child in value.items() if isinstance(value, dict) else value:
            at = self._places.after(self._last, key)
            if at is None:  # a part of a table may stand above what was read last
                at = self._places.after(place, key) or place
            self._last = max(self._last, at)
            name, line = _SURROGATE.sub("\ufffd", key), self._places.line(at)
            if former := entries.pop(name, None):
                self.remarks.add_twice(name, line, former.line)
            node = Scalar("", line, False) if is_private(name) else self._node(child, at, depth)
            entries[name] = Entry(name, line, node)
        first = next(iter(entries.values()), None)
        return Mapping(entries, first.line if first else self._places.line(place))

    def _node(self, value: Any, place: int, depth: int) -> Node:
        """A value's node, which is inside `depth` others."""
        line = self._places.line(place)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _TooMuchError(line, f"more than {MAX_NODES} values; write fewer")
        if not isinstance(value, (dict, list)):
            return self._scalar(value, line)
        if depth == MAX_DEPTH:
            raise _TooMuchError(line, _TOO_DEEP)
        if isinstance(value, (dict, _Pairs)):
            return self.mapping(value, place, depth + 1)
        items = (self._node(child, max(place, self._last), depth + 1) for child in value)
        return Sequence(tuple(items), line)

    def _scalar(self, value: Any, line: int) -> Scalar:
        if isinstance(value, str):
            text, is_taken_in = before_private_line(_SURROGATE.sub("\ufffd", value))
            if PRIVATE_LINE.match(text) and self._places.begin_a_line(text.partition("\n")[0]):
                text, is_taken_in = "", True
            if is_taken_in:
                self.remarks.add_taken_in(line)
            wrong = unmeant_in_read(text) if self._places.have_unmeant_escapes else ""
            loss = f"{wrong}write \\\\ for a backslash" if wrong else ""
            return Scalar(text, line, isinstance(value, _Number), loss)
        if value is None:
            return Scalar("", line, True)
        if isinstance(value, (bool, int)):
            return Scalar(_digits(value), line, True)
        return Scalar(value.isoformat(), line, True)  # a date or a time of day


def _digits(value: int) -> str:
    """A whole number or a truth value as text; a number without end in the way Python shows it."""
    try:
        return str(value).lower() if isinstance(value, bool) else str(value)
    except ValueError:  # thousands of digits
        return hex(value)
