"""What is suggested is what the titles, topics and outlets of the living items say, counted by
hand."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from indexer.analysis.stop_words import common_stop_words
from indexer.analysis.tokenizer import tokenize
from indexer.document import document, headline_number
from indexer.engines.whoosh import toc
from indexer.index.directory import IndexDirectory
from indexer.item import Item
from indexer.segment import MISSING
from indexer.segment.merge_inputs import SegmentRef
from indexer.suggestions import suggestion_file
from indexer.suggestions.finder import find_suggestions
from indexer.suggestions.suggestion_file import Found, Weighted
from indexer.suggestions.weights import SuggestionPolicy
from tests.conditions import examples
from tests.contract.corpora import worlds
from tests.contract.engines import UNMERGED, Step, build
from tests.search.samples import item

ODD = {"c.o.v.i.d", "u.s", "a.t", "北", "京", "市", "北京", "京市", "été", "häuser", "c", "t", "a"}
"""Forms of the words of `corpora` that are no words as they are typed: initials, letters, forms as
typed, pieces of a script without blanks."""


def weight(one: Item, newest: datetime | None, policy: SuggestionPolicy) -> int:
    """What an item counts, from the formula."""
    if one.article.published is None or newest is None:
        return 1000
    age = (newest - one.article.published).total_seconds() // 86_400
    return 1000 + round(1000 * policy.freshness * 2 ** (-age / policy.half_life))


def words_at(title: str) -> list[set[str]]:
    """The forms at each position."""
    rows: dict[int, set[str]] = {}
    for token in tokenize(title):
        rows.setdefault(token.position, set()).add(token.term)
    return [rows[position] for position in sorted(rows)]


def counted(items: Iterable[Item], policy: SuggestionPolicy) -> Found:
    """What should be found, one title after the other."""
    items = list(items)
    newest = max((i.article.published for i in items if i.article.published), default=None)
    sums: dict[str, Counter[str]] = {name: Counter() for name in ("phrase", "topic", "provider")}
    stop_words = common_stop_words(Counter(one.language for one in items))
    titles: Counter[str] = Counter()
    balance: Counter[str] = Counter()
    having: dict[str, Counter[str]] = {name: Counter() for name in ("topic", "provider")}
    headlines = Counter(headline_number(one.article.title) for one in items)
    for one in items:
        counts = weight(one, newest, policy)
        rows = words_at(one.article.title)
        for word in set().union(*rows) - ODD - stop_words:
            sums["phrase"][word] += counts
        words = [min(row, key=lambda form: (len(form.encode()), [-ord(c) for c in form]))
                 for row in rows]  # fmt: skip
        for row in rows:
            balance.update(dict.fromkeys(row, 1 if len(row) > 1 else -1))
        for size in (2, 3):
            for first in range(len(words) - size + 1):
                row_of = words[first : first + size]
                if not ODD & {*row_of} and not {row_of[0], row_of[-1]} & stop_words:
                    sums["phrase"][" ".join(row_of)] += counts
                    titles[" ".join(row_of)] += 1
        keywords = document(one).keywords
        for group, field in (("topic", "label"), ("provider", "outlet")):
            for value in keywords[field]:
                sums[group][value] += counts
                having[group][value] += 1
    for phrase, times in titles.items():
        if times < policy.frequent(len(items)):
            del sums["phrase"][phrase]
    tables = {name: sorted((k.encode(), n) for k, n in table.items()) for name, table in
              sums.items()}  # fmt: skip
    spelt = sorted(word.encode() for word, more in balance.items() if more > 0)
    return Found(
        phrases=tables.pop("phrase"),
        spelt=spelt,
        values=tables,
        items={group: [having[group][key.decode()] for key, _ in tables[group]]
               for group in tables},
        titles=sorted((number, times) for number, times in headlines.items() if times > 1),
    )  # fmt: skip


def found(folder: Path, policy: SuggestionPolicy) -> Found:
    """What is found in the current generation of an index."""
    generation = folder / IndexDirectory(folder).current_name()
    return find_suggestions(
        [
            SegmentRef(generation / listed.filename, np.fromiter(listed.deleted_docs(), np.int64))
            for listed in toc.read(generation).segments
        ],
        policy,
    )


@settings(
    max_examples=examples(30, 600),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(worlds())
def test_all_that_titles_topics_and_outlets_say_is_found(steps: list[Step]) -> None:
    policy = SuggestionPolicy(min_items=2)
    with TemporaryDirectory() as folder:
        items = build("whoosh", Path(folder), steps, UNMERGED)
        assert found(Path(folder), policy) == counted(items.values(), policy)


def of(folder: Path, *items: Item) -> dict[str, int]:
    """The words and phrases of titles, each with its weight, under the default policy."""
    build("whoosh", folder, [(items, ())])
    return {key.decode(): weight for key, weight in found(folder, SuggestionPolicy()).phrases}


def test_a_new_item_counts_four_times_as_much_as_an_old_one(tmp_path: Path) -> None:
    phrases = of(
        tmp_path,
        item("old", "Ferry", "2019-01-01"),
        item("undated", "Tram"),
        item("month", "Balloon", "2020-05-10"),
        item("new", "Octopus", "2020-06-09"),
    )
    assert phrases == {"ferry": 1000, "tram": 1000, "balloon": 2500, "octopus": 4000}


def test_a_phrase_needs_two_titles_and_no_stop_word_at_its_ends(tmp_path: Path) -> None:
    titles = ("The state of emergency", "A state of emergency", "Emergency exit")
    phrases = of(tmp_path, *(item(str(n), title) for n, title in enumerate(titles)))
    assert sorted(phrases) == ["emergency", "exit", "state", "state of emergency"]


def test_more_titles_are_needed_of_many_items() -> None:
    policy = SuggestionPolicy()
    assert [policy.frequent(items) for items in (1, 60_000, 100_000, 1_000_000)] == [2, 2, 3, 33]


def test_what_was_found_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows: Weighted = [(b"a", 3), (b"a b", 2**40), ("é".encode(), 1)]
    written = Found(
        phrases=rows,
        spelt=[b"covid", "é".encode()],
        values={"topic": rows[:1], "provider": []},
        items={"topic": [2**31], "provider": []},
        titles=[(1, 2), (2**62, 3)],
    )
    suggestion_file.write(tmp_path, written)
    read = suggestion_file.read(tmp_path)
    assert read.spelt == {"covid", "é"}
    for name, wanted in (("phrase", rows), *written.values.items()):
        keys, weights = read.tables[name]
        assert list(zip(keys, weights.tolist(), strict=True)) == wanted
    assert {group: items.tolist() for group, items in read.items.items()} == written.items
    numbers, items = read.titles
    assert list(zip(numbers.tolist(), items.tolist(), strict=True)) == written.titles


def test_titles_are_counted_over_all_segments_without_deleted_items(tmp_path: Path) -> None:
    twice, once = item("a", "Ferry storm"), item("b", "Ingeborg runs aground")
    others = replace(twice, id="c"), replace(twice, id="d"), replace(once, id="e"), item("f", "Eel")
    build("whoosh", tmp_path, [((twice, once), ()), (others, ()), ((), ("d", "e"))], UNMERGED)
    titles = found(tmp_path, SuggestionPolicy()).titles
    assert titles == [(headline_number("Ferry storm"), 2)]


def test_an_index_of_nothing_suggests_nothing(tmp_path: Path) -> None:
    build("whoosh", tmp_path, [((), ())])
    none: dict[str, Weighted] = {"topic": [], "provider": []}
    nothing = Found([], [], none, {"topic": [], "provider": []}, [])
    assert found(tmp_path, SuggestionPolicy()) == nothing


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_there_is_are_days(tmp_path: Path, day: str) -> None:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert int(moment.timestamp()) > MISSING
    assert of(tmp_path, item("a", "Ferry", day)) == {"ferry": 4000}
