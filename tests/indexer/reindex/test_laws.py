"""The law of a reindex: an index brought up to date step by step answers as one built at once.

`NEWSDEX_CAMPAIGN=1` makes the histories many times longer.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from indexer.engines.whoosh.store import WhooshStore
from indexer.index.directory import IndexDirectory
from indexer.item import Problem
from indexer.reindex.report import Options, Report
from indexer.reindex.run import reindex
from indexer.schema import FACETS
from indexer.segment.merge_policy import MergePolicy
from indexer.source.seed_file import shown
from indexer.suggestions import suggestion_file
from search_app.json_views import results_bytes
from search_app.search import service
from search_app.search.engines import open_searcher
from search_app.search.index_reader import IndexReader
from search_app.search.protocols import Searcher
from search_app.search.query.rewrite import Match
from search_app.search.request import Group, SearchRequest, Sort
from tests.conditions import CAMPAIGN
from tests.conditions import chance as draws
from tests.contract.engines import LOOSE
from tests.indexer.samples import NEW_YEAR, seed

pytestmark = pytest.mark.slow

SEVERAL = MergePolicy(growth=4, small=0)
"""So few items are enough for several segments."""

STEPS = 400 if CAMPAIGN else 25
COMPARED = 2 if CAMPAIGN else 5
"""After every how many steps the two are compared."""
HISTORIES = 1000 if CAMPAIGN else 20
SEARCHES = 60 if CAMPAIGN else 50

WORDS = """
    reform reforms reforming police policing city cities vote voter voters the of and in a
    COVID-19 covid C++ .NET AT&T U.S. US us O'Reilly e-mail GPT-3 1,000 2020 café cafe 東京 東京都
    京 mayor mayor's budget budgets river flood floods bank banks banking
""".split()
DOMAINS = ["example.com", "news.example.org", "other.net", "daily.example"]
TOPICS = ["Politics", "Science", "The Who", "Money & Markets", "東京"]
TYPES = ["article", "video", "gallery"]
LANGUAGES = ["en", "de", "fr"]


def run(seeds: Path, index: Path, **options: Any) -> Report:
    """A reindex with a store of its own."""
    store = WhooshStore(index, SEVERAL, find_stories=LOOSE)
    return reindex(seeds, store, Options(**options))


def text(chance: Random, most: int) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))


def article(chance: Random) -> dict[str, Any]:
    """What an item and a related article have alike; often the same as another's."""
    domain = chance.choice(DOMAINS)
    front: dict[str, Any] = {"excerpt": text(chance, 20), "type": chance.choice(TYPES)}
    if chance.random() < 0.8:
        moment = NEW_YEAR + timedelta(days=chance.randrange(-400, 400))
        front["publishedDateTime"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if chance.random() < 0.8:
        name = chance.choice([domain, domain.upper(), "News"])
        front["provider"] = {"name": name, "domain": domain}
        front["webUrl"] = f"https://{domain}/{chance.randrange(20)}"
    if chance.random() < 0.5:
        front["quality"] = chance.randrange(100)
    return front


def write_item(folder: Path, name: str, chance: Random) -> None:
    """A new version of an item."""
    related = [
        {"title": text(chance, 6), **article(chance)} for _ in range(chance.choice([0, 0, 1, 2, 4]))
    ]
    front = article(chance) | {"topics": chance.sample(TOPICS, chance.randrange(3))}
    if chance.random() < 0.3:
        front["lang"] = chance.choice(LANGUAGES)
    path = seed(folder, name, text(chance, 6), related=related, **front)
    if chance.random() < 0.2:
        with path.open("a", encoding="utf-8") as file:
            file.write(text(chance, 80))


def step(folder: Path, chance: Random) -> None:
    """One edit of the folder, as an editor might make it."""
    names = sorted(
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.md")
    )
    new = f"{chance.choice('abc')}/{chance.randrange(200)}"
    (kind,) = chance.choices(
        ["add", "edit", "remove", "rename", "flood", "drain"], [20, 40, 15, 10, 5, 2]
    )
    if kind == "add" or len(names) < 4:
        write_item(folder, new, chance)
    elif kind == "edit":
        for name in chance.sample(names, chance.randint(1, 3)):
            write_item(folder, name, chance)
    elif kind == "remove":
        for name in chance.sample(names, chance.randint(1, 3)):
            (folder / f"{name}.md").unlink()
    elif kind == "rename":
        (folder / f"{chance.choice(names)}.md").rename(
            folder / f"{chance.choice('abc')}/{new[2:]}.md"
        )
    elif kind == "flood":
        for number in range(chance.randint(5, 30)):
            write_item(folder, f"{chance.choice('abc')}/{200 + number}", chance)
    else:
        for name in chance.sample(names, len(names) // 2):
            (folder / f"{name}.md").unlink()


def query(chance: Random) -> str:
    """A query of any form, from one part or several."""
    word, other = chance.choices(WORDS, k=2)
    forms = [
        "",
        word,
        f"{word} {other}",
        text(chance, 6),
        f'"{word} {other}"',
        f"{word[:2]}*",
        f"{word} -{other}",
        f"{word} OR {other}",
        f"({word} OR {other}) {chance.choice(WORDS)}",
        f"title:{word}",
        f"related:{word} excerpt:{other[:1]}*",
        f"provider:{chance.choice([*DOMAINS, 'news', 'example'])}",
        f'topic:"{chance.choice(TOPICS)}" {word}',
        f"type:{chance.choice(TYPES)} {word}",
        f"date:{chance.choice(['2019', '2020', '2020-01', '>2019-06', '2019-01..2019-12'])}",
        f"quality:>{chance.randrange(100)} {word}",
        f"outlets:>{chance.randrange(4)}",
        f"https://{chance.choice(DOMAINS)}/{chance.randrange(20)}",
        f"NOT {word}",
    ]
    return " ".join(chance.choices(forms, k=chance.choice([1, 1, 2])))


def request(chance: Random) -> SearchRequest:
    """A search of any kind."""
    values = {
        "topic": TOPICS,
        "provider": DOMAINS,
        "type": TYPES,
        "year": ["2018", "2019", "2020"],
        "language": LANGUAGES,
    }
    return SearchRequest(
        q=query(chance),
        selections={
            group: tuple(chance.sample(values[group], chance.choice([0, 0, 0, 1, 2])))
            for group in FACETS
        },
        since=chance.choice(["", "", "", "2019-06", "2020"]),
        until=chance.choice(["", "", "", "2019-12", "2020-06-15"]),
        sort=chance.choice(list(Sort)),
        match=chance.choice(list(Match)),
        page=chance.choice([1, 1, 2]),
        page_size=chance.choice([1, 3, 10, 100]),
        group=chance.choice(list(Group)),
    )


@contextmanager
def opened(index: Path) -> Iterator[Searcher]:
    library = IndexReader(
        IndexDirectory(index), "whoosh", lambda made: open_searcher("whoosh", made)
    )
    with library.acquire() as lease:
        searcher = lease.searcher
        yield searcher
    library.close()


def suggested(index: Path) -> bytes:
    """All that the current generation suggests."""
    return (index / IndexDirectory(index).current_name() / suggestion_file.NAME).read_bytes()


def answer(searcher: Searcher, request: SearchRequest) -> dict[str, Any]:
    """All of the answer but what is this run's own."""
    row: dict[str, Any] = json.loads(results_bytes(service.search(searcher, request)))
    del row["took_ms"], row["generation"]
    return row


def spoil(folder: Path, chance: Random) -> None:
    """What else may become of files: broken, withdrawn, touched, written anew as they were."""
    paths = sorted(folder.rglob("*.md"))
    for path in chance.sample(paths, min(len(paths), 2)):
        kind = chance.choice(["break", "draft", "touch", "rewrite", "secured"])
        if kind == "break":
            path.write_text("no front matter\n")
        elif kind == "draft":
            path.write_text("---\ntitle: Draft\ndraft: true\n---\n")
        elif kind == "touch":
            path.touch()
        elif kind == "rewrite":
            path.write_bytes(path.read_bytes())
        else:
            path.write_bytes(path.read_bytes().replace(b"---\n", b"---\nsecured: x\n", 1))


def of_files(report: Report, seeds: Path) -> tuple[Problem, ...]:
    """The problems of a run but the warning that most items leave, which no later run repeats."""
    return tuple(one for one in report.problems if one.path != shown(seeds))


@pytest.mark.parametrize("ten", range(HISTORIES // 10))
def test_a_random_history_ends_where_a_full_reindex_does(tmp_path: Path, ten: int) -> None:
    """Ten short histories of a few items. Of a broken file the last version that was whole counts:
    only the history knows it, so that there the full reindex is given the index to begin with."""
    for number in range(10):
        chance = draws("history", ten, number)
        place = tmp_path / str(number)
        seeds, stepwise = place / "seeds", place / "stepwise"
        for name in range(chance.randint(1, 12)):
            write_item(seeds, f"a/{name}", chance)
        for folder in "bc":
            (seeds / folder).mkdir()
        for _ in range(chance.randint(2, 6)):
            run(seeds, stepwise, allow_removals=True)
            step(seeds, chance)
            if chance.random() < 0.5:
                spoil(seeds, chance)
        report = run(seeds, stepwise, allow_removals=True)
        shutil.copytree(stepwise, place / "anew")
        anew = run(seeds, place / "anew", full=True)
        assert (anew.items, anew.problems) == (report.items, of_files(report, seeds))
        with opened(stepwise) as one, opened(place / "anew") as other:
            for _ in range(8):
                asked = request(chance)
                assert answer(one, asked) == answer(other, asked), asked
        assert suggested(stepwise) == suggested(place / "anew")
        shutil.rmtree(place)


@pytest.mark.parametrize("number", range(4 if CAMPAIGN else 2))
def test_an_index_built_step_by_step_answers_as_one_built_at_once(
    tmp_path: Path, number: int
) -> None:
    chance, seeds = draws("steps", number), tmp_path / "seeds"
    for name in range(150):
        write_item(seeds, f"a/{name}", chance)
    for folder in "bc":
        (seeds / folder).mkdir()
    segments, found, others = 0, 0, 0
    for count in range(STEPS):
        step(seeds, chance)
        report = run(seeds, tmp_path / "stepwise")
        if count % COMPARED:
            continue
        shutil.rmtree(tmp_path / "at once", ignore_errors=True)
        assert run(seeds, tmp_path / "at once").items == report.items
        assert suggested(tmp_path / "stepwise") == suggested(tmp_path / "at once")
        with opened(tmp_path / "stepwise") as stepwise, opened(tmp_path / "at once") as at_once:
            segments = max(segments, stepwise.stats().segments)
            assert at_once.stats().segments <= 1
            for _ in range(SEARCHES):
                asked = request(chance)
                expected = answer(at_once, asked)
                assert answer(stepwise, asked) == expected, asked
                found += len(expected["hits"])
                others += sum(hit["others"] for hit in expected["hits"])
    assert segments > 1
    assert found > STEPS
    assert others > STEPS


def test_an_index_built_anew_keeps_and_finds_what_it_did_before(tmp_path: Path) -> None:
    chance, seeds, index = draws("anew"), tmp_path / "seeds", tmp_path / "index"
    for name in range(60):
        write_item(seeds, f"a/{name}", chance)
    run(seeds, index)
    for name in range(0, 60, 7):
        (seeds / "a" / f"{name}.md").write_text("broken")
    for name in range(1, 60, 7):
        write_item(seeds, f"a/{name}", chance)
    assert run(seeds, index).items == 60
    asked = [request(chance) for _ in range(SEARCHES)]
    with opened(index) as searcher:
        assert searcher.stats().segments == 2
        before = [answer(searcher, one) for one in asked]
    assert run(seeds, index, full=True).items == 60
    with opened(index) as searcher:
        assert searcher.stats().segments == 1
        assert [answer(searcher, one) for one in asked] == before
