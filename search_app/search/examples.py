"""Words, values and dates of an index, to show by example what can be asked."""

import re
from collections.abc import Iterator, Set
from datetime import date

from msgspec import Struct

from search_app.search.protocols import EngineRequest, Searcher
from search_app.search.query.logical import MatchAll
from search_app.search.request import Sort, no_selections

_PAIR = re.compile(r"(?<![\w-])([^\W\d_]{4,}) ([^\W\d_]{4,})(?![\w-])")


class Examples(Struct, frozen=True):
    """What stands in an index: `phrase` in a headline, `other` in another one; the topic, the
    outlet and the kind of most items; the day of the newest one; a number of outlets than
    which one of the newest items has more, at most three. What there is none of is empty."""

    phrase: tuple[str, str] | None
    other: str
    topic: str
    outlet: str
    kind: str
    newest: date | None
    fewer_outlets: int


def examples(searcher: Searcher, looked_at: int = 50) -> Examples:
    """Examples from the newest items, of which so many are looked at."""
    found = searcher.search(
        EngineRequest(
            full=MatchAll(),
            partial=None,
            window=(None, None),
            selections=no_selections(),
            sort=Sort.NEWEST,
            offset=0,
            limit=looked_at,
            facet_size=1,
        )
    )
    items = searcher.items(found.hits)
    titles = [item.article.title for item in items]
    most_outlets = max([len(item.domains()) for item in items], default=0)
    pairs = list(_pairs(titles, searcher.vocabulary.stop_words))
    others = [pair[0] for pair in pairs[1:] if pair[0] not in pairs[0]]

    def most_frequent(group: str) -> str:
        values = [value for value, _ in found.facets[group]]
        if group == "provider":
            return values[0] if values else ""
        return searcher.vocabulary.label(group, values[0]) if values else ""

    return Examples(
        phrase=pairs[0] if pairs else None,
        other=others[0] if others else "",
        topic=most_frequent("topic"),
        outlet=most_frequent("provider"),
        kind=most_frequent("type"),
        newest=searcher.stats().newest,
        fewer_outlets=max(0, min(3, most_outlets - 1)),
    )


def _pairs(titles: list[str], stop_words: Set[str]) -> Iterator[tuple[str, str]]:
    """The first two words of each title that stand side by side and say what it is about."""
    for title in titles:
        for pair in _PAIR.finditer(title):
            first, second = pair[1].lower(), pair[2].lower()
            if first not in stop_words and second not in stop_words:
                yield first, second
                break
