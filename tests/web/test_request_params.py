"""From the text of parameters to a request: what is taken, ignored and refused."""

import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Request

from indexer.errors import UsageError
from indexer.schema import FACETS
from search_app.request_params import Parameters, parameters_of, search_request
from search_app.search.query.parser import MAX_CHARACTERS
from search_app.search.query.rewrite import Match
from search_app.search.request import (
    MAX_ADDRESS,
    MAX_PAGE,
    MAX_SELECTED,
    Group,
    SearchRequest,
    Sort,
    address_bytes,
    no_selections,
    shortened,
)


@given(
    st.text(st.sampled_from("q=&;+%C3aB\xff\xc3\xa9 #")) | st.text(st.characters(max_codepoint=255))
)
def test_parameters_are_those_of_the_address_whatever_its_bytes(query: str) -> None:
    """As Werkzeug reads them, which takes longer and only what is UTF-8."""
    parameters = parameters_of({"QUERY_STRING": query})
    if query.isascii():
        assert parameters == Request({"QUERY_STRING": query}).args.to_dict(flat=False)
    search_request({name: values for name, values in parameters.items() if name == "q"})


def test_bytes_that_are_no_text_stay_percent_encoded() -> None:
    assert parameters_of({"QUERY_STRING": "q=a\xffb%FF&q=\xc3\xa9"}) == {"q": ["a%FFb%FF", "é"]}
    assert parameters_of({}) == {}


def test_no_parameters_ask_for_everything() -> None:
    assert search_request({}) == SearchRequest()


def test_every_parameter_is_taken() -> None:
    given = {
        "q": [" police  reform "],
        "topic": ["AI", "Cars"],
        "provider": ["zdnet.com"],
        "type": ["video"],
        "year": ["2020", "0001"],
        "language": ["de", "French"],
        "since": ["2019"],
        "until": ["2020-06-09T18:00:00Z"],
        "sort": ["coverage"],
        "match": ["any"],
        "group": ["story"],
        "story": ["9f86d081884c7d65"],
        "page": ["007"],
        "page_size": ["100"],
        "explain": ["1"],
    }
    assert search_request(given) == SearchRequest(
        q=" police  reform ",
        selections={
            "topic": ("AI", "Cars"),
            "provider": ("zdnet.com",),
            "type": ("video",),
            "year": ("2020", "0001"),
            "language": ("de", "French"),
        },
        since="2019",
        until="2020-06-09T18:00:00Z",
        sort=Sort.COVERAGE,
        match=Match.ANY,
        group=Group.STORY,
        story="9f86d081884c7d65",
        page=7,
        page_size=100,
        explain=True,
    )


def test_a_value_given_twice_is_selected_once_in_its_first_place() -> None:
    wanted = {**no_selections(), "topic": ("B", "A")}
    assert search_request({"topic": ["B", "A", "B"]}).selections == wanted


@pytest.mark.parametrize("group", FACETS)
def test_more_values_than_may_be_selected_of_a_group_are_refused(group: str) -> None:
    values = [f"{number:04d}" for number in range(MAX_SELECTED + 1)]
    assert len(search_request({group: values[1:]}).selections[group]) == MAX_SELECTED
    with pytest.raises(UsageError, match=f"{group}: 101 values; select at most 100"):
        search_request({group: values})


def test_selected_values_are_bounded_together_too() -> None:
    some = [f"{number:03d}" for number in range(60)]
    with pytest.raises(UsageError, match="type: 120 values; select at most 100 in all"):
        search_request({"topic": some, "type": some})
    long = [f"{number:03d}{'東' * 80}" for number in range(9)]
    with pytest.raises(UsageError, match="topic: the selected values are too long together"):
        search_request({"topic": long})
    assert len(search_request({"topic": long[:5]}).selections["topic"]) == 5


@pytest.mark.parametrize("group", FACETS)
def test_a_value_longer_than_any_is_refused_and_not_repeated(group: str) -> None:
    with pytest.raises(UsageError, match=f"^{group}: 'xxx.*…' has 100,000 characters") as refused:
        search_request({group: ["x" * 100_000]})
    assert len(str(refused.value)) < 200


SINGLE = ("since", "until", "sort", "match", "group", "story", "page", "page_size")


@pytest.mark.parametrize("name", [*SINGLE, "year"])
def test_a_message_repeats_the_beginning_of_a_long_value_only(name: str) -> None:
    value = "9" * (200 if name == "year" else 1_000_000)
    with pytest.raises(UsageError, match=f"^{name}: '9999") as refused:
        search_request({name: [value]})
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a" * 5_000, "a" * MAX_CHARACTERS),
        ("ab " * 2_000, ("ab " * 1_365)[:-1]),
        ("東" * 4_096, "東" * (MAX_ADDRESS // 9)),
        ("😀" * 4_096, "😀" * (MAX_ADDRESS // 12)),
        ('"' * 4_096, '"' * (MAX_ADDRESS // 3)),
        ("a" * MAX_CHARACTERS, "a" * MAX_CHARACTERS),
    ],
)
def test_a_query_is_shortened_to_what_an_address_may_repeat(typed: str, kept: str) -> None:
    request = search_request({"q": [typed]})
    assert (request.q, request.dropped) == (kept, len(typed) - len(kept))


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.integers(8, 60), st.integers(12, 99))
def test_what_is_shortened_is_the_beginning_and_keeps_within_its_bounds(
    text: str, characters: int, address: int
) -> None:
    kept = shortened(text, characters, address)
    assert text.startswith(kept)
    assert len(kept) <= characters
    assert len(quote_plus(kept)) == address_bytes(kept) <= address
    if len(text) <= characters and address_bytes(text) <= address:
        assert kept == text
    elif text:
        assert kept or text.startswith(" ")


def test_no_character_is_cut_in_two() -> None:
    family, accented = "👩\u200d👧", "e\u0301"
    assert shortened(family * 9, 7, 999) == family * 2
    assert shortened(accented * 9, 5, 999) == accented * 2


def test_blank_values_count_as_absent_and_the_first_of_several_is_taken() -> None:
    blank = {name: ["", "  "] for name in ("q", *FACETS, "since", "sort", "match", "page")}
    assert search_request({**blank, "page_size": [" "], "": ["y"]}) == SearchRequest()
    first = search_request({"q": ["", "a", "b"], "page": ["", "2", "3"], "since": [" ", " 2020 "]})
    assert (first.q, first.page, first.since) == ("a", 2, "2020")
    assert [note.kind for note in first.notes] == ["repeated_parameter"] * 2
    assert "q was given more than once; “a” was taken" in first.notes[0].message
    assert search_request({"q": ["a", "a"], "topic": ["A", "B"]}).notes == ()


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("page-size", "page_size"),
        ("pageSize", "page_size"),
        ("PAGE_SIZE", "page_size"),
        ("per_page", "page_size"),
        ("limit", "page_size"),
        ("topics", "topic"),
        ("Topic", "topic"),
        ("tag", "topic"),
        ("providers", "provider"),
        ("outlet", "provider"),
        ("query", "q"),
        ("from", "since"),
        ("to", "until"),
        ("order", "sort"),
        ("colour", ""),
        ("_", ""),
        ("x" * 9_999, ""),
        ("\ud800", ""),
        ("ｑ", "q"),
    ],
)
def test_an_unknown_parameter_is_ignored_and_a_note_names_it_and_the_one_near(
    name: str, near: str
) -> None:
    request = search_request({name: ["5"], "q": ["a"]})
    (note,) = request.notes
    assert request == SearchRequest(q="a", notes=(note,))
    assert note.kind == "unknown_parameter"
    assert (name if name.isalpha() and len(name) < 40 else "") in note.message
    assert note.message.partition("; ")[2] == (f"near: “{near}”" if near else "")
    assert len(note.message) < 150


@pytest.mark.parametrize("name", ["utm_source", "utm_id", "fbclid", "gclid", "msclkid", "mc_cid"])
def test_parameters_that_only_follow_links_draw_no_note(name: str) -> None:
    assert search_request({name: ["x"], "q": ["a"]}) == SearchRequest(q="a")


def test_of_many_unknown_parameters_the_first_few_are_noted() -> None:
    request = search_request({f"x{number}": ["1"] for number in range(1000)})
    assert [note.message.split("”")[0][-2:] for note in request.notes] == ["x0", "x1", "x2"]


@pytest.mark.parametrize(
    ("name", "value", "near"),
    [
        ("sort", "new", "newest"),
        ("sort", "Relevance", "relevance"),
        ("sort", "oldets", "oldest"),
        ("match", "ALL", "all"),
        ("sort", "date", ""),
    ],
)
def test_a_refused_choice_says_which_there_are_and_which_is_near(
    name: str, value: str, near: str
) -> None:
    with pytest.raises(UsageError, match=r"is not one of .*, ") as refused:
        search_request({name: [value]})
    assert str(refused.value).endswith(f"; near: “{near}”" if near else "coverage")


def test_the_page_size_named_by_the_settings_applies_where_none_is_asked_for() -> None:
    assert search_request({}, page_size=25).page_size == 25


def test_the_grouping_named_by_the_settings_applies_where_none_is_asked_for() -> None:
    assert search_request({}, group=Group.STORY).group is Group.STORY
    assert search_request({"group": ["none"]}, group=Group.STORY).group is Group.NONE


@pytest.mark.parametrize("story", ["9F86D081884C7D65", "9f86", "9f86d081884c7d65 x", "zzzz" * 4])
def test_what_is_no_name_of_a_story_is_refused(story: str) -> None:
    with pytest.raises(UsageError, match=r"^story: .* is no story; take the `story` of a hit"):
        search_request({"story": [story]})
    assert search_request({"page_size": ["5"]}, page_size=25).page_size == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("page", value) for value in ("0", "-1", "+1", "1.0", "1e3", "x", "¹", "１", "0x1")],
        ("page", str(MAX_PAGE + 1)),
        ("page", "1" * 5000),
        *[("page_size", value) for value in ("0", "101", "ten", "1_0")],
        *[("sort", value) for value in ("Relevance", "best", "relevance,newest", "\x00")],
        *[("match", value) for value in ("ALL", "some")],
        *[("spelling", value) for value in ("OFF", "0", "auto")],
        *[("since", value) for value in ("tomorrow", "2020-13", "20-06-09", "2020-06-31", "0000")],
        *[("until", value) for value in (">2020", "2019..2020", "9999-12-32")],
        *[("year", value) for value in ("20", "02020", "２０２０", "2020-06", "-202", "٢٠٢٠")],
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"^{name}: ") as refused:
        search_request({name: [value]})
    assert refused.value.name == name
    assert refused.value.exit_code == 2


def test_the_greatest_values_are_taken() -> None:
    request = search_request({"page": [str(MAX_PAGE)], "page_size": ["100"], "since": ["9999"]})
    assert (request.page, request.page_size) == (MAX_PAGE, 100)
    assert request.window() == (253_370_764_800, None)


def test_lone_surrogates_are_replaced_and_pairs_joined() -> None:
    request = search_request({"q": ["a\udc80b \ud83d\ude00"], "topic": ["\ud800"]})
    assert request.q == "a\ufffdb 😀"
    assert request.selections["topic"] == ("\ufffd",)


any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=12)
names = st.sampled_from(
    ("q", *FACETS, "since", "until", "sort", "match", "spelling", "page", "page_size", "other")
)
some_values = any_text | st.sampled_from(("2020", "1", "newest", "any", " 2020-06 ", "\ud800"))


def refusal(parameters: Parameters) -> str:
    """The parameter that is refused; empty if none is."""
    try:
        search_request(parameters)
    except UsageError as error:
        return error.name
    return ""


@given(st.dictionaries(names, st.lists(some_values, max_size=3)))
def test_any_parameters_make_a_request_that_can_be_written_or_are_refused(
    given: Parameters,
) -> None:
    refused = refusal(given)
    if refused:
        assert refused in given
        return
    request = search_request(given)
    told: Any = [request.q, request.selections, request.since]
    assert json.dumps(told, ensure_ascii=False).encode()
    assert 1 <= request.page <= MAX_PAGE
    assert 1 <= request.page_size <= 100
