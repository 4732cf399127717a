"""Many threads over one searcher give the answers that one alone gives."""

import random
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from search_app.search import service
from search_app.search.protocols import Searcher
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest, Sort
from search_app.search.results import Results
from tests.conditions import chance, examples
from tests.search.samples import reader_of, seed_items, selected

THREADS = 8
WORDS = sorted({word for item in seed_items() for word in item.article.title.split()})


@pytest.fixture
def searcher(seeds_index: Path) -> Iterator[Searcher]:
    """Opened anew for each test: what it keeps in memory is not there yet."""
    with closing(reader_of(seeds_index)) as reader, reader.acquire() as lease:
        searcher = lease.searcher
        yield searcher


def requests(count: int) -> list[SearchRequest]:
    draw = chance("threads")
    shapes = (
        "{0}",
        "{0} {1}",
        '"{0} {1}"',
        "{2}*",
        "{0} -{1}",
        "title:{0} OR {1}",
        "date:>2018 {0}",
    )
    made = []
    for _ in range(count):
        one, other = draw.choices(WORDS, k=2)
        text = draw.choice(shapes).format(one, other, one[:2])
        topic = selected(topic=draw.choice(("AI", "Science")))
        made.append(
            SearchRequest(
                q=text,
                match=draw.choice(tuple(Match)),
                sort=draw.choice(tuple(Sort)),
                selections=draw.choice((topic, selected())),
                page_size=draw.choice((1, 10, 100)),
            )
        )
    return made


def answer(searcher: Searcher, request: SearchRequest) -> Results:
    return replace(service.search(searcher, request), took_ms=0.0)


def test_eight_threads_get_the_answers_of_one(searcher: Searcher, seeds_index: Path) -> None:
    asked = requests(examples(150, 1000))
    given: dict[tuple[int, int], Results] = {}
    failures: list[BaseException] = []
    ready = threading.Barrier(THREADS)

    def ask(thread: int) -> None:
        order = list(range(len(asked)))
        random.Random(thread // 2).shuffle(order)  # noqa: S311 - two of a kind ask the same at once
        ready.wait()
        try:
            for place in order:
                given[thread, place] = answer(searcher, asked[place])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with closing(reader_of(seeds_index)) as reader, reader.acquire() as lease:
        alone = lease.searcher
        for place, request in enumerate(asked):
            wanted = answer(alone, request)
            for number in range(THREADS):
                assert given[number, place] == wanted, request.q


def test_asking_again_gives_the_same_answer(searcher: Searcher) -> None:
    asked = requests(60)
    before = [answer(searcher, request) for request in asked]
    assert [answer(searcher, request) for request in asked] == before
