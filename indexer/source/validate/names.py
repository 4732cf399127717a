"""Reads the names of topics and authors in the forms in which tools write them.

A name is text, a wiki link, a Markdown link, a mapping with a label, or a list of names; and one
text may hold several.
"""

import re
from collections.abc import Iterable, Iterator

from indexer.source.frontmatter.nodes import Entry, Mapping, Node, Scalar, Sequence, folded_key
from indexer.source.validate.text import clean_name
from indexer.source.validate.values import Fields, to_keep
from indexer.urls import clean_url

MAX_NAMES = 64
"""Topics kept of an item, and authors."""

MAX_NAME = 200
"""Characters kept of each."""

_LABELS = ("label", "name", "title", "tag", "term", "text", "value", "slug", "id")
_PERSON_LABELS = (
    "name",
    "fullname",
    "displayname",
    "label",
    "login",
    "username",
    "key",
    "slug",
    "nickname",
    "twitter",
    "github",
    "id",
)
_PERSON_PARTS = (("first", "last"), ("firstname", "lastname"), ("given", "family"))

_LIST = re.compile(r"\[(.*)\]")
_COMMA = re.compile("[,\uff0c\u3001\u060c]")
_SEMICOLON = re.compile("[;\uff1b]")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_/.+-]*")
_AT_BLANKS = frozenset({"tags", "categories"})
_HASHTAG = re.compile(r"#[^\W_]\S*")

_BETWEEN_PEOPLE = re.compile(r"\s*,?\s+(?:and|&)\s+|\s*,\s*", re.IGNORECASE)
_BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)
_MAILBOX = re.compile(r"<[^<>\s@]*@[^<>\s@]*>")
_MAIL_AND_NAME = re.compile(r"[^\s@]+@[^\s@]+\s+\(([^()]+)\)")
_HANDLE = re.compile(r"[a-z][a-z0-9_-]*")
_PARTICLES = frozenset(
    "al bin da das de del della den der di dos du el la le ten ter van von y zu".split()
)
_ROLES = frozenset(
    "agency analyst architect associate association author chair chief co-founder columnist "
    "commission company contributor coordinator correspondent council department developer "
    "director editor engineer fellow foundation founder group guest head institute journal lead "
    "ledger manager minister news newspaper officer organization post president press producer "
    "professor program project reporter researcher scientist secretary service society staff team "
    "times trust university vice volunteer writer".split()
)


def read_topics(fields: Fields) -> tuple[str, ...]:
    """The topics, distinct, in order: those of the format's own key, or else of all keys that stand
    in for it."""
    entries = list(fields.all("topics"))
    if entries and folded_key(entries[0].key) == "topics":
        del entries[1:]
    names = [(entry, topic) for entry in entries for topic in _topics(fields, entry)]
    return _distinct(fields, names)


def read_authors(fields: Fields) -> tuple[str, ...]:
    """The authors, distinct, in order: those of the first key that names any."""
    for entry in fields.all("authors"):
        texts = _texts(fields, entry, _PERSON_LABELS)
        names = [(entry, name) for text in texts for name in _people(text)]
        if authors := _distinct(fields, names):
            return authors
    return ()


def _distinct(fields: Fields, names: Iterable[tuple[Entry, str]]) -> tuple[str, ...]:
    """The names, each once and as first written, without what is too much of them."""
    kept: dict[str, str] = {}
    first = None
    for entry, name in names:
        first = first or entry
        if len(name) > MAX_NAME:
            fields.warn(entry, f"{MAX_NAME} characters of a name of {len(name):,} were kept")
            name = name[:MAX_NAME].rstrip()
        if name:
            kept.setdefault(name.casefold(), name)
    if first and len(kept) > MAX_NAMES:
        fields.warn(first, f"only the first {MAX_NAMES} of {len(kept):,} were kept")
    return tuple(kept.values())[:MAX_NAMES]


def _topics(fields: Fields, entry: Entry) -> Iterator[str]:
    """The topics that a value names. The format's own are a list of them as they are; other tools
    write several into one text, and a hash before a tag."""
    key, is_text = folded_key(entry.key.rpartition(".")[2]), isinstance(entry.value, Scalar)
    names = map(clean_name, _texts(fields, entry, _LABELS))
    if key == "topics":
        if is_text:
            fields.warn(entry, "a list is expected, not text; it was taken as one topic")
        yield from names
        return
    for name in names:
        for one in _split(name, key) if is_text else [name]:
            yield one[1:] if _HASHTAG.fullmatch(one) else one


def _split(text: str, key: str) -> list[str]:
    """The names in one text: between semicolons (as Pelican has it, names may then hold commas) or
    commas. Without these, blanks are between words that all have a hash and, as Jekyll and Obsidian
    have it for `tags` and `categories`, between words that look like the addresses of tags."""
    if listed := _LIST.fullmatch(text):
        text = listed[1].replace('"', "").replace("'", "")
    for sign in (_SEMICOLON, _COMMA):
        if sign.search(text):
            return [name.strip() for name in sign.split(text)]
    words = text.split()
    is_slugs = key in _AT_BLANKS and all(map(_SLUG.fullmatch, words))
    return words if is_slugs or all(map(_HASHTAG.fullmatch, words)) else [text]


def _people(text: str) -> Iterator[str]:
    """The people that a text names. A comma or an "and" is between people only if whole names, or
    handles, stand on both sides of each: "Reed, Jo" is one, as is "Jo Reed, Editor"."""
    text = clean_name(_MAILBOX.sub("", text))
    if mail := _MAIL_AND_NAME.fullmatch(text):
        text = mail[1]
    text = _BY.sub("", text, count=1) if _BY.match(text) else text
    for part in _SEMICOLON.split(text.replace("\u3001", ";")):
        people = _BETWEEN_PEOPLE.split(part.strip())
        is_several = all(map(_is_whole_name, people)) or all(map(_HANDLE.fullmatch, people))
        names = people if is_several else [part.strip()]
        yield from (name for name in names if not clean_url(name))


def _is_whole_name(text: str) -> bool:
    """Whether a text looks like a person's first and last name."""
    words = text.split()
    if not 2 <= len(words) <= 5 or not _ROLES.isdisjoint(text.lower().split()):
        return False
    return not any(word[0].islower() and word not in _PARTICLES for word in words)


def _texts(fields: Fields, entry: Entry, labels: Iterable[str]) -> Iterator[str]:
    """The texts in a value, whatever their form; what has none, or lost some, draws a warning."""
    value, name = entry.value, fields.name_of(entry)
    fields.warn_of_loss(value, name)
    if isinstance(value, Sequence) and not _wiki_link(value):
        nodes = [(f"{name}[{position}]", node) for position, node in enumerate(value.items)]
        expected = "text"
    else:
        nodes, expected = [(name, value)], "a list"
    for place, node in nodes:
        for text in _flat(node, labels):
            if text is None:
                if not fields.warnings.are_too_many:  # a remedy looks through a line for its value
                    message = f"{expected} is expected, not {node.kind}; it was left out"
                    fields.warnings.add(node.line, place, message + to_keep(node))
            else:
                fields.warn_of_loss(text, place)
                yield "" if text.is_absent else text.text


def _flat(node: Node, labels: Iterable[str]) -> Iterator[Scalar | None]:
    """The texts in a node, in order; None for each mapping without a label."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping):
        yield _label(node, labels)
    elif link := _wiki_link(node):
        yield Scalar(link, node.line, True)
    else:
        for item in node.items:
            yield from _flat(item, labels)


def _wiki_link(node: Sequence) -> str:
    """The wiki link that a list is, as `[[Tides]]` without quotes is a list in a list; or ""."""
    match node:
        case Sequence((Sequence((Scalar(text),)),)) if text:
            return f"[[{text}]]"
    return ""


def _label(mapping: Mapping, labels: Iterable[str]) -> Scalar | None:
    """The label of a mapping: `{label: Tides, permalink: /t}` is Tides; None if it has none."""
    texts = {
        folded_key(key): entry.value
        for key, entry in mapping.entries.items()
        if isinstance(entry.value, Scalar) and not entry.value.is_absent
    }
    for first, last in _PERSON_PARTS:
        if first in texts and last in texts:
            return Scalar(f"{texts[first].text} {texts[last].text}", mapping.line, False)
    return next((texts[label] for label in labels if label in texts), None)
