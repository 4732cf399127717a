"""The law of facets, and the laws of sorting and paging, over the project's own seeds.

A value's count is the total of the same request with that value alone selected in its group, and
every other group's selection as it is. Where nothing is selected in the group, that is the total
after a click.
"""

import random
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.analysis import tokenizer
from indexer.analysis.language_codes import language_name
from indexer.schema import FACETS
from search_app.search import service
from search_app.search.engines.whoosh.searcher import WhooshSearcher
from search_app.search.engines.whoosh.vectorized.facets import Counter, Facets
from search_app.search.protocols import Searcher
from search_app.search.query.rewrite import Match
from search_app.search.request import FACET_SIZE, SearchRequest, Sort, no_selections
from search_app.search.results import Results
from tests.contract.corpora import examples
from tests.search.samples import ask, ids, item, make, reader_of, seed_items, selected, toggled

SEEDS = seed_items()
WORDS = sorted({word for item in SEEDS for word in tokenizer.phrase(item.article.title)})
EVERYTHING = SearchRequest(page_size=100)


@pytest.fixture(scope="module")
def searcher(seeds_index: Path) -> Iterator[Searcher]:
    with closing(reader_of(seeds_index)) as reader, reader.acquire() as lease:
        searcher = lease.searcher
        yield searcher


@pytest.fixture(scope="module")
def values(searcher: Searcher) -> dict[str, list[str]]:
    """Every value of every group."""
    facets = service.search(searcher, EVERYTHING).facets
    return {group: [facet.value for facet in found] for group, found in facets.items()}


@pytest.fixture(scope="module")
def typed_values(values: dict[str, list[str]]) -> dict[str, list[str]]:
    """Values as people write them: in capitals, by an outlet's name, or only in part."""
    parts = {
        group: [word for value in some for word in value.split()] for group, some in values.items()
    }
    names = {outlet.name for item in SEEDS for a in item.articles() if (outlet := a.provider)}
    return {
        "topic": [*values["topic"], *map(str.upper, values["topic"]), *parts["topic"]],
        "provider": [*values["provider"], *names, *(word for n in names for word in n.split())],
        "type": [*values["type"], *map(str.upper, values["type"])],
        "year": values["year"],
        "language": [*values["language"], *map(language_name, values["language"])],
    }


def drawn_request(seed: int, values: dict[str, list[str]]) -> SearchRequest:
    """A request at random: words that are there, a few selections, perhaps a window."""
    draw = random.Random(seed)  # noqa: S311 - it draws examples, not secrets
    words = draw.choices(WORDS, k=draw.choice((0, 1, 1, 2, 2, 3, 6)))
    extras = draw.choices(("-the", "tram OR ferry", "t*", '"in the"', "outlets:>2"), k=3)
    chosen = no_selections()
    for group in draw.sample(sorted(FACETS), k=draw.choice((0, 1, 1, 2, 3))):
        chosen[group] = tuple(draw.sample([*values[group], "9999"], k=draw.choice((1, 1, 2))))
    return SearchRequest(
        q=" ".join([*words, *extras[: draw.choice((0, 0, 1, 2))]]),
        selections=chosen,
        since=draw.choice(("", "", "", "2018", "2020-06-09")),
        until=draw.choice(("", "", "", "2022", "2020-06")),
        match=draw.choice(tuple(Match)),
        sort=draw.choice(tuple(Sort)),
        page_size=draw.choice((1, 7, 100)),
    )


seeds_of_requests = st.integers(0, 2**32)
CAREFUL = settings(max_examples=examples(12, 500), deadline=None)


def only(request: SearchRequest, group: str, value: str) -> SearchRequest:
    """The request with this value, and no other of its group, selected."""
    return replace(request, selections={**request.selections, group: (value,)}, page=1)


@CAREFUL
@given(seeds_of_requests)
def test_a_count_is_the_total_with_that_value_selected(
    searcher: Searcher, typed_values: dict[str, list[str]], seed: int
) -> None:
    request = drawn_request(seed, typed_values)
    for group, facets in service.search(searcher, request).facets.items():
        for facet in facets:
            after = service.search(searcher, only(request, group, facet.value))
            assert facet.count == after.total, (group, facet.value)
            if not request.selections[group]:
                assert only(request, group, facet.value) == toggled(request, group, facet.value)


@CAREFUL
@given(seeds_of_requests)
def test_a_selected_value_never_disappears(
    searcher: Searcher, typed_values: dict[str, list[str]], seed: int
) -> None:
    request = drawn_request(seed, typed_values)
    results = service.search(searcher, request)
    for group, facets in results.facets.items():
        chosen = {facet.value for facet in facets if facet.selected}
        assert chosen == set(results.request.selections[group])
        assert len({facet.value for facet in facets}) == len(facets)


@CAREFUL
@given(seeds_of_requests)
def test_selecting_one_more_value_of_a_group_finds_no_fewer_items(
    searcher: Searcher, typed_values: dict[str, list[str]], seed: int
) -> None:
    request = drawn_request(seed, typed_values)
    results = service.search(searcher, request)
    for group, facets in results.facets.items():
        for facet in facets:
            if request.selections[group] and not facet.selected:
                after = service.search(searcher, toggled(request, group, facet.value))
                assert max(results.total, facet.count) <= after.total
                assert after.total <= results.total + facet.count


@CAREFUL
@given(seeds_of_requests)
def test_each_order_finds_the_same_items_with_the_same_facets(
    searcher: Searcher, values: dict[str, list[str]], seed: int
) -> None:
    request = replace(drawn_request(seed, values), page_size=100)
    answers = [service.search(searcher, replace(request, sort=sort)) for sort in Sort]
    assert len({frozenset(ids(answer)) for answer in answers}) == 1
    assert all(answer.facets == answers[0].facets for answer in answers)
    assert {(answer.total, answer.relaxed) for answer in answers} == {
        (answers[0].total, answers[0].relaxed)
    }


@CAREFUL
@given(seeds_of_requests)
def test_the_pages_hold_every_hit_once_and_in_order(
    searcher: Searcher, values: dict[str, list[str]], seed: int
) -> None:
    request = replace(drawn_request(seed, values), page_size=7)
    whole = service.search(searcher, replace(request, page_size=100))
    pages = [service.search(searcher, replace(request, page=n)) for n in range(1, 14)]
    assert [id for page in pages for id in ids(page)] == ids(whole)
    assert {page.total for page in pages} == {whole.total} == {len(ids(whole))}
    assert {page.pages for page in pages} == {-(-whole.total // 7)}
    beyond = [page for page in pages if whole.total and page.request.page > page.pages]
    assert all("past_the_end" in {note.kind for note in page.notes} for page in beyond)


@CAREFUL
@given(seeds_of_requests)
def test_each_hit_has_a_selected_value_of_every_group(
    searcher: Searcher, values: dict[str, list[str]], seed: int
) -> None:
    request = replace(drawn_request(seed, values), page_size=100)
    for hit in service.search(searcher, request).hits:
        article = hit.item.article
        has = {
            "topic": set(hit.item.topics),
            "provider": set(hit.item.domains()),
            "type": {article.type},
            "year": {str(article.published.year)} if article.published else set(),
            "language": {hit.item.language},
        }
        for group, chosen in request.selections.items():
            assert not chosen or has[group] & set(chosen)


@CAREFUL
@given(st.integers(0, 2**32))
def test_a_filter_finds_what_its_field_finds(
    searcher: Searcher, typed_values: dict[str, list[str]], seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - it draws examples, not secrets
    group = draw.choice(("topic", "provider", "type", "language"))
    value = draw.choice(typed_values[group]).strip("()")
    written = f'"{value}"' if " " in value else value
    words = " ".join(draw.choices(WORDS, k=draw.choice((0, 0, 1))))
    asked = SearchRequest(q=words, match=Match.ALL, page_size=100)
    by_filter = service.search(searcher, only(asked, group, value))
    by_field = service.search(searcher, replace(asked, q=f"{words} {group}:{written}"))
    assert sorted(ids(by_filter)) == sorted(ids(by_field))
    assert by_filter.total == by_field.total
    unknown = ["unknown_value" in {n.kind for n in one.notes} for one in (by_filter, by_field)]
    assert unknown[0] == unknown[1]


def facet(results: Results, group: str) -> list[tuple[str, int, bool]]:
    return [(facet.value, facet.count, facet.selected) for facet in results.facets[group]]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Four items: two topics, two types, two years."""
    return make(
        tmp_path,
        [
            item("1", "tram", "2020-01-01", "a.com", topics=("AI", "Cars")),
            item("2", "tram", "2020-01-01", "b.com", topics=("AI",), type="video"),
            item("3", "tram", "2021-01-01", "a.com", topics=("Cars",)),
            item("4", "ferry", topics=("AI",)),
        ],
    )


def test_a_group_ignores_its_own_selection_and_respects_the_others(small: Path) -> None:
    results = ask(small, SearchRequest("tram", selected(topic="Cars", type="article")))
    assert results.total == 2
    assert facet(results, "topic") == [("Cars", 2, True), ("AI", 1, False)]
    assert facet(results, "type") == [("article", 2, True)]
    assert facet(results, "provider") == [("a.com", 2, False)]


def test_years_go_backwards_and_undated_items_have_none(small: Path) -> None:
    assert facet(ask(small, ""), "year") == [("2021", 1, False), ("2020", 2, False)]


def test_values_go_by_count_and_then_by_the_alphabet(small: Path) -> None:
    assert facet(ask(small, ""), "topic") == [("AI", 3, False), ("Cars", 2, False)]
    assert facet(ask(small, ""), "provider") == [("a.com", 2, False), ("b.com", 1, False)]


def test_a_selected_value_that_is_nowhere_is_shown_with_nothing(small: Path) -> None:
    results = ask(small, SearchRequest(selections=selected(topic="Nowhere")))
    assert results.total == 0
    assert facet(results, "topic")[-1] == ("Nowhere", 0, True)


def test_the_window_narrows_the_counts(small: Path) -> None:
    results = ask(small, SearchRequest("tram", since="2021"))
    assert results.total == 1
    assert facet(results, "year") == [("2021", 1, False)]


def test_of_many_values_the_most_frequent_are_shown_and_the_selected_ones(tmp_path: Path) -> None:
    many = [f"t{number:03d}" for number in range(FACET_SIZE + 10)]
    make(tmp_path, [item("1", topics=tuple(many)), item("2", topics=tuple(many[20:]))])
    results = ask(tmp_path, SearchRequest(selections=selected(topic="t019")))
    often = [(topic, 2, False) for topic in many[20:]]
    rarely = [(topic, 1, False) for topic in many[: FACET_SIZE - len(often)]]
    assert facet(results, "topic") == [*often, *rarely, ("t019", 1, True)]


def test_an_outlet_is_counted_for_related_articles_too_and_labelled_with_its_name(
    seeds_index: Path,
) -> None:
    results = ask(seeds_index, "title:ibm title:facial")
    labels = {facet.value: facet.label for facet in results.facets["provider"]}
    assert labels["jpost.com"] == "The Jerusalem Post Blogs"
    assert labels["usnews.com"] == "U.S. News & World Report"


class Compared(str):
    """A text that counts how often it is compared."""

    __slots__ = ()
    __hash__ = str.__hash__
    times = 0

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return str.__eq__(self, other)

    def __lt__(self, other: str) -> bool:
        Compared.times += 1
        return str.__lt__(self, other)


def test_a_selected_value_is_looked_up_among_the_sorted_names_and_not_gone_through(
    searcher: Searcher,
) -> None:
    assert isinstance(searcher, WhooshSearcher)
    facets = Facets(searcher.segments)
    names = facets.names["provider"]
    facets.names["provider"] = [Compared(name) for name in names]
    selected = [*names, "no.such.example"]
    values, _ = Counter(facets).top("provider", 0, selected, None)
    assert dict(values) == dict.fromkeys(selected, 0)
    assert Compared.times <= len(selected) * (len(names).bit_length() + 1)


def test_one_long_value_among_many_does_not_make_a_selection_take_memory(
    searcher: Searcher,
) -> None:
    assert isinstance(searcher, WhooshSearcher)
    facets = Facets(searcher.segments)
    facets.names["topic"] += [f"z{n}" for n in range(20_000)] + ["z" * 256]
    tracemalloc.start()
    try:
        (mask,) = facets.filters(0, {"topic": ("ai",)}).values()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert mask.any()
    assert peak < 2_000_000
