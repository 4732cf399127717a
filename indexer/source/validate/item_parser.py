"""Reads an item from a file's bytes, or the problems that say why there is none.

Only a title is required. An absent value draws no warning; a value that cannot be used draws one
and is left out. Nothing that a file holds makes this module raise.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from indexer.item import Item, Problem
from indexer.source.frontmatter.diagnosis.diagnose import RULES, Rules
from indexer.source.frontmatter.front_matter import read_front_matter
from indexer.source.frontmatter.nodes import Entry, Node, Scalar, Sequence
from indexer.source.validate.articles import read_article, read_related
from indexer.source.validate.dates.file_name import day_of
from indexer.source.validate.drafts import is_draft, lies_among_drafts
from indexer.source.validate.text import clean, clean_body
from indexer.source.validate.values import Fields, Warnings
from indexer.unexpected import UnexpectedError

MAX_TOPICS = 64
MAX_TOPIC = 200

PATH_KEYS = ("path", "permalink", "slug", "url")
"""Keys whose value may tell the day of an item, as its path does."""

_NEAR_TITLE = ("title", "name", "headline")


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a file. A file without an item was rejected, and a problem says why, or
    it is a draft, which is left out on purpose; a problem is told only of a mark that cannot be
    read. `secured_line`: the line of the key `secured`, 0 if there is none. `unexpected`: see
    `FrontMatter`."""

    item: Item | None
    problems: tuple[Problem, ...] = ()
    draft: bool = False
    secured_line: int = 0
    unexpected: UnexpectedError | None = None


def parse_item(data: bytes, path: str, item_id: str, rules: Rules = RULES) -> Reading:
    """The item in a file's bytes. Problems show `path`; `rules` diagnose faults of YAML. Raises
    nothing but MemoryError."""
    front, told = read_front_matter(data, path, rules), Warnings(path)
    is_among_drafts = lies_among_drafts(item_id)
    if front.tree is None:
        problems = () if is_among_drafts else front.problems
        return Reading(None, problems, draft=is_among_drafts, unexpected=front.unexpected)
    secured = front.tree.entries.get("secured")
    secured_line = secured.line if secured else 0
    if is_among_drafts or is_draft(Fields(front.tree, told)):
        return Reading(None, tuple(told.problems), draft=True, secured_line=secured_line)
    warnings = Warnings(path, list(front.problems))
    fields = Fields(front.tree, warnings)
    article = read_article(fields)
    if article is None:
        return Reading(None, (_no_title(fields, path),), secured_line=secured_line)
    if article.published is None:
        article = replace(article, published=_day_in_a_path(fields, item_id))
    body, is_cut = clean_body(front.body) if front.body else ("", False)
    if is_cut:
        message = (
            f"it is too long: only the first {len(body):,} characters of its text were indexed"
        )
        warnings.add(front.body_line, "body", message)
    item = Item(
        id=item_id,
        article=article,
        topics=_topics(fields),
        heat=fields.integer("heat"),
        promoted=fields.flag("published"),
        related=read_related(fields, article),
        body=body,
    )
    problems = tuple(sorted(warnings.problems, key=lambda problem: problem.line))
    return Reading(item, problems, secured_line=secured_line)


def _day_in_a_path(fields: Fields, item_id: str) -> datetime | None:
    """The day that the file's path tells, or a path within the site that the file has."""
    entries = (fields.get(key) for key in PATH_KEYS)
    texts = (e.value.text for e in entries if e and isinstance(e.value, Scalar))
    return next((day for path in (item_id, *texts) if (day := day_of(path))), None)


def _no_title(fields: Fields, path: str) -> Problem:
    """Why there is no title: its key is missing, misspelt or empty, or it is no text."""
    entries = fields.mapping.entries
    entry = entries.get("title")
    if entry and not isinstance(entry.value, Scalar):
        copy = entry.value.quoted()
        message = f"the title must be text, not {entry.value.kind}; put it in quotes"
        return Problem(path, entry.line, "title", f"{message}: {copy}" if copy else message)
    if entry and isinstance(entry.value, Scalar):
        return Problem(path, entry.line, "title", _empty_title(entry.value))
    near = (
        entry
        for name in _NEAR_TITLE
        for key, entry in entries.items()
        if key.strip().lower() == name
    )
    if other := next(near, None):
        message = f"there is no title; {clean(other.key)} is not read as one, write title: instead"
        return Problem(path, other.line, "title", message)
    message = "there is no title; add a line title: ... to the front matter"
    return Problem(path, 1, "title", message)


def _empty_title(title: Scalar) -> str:
    """What to say of a title that is there, but says nothing."""
    if title.loss:
        return f"the title is empty: {title.loss}"
    if title.text and title.plain:
        return (
            f"the title is empty, for {title.text} without quotes means no value; "
            f'put it in quotes: title: "{title.text}"'
        )
    return "the title is empty; write one after the colon"


def _topics(fields: Fields) -> tuple[str, ...]:
    """The topics, or if there are none the tags and categories, distinct, in order."""
    keys = ("topics",) if fields.get("topics") else ("tags", "categories")
    entries = [entry for key in keys if (entry := fields.get(key))]
    names: dict[str, str] = {}
    for entry in entries:
        for topic in _listed(fields, entry):
            names.setdefault(topic.casefold(), topic)
    if len(names) > MAX_TOPICS:
        fields.warn(entries[0], f"only the first {MAX_TOPICS} of {len(names):,} were kept")
    return tuple(names.values())[:MAX_TOPICS]


def _listed(fields: Fields, entry: Entry) -> list[str]:
    """The names in a list, or in text: one topic, or tags with commas between."""
    value, nodes = entry.value, tuple[Node, ...]()
    if isinstance(value, Sequence):
        nodes = value.items
    elif not isinstance(value, Scalar):
        fields.warn(entry, "a list is expected, not a mapping; it was left out")
    elif entry.key == "topics":
        fields.warn_of_loss(value, entry.key)
        fields.warn(entry, "a list is expected, not text; it was taken as one topic")
        nodes = (value,)
    else:
        fields.warn_of_loss(value, entry.key)
        nodes = tuple(Scalar(text, value.line, value.plain) for text in value.text.split(","))
    names = []
    for position, node in enumerate(nodes):
        if isinstance(node, Scalar):
            fields.warn_of_loss(node, f"{entry.key}[{position}]")
            name = "" if node.is_absent else clean(node.text)
            if len(name) > MAX_TOPIC:
                fields.warn(entry, f"{MAX_TOPIC} characters of a name of {len(name):,} were kept")
            if name:
                names.append(name[:MAX_TOPIC].rstrip())
        else:
            copy = node.quoted()
            remedy = f"; to keep it as text, put it in quotes: {copy}" if copy else ""
            message = f"text is expected, not {node.kind}; it was left out{remedy}"
            fields.warnings.add(node.line, f"{entry.key}[{position}]", message)
    return names
