"""The addresses of searches and items: they lead back to what they were made from."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.schema import FACETS
from search_app.links import encoded, item_url, parameters, search_links, search_url
from search_app.request_params import search_request
from search_app.search.query.rewrite import Match
from search_app.search.request import Group, SearchRequest, Sort, Spelling, no_selections

texts = st.text(st.characters(codec="utf-8"), max_size=20)
values = texts.filter(str.strip)
CHOICES = {
    "year": st.sampled_from(("2020", "1999")),
    "type": st.sampled_from(("article", "live & on air")),
    "provider": st.sampled_from(("zdnet.com", "bücher.example")),
}
requests = st.builds(
    SearchRequest,
    q=texts.map(lambda text: text if text.strip() else ""),
    selections=st.fixed_dictionaries(
        {
            group: st.lists(CHOICES.get(group, values), max_size=2, unique=True).map(tuple)
            for group in FACETS
        }
    ),
    since=st.sampled_from(("", "2020", "2020-06-09T18:00:00+02:00")),
    until=st.sampled_from(("", "2021-06")),
    sort=st.sampled_from(Sort),
    match=st.sampled_from(Match),
    page=st.integers(1, 99),
    page_size=st.integers(1, 100),
    spelling=st.sampled_from(Spelling),
    default_page_size=st.sampled_from((10, 20)),
    group=st.sampled_from(Group),
    default_group=st.sampled_from(Group),
    story=st.sampled_from(("", "9f86d081884c7d65")),
)


@given(requests)
def test_the_address_of_a_request_gives_the_request_again(request: SearchRequest) -> None:
    split = urlsplit(search_url(request, ""))
    assert split.path in ("/search", "/")
    assert split.netloc == split.fragment == ""
    defaults = request.default_page_size, request.default_group
    assert search_request(parse_qs(split.query), *defaults) == request


def asked(url: str, request: SearchRequest) -> SearchRequest:
    """The request of an address, with the defaults of another one."""
    split = urlsplit(url)
    assert split.path == "/search"
    defaults = request.default_page_size, request.default_group
    return search_request(parse_qs(split.query), *defaults)


@given(requests, st.sampled_from(sorted(FACETS)), values)
def test_a_link_changes_one_thing_and_leads_to_the_first_page(
    request: SearchRequest, group: str, value: str
) -> None:
    links, first = search_links(request, ""), replace(request, page=1)
    assert asked(links.changed(), request) == first
    assert asked(links.changed(q=value), request) == replace(first, q=value)
    chosen = replace(first, selections={**request.selections, group: ()})
    assert asked(links.changed(**{group: ""}), request) == chosen
    for one in request.selections[group]:
        left = tuple(other for other in request.selections[group] if other != one)
        kept = replace(first, selections={**request.selections, group: left})
        assert asked(links.without((group, one)), request) == kept


@given(requests, values)
def test_a_parameter_can_be_written_behind_the_beginning_of_an_address(
    request: SearchRequest, value: str
) -> None:
    links = search_links(request, "/news")
    address = f"{links.beginning(topic='')}{encoded('topic', value)}"
    narrowed = replace(request, page=1, selections={**request.selections, "topic": (value,)})
    assert asked(address.removeprefix("/news"), request) == narrowed
    assert links.own == urlsplit(search_url(request, "")).query


@given(requests, st.lists(texts, max_size=3))
def test_links_to_each_value_of_a_parameter_are_those_to_one(
    request: SearchRequest, several: list[str]
) -> None:
    links = search_links(request, "/news")
    assert links.each("q", several, since="") == [links.changed(since="", q=one) for one in several]


def test_defaults_are_left_out_and_the_order_is_fixed() -> None:
    assert parameters(SearchRequest()) == []
    assert search_url(SearchRequest(), "") == "/"
    assert search_url(SearchRequest(page=2), "") == "/search?page=2"
    full = SearchRequest(
        "a b", no_selections() | {"topic": ("AI", "C++")}, "2020", "", Sort.NEWEST, Match.ALL, 3, 5
    )
    assert search_url(full, "") == (
        "/search?q=a+b&topic=AI&topic=C%2B%2B&since=2020&sort=newest&match=all&page_size=5&page=3"
    )


@pytest.mark.parametrize(
    ("id", "url"),
    [
        ("a", "/items/a"),
        ("2020/06/a b", "/items/2020/06/a%20b"),
        ("100%", "/items/100%25"),
        ("what?#x", "/items/what%3F%23x"),
        ("ünï/日本", "/items/%C3%BCn%C3%AF/%E6%97%A5%E6%9C%AC"),
        ("a&b=c;d+e", "/items/a%26b%3Dc%3Bd%2Be"),
    ],
)
def test_an_item_of_any_id_has_an_address(id: str, url: str) -> None:
    assert item_url(id, "") == url


@given(texts)
def test_the_address_of_an_item_gives_its_id_again(id: str) -> None:
    path = item_url(id, "")
    assert unquote(path.removeprefix("/items/")) == id
    assert not set(path) & set("?# %\\\"'<>") - {"%"}
