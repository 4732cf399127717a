"""Queries made to break or to slow down a search: crafted ones, and as many random ones as wanted.

`words` are forms of the index asked, the most frequent first: what is hostile is what it holds.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from indexer.schema import FACETS
from search_app.search.query.rewrite import Match
from search_app.search.request import (
    MAX_PAGE,
    MAX_PAGE_SIZE,
    MAX_SELECTED,
    SearchRequest,
    Sort,
    no_selections,
)

Words = Sequence[str]
PLANES = 17
PLANE = 0x10000
_FIELDS = ("title", "excerpt", "related", "provider", "topic", "author", "type")
_RANGES = """
    date:2020 date:>2019-02 date:..2021 date:2020-13-45 date:.. quality:>70
    quality:99999999999999 quality:-5.. outlets:1..3 outlets:>0
    """.split()
_QUOTES = '"“”„‟«»'
_MARKS = """
    OR AND NOT - ( ) (( )) " “ » * ** | && : title: -title: provider: date: … -- + C++ AT&T http://
    """.split()
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Provocation:
    """A request, and what is nasty about it."""

    kind: str
    request: SearchRequest


def crafted(words: Words) -> Iterator[Provocation]:
    """What somebody would think of, each in every order and with all or any of the words."""
    texts = [*_long(), *_many(words), *_starred(words), *_nested(words), *_quoted(words)]
    texts += [*_strange(), *_fielded(words)]
    for at, (kind, text) in enumerate(texts):
        for match in Match:
            sort = tuple(Sort)[at % len(Sort)]
            yield Provocation(kind, SearchRequest(q=text, match=match, sort=sort, page_size=100))
    yield from _paged(words)


def drawn(draw: random.Random, words: Words) -> Provocation:
    """A request at random."""
    kind, text = draw.choice((_soup, _noise, _pile, _bytes))(draw, words)
    chosen = no_selections()
    for group in draw.sample(sorted(FACETS), k=draw.choice((0, 0, 1, 4))):
        chosen[group] = tuple(draw.choices(("article", "2020", "", "\0", "x" * 5000), k=3))
    return Provocation(
        kind,
        SearchRequest(
            q=text,
            selections=chosen,
            since=draw.choice(("", "", "", "2020", "2020-06-09", "9999")),
            until=draw.choice(("", "", "", "2021", "2020-06", "0001")),
            sort=draw.choice(tuple(Sort)),
            match=draw.choice(tuple(Match)),
            page=draw.choice((1, 1, 2, 1000, MAX_PAGE)),
            page_size=draw.choice((1, 10, MAX_PAGE_SIZE)),
        ),
    )


def _long() -> Iterator[tuple[str, str]]:
    for unit in ("a", "é", "京", "e\u0301", "1,", "1.", "a.", "a-", "a'", "&", "+", ".", "-", "_"):
        yield "a term of 5,000 characters", (unit * 5000)[:5000]
    for text in ("a" * 5000 + "*", "title:" + "b" * 5000, "http://" + "c" * 5000, "a." * 2500):
        yield "a term of 5,000 characters", text
    for count in (63, 64, 65, 4095, 4096, 4097):
        yield "a term near a bound", "x" * count
        yield "a term near a bound", "x" * count + "*"


def _many(words: Words) -> Iterator[tuple[str, str]]:
    yield "500 frequent words", " ".join(_few(words, 500))
    yield "500 short words", " ".join(_few([word for word in words if len(word) < 4], 500))
    yield "500 rare words", " ".join(_few(words[::-1], 500))
    yield "500 times the same word", " ".join([words[0]] * 500)
    yield "500 unknown words", " ".join(f"zq{number}" for number in range(500))
    yield "500 taken away", " ".join(f"-{word}" for word in _few(words, 500))
    yield "thousands of ORs", " OR ".join(_few([w for w in words if len(w) < 5], 2000))
    yield "thousands of ORs", "OR " * 2000
    yield "thousands of ORs", f"{words[0]} " + "| " * 3000 + words[1]
    yield "thousands of ANDs", "AND " * 2000
    yield "thousands of NOTs", "NOT " * 2000 + words[0]
    yield "thousands of minuses", "-" * 4000 + words[0]


def _starred(words: Words) -> Iterator[tuple[str, str]]:
    yield "a star within", f"*{words[0]}*"
    yield "a star within", "*a*"
    yield "a star alone", "*"
    yield "stars alone", "*" * 4000
    yield "stars alone", "* " * 2000
    for letter in _LETTERS:
        yield "a prefix of one letter", f"{letter}*"
        yield "a prefix of one letter in a field", f"title:{letter}*"
    yield "prefixes of one letter", " ".join(f"{letter}*" for letter in _LETTERS)
    yield "prefixes of one letter, any", " OR ".join(f"{letter}*" for letter in _LETTERS)
    yield "prefixes taken away", "* " + " ".join(f"-{letter}*" for letter in _LETTERS)
    pairs = [f"{first}{second}*" for first in _LETTERS for second in "aeiorstn"]
    yield "128 prefixes of two letters", " ".join(pairs)
    yield "128 prefixes of two letters, any", " OR ".join(pairs)
    fields = [f"{field}:{letter}*" for field in _FIELDS for letter in _LETTERS]
    yield "128 prefixes in fields", " ".join(fields)
    yield "the same prefix 128 times", " ".join(["s*"] * 128)
    yield "the same prefix in every field", " OR ".join(f"{field}:s*" for field in _FIELDS)


def _nested(words: Words) -> Iterator[tuple[str, str]]:
    for depth in (31, 32, 33, 2000):
        yield "deep parentheses", "(" * depth + words[0] + ")" * depth
        yield "deep negations", "-(" * depth + words[0] + ")" * depth
        yield "deep fields", "title:(" * depth + words[0] + ")" * depth
        pairs = cycle(_few(words, 40))
        opened = "".join(f"({next(pairs)} OR {next(pairs)} " for _ in range(depth))
        yield "deep alternatives", opened + ")" * depth
    yield "parentheses without partners", "(" * 4000
    yield "parentheses without partners", ")" * 4000
    yield "parentheses without partners", ")(" * 2000
    yield "parentheses without partners", "(" * 2000 + "a b" + ")" * 1000
    yield "empty parentheses", "()" * 2000
    yield "alternatives of pairs", " OR ".join(f"({a} {b})" for a, b in _pairs(words, 64))
    yield "pairs of alternatives", " ".join(f"({a} OR {b})" for a, b in _pairs(words, 64))
    yield "negated pairs", f"{words[0]} " + " ".join(f"-({a} {b})" for a, b in _pairs(words, 60))


def _quoted(words: Words) -> Iterator[tuple[str, str]]:
    yield "quotes alone", '"' * 4096
    yield "quotes alone", _QUOTES * 500
    yield "quotes within quotes", "".join(f"{quote}{words[0]} " for quote in _QUOTES) * 100
    yield "quotes within quotes", '"a "b "c" d" e"' * 200
    yield "a quote never closed", '"' + " ".join(_few(words, 500))
    yield "a phrase of 500 words", '"' + " ".join(_few(words, 500)) + '"'
    yield "a phrase of one word 500 times", '"' + " ".join([words[0]] * 500) + '"'
    yield "128 phrases", " ".join(f'"{a} {b}"' for a, b in _pairs(words, 128))
    yield "128 phrases, any", " OR ".join(f'"{a} {b}"' for a, b in _pairs(words, 128))
    yield (
        "128 phrases of the most frequent",
        " OR ".join(f'"{a} {b}"' for a in words[:12] for b in words[:11]),
    )
    yield "a phrase of the most frequent", f'"{" ".join(words[:5])}"'
    yield "linked words", "-".join(_few(words, 500))
    yield "linked words", "-".join([words[0]] * 500)


def _strange() -> Iterator[tuple[str, str]]:
    for plane in range(PLANES):
        for start in (0, 0x20, 0x300, 0x3000, 0x4E00, 0xA000, 0xD800, 0xFE00, 0xFFF0):
            base = plane * PLANE + start
            some = [chr(base + step) for step in range(min(256, PLANE - start))]
            yield f"plane {plane}", "".join(some)
            yield f"plane {plane}", " ".join(some)
    yield "control characters", "".join(map(chr, range(0xA0)))
    yield "control characters", "a\0b\x1bc\x7fd\x85e\u2028f\u202eg\u200bh\ufeffi"
    yield "marks on marks", "e" + "\u0301" * 4000
    yield "marks alone", "\u0301" * 4000
    yield "half a pair", "\ud800" * 2000 + "a\udc00"
    yield "every bigram", "".join(chr(0x4E00 + step) for step in range(4000))
    yield "one bigram", "新" * 4000
    yield "long ligatures", "\ufdfa" * 4000


def _fielded(words: Words) -> Iterator[tuple[str, str]]:
    yield "ranges", " ".join(islice(cycle(_RANGES), 200))
    yield "ranges, any", " OR ".join(islice(cycle(_RANGES), 200))
    yield "ranges taken away", " ".join(f"-{bound}" for bound in islice(cycle(_RANGES), 200))
    yield "fields without a value", "title:" * 700
    yield "fields without a value", "title: " * 600
    yield "unknown fields", " ".join(f"{word}:{word}" for word in _few(words, 300))
    yield "fields", " ".join(f"{f}:{w}" for f, w in zip(cycle(_FIELDS), _few(words, 300)))
    yield "outlets", " OR ".join(f"provider:{word}.com" for word in _few(words, 200))
    yield "addresses", " ".join(f"https://{word}.com/{word}" for word in _few(words, 120))
    yield (
        "no addresses",
        " ".join(("http://[", "https://[::1", "http://\0", "https://a:b@c:d")) * 50,
    )


def _paged(words: Words) -> Iterator[Provocation]:
    many = " OR ".join(words[:40])
    for text in ("", "*", words[0], f"-{words[0]}", "a*", "zq1", many):
        for sort in Sort:
            for page in (2, 1000, 10_000, MAX_PAGE):
                request = SearchRequest(q=text, sort=sort, page=page, page_size=MAX_PAGE_SIZE)
                yield Provocation("a late page", request)
    chosen = {group: tuple(f"{group}{n}" for n in range(MAX_SELECTED)) for group in FACETS}
    yield Provocation("all selections there may be", SearchRequest(words[0], selections=chosen))


def _soup(draw: random.Random, words: Words) -> tuple[str, str]:
    """Words, marks and operators."""
    pools = (words[:30], words, [*_MARKS, "\0"], _RANGES)
    parts = [draw.choice(draw.choice(pools)) for _ in range(draw.choice((3, 10, 40, 400)))]
    return "soup of words and marks", draw.choice(("", " ", " ", " ")).join(parts)


def _noise(draw: random.Random, words: Words) -> tuple[str, str]:
    """Characters of all planes."""
    chars = [chr(draw.randrange(PLANES * PLANE)) for _ in range(draw.choice((1, 20, 800)))]
    return "characters of all planes", "".join(chars)


def _pile(draw: random.Random, words: Words) -> tuple[str, str]:
    """Many of the same sort: words, prefixes, phrases, within fields or not, any or all."""
    pool = draw.choice((words[:50], words[:1000], words))
    field = draw.choice(("", "", "title:", "related:", "-"))
    shape = draw.choice(("{0}", "{1}*", '"{0} {2}"', "({0} OR {2})", "{0}-{2}"))
    cut = draw.randint(1, 4)
    made = [
        field + shape.format(word, word[:cut], draw.choice(pool))
        for word in draw.choices(pool, k=draw.choice((5, 50, 200)))
    ]
    return "pile of one sort", draw.choice((" ", " OR ")).join(made)


def _bytes(draw: random.Random, words: Words) -> tuple[str, str]:
    """What is left of bytes that were never text."""
    return "bytes", draw.randbytes(draw.choice((1, 64, 5000))).decode("latin-1")


def _few(words: Words, count: int) -> list[str]:
    return list(islice(cycle(words), count))


def _pairs(words: Words, count: int) -> list[tuple[str, str]]:
    chosen = _few(words, 2 * count)
    return list(zip(chosen[::2], chosen[1::2], strict=True))
