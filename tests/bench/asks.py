"""What is asked: one query in no engine's language, and how each kind of query is called."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.analysis.english import STOP_WORDS

KINDS = {
    "one": "one word",
    "two_all": "two words, all",
    "two_any": "two words, any",
    "four_all": "four words, all",
    "four_any": "four words, any",
    "four_auto": "four words, auto",
    "phrase": "phrase",
    "prefix": "prefix",
    "topic": "one word in a topic",
    "newest": "one or two words, newest first",
    "mixed": "as many of each of the above",
}
"""The kinds of queries, as the report calls them. `mixed` stands for what a search page is asked:
it is what the page query and the requests over HTTP are drawn from."""

SINGLE = tuple(kind for kind in KINDS if kind != "mixed")


@dataclass(frozen=True, slots=True)
class Ask:
    """One query. `words` are plain lower-case ASCII words, which every tokeniser takes alike.

    `match` says what they mean: `all`, `any` or `auto` of them, a `phrase`, or one `prefix`.
    `topic` narrows the hits where it is not empty; `newest` sorts by date, not by relevance.
    """

    kind: str
    words: tuple[str, ...]
    match: str = "all"
    topic: str = ""
    newest: bool = False

    def telling(self) -> tuple[str, ...]:
        """The words that make a partial match in `auto`: the common ones only if there are no
        others. It is our own rule, and the peers are given it as well."""
        return tuple(word for word in self.words if word not in STOP_WORDS) or self.words


Sets = tuple[dict[str, tuple[Ask, ...]], ...]
"""For each run, the queries of each kind; the first set is for warming up."""


def save(path: Path, sets: Sets) -> None:
    """Write sets of queries as JSON."""
    rows = [{kind: [asdict(ask) for ask in asks] for kind, asks in one.items()} for one in sets]
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def load(path: Path) -> Sets:
    """The sets that `save` wrote."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple({kind: _asks(asks) for kind, asks in one.items()} for one in rows)


def _asks(rows: Iterable[dict[str, object]]) -> tuple[Ask, ...]:
    return tuple(ask(row) for row in rows)


def ask(row: dict[str, object]) -> Ask:
    """The query that `dataclasses.asdict` made a row of."""
    words = row["words"]
    if not isinstance(words, list):
        raise TypeError(f"{row!r} is no query")
    return Ask(
        kind=str(row["kind"]),
        words=tuple(str(word) for word in words),
        match=str(row["match"]),
        topic=str(row["topic"]),
        newest=bool(row["newest"]),
    )
