"""Filters mean what the fields of the same names do, however a value is written."""

from pathlib import Path

import pytest

from indexer.item import Provider
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest, no_selections
from search_app.search.results import Results
from tests.search.samples import ask, ids, item, make, selected, toggled


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven items, whose topics and outlets are written in several ways."""
    bbc, more = Provider("BBC News", "bbc.co.uk"), Provider("BBC News", "bbc.com")
    times = Provider("The Sea Times", "sea-times.example")
    return make(
        tmp_path_factory.mktemp("filters"),
        [
            item("1", "tram", "2019-01-01", "reuters.com", topics=("Politics", "Climate change")),
            item("2", "tram", "2020-01-01", topics=("politics",), provider=bbc),
            item("3", "tram", "2021-01-01", topics=("POLITICS", "politics"), provider=more),
            item("4", "ferry", topics=("Politics", "Économie"), provider=times, type="video"),
            item("5", "ferry", topics=("Party politics",), type="live blog"),
            item("6", "ferry", topics=("Climate policy", "Economie")),
            item("7", "ferry", topics=("Women’s rights", "C++")),
        ],
    )


def filtered(folder: Path, group: str, *values: str, q: str = "") -> Results:
    return ask(folder, SearchRequest(q=q, selections=no_selections() | {group: values}))


def field(group: str, text: str) -> str:
    """The field with a value as it is typed."""
    return f'{group}:"{text}"' if " " in text else f"{group}:{text}"


def found(results: Results) -> str:
    return "".join(sorted(ids(results)))


def kinds(results: Results) -> list[str]:
    return [note.kind for note in results.notes]


WHOLE = [
    *[("topic", text, "1234") for text in ("Politics", "politics", "POLITICS")],
    *[("topic", text, "1234") for text in (" Politics ", "ｐolitics")],
    *[("topic", text, "46") for text in ("Économie", "economie", "ECONOMIE", "Économie")],
    *[("topic", text, "7") for text in ("women's rights", "WOMEN’S RIGHTS", "c++", "C++")],
    ("topic", "climate change", "1"),
    *[("provider", text, "1") for text in ("reuters.com", "Reuters", "REUTERS", "www.reuters.com")],
    *[("provider", text, "1") for text in ("https://www.Reuters.com/", "http://www.reuters.com")],
    *[("provider", text, "23") for text in ("BBC News", "bbc news", "BBC  NEWS")],
    ("provider", "bbc.com", "3"),
    ("provider", "the sea times", "4"),
    *[("type", text, "5") for text in ("live blog", "Live Blog", "LIVE  BLOG")],
    ("type", "Video", "4"),
]  # fmt: skip

WORDS = [
    ("topic", "climate", "16", "Climate change"),
    ("topic", "policies", "6", "Politics"),
    ("topic", "party", "5", "Party politics"),
    ("topic", "polticks", "", "Politics"),
    ("topic", "politics climate", "", ""),
    ("topic", "…", "", ""),
    ("topic", "zebra*x", "", ""),
    ("provider", "times", "4", "The Sea Times"),
    ("provider", "bbc", "23", "BBC News"),
    ("provider", "ruters", "", "Reuters"),
    ("provider", "reuters.org", "", "reuters.com"),
    ("type", "vidoe", "", "video"),
    ("type", "live", "", "live blog"),
]


@pytest.mark.parametrize(("group", "text", "wanted"), WHOLE)
def test_a_whole_value_is_selected_however_it_is_written(
    news: Path, group: str, text: str, wanted: str
) -> None:
    for results in (filtered(news, group, text), ask(news, field(group, text))):
        assert (found(results), kinds(results)) == (wanted, [])
    (shown,) = [facet for facet in filtered(news, group, text).facets[group] if facet.selected]
    assert shown.count == len(wanted)
    if wanted != "23":  # which are two outlets
        assert shown.value in {facet.value for facet in ask(news, "").facets[group]}


@pytest.mark.parametrize(("group", "text", "wanted", "near"), WORDS)
def test_what_is_no_value_is_searched_as_words_and_a_note_says_what_is_near(
    news: Path, group: str, text: str, wanted: str, near: str
) -> None:
    results = filtered(news, group, text)
    assert found(results) == wanted
    assert kinds(results) == ["unknown_value"]
    assert f"“{text}” is" in results.notes[0].message
    assert (f"“{near}”" in results.notes[0].message.partition("near: ")[2]) == bool(near)
    (facet,) = [facet for facet in results.facets[group] if facet.selected]
    assert facet.count == len(wanted)
    by_field = ask(news, SearchRequest(q=field(group, text), match=Match.ALL))
    assert found(by_field) == wanted
    assert "unknown_value" in kinds(by_field)


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("topic:politics", "1234"),
        ("TOPIC:POLITICS", "1234"),
        ("-topic:politics", "567"),
        ("topic:politics OR topic:c++", "12347"),
        ("topic:(politics economie)", "4"),
        ("topic:climate", "16"),
        ("-topic:climate", "23457"),
        ("topic:clim*", "16"),
        ("topic:polit*", "12345"),
        ("provider:reuters", "1"),
        ("provider:bbc", "23"),
        ("provider:(bbc news)", "23"),
        ("provider:sea*", "4"),
        ("provider:https://www.reuters.com", "1"),
        ("type:video OR type:live*", "45"),
        ("tram topic:politics -provider:reuters", "23"),
    ],
)
def test_fields_of_values_in_a_query(news: Path, q: str, wanted: str) -> None:
    assert found(ask(news, SearchRequest(q=q, match=Match.ALL))) == wanted


def test_a_prefix_and_words_of_other_fields_name_no_value_and_need_no_note(news: Path) -> None:
    for q in ("topic:clim*", "type:vid*", "title:politics", "politics", 'excerpt:"a b"'):
        assert kinds(ask(news, q)) == []


@pytest.mark.parametrize(
    ("group", "text", "wanted"), [("topic", "clim*", "16"), ("type", "v*", "4")]
)
def test_a_filter_may_end_in_a_star_as_a_field_does(
    news: Path, group: str, text: str, wanted: str
) -> None:
    for results in (filtered(news, group, text), ask(news, f"{group}:{text}")):
        assert (found(results), kinds(results)) == (wanted, [])


def test_a_value_with_a_star_is_selected_as_it_is(tmp_path: Path) -> None:
    make(tmp_path, [item("1", topics=("C*",)), item("2", topics=("Cars",))])
    assert found(filtered(tmp_path, "topic", "c*")) == "1"


def test_a_note_in_a_query_says_where(news: Path) -> None:
    (note,) = ask(news, "tram topic:polticks").notes
    assert (note.kind, note.start, note.end) == ("unknown_value", 11, 19)
    assert note.message.endswith("near: “Politics”")


def test_of_many_unknown_values_the_first_few_are_noted(news: Path) -> None:
    many = tuple(f"zebra{n}" for n in range(9))
    assert kinds(filtered(news, "topic", *many)) == ["unknown_value"] * 3
    assert kinds(ask(news, " ".join(f"topic:{one}" for one in many))) == ["unknown_value"] * 3


def test_topics_that_differ_only_in_case_or_accents_are_one_value(news: Path) -> None:
    topics = [(v.value, v.label, v.count) for v in ask(news, "").facets["topic"]]
    assert topics[:2] == [("Politics", "Politics", 4), ("Economie", "Economie", 2)]
    assert len(topics) == len({value.casefold() for value, _, _ in topics})


def test_the_request_that_is_answered_carries_the_values_shown(news: Path) -> None:
    results = ask(news, SearchRequest(selections=selected(topic="POLITICS", provider="Reuters")))
    assert results.request.selections["topic"] == ("Politics",)
    assert results.request.selections["provider"] == ("reuters.com",)
    assert toggled(results.request, "topic", "Politics").selections["topic"] == ()
    twice = filtered(news, "topic", "politics", "POLITICS", "climate")
    assert twice.request.selections["topic"] == ("Politics", "climate")
    assert found(twice) == "12346"


def test_words_and_values_of_a_group_are_alternatives(news: Path) -> None:
    results = filtered(news, "topic", "climate", "c++")
    assert found(results) == "167"
    counts = {facet.value: (facet.count, facet.selected) for facet in results.facets["topic"]}
    assert (counts["climate"], counts["C++"]) == ((2, True), (1, True))
    assert counts["Politics"] == (4, False)
    (video,) = [facet for facet in results.facets["type"] if facet.value == "article"]
    assert video.count == 3


def test_a_selected_word_of_outlets_says_why_a_related_article_is_there(tmp_path: Path) -> None:
    times = Provider("The Sea Times", "sea.example")
    related = (item("r", "storm", provider=times).article, item("s", "calm").article)
    make(tmp_path, [item("1", "tram", related=related)])
    (hit,) = filtered(tmp_path, "provider", "times").hits
    assert [one.matched for one in hit.related] == [True, False]


def test_a_name_means_every_outlet_of_that_name_and_no_other_with_its_words(tmp_path: Path) -> None:
    names = ("Wave", "WAVE", "Wave Weekly", "The Wave")
    outlets = [Provider(name, f"o{n}.example") for n, name in enumerate(names)]
    make(tmp_path, [item(str(n), provider=outlet) for n, outlet in enumerate(outlets)])
    for results in (filtered(tmp_path, "provider", "wave"), ask(tmp_path, "provider:wave")):
        assert (found(results), kinds(results)) == ("01", [])


def test_a_name_that_very_many_outlets_have_is_searched_as_words(tmp_path: Path) -> None:
    make(
        tmp_path,
        [item(f"{n:02d}", provider=Provider("News", f"o{n}.example")) for n in range(20)],
    )
    results = filtered(tmp_path, "provider", "news")
    assert results.total == 20
    assert results.notes == ()


@pytest.mark.parametrize(
    ("since", "until", "wanted", "is_noted"),
    [
        ("2021", "2019", "123", True),
        ("2021-01-01", "2020-12", "3", True),
        ("2020", "2019", "12", True),
        ("2020", "2020", "2", False),
        ("2020", "2020-01", "2", False),
        ("2020-01", "2020", "2", False),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2", False),
        ("2020-01-01T10:00", "2020-01-01", "", False),
        ("2019", "2021", "123", False),
        ("2021", "", "3", False),
    ],
)
def test_dates_the_wrong_way_round_are_exchanged_and_noted(
    news: Path, since: str, until: str, wanted: str, is_noted: bool
) -> None:
    results = ask(news, SearchRequest(since=since, until=until))
    assert found(results) == wanted
    assert kinds(results) == ["reversed_range"] * is_noted
    if is_noted:
        assert (results.request.since, results.request.until) == (until, since)
        assert f"since {since} until {until}" in results.notes[0].message
