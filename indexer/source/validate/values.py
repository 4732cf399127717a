"""Reads values out of a mapping by key and checks them; what cannot be used becomes a warning."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from indexer.source.frontmatter.nodes import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    folded_key,
)
from indexer.source.validate.dates.reader import read_date
from indexer.source.validate.keys import FOLDED, GROUPS, SPELLINGS
from indexer.source.validate.text import clean, link_target
from indexer.source.validate.warnings import Warnings, shown
from indexer.urls import clean_url, has_scheme

_INTEGER = re.compile(r"[+-]?\d{1,9}(?:\.0*)?", re.ASCII)
_WIKI_LINK = re.compile(r"\[\[([^\[\]|#]+)(?:[|#][^\[\]]*)?\]\]")
_WORDS = frozenset({"type", "domain"})
"""Keys whose values are words without blanks: a comment after them is one."""

FLAGS = dict.fromkeys(("true", "yes", "y", "on", "1"), True)
FLAGS |= dict.fromkeys(("false", "no", "n", "off", "0"), False)
"""What YAML 1.1 and people write for yes and no, in lower case."""

FLAG_OR_DATE = "published"
"""A key that is a flag in this format, and a date where a web clipper wrote it."""

_ADDRESSES = frozenset(map(folded_key, ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl")))
_NO_ADDRESSES = frozenset((*FOLDED["provider.name"], *map(folded_key, ("dc:identifier", "guid"))))
"""Keys that as often hold the name of an outlet, or a number as in `urn:isbn:0`."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with a prefix for messages (`related[2].`, or "" for the file's own).

    The methods take a key of the format. What they return comes from the first key with a usable
    value: that key or one of those that stand in for it (see `keys`), however it is spelled. A
    value that cannot be used draws a warning and then counts as absent.
    """

    mapping: Mapping
    warnings: Warnings
    prefix: str = ""
    _by_key: dict[str, Entry] = field(init=False, repr=False, default_factory=dict)
    """The entries that have a value, by their folded keys."""

    def __post_init__(self) -> None:
        entries = self._by_key
        groups = []
        for key, entry in self.mapping.entries.items():
            value = entry.value
            folded = SPELLINGS.get(key) or folded_key(key)
            if type(value) is Scalar and value.is_absent:
                if value.loss and folded in _READ:  # a comment took it: `key: #word`
                    self.warn_of_loss(value, self.name_of(entry))
                continue
            former = entries.get(folded)
            entries[folded] = self._chosen(former, entry) if former else entry
            if type(value) is Mapping and folded in GROUPS:
                groups.append((folded, key, value))
        for folded, group, mapping in groups:
            for key, entry in mapping.entries.items():
                if mapping.get(key):
                    below = Entry(f"{group}.{key}", entry.line, entry.value)
                    entries.setdefault(folded + folded_key(key), below)

    def _chosen(self, former: Entry, later: Entry) -> Entry:
        """Which of two spellings of one key counts: that of the table, or else the later one."""
        if former.key in SPELLINGS and later.key not in SPELLINGS:
            former, later = later, former
        if not _is_same(former.value, later.value) and folded_key(later.key) in _READ:
            self.warn(former, f"{_shown_key(later)} on line {later.line} counts; remove one")
        return later

    def all(self, name: str) -> Iterator[Entry]:
        """The entries that have a value: of the key itself, then of those that stand in for it."""
        keys = FOLDED.get(name) or (folded_key(name),)
        return filter(None, map(self._by_key.get, keys))

    def get(self, name: str) -> Entry | None:
        """The first of these entries."""
        return next(self.all(name), None)

    def warn(self, entry: Entry, message: str) -> None:
        """Add a warning about an entry's value."""
        self.warnings.add(entry.line, self.name_of(entry), message)

    def name_of(self, entry: Entry) -> str:
        """An entry's key for a message: dotted, and on one line."""
        return self.prefix + _shown_key(entry)

    def warn_of_loss(self, node: Node, name: str) -> None:
        """Warn if a node that is used as text, or as a list of texts, was not read as it was
        written. `name`: its key for the message, as `name_of` gives it."""
        loss = node.loss if type(node) is Scalar else ""
        if type(node) is Sequence:
            loss = node.loss()
        if loss:
            self.warnings.add_once(node.line, name, loss)

    def below(self, name: str, mapping: Mapping) -> "Fields":
        """The fields of a mapping below this one."""
        return Fields(mapping, self.warnings, f"{self.prefix}{name}.")

    def text(self, longest: int, name: str) -> str:
        """Clean text; or "". Warns if it is not all that was written."""
        for entry, raw in self._raw(name, is_prose=name not in _WORDS):
            if text := clean(raw):
                if len(text) > longest:
                    self.warn(entry, f"cut after {longest:,} of {len(text):,} characters")
                    text = text[:longest].rstrip()
                return text
        return ""

    def integer(self, name: str) -> int | None:
        """A whole number, at most nine digits of it."""
        for entry, raw in self._raw(name):
            if _INTEGER.fullmatch(raw):
                return int(raw.partition(".")[0])
            self.warn(entry, f"{shown(raw)} is not a whole number; it was left out")
        return None

    def flag(self, name: str) -> bool | None:
        """What one of `FLAGS` says, in any case."""
        for entry, raw in self._raw(name):
            if raw.lower() in FLAGS:
                return FLAGS[raw.lower()]
            if name != FLAG_OR_DATE or not _is_dated(entry.value):
                self.warn(entry, f"{shown(raw)} is neither true nor false; it was left out")
        return None

    def date(self, name: str) -> datetime | None:
        """The moment that the first key with a usable date names, in UTC. If a mapping stands in
        place of a date, as in `date: {created: ..., updated: ...}`, it is read by the same keys."""
        for entry in self.all(name):
            value = entry.value
            if entry.key.lower() == FLAG_OR_DATE and not _is_dated(value):
                continue
            below = self.below(entry.key, value) if isinstance(value, Mapping) else None
            moment = below.date(name) if below and below.get(name) else self._moment(entry, name)
            if moment:
                return moment
        return None

    def _moment(self, entry: Entry, name: str) -> datetime | None:
        raw = self._text(entry, name, is_prose=False)
        link = _WIKI_LINK.fullmatch(raw) if raw else None
        moment, remark = read_date(link[1] if link else raw) if raw else (None, "")
        if remark:
            self.warn(entry, f"{shown(raw or '')} {remark}")
        return moment

    def url(self, name: str) -> str:
        """An absolute http(s) address, or "". Keys of other tools hold other things as often, such
        as an address within the site: only one with another scheme draws a warning."""
        for entry in self.all(name):
            if url := next(filter(None, map(clean_url, _addresses(entry.value))), ""):
                return url
            key = folded_key(entry.key)
            raw = entry.value.text.strip() if isinstance(entry.value, Scalar) else ""
            if key in _ADDRESSES and not raw:
                self.warn(entry, f"text is expected, not {entry.value.kind}; it was left out")
            elif key in _ADDRESSES or (
                key not in _NO_ADDRESSES and has_scheme(raw) and len(raw.split()) == 1
            ):
                self.warn(entry, f"{shown(raw)} is not an http(s) address; it was left out")
        return ""

    def _raw(self, name: str, is_prose: bool = False) -> Iterator[tuple[Entry, str]]:
        """The entries whose values are text, and their texts."""
        for entry in self.all(name):
            text = self._text(entry, name, is_prose)
            if text is not None:
                yield entry, text

    def _text(self, entry: Entry, name: str, is_prose: bool) -> str | None:
        """The text of an entry; `None`, with a warning, if it is none. Some tools write a text as a
        list of one, and a wiki link `[[2020-05-17]]` is a list of one in another; under a key of
        the format itself that is a fault."""
        value = entry.value
        while type(value) is Sequence and len(value.items) == 1 and not _is_own(entry, name):
            (value,) = value.items
        if type(value) is Scalar:
            if is_prose:
                self.warn_of_loss(value, self.name_of(entry))
            return value.text.strip()
        remedy = to_keep(value) if is_prose else ""
        self.warn(entry, f"text is expected, not {value.kind}; it was left out{remedy}")
        return None


def _is_own(entry: Entry, name: str) -> bool:
    return folded_key(entry.key) == folded_key(name)


def to_keep(node: Node) -> str:
    """How to keep as text what was read as a list or mapping, for the end of a message; or ""."""
    copy = "" if isinstance(node, Scalar) else node.quoted()
    return f"; to keep it as text, put it in quotes: {copy}" if copy else ""


def _is_same(one: Node, other: Node) -> bool:
    return isinstance(one, Scalar) and isinstance(other, Scalar) and one.text == other.text


_READ = frozenset(SPELLINGS.values())


def _addresses(node: Node) -> Iterator[str]:
    """What may be an address in a value: text, the target of a Markdown link, each of a list, or
    what a mapping names as one."""
    if isinstance(node, Scalar):
        text = link_target(node.text)
        yield f"https://{text}" if text.lower().startswith("www.") else text
    elif isinstance(node, Sequence):
        yield from (item.text for item in node.items if isinstance(item, Scalar))
    else:
        yield from (
            entry.value.text
            for key in ("url", "href", "link", "@id")
            if (entry := node.get(key)) and isinstance(entry.value, Scalar)
        )


def _shown_key(entry: Entry) -> str:
    return " ".join(entry.key.split())


def _is_dated(value: Node) -> bool:
    """Whether a value that is a flag or a date is meant as a date."""
    if not isinstance(value, Scalar) or value.text.strip().lower() in FLAGS:
        return False
    return any(char.isdigit() for char in value.text)
