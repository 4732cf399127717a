"""How to search: the query language by examples, each of which is a search of this index."""

from collections.abc import Iterator

from msgspec import Struct

from search_app.links import search_url
from search_app.pages.display import Display
from search_app.search.examples import Examples
from search_app.search.request import SearchRequest


class Example(Struct, frozen=True):
    """A query, its address, and what it means."""

    query: str
    url: str
    meaning: str


class HelpPage(Struct, frozen=True):
    """What the page shows; its box is empty."""

    examples: tuple[Example, ...]
    query: str = ""
    hidden: tuple[tuple[str, str], ...] = ()


def help_page(found: Examples, display: Display) -> HelpPage:
    """The page with these examples."""
    return HelpPage(help_examples(found, display))


def help_examples(found: Examples, display: Display) -> tuple[Example, ...]:
    """What can be asked, as far as the index has something to show it by."""
    return tuple(
        [
            Example(query, search_url(SearchRequest(query), display.base), meaning)
            for query, meaning in (*_words(found), *_values(found), *_dates(found))
        ]
    )


def _words(found: Examples) -> Iterator[tuple[str, str]]:
    if not found.phrase:
        return
    first, second = found.phrase
    yield (
        f"{first} {second}",
        "both words, wherever they stand; where few items have both, those with one follow",
    )
    yield f'"{first} {second}"', "these words in a row"
    if found.other:
        yield f"{first} -{found.other}", "the first word, never the second"
        yield (
            f"{first} OR {found.other}",
            f"either word; parentheses group: ({first} OR {found.other}) -{second}",
        )
    yield f"{first[:4]}*", "every word that begins so"
    yield f"title:{first}", "only in headlines; likewise excerpt: related: author:"


def _values(found: Examples) -> Iterator[tuple[str, str]]:
    if found.topic:
        yield f"topic:{_quoted(found.topic)}", "with this topic; likewise language:"
    if found.outlet:
        yield f"outlet:{found.outlet}", "carried by this outlet, by domain or name"
    if found.kind:
        yield f"kind:{_quoted(found.kind)}", "of this kind"
    if found.fewer_outlets:
        number = ("one outlet", "two outlets", "three outlets")[found.fewer_outlets - 1]
        query = f"outlets:>{found.fewer_outlets}"
        yield query, f"carried by more than {number}; likewise quality:>70"


def _dates(found: Examples) -> Iterator[tuple[str, str]]:
    if found.newest:
        month, year = found.newest.isoformat()[:7], found.newest.isoformat()[:4]
        yield f"date:{month}", "in this month; likewise a year or a day"
        yield f"date:{year}-01..{month}", "between two dates, both included"
        yield f"date:>={month}", "from this month on"


def _quoted(value: str) -> str:
    plain = value.replace('"', " ")
    return plain if plain.isalnum() else f'"{plain}"'
