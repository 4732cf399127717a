"""Which items are found to report the same story, through real segments on disk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from indexer.engines.whoosh.store import WhooshStore
from indexer.errors import IndexDamaged
from indexer.item import Article, Item
from indexer.segment.merge_inputs import SegmentRef
from indexer.stories import story_file
from indexer.stories.finder import find_stories
from indexer.stories.policy import StoryPolicy
from tests.conditions import chance as draws
from tests.indexer.samples import item, less, write
from tests.indexer.stories.index import SEVERAL, found_in, groups

MONDAY = datetime(2020, 6, 1, 12, tzinfo=UTC)

REFORM = (
    "Minneapolis council pledges to dismantle police department",
    "Minneapolis police department to be dismantled, council says",
    "Council in Minneapolis votes to dismantle its police department",
)
ROCKET = (
    "SpaceX rocket carries two astronauts to the space station",
    "Two astronauts reach the space station aboard SpaceX rocket",
    "Astronauts dock at space station after SpaceX rocket launch",
)
OTHERS = (
    "Ferry strike leaves islanders without bread",
    "Quiet week for olive farmers",
    "Novelist turns down prize over a comma",
    "Tram line opens a year late",
    "Beavers return to a river in Essex",
    "Court hears claim about borrowed violins",
    "Glacier lake drains overnight",
    "Chess champion retires at nineteen",
    "Bakers protest against flour tax",
    "Museum finds lost sketch behind wall",
)


def at(id: str, title: str, hours: float = 0, *related: str, **details: str) -> Item:
    """An item this many hours after Monday noon, with related articles of these titles."""
    when = MONDAY + timedelta(hours=hours)
    return item(id, title, published=when, related=tuple(map(Article, related)), **details)


def telling(prefix: str, titles: tuple[str, ...], hours: float = 0) -> list[Item]:
    return [at(f"{prefix}{n}", title, hours + n) for n, title in enumerate(titles)]


SMALL_WORDS = (
    "Warum sie das nicht mehr in der Stadt haben",
    "Das haben sie nicht mehr: in der Küche",
)


def others() -> list[Item]:
    """Items of ten other stories: without any, no word is rare."""
    return telling("other", OTHERS)


def test_headlines_alike_within_days_are_one_story(tmp_path: Path) -> None:
    found = found_in(tmp_path, *telling("police", REFORM), *telling("rocket", ROCKET), *others())
    assert found == [["police0", "police1", "police2"], ["rocket0", "rocket1", "rocket2"]]


def test_headlines_alike_a_week_apart_are_not(tmp_path: Path) -> None:
    one, other, _ = telling("a", REFORM)
    assert found_in(tmp_path / "near", one, other, *others()) == [["a0", "a1"]]
    later = at("a1", REFORM[1], 7 * 24)
    assert found_in(tmp_path / "far", one, later, *others()) == []


def test_stop_words_of_the_language_of_an_item_tell_no_story(tmp_path: Path) -> None:
    """In an archive that is mostly English, where they are rare."""
    german = [at(f"a{n}", title, n, language="de") for n, title in enumerate(SMALL_WORDS)]
    assert found_in(tmp_path, *german, *others()) == []


def test_items_without_a_date_stay_alone(tmp_path: Path) -> None:
    undated = [item(f"a{n}", title, url="https://a.example/1") for n, title in enumerate(REFORM)]
    assert found_in(tmp_path, *undated, *others()) == []


def test_related_headlines_count_as_the_own_one_does(tmp_path: Path) -> None:
    one = at("a", "City hall in turmoil", 0, *REFORM[:2])
    other = at("b", "A night nobody forgets", 2, *REFORM[1:])
    assert found_in(tmp_path, one, other, *others()) == [["a", "b"]]


def test_a_shared_address_joins_what_is_less_alike(tmp_path: Path) -> None:
    titles = (
        "Minneapolis council pledges to dismantle police department",
        "Eight charts explain how Minneapolis, a city of bridges, will do without police",
    )
    pages = [f"https://{name}.example/1" for name in "ab"]
    apart = [at(f"{n}", title, n, url=pages[n]) for n, title in enumerate(titles)]
    assert found_in(tmp_path / "apart", *apart, *others()) == []
    same = [at(f"{n}", title, n, url=pages[0]) for n, title in enumerate(titles)]
    assert found_in(tmp_path / "same", *same, *others()) == [["0", "1"]]


def test_a_roundup_page_does_not_join_the_stories_that_list_it(tmp_path: Path) -> None:
    page = "https://daily.example/week"
    police, rocket = (
        [at(f"{name}{n}", title, n, url=page) for n, title in enumerate(titles)]
        for name, titles in (("police", REFORM), ("rocket", ROCKET))
    )
    found = found_in(tmp_path, *police, *rocket, *others())
    assert found == [["police0", "police1", "police2"], ["rocket0", "rocket1", "rocket2"]]


@pytest.mark.parametrize(
    "title",
    [
        "Your morning briefing: everything you need to know about the day",
        "Corrections and clarifications for readers of this newspaper",
    ],
)
def test_a_headline_that_returns_tells_no_story(tmp_path: Path, title: str) -> None:
    items = [at("a", title), at("b", title, 24), *others()]
    assert found_in(tmp_path / "once", *items) == [["a", "b"]]
    assert found_in(tmp_path / "again", *items, at("c", title, 5 * 24)) == []


def test_headlines_of_few_words_tell_no_story(tmp_path: Path) -> None:
    short = [at(f"{n}", title, n // 2) for n, title in enumerate(["Ferries", "Obituary: Ng"] * 2)]
    assert found_in(tmp_path, *short, *others()) == []


def test_equal_headlines_of_a_day_are_one_story_unless_too_many_have_them(tmp_path: Path) -> None:
    def copies(count: int) -> Iterator[Item]:
        return (at(f"{n:03}", REFORM[0], n / 100) for n in range(count))

    (story,) = found_in(tmp_path / "few", *copies(100), *others())
    assert len(story) == 100
    assert found_in(tmp_path / "many", *copies(101), *others()) == []


def test_deleted_items_do_not_count(tmp_path: Path) -> None:
    """Of eleven items that share an address, which are too many, one is deleted."""
    page, store = "https://daily.example/1", WhooshStore(tmp_path, SEVERAL)
    titles = (
        REFORM[0],
        "Eight charts explain how Minneapolis, a city of bridges, will do without police",
    )
    alike = [at(str(n), title, n, url=page) for n, title in enumerate(titles)]
    rest = [at(f"other{n}", title, n, url=page) for n, title in enumerate(OTHERS[:9])]
    write(store, [*alike, *rest, at("last", OTHERS[9])])
    assert groups(tmp_path) == {}
    left = less(store, "other0")
    with store.exclusive(), store.batch(full=False) as batch:
        batch.delete("other0")
        batch.commit(left)
    assert list(groups(tmp_path).values()) == [["0", "1"]]


def test_a_story_is_named_by_its_first_item(tmp_path: Path) -> None:
    store = WhooshStore(tmp_path)
    write(store, [*telling("b", REFORM), *others()])
    assert groups(tmp_path) == {story_file.story_name(b"b0"): ["b0", "b1", "b2"]}
    write(store, [at("c", REFORM[0], -1), at("a", REFORM[0], -1)], full=False)
    assert groups(tmp_path) == {story_file.story_name(b"a"): ["a", "b0", "b1", "b2", "c"]}


@pytest.mark.parametrize("number", range(4))
def test_stories_are_the_same_however_items_are_spread_over_segments(
    tmp_path: Path, number: int
) -> None:
    """Step by step in random order, with deletions and equal dates, and all at once."""
    chance, items = draws("stories", number), dict[str, Item]()
    stepwise, at_once = tmp_path / "stepwise", tmp_path / "at once"
    store, most = WhooshStore(stepwise, SEVERAL), 0
    words = [word for title in (*REFORM, *ROCKET, *OTHERS) for word in title.split()]
    for step in range(8):
        new = [
            at(
                f"{chance.randrange(200):03}",
                chance.choice([*REFORM, *ROCKET, " ".join(chance.choices(words, k=6))]),
                24 * chance.randrange(6),
                *(" ".join(chance.choices(words, k=8)) for _ in range(chance.randrange(3))),
                url=f"https://a.example/{chance.randrange(60)}",
            )
            for _ in range(40)
        ]
        new += telling("police", REFORM) if not step else []  # so that there is one story
        latest = {one.id: one for one in new}
        items |= latest
        write(store, latest.values(), full=not step)
        if step > 2:
            gone = chance.sample(sorted(items), 20)
            left = less(store, *gone)
            with store.exclusive(), store.batch(full=False) as batch:
                for id in gone:
                    del items[id]
                    batch.delete(id)
                batch.commit(left)
        write(WhooshStore(at_once), items.values())
        assert groups(stepwise) == groups(at_once)
        most = max(most, len(groups(at_once)))
    assert most


def test_a_generation_without_items_has_no_stories(tmp_path: Path) -> None:
    assert found_in(tmp_path) == []
    assert find_stories([]).of_documents == []


def test_a_file_of_stories_that_does_not_fit_is_damage(tmp_path: Path) -> None:
    write(WhooshStore(tmp_path), others())
    folder = tmp_path / WhooshStore(tmp_path).current().generation
    with pytest.raises(IndexDamaged, match=r"it lacks 'another.columns'"):
        story_file.read(folder, ["another.columns"])


HOSTILE = {
    "one address": lambda n: at(f"{n}", f"{OTHERS[n % 10]} {n}", n / 100, url="https://a.example"),
    "one headline": lambda n: at(f"{n}", "Corrections and clarifications of this week", 0),
    "one word": lambda n: at(f"{n}", "Corrections", n / 50),
    "no dates": lambda n: item(f"{n}", REFORM[n % 3]),
    "one day": lambda n: at(f"{n}", f"{REFORM[n % 3]} {ROCKET[n % 3]} {OTHERS[n % 10]}"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_many_items_that_are_alike_are_no_story(tmp_path: Path, kind: str) -> None:
    assert found_in(tmp_path, *map(HOSTILE[kind], range(5_000))) == []


def test_work_is_limited_where_all_items_are_somewhat_alike(tmp_path: Path) -> None:
    """The words that most items share are left out until few enough pairs are left."""
    mixed = [at(f"{n:03}", " ".join(OTHERS[n % 10].split()[:6]), n / 100) for n in range(200)]
    write(WhooshStore(tmp_path), [*mixed, *telling("police", REFORM)])
    folder = tmp_path / WhooshStore(tmp_path).current().generation
    refs = [SegmentRef(path) for path in folder.glob("*.columns")]
    unlimited = find_stories(refs)
    limited = find_stories(refs, StoryPolicy(pairs_per_item=1, min_pairs=100))
    assert len(unlimited.names) > len(limited.names) == 1
    assert np.count_nonzero(limited.of_documents[0] != story_file.ALONE) == 3
