"""News items as frozen values, and the problems found in their files.

An answer holds hundreds of these values. They hold no cycles, so `gc=False` spares the garbage
collector from visiting them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, json

DEFAULT_LANGUAGE = "en"


def instant(moment: datetime) -> str:
    """A moment in UTC as text: `2020-06-09T00:47:00Z`. (`isoformat` takes four times as long.)"""
    return f"{json.encode(moment)[1:20].decode()}Z"


class Severity(StrEnum):
    """`ERROR`: the file was rejected. `WARNING`: indexed, but something was left out or guessed."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in a file: where it is, and a message that says what is wrong and what to do.

    `line` counts from 1 and is 0 where no line can be named; `field` is the dotted key
    (`related[2].title`) and empty where the fault is the file's as a whole.
    """

    path: str
    line: int
    field: str
    message: str
    severity: Severity = Severity.ERROR

    @property
    def place(self) -> str:
        """The file, and the line if one can be named."""
        return f"{self.path}:{self.line}" if self.line else self.path

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.place, self.field, self.message)))


class Image(Struct, frozen=True, gc=False):
    """A picture elsewhere: its absolute https address, and its size in pixels if that is told."""

    url: str
    width: int | None = None
    height: int | None = None


class Provider(Struct, frozen=True, gc=False):
    """An outlet. `domain` is its key, in lower case without `www.`, or the name in lower case if no
    domain is known; `name` as the file gives it."""

    name: str
    domain: str
    logo: Image | None = None


class Article(Struct, frozen=True, gc=False):
    """What an item and its related articles have in common. Absent text is `""`, the rest `None`.

    All text is plain (entities decoded, NFC, white space folded) and not yet escaped for any
    output. URLs are absolute http(s). `published` is timezone-aware UTC.
    """

    title: str
    excerpt: str = ""
    url: str = ""
    amp_url: str = ""
    cached_url: str = ""
    published: datetime | None = None
    type: str = "article"
    provider: Provider | None = None
    quality: int | None = None
    image: Image | None = None


class Item(Struct, frozen=True, gc=False):
    """One file. `id` is its path below the seeds folder without the suffix, with `/` between parts.

    `heat` of -1 means "not the lead of its story" and is kept as it is; `promoted` is the file's
    `published` flag. `topics` and `authors` are distinct and in the file's order; `related` holds
    no article twice and not the item itself. `language` is a code of
    `analysis.language_codes`. `body` has the words of the body, a paragraph a line; `markdown` the
    body as it was written, without HTML. `body_left_out`: it has a body, but was read without it.
    """

    id: str
    article: Article
    topics: tuple[str, ...] = ()
    heat: int | None = None
    promoted: bool | None = None
    related: tuple[Article, ...] = ()
    body: str = ""
    authors: tuple[str, ...] = ()
    language: str = DEFAULT_LANGUAGE
    markdown: str = ""
    body_left_out: bool = False

    @property
    def has_body(self) -> bool:
        """Whether it has a body, be that read or not."""
        return self.body_left_out or bool(self.markdown)

    def articles(self) -> Iterator[Article]:
        """The item's own article, then its related ones."""
        yield self.article
        yield from self.related

    def domains(self) -> tuple[str, ...]:
        """The distinct domains of the outlets that carried the story, the item's own first."""
        outlets = [self.article.provider, *[article.provider for article in self.related]]
        return tuple(dict.fromkeys([outlet.domain for outlet in outlets if outlet]))
