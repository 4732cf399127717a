"""One story, told once: searches whose entries are stories."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from indexer.item import Article, Item, Provider
from search_app.search import service
from search_app.search.protocols import Searcher
from search_app.search.query.rewrite import Match
from search_app.search.request import Group, SearchRequest, Sort
from search_app.search.results import Results
from tests.indexer.stories.test_finder import OTHERS, REFORM, ROCKET
from tests.search.samples import ids, make, reader_of

MONDAY = datetime(2020, 6, 1, 12, tzinfo=UTC)
OUTLETS = ("zdnet.com", "bbc.co.uk", "axios.com")
TOPICS = ("Police", "Cities", "Space")


def items() -> Iterator[Item]:
    """Three items of each of two stories, and ten of others."""
    titles = {"police": REFORM, "rocket": ROCKET, "other": OTHERS}
    for name, some in titles.items():
        for number, title in enumerate(some):
            outlet = OUTLETS[number % 3]
            article = Article(
                title,
                published=MONDAY + timedelta(hours=number),
                provider=Provider(outlet, outlet),
            )
            yield Item(f"{name}{number}", article, topics=(TOPICS[number % 2],))


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = make(tmp_path_factory.mktemp("stories") / "index", items())
    with closing(reader_of(folder)) as reader, reader.acquire() as lease:
        yield lease.searcher


def grouped(searcher: Searcher, q: str = "", **more: object) -> Results:
    request = SearchRequest(q, group=Group.STORY)
    return service.search(searcher, replace(request, **more))


def test_a_story_is_one_entry_that_says_how_many_more_were_found(searcher: Searcher) -> None:
    found = grouped(searcher, "minneapolis", sort=Sort.NEWEST)
    assert (found.total, found.stories, ids(found)) == (3, 1, ["police2"])
    assert found.hits[0].others == 2
    every = service.search(searcher, SearchRequest("minneapolis"))
    assert (every.total, every.stories, len(every.hits)) == (3, None, 3)
    assert {hit.others for hit in every.hits} == {0}


def test_only_items_that_were_found_are_counted(searcher: Searcher) -> None:
    (hit,) = grouped(searcher, "title:pledges OR title:votes").hits
    assert hit.others == 1


@pytest.mark.parametrize(("sort", "first"), [(Sort.NEWEST, "rocket2"), (Sort.OLDEST, "rocket0")])
def test_the_first_hit_in_the_order_asked_for_represents_its_story(
    searcher: Searcher, sort: Sort, first: str
) -> None:
    assert ids(grouped(searcher, "astronauts", sort=sort)) == [first]


def test_pages_count_stories(searcher: Searcher) -> None:
    everything = grouped(searcher, page_size=100)
    assert (everything.total, everything.stories, len(everything.hits)) == (16, 12, 12)
    pages = [grouped(searcher, page=page, page_size=5) for page in (1, 2, 3)]
    assert [one.pages for one in pages] == [3, 3, 3]
    assert [id for one in pages for id in ids(one)] == ids(everything)
    past = grouped(searcher, page=4, page_size=5)
    assert [note.message for note in past.notes] == ["there is no page 4; the last one is 3"]


def test_a_facet_count_is_the_number_of_stories_after_the_click(searcher: Searcher) -> None:
    found = grouped(searcher, "station OR police OR ferry", match=Match.ANY)
    for group, values in found.facets.items():
        assert values
        for value in values:
            selections = {**found.request.selections, group: (value.value,)}
            assert (
                grouped(searcher, found.request.q, match=Match.ANY, selections=selections).stories
                == value.count
            )


def test_a_story_can_be_asked_for(searcher: Searcher) -> None:
    (hit,) = grouped(searcher, "minneapolis").hits
    asked = SearchRequest("police", story=hit.story, sort=Sort.OLDEST)
    assert ids(service.search(searcher, asked)) == ["police0", "police1", "police2"]
    assert service.search(searcher, replace(asked, story="0" * 16)).total == 0


def test_a_story_asked_for_adds_no_items_with_only_some_of_the_words(searcher: Searcher) -> None:
    """It has fewer than ten items; whether others follow depends on what the query finds."""
    words = "minneapolis council"
    (hit,) = grouped(searcher, "minneapolis").hits
    all_found = service.search(searcher, SearchRequest(words))
    of_story = service.search(searcher, SearchRequest(words, story=hit.story))
    assert of_story.total == all_found.total
    assert of_story.relaxed == all_found.relaxed


def test_an_item_knows_the_others_of_its_story(searcher: Searcher) -> None:
    hit = service.get(searcher, "police1")
    assert hit
    found = service.same_story(searcher, hit)
    assert ([item.id for item in found.items], found.left_out) == (["police0", "police2"], 0)
    few = service.same_story(searcher, hit, most=1)
    assert ([item.id for item in few.items], few.left_out) == (["police0"], 1)


def test_an_item_that_nobody_else_reports_is_alone(searcher: Searcher) -> None:
    hit = service.get(searcher, "other3")
    assert hit
    assert hit.story == ""
    assert service.same_story(searcher, hit).items == ()
