"""The values of facets: the form in which they are compared, and the texts they are shown as.

Two topics are one value if they differ only in case, accents, width or the kind of their quotes and
dashes; so are two types. An outlet is its domain, whatever names it is given.
"""

from collections.abc import Iterator
from typing import NamedTuple

from indexer.analysis.folding import fold
from indexer.analysis.language_codes import language_name
from indexer.analysis.signs import plain
from indexer.item import Item

_LIKE = str.maketrans("“”„‟—", '""""-')


class Label(NamedTuple):
    """A value of an item in a facet group (see `schema.FACETS`), and the text it has there."""

    group: str
    value: str
    text: str


def value_key(text: str) -> str:
    """The form in which topics and types are compared; white space counts as one blank. A text of
    nothing but marks, which folding drops, is its own key."""
    return " ".join(fold(plain(text).translate(_LIKE)).split()) or text


def labels(item: Item) -> tuple[Label, ...]:
    """All values of an item, each with every text that it has there, in order and distinct."""
    return tuple(dict.fromkeys(_labels(item)))


def _labels(item: Item) -> Iterator[Label]:
    own = item.article
    for topic in item.topics:
        yield Label("topic", value_key(topic), topic)
    for article in item.articles():
        if article.provider:
            yield Label("provider", article.provider.domain, article.provider.name)
    yield Label("type", value_key(own.type), own.type)
    if own.published:
        year = f"{own.published.year:04d}"
        yield Label("year", year, year)
    yield Label("language", item.language, language_name(item.language))
