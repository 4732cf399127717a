"""Reads an item from a file's bytes, or the problems that say why there is none.

Only a title is required. An absent value draws no warning; a value that cannot be used draws one
and is left out. Nothing that a file holds makes this module raise.
"""

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from indexer.item import DEFAULT_LANGUAGE, Item, Problem
from indexer.source.frontmatter.diagnosis.diagnose import RULES, Rules
from indexer.source.frontmatter.front_matter import FrontMatter, read_front_matter
from indexer.source.frontmatter.nodes import Scalar, folded_key
from indexer.source.validate.articles import read_article, read_related
from indexer.source.validate.dates.file_name import day_of
from indexer.source.validate.drafts import is_draft, lies_among_drafts
from indexer.source.validate.language import read_language
from indexer.source.validate.names import read_authors, read_topics
from indexer.source.validate.text import clean, clean_body, clean_markdown
from indexer.source.validate.values import Fields
from indexer.source.validate.warnings import Warnings
from indexer.unexpected import UnexpectedError

PATH_KEYS = ("path", "permalink", "slug", "url")
"""Keys whose value may tell the day of an item, as its path does."""

_NEAR_TITLE = "name"


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


def parse_item(
    data: bytes,
    path: str,
    item_id: str,
    language: str = DEFAULT_LANGUAGE,
    *,
    rules: Rules = RULES,
) -> Reading:
    """The item in a file's bytes. Problems show `path`; `language`: see `read_language`; `rules`
    diagnose faults of YAML. Raises nothing but MemoryError."""
    front = read_front_matter(data, path, rules)
    is_among_drafts = lies_among_drafts(item_id)
    if front.tree is None:
        problems = () if is_among_drafts else front.problems
        return Reading(None, problems, draft=is_among_drafts, unexpected=front.unexpected)
    secured = front.tree.entries.get("secured")
    secured_line = secured.line if secured else 0
    warnings = Warnings(path)
    if is_among_drafts or is_draft(front.tree, warnings):
        return Reading(None, tuple(warnings.problems), draft=True, secured_line=secured_line)
    warnings.problems += front.problems
    fields = Fields(front.tree, warnings)
    article = read_article(fields)
    if article is None:
        return Reading(None, (_no_title(fields, path),), secured_line=secured_line)
    if article.published is None:
        article = replace(article, published=_day_in_a_path(fields, item_id))
    body = _body(front, warnings)
    item = Item(
        id=item_id,
        article=article,
        topics=read_topics(fields),
        authors=read_authors(fields),
        heat=fields.integer("heat"),
        promoted=fields.flag("published"),
        related=read_related(fields, article),
        body=body,
        language=read_language(fields, article, body, language),
        markdown=clean_markdown(front.body) if front.body else "",
    )
    problems = tuple(sorted(warnings.problems, key=lambda problem: problem.line))
    return Reading(item, problems, secured_line=secured_line)


def _body(front: FrontMatter, warnings: Warnings) -> str:
    """The words of the body. Warns if they are not all."""
    body, is_cut = clean_body(front.body) if front.body else ("", False)
    if is_cut:
        message = (
            f"it is too long: only the first {len(body):,} characters of its text were indexed"
        )
        warnings.add(front.body_line, "body", message)
    return body


def _day_in_a_path(fields: Fields, item_id: str) -> datetime | None:
    """The day that the file's path tells, or a path within the site that the file has."""
    entries = (fields.get(key) for key in PATH_KEYS)
    texts = (e.value.text for e in entries if e and isinstance(e.value, Scalar))
    return next((day for path in (item_id, *texts) if (day := day_of(path))), None)


def _no_title(fields: Fields, path: str) -> Problem:
    """Why there is no title: its key is missing or empty, or it is no text."""
    spelled = {folded_key(key): entry for key, entry in fields.mapping.entries.items()}
    entry = spelled.get("title")
    if entry and not isinstance(entry.value, Scalar):
        copy = entry.value.quoted()
        message = f"the title must be text, not {entry.value.kind}; put it in quotes"
        return Problem(path, entry.line, "title", f"{message}: {copy}" if copy else message)
    if entry and isinstance(entry.value, Scalar):
        return Problem(path, entry.line, "title", _empty_title(entry.value))
    if other := spelled.get(_NEAR_TITLE):
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
