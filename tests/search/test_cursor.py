"""A cursor gives all entries of a search, in its order, from one generation."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from indexer.errors import IndexDamaged
from search_app.search import service
from search_app.search.cursor import Cursor, cursor
from search_app.search.protocols import Searcher
from search_app.search.query.rewrite import Match
from search_app.search.request import Group, SearchRequest, Sort
from tests.search.samples import item, make, reader_of, seed_items

QUERIES = ("", "ferry", "police reform", "the", "no such words at all")


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """A searcher of an index of the seeds."""
    index = make(tmp_path_factory.mktemp("cursor") / "index", seed_items())
    with closing(reader_of(index)) as reader, reader.acquire() as lease:
        yield lease.searcher


def listed(found: Cursor, begin: int = 0, end: int | None = None) -> list[tuple[str, float, int]]:
    return [
        (hit.item.id, hit.score, hit.others)
        for batch in found.batches(begin, end, size=3)
        for hit in batch
    ]


def paged(searcher: Searcher, request: SearchRequest) -> list[tuple[str, float, int]]:
    """The same, page by page."""
    first = service.search(searcher, replace(request, page_size=7))
    pages = [
        service.search(searcher, replace(request, page_size=7, page=page + 1))
        for page in range(first.pages)
    ]
    return [(hit.item.id, hit.score, hit.others) for page in pages for hit in page.hits]


@pytest.mark.parametrize("q", QUERIES)
@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("group", Group)
def test_it_gives_what_all_pages_together_give(
    searcher: Searcher, q: str, sort: Sort, group: Group
) -> None:
    request = SearchRequest(q=q, sort=sort, group=group, match=Match.AUTO)
    found = cursor(searcher, request, step=11)
    assert listed(found) == paged(searcher, request)
    assert found.total == len(listed(found))


def test_the_page_that_is_asked_for_does_not_count(searcher: Searcher) -> None:
    request = SearchRequest(q="the", page=300, page_size=2)
    found = cursor(searcher, request)
    assert found.notes == ()
    assert listed(found) == listed(cursor(searcher, replace(request, page=1)))
    assert found.total == service.search(searcher, request).total > 6


def test_a_range_is_a_part_of_the_whole(searcher: Searcher) -> None:
    found = cursor(searcher, SearchRequest(), step=10)
    whole = listed(found)
    for begin, end in ((0, 5), (5, 25), (len(whole) - 3, len(whole) + 10), (1_000, 1_001)):
        assert listed(found, begin, end) == whole[begin:end]


def test_it_tells_of_the_query_what_an_answer_tells(searcher: Searcher) -> None:
    request = SearchRequest(q='ferry "storm nonesuch:x')
    results = service.search(searcher, request)
    found = cursor(searcher, request)
    assert [note.kind for note in found.notes] == [note.kind for note in results.notes] != []
    corrected = cursor(searcher, SearchRequest(q="facail recogniton"))
    assert corrected.corrected
    assert corrected.corrected.query == "facial recognition"
    assert listed(corrected)


def test_it_stays_in_its_generation_when_another_is_published(tmp_path: Path) -> None:
    old = [item(f"old-{n}") for n in range(10)]
    index = make(tmp_path / "index", old)
    with closing(reader_of(index)) as reader:
        with reader.acquire() as lease:
            found = cursor(lease.searcher, SearchRequest(), step=2)
            batches = found.batches(size=2)
            ids = [hit.item.id for hit in next(batches)]
            make(index, [item("new")])
            with reader.acquire() as other:
                assert other.generation != found.generation
                new = cursor(other.searcher, SearchRequest())
                assert [row[0] for row in listed(new)].count("new") == 1
            ids += [hit.item.id for batch in batches for hit in batch]
        assert sorted(ids) == sorted(one.id for one in old)


def test_fewer_hits_than_were_counted_are_an_error(searcher: Searcher) -> None:
    found = cursor(searcher, SearchRequest())
    counted_more = Cursor(found.total + 1, False, (), None, searcher, found._asked, found._step)
    with pytest.raises(IndexDamaged, match="hits from 0"):
        listed(counted_more)
