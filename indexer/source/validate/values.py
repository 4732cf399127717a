"""Reads values out of a mapping by key and checks them; what cannot be used becomes a warning."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from indexer.item import Problem, Severity
from indexer.source.frontmatter.nodes import Entry, Mapping, Node, Scalar, without_private
from indexer.source.validate.dates.reader import read_date
from indexer.source.validate.text import clean
from indexer.urls import clean_url, has_scheme

MAX_PROBLEMS = 50
"""Warnings kept for one file."""

_LONGEST_SHOWN = 60
_INTEGER = re.compile(r"[+-]?\d{1,9}(?:\.0*)?", re.ASCII)
_WORDS = frozenset({"type", "domain"})
"""Keys whose values are words without blanks: a comment after them is one."""

FLAGS = dict.fromkeys(("true", "yes", "y", "on", "1"), True)
FLAGS |= dict.fromkeys(("false", "no", "n", "off", "0"), False)
"""What YAML 1.1 and people write for yes and no, in lower case."""

FLAG_OR_DATE = "published"
"""A key that is a flag in this format, and a date where a web clipper wrote it."""


@dataclass(slots=True)
class Warnings:
    """The warnings of one file, in the order made."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int, name: str, message: str) -> None:
        """Add a warning, unless the file has too many already."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self.path, line, name, message, Severity.WARNING))
        elif len(self.problems) == MAX_PROBLEMS:
            more = "there are more problems; they are not listed"
            self.problems.append(Problem(self.path, line, "", more, Severity.WARNING))

    def add_once(self, line: int, name: str, message: str) -> None:
        """Add a warning that may have been added before."""
        if not any((p.line, p.field, p.message) == (line, name, message) for p in self.problems):
            self.add(line, name, message)


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with a prefix for messages (`related[2].`, or "" for the file's own).

    The methods that take keys return a clean value. A value that cannot be used draws a warning and
    then counts as absent.
    """

    mapping: Mapping
    warnings: Warnings
    prefix: str = ""

    def get(self, *keys: str) -> Entry | None:
        """The entry of the first key that has a value. A value that a comment took draws a warning
        (`key: #word`)."""
        entries = self.mapping.entries
        for key in keys:
            if entry := entries.get(key):
                if type(entry.value) is not Scalar or not entry.value.is_absent:
                    return entry
                self.warn_of_loss(entry.value, key)
        return None

    def warn(self, entry: Entry, message: str) -> None:
        """Add a warning about an entry's value."""
        self.warnings.add(entry.line, self.prefix + entry.key, message)

    def warn_of_loss(self, node: Node, name: str) -> None:
        """Warn if a node that is used as text was not read as it was written."""
        if type(node) is Scalar and node.loss:
            self.warnings.add_once(node.line, self.prefix + name, node.loss)

    def below(self, name: str, mapping: Mapping) -> "Fields":
        """The fields of a mapping below this one."""
        return Fields(mapping, self.warnings, f"{self.prefix}{name}.")

    def text(self, longest: int, *keys: str) -> str:
        """Clean text of the first key that has a value, or ""."""
        entry, raw = self._raw(*keys, is_prose=True)
        text = clean(raw)
        if entry and len(text) > longest:
            self.warn(entry, f"cut after {longest:,} of {len(text):,} characters")
            text = text[:longest].rstrip()
        return text

    def integer(self, key: str) -> int | None:
        """A whole number, at most nine digits of it."""
        entry, raw = self._raw(key)
        if _INTEGER.fullmatch(raw):
            return int(raw.partition(".")[0])
        if entry and raw:
            self.warn(entry, f"{shown(raw)} is not a whole number; it was left out")
        return None

    def flag(self, key: str) -> bool | None:
        """What one of `FLAGS` says, in any case."""
        entry, raw = self._raw(key)
        is_date = entry and key == FLAG_OR_DATE and _is_dated(entry.value)
        if entry and raw and raw.lower() not in FLAGS and not is_date:
            self.warn(entry, f"{shown(raw)} is neither true nor false; it was left out")
        return FLAGS.get(raw.lower())

    def date(self, *keys: str) -> datetime | None:
        """The moment that the first key with a usable date names, in UTC. If a mapping stands in
        place of a date, as in `date: {created: ..., updated: ...}`, it is read by the same keys."""
        for key in keys:
            entry = self.get(key)
            if entry is None or (key == FLAG_OR_DATE and not _is_dated(entry.value)):
                continue
            below = self.below(key, entry.value) if isinstance(entry.value, Mapping) else None
            moment = below.date(*keys) if below and below.get(*keys) else self._date(key, entry)
            if moment:
                return moment
        return None

    def _date(self, key: str, entry: Entry) -> datetime | None:
        _, raw = self._raw(key)
        moment, remark = read_date(raw) if raw else (None, "")
        if remark:
            self.warn(entry, f"{shown(raw)} {remark}")
        return moment

    def url(self, key: str, may_be_relative: bool = False) -> str:
        """An absolute http(s) address, or ""."""
        entry, raw = self._raw(key)
        url = clean_url(raw)
        if entry and raw and not url and not (may_be_relative and not has_scheme(raw)):
            self.warn(entry, f"{shown(raw)} is not an http(s) address; it was left out")
        return url

    def _raw(self, *keys: str, is_prose: bool = False) -> tuple[Entry | None, str]:
        """The entry of the first key that has a value, and its text or "". `is_prose`:
        warn if the text is not all that was written."""
        entry = self.get(*keys)
        is_prose = is_prose and entry is not None and entry.key not in _WORDS
        if entry and isinstance(entry.value, Scalar):
            if is_prose:
                self.warn_of_loss(entry.value, entry.key)
            return entry, entry.value.text.strip()
        if entry and not isinstance(entry.value, Scalar):
            copy = entry.value.quoted() if is_prose else ""
            remedy = f"; to keep it as text, put it in quotes: {copy}" if copy else ""
            self.warn(entry, f"text is expected, not {entry.value.kind}; it was left out{remedy}")
        return entry, ""


def _is_dated(value: Node) -> bool:
    """Whether a value that is a flag or a date is meant as a date."""
    if not isinstance(value, Scalar) or value.text.strip().lower() in FLAGS:
        return False
    return any(char.isdigit() for char in value.text)


def shown(text: str) -> str:
    """A value quoted in a message: one line, not too long, and nothing private."""
    text = clean(without_private(text[: 4 * _LONGEST_SHOWN]))
    return repr(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…")
