"""Queries drawn from the items' own text, the same ones at every run of the program.

An item is drawn, then words of its title and excerpt by how many items they occur in, so that
every query matches something, words asked for together occur together, and words are asked for
about as often as they are written. No query is drawn twice: no engine profits from remembering an
answer.

    stop     among `analysis.STOP_WORDS`; drawn in some four-word queries, and within phrases
    common   in one item of a hundred or more, at least in eight
    middle   in fewer than that
    rare     in one of a thousand or fewer, or in one alone
"""

import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count, cycle, islice

from indexer.analysis.english import STOP_WORDS
from indexer.document import Document
from tests.bench.asks import SINGLE, Ask, Sets

SEED = 20261123
ATTEMPTS = 2_000
"""How many items are tried for a query before one drawn already will do."""

_RUN = re.compile(r"(?<!\S)[A-Za-z]+(?: [A-Za-z]+)*(?!\S)")

_PATTERNS = {
    "one": ("common", "middle", "rare"),
    "two": ("common middle", "middle middle", "common rare", "common common"),
    "four": (
        "common common middle rare",
        "stop common middle middle",
        "common common common middle",
        "stop stop common rare",
    ),
}


@dataclass(frozen=True, slots=True)
class Text:
    """What queries are drawn from: the runs of plain words in an item, and its topics."""

    runs: tuple[tuple[str, ...], ...]
    topics: tuple[str, ...]


def text(document: Document) -> Text:
    """The text of a document. A word with any mark at it is left out: tokenisers differ there."""
    raw = [part for name in ("title", "excerpt") for part in document.zones[name]]
    runs = tuple(tuple(match.group().lower().split()) for t in raw for match in _RUN.finditer(t))
    return Text(runs, document.keywords["label"])


def draw(texts: Iterable[Text], runs: int, queries: int) -> Sets:
    """So many sets, one more than runs, each of so many queries of each kind."""
    drawer = _Drawer(tuple(texts))
    return tuple(drawer.set(queries) for _ in range(runs + 1))


class _Drawer:
    """The texts, how many items each word is in, and what was drawn so far."""

    def __init__(self, texts: tuple[Text, ...]) -> None:
        self._texts = texts
        self._random = random.Random(SEED)  # noqa: S311 (the same draws every time are the point)
        self._items_with = Counter(word for t in texts for word in {w for r in t.runs for w in r})
        self._turn = {kind: count() for kind in SINGLE}
        self._drawn: set[Ask] = set()

    def set(self, queries: int) -> dict[str, tuple[Ask, ...]]:
        """One set. The mixed queries are drawn anew, each kind in turn."""
        one = {kind: tuple(self._ask(kind) for _ in range(queries)) for kind in SINGLE}
        mixed = (replace(self._ask(kind), kind="mixed") for kind in cycle(SINGLE))
        return one | {"mixed": tuple(islice(mixed, queries))}

    def _ask(self, kind: str) -> Ask:
        turn = next(self._turn[kind])
        ask = None
        for _ in range(ATTEMPTS):
            ask = self._from(self._random.choice(self._texts), kind, turn) or ask
            if ask and ask not in self._drawn:
                break
        if ask is None:
            raise ValueError(f"no {kind} query can be drawn from {len(self._texts)} items")
        self._drawn.add(ask)
        return ask

    def _from(self, text: Text, kind: str, turn: int) -> Ask | None:
        """A query of a kind from an item; `None` if the item has no such words."""
        if kind == "phrase":
            return self._phrase(text, 2 + turn % 2)
        if kind == "prefix":
            return self._prefix(text, _PATTERNS["one"][turn % 3], 3 + turn // 3 % 3)
        size = {"two_all": "two", "two_any": "two", "one": "one", "topic": "one"}.get(kind, "four")
        if kind == "newest":
            size = "two" if turn % 2 else "one"
            turn //= 2
        patterns = _PATTERNS[size]
        words = self._words(text, patterns[turn % len(patterns)].split())
        if not words or (kind == "topic" and not text.topics):
            return None
        match = kind.partition("_")[2] or ("any" if kind == "newest" else "all")
        topic = self._random.choice(text.topics) if kind == "topic" else ""
        return Ask(kind, words, match, topic, newest=kind == "newest")

    def _words(self, text: Text, bands: list[str]) -> tuple[str, ...]:
        """Distinct words of an item, one of each band, in the order they are written in."""
        written = list(dict.fromkeys(word for run in text.runs for word in run))
        chosen: list[str] = []
        for band in bands:
            fit = [w for w in written if w not in chosen and self._band(w) == band]
            if not fit:
                return ()
            chosen.append(self._random.choice(fit))
        return tuple(sorted(chosen, key=written.index))

    def _phrase(self, text: Text, length: int) -> Ask | None:
        """Words in a row, not all of them common ones."""
        rows = [run[at : at + length] for run in text.runs for at in range(len(run) - length + 1)]
        telling = [row for row in rows if not STOP_WORDS.issuperset(row)]
        return Ask("phrase", self._random.choice(telling), "phrase") if telling else None

    def _prefix(self, text: Text, band: str, length: int) -> Ask | None:
        fit = [word for run in text.runs for word in run if self._band(word) == band]
        long = [word for word in fit if len(word) >= length]
        return Ask("prefix", (self._random.choice(long)[:length],), "prefix") if long else None

    def _band(self, word: str) -> str:
        if word in STOP_WORDS:
            return "stop"
        if len(word) < 3:
            return ""
        items, all_items = self._items_with[word], len(self._texts)
        if items <= max(1, all_items // 1000):
            return "rare"
        return "common" if items >= max(8, all_items // 100) else "middle"
