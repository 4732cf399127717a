"""Items made to slow down a search, as long as items may be, and queries aimed at them.

What is hostile of an item is what its text is made of: one word again and again, no blank at all,
runs of letters that are cut into pairs, chains of linked words, marks upon marks.
"""

import random
from collections.abc import Callable, Iterator

from indexer.item import Article, Item, Provider
from indexer.source.validate.articles import MAX_EXCERPT, MAX_TITLE
from indexer.source.validate.text import MAX_BODY, clean
from search_app.search.query.parser import MAX_CHARACTERS
from search_app.search.query.rewrite import Match
from search_app.search.request import MAX_PAGE_SIZE, SearchRequest
from tests.search.provocations import Provocation

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHARED = "hostile"
"""A word that all of the items have in their title."""

RELATED = 3
"""Related articles of an item, each as long as it may be."""

Maker = Callable[[random.Random, int], str]
"""A text of about so many characters."""


def _again(unit: str) -> Maker:
    return lambda _, size: unit * (size // len(unit))


def _run(first: int, last: int) -> Maker:
    return lambda draw, size: "".join(chr(draw.randint(first, last)) for _ in range(size))


def _words(shortest: int, longest: int, letters: str = LETTERS) -> Maker:
    def made(draw: random.Random, size: int) -> str:
        count = size // ((shortest + longest) // 2 + 1)
        lengths = (draw.randint(shortest, longest) for _ in range(count))
        return " ".join("".join(draw.choices(letters, k=length)) for length in lengths)

    return made


KINDS: dict[str, Maker] = {
    "one word": _again("ha "),
    "one letter": _again("x "),
    "two words in turn": _again("ab ba "),
    "a phrase but for one word": _again("ha " * 99 + "ho "),
    "one word without end": _words(MAX_EXCERPT, MAX_EXCERPT),
    "words of 10,000 letters": _words(9_999, 9_999),
    "thousands of short words": _words(2, 4),
    "words that begin alike": _words(40, 80, "aaaab"),
    "a run of Han": _run(0x4E00, 0x9FFF),
    "a run of one Han": _again("\u65b0"),
    "a run of Thai": _run(0x0E01, 0x0E4E),
    "a run of rare ideographs": _run(0xF900, 0xFA6D),
    "marks on marks": _again("e" + "\u0301" * 999),
    "letters with accents": _again("\u00e9\u00fc\u00f1 "),
    "linked by hyphens": _again("a-"),
    "linked by apostrophes": _again("o'a'"),
    "linked by ampersands": _again("a&"),
    "linked by commas": _again("ha,"),
    "linked by dots": _again("1.2.a."),
    "ligatures of eighteen letters": _again("\ufdfa"),
    "signs to escape": _again("<&>\"' a "),
}


def texts(kind: str, seed: int, size: int) -> str:
    """The text of a kind, cleaned as that of a file would be."""
    draw = random.Random(f"{kind} {seed}")  # noqa: S311 - it draws examples, not secrets
    return clean(KINDS[kind](draw, size))[:size].rstrip()


def hostile_items(count: int, related: int = RELATED, body: int = MAX_BODY) -> Iterator[Item]:
    """So many items of each kind, the first of which has a body as well, of so many characters."""
    for kind in KINDS:
        for seed in range(count):
            text = texts(kind, seed, MAX_EXCERPT)
            title = f"{SHARED} {text}"[:MAX_TITLE].rstrip()
            outlet = Provider(f"{SHARED} press", f"{SHARED}{seed}.example")
            others = tuple(
                Article(title, excerpt=text[place:], url=f"https://x.example/{place}")
                for place in range(related)
            )
            paragraph = "" if seed else texts(kind, seed, body)
            own = Article(title, excerpt=text, provider=outlet)
            yield Item(f"{kind} {seed}", own, related=others, body=paragraph)


def aimed() -> Iterator[Provocation]:
    """Queries aimed at these items: what each kind is made of, as it stands, in quotes, by its
    beginning, much of it and little; alone, and beside the word that brings a page of all kinds."""
    for kind, query in _aimed():
        for text in (query, f"{SHARED} {query}"):
            request = SearchRequest(q=text, match=Match.ANY, page_size=MAX_PAGE_SIZE)
            yield Provocation(f"aimed at {kind}", request)


def _aimed() -> Iterator[tuple[str, str]]:
    for unit in ("ha", "x", "a", "ab ba", "\u65b0", "a-a"):
        for count in (2, 100, 1_300):
            yield f"{count} times {unit!a}", f'"{" ".join([unit] * count)}"'
    yield "what is nearly there", f'"{"ab ba " * 600}ba"'
    yield "what is nearly there", f'"{"ha " * 99}ho ho"'
    yield "what is nearly there", f'"ho {"ha " * 98}ho"'
    nested = (f'"{" ".join(["ha"] * count)}"' for count in range(2, 45))
    yield "phrases within phrases", " OR ".join(nested)
    pairs = (f'"{first} {second}"' for first in ("ha", "ab", "ba", "x") for second in LETTERS)
    yield "phrases that begin alike", " OR ".join(pairs)
    yield "single letters", " OR ".join(LETTERS)
    yield "prefixes", " OR ".join(f"{letter}*" for letter in LETTERS)
    yield "prefixes", " OR ".join(f"{a}{b}*" for a in LETTERS for b in "aeio")
    yield "prefixes", " OR ".join("a" * count + "*" for count in range(1, 64))
    yield "traces that repeat", " OR ".join("a" * count + "b" for count in range(48, 63))
    for kind in KINDS:
        text = texts(kind, 0, MAX_CHARACTERS)
        yield kind, text
        yield kind, f'"{text[: MAX_CHARACTERS - 2]}"'
        yield kind, f'"{text[7:11]}"'
        yield kind, f"{text[:2].strip()}*"
        yield kind, text[:20]
