"""A search from the request to its results, over the project's own seeds and small worlds."""

import re
from html import unescape
from pathlib import Path

import pytest

from indexer.item import Article, Provider
from search_app.search import service
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest, Sort
from search_app.search.results import Hit, Results
from tests.search.samples import IBM, SEEDS, ask, ids, item, make, reader_of, selected

ADDRESS = "zdnet.com/article/ibm-announces-exit-of-facial-recognition-business"


def ibm(results: Results) -> Hit:
    return next(hit for hit in results.hits if hit.item.id == IBM)


def matched(results: Results) -> list[str]:
    """The domains of the example's related articles that matched."""
    return [r.provider.domain for r in ibm(results).related if r.matched and r.provider]


def test_the_example_is_the_first_hit_with_its_four_outlets(seeds_index: Path) -> None:
    results = ask(seeds_index, "facial recognition")
    first = results.hits[0]
    assert first.item.id == IBM
    assert first.outlets == 5
    assert [r.provider.name for r in first.related if r.provider] == [
        "ZDNet",
        "Axios",
        "The Jerusalem Post Blogs",
        "Channel NewsAsia Singapore",
    ]
    assert (
        first.title_html == "IBM Gets Out of <mark>Facial</mark> <mark>Recognition</mark> Business"
    )
    assert all(r.matched for r in first.related)
    assert results.notes == ()
    assert results.generation.startswith("g000001-")


def test_a_phrase_marks_exactly_the_related_articles_that_hold_it(seeds_index: Path) -> None:
    results = ask(seeds_index, '"reform"')
    assert IBM in ids(results)
    assert matched(results) == ["jpost.com", "channelnewsasia.com"]
    for related in ibm(results).related:
        assert ("<mark>reform</mark>" in related.title_html) == related.matched
    assert "<mark>" not in ibm(results).title_html + ibm(results).excerpt_html
    assert matched(ask(seeds_index, '"police reform"')) == ["jpost.com", "channelnewsasia.com"]


@pytest.mark.parametrize(
    ("query", "domain"),
    [
        ("jpost", "jpost.com"),
        ("jpost.com", "jpost.com"),
        ("provider:jpost", "jpost.com"),
        ("provider:zdnet.com", "zdnet.com"),
        ("provider:www.zdnet.com", "zdnet.com"),
        ('provider:"Jerusalem Post"', "jpost.com"),
        (f"https://www.{ADDRESS}/", "zdnet.com"),
        (f"http://{ADDRESS}", "zdnet.com"),
    ],
)
def test_the_example_is_found_by_its_related_outlets_and_addresses(
    seeds_index: Path, query: str, domain: str
) -> None:
    results = ask(seeds_index, query)
    assert ids(results) == [IBM]
    assert matched(results) == [domain]


def test_a_selected_outlet_says_why_a_related_article_is_there(seeds_index: Path) -> None:
    results = ask(seeds_index, SearchRequest(selections=selected(provider="axios.com")))
    assert ids(results) == [IBM]
    assert matched(results) == ["axios.com"]


def test_the_secured_text_finds_nothing(seeds_index: Path) -> None:
    text = (SEEDS / f"{IBM}.md").read_text(encoding="utf-8")
    secured = re.search(r'^secured: "(.+)"', text, re.MULTILINE)
    assert secured
    for piece in re.findall(r"\w{6,}", secured[1]):
        assert ask(seeds_index, f'"{piece}"').total == 0
    assert ask(seeds_index, f'"{secured[1]}"').total == 0


@pytest.mark.parametrize(
    "query",
    [
        'title:"facial recognition business"',
        'excerpt:"Arvind Krishna"',
        "related:profiling",
        "topic:vision",
        "facial type:article date:2020-06-09 quality:69 outlets:5",
        "ibm date:<2020-06-10 -zebra",
        "IBM's facial-recognition",
        "recog* ibm",
        "(zebra OR ibm) business",
        "U.S. news facial",
    ],
)
def test_the_example_is_found_by_all_it_holds(seeds_index: Path, query: str) -> None:
    assert IBM in ids(ask(seeds_index, SearchRequest(query, match=Match.ALL)))


@pytest.mark.parametrize(
    "query", ["title:krishna", "ibm date:2021", "ibm -facial", '"business facial"']
)
def test_the_example_is_not_found_by_what_it_does_not_hold(seeds_index: Path, query: str) -> None:
    assert IBM not in ids(ask(seeds_index, SearchRequest(query, match=Match.ALL)))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("C++", "C++"),
        (".NET", ".NET"),
        ("COVID-19", "COVID-19"),
        ("covid19", "COVID-19"),
        ("R&D", "R&D"),
        ('"the it"', "The It"),
        ("o'farrell", "O’Farrell"),
        ("umlaut", "umlaut"),
        ("無人駅", "無人駅"),
        ("駅", "無人駅"),
    ],
)
def test_names_that_are_hard_to_find_are_found(seeds_index: Path, query: str, title: str) -> None:
    best = ask(seeds_index, query).hits[0].item.article
    fold = f"{best.title} {best.excerpt}".lower().replace("'", "’")
    assert title.lower() in fold


def test_a_hit_is_marked_only_where_it_was_found_and_escaped_everywhere(tmp_path: Path) -> None:
    hostile = '<script>alert("x")</script> & <mark>tram</mark>'
    related = Article(hostile, hostile, provider=Provider("<b>Tram</b>", "x.io"))
    make(tmp_path, [item("1", hostile, excerpt=hostile, related=(related,))])
    (hit,) = ask(tmp_path, "tram").hits
    for html in (hit.title_html, hit.related[0].title_html, hit.related[0].excerpt_html):
        assert re.sub("</?mark>", "", html).count("<") == 0
        assert html.count("<mark>tram</mark>") == 1
        assert unescape(re.sub("</?mark>", "", html)) == hostile


def test_an_outlet_is_called_what_most_items_call_it(tmp_path: Path) -> None:
    def by(name: str) -> Article:
        return Article("x", provider=Provider(name, "a.com"))

    make(tmp_path, [item(str(n), related=(by(name),)) for n, name in enumerate(("A", "B", "B"))])
    names = {r.provider.name for hit in ask(tmp_path, "").hits for r in hit.related if r.provider}
    assert names == {"B"}


def test_a_related_article_matches_by_a_name_of_its_outlet_alone(tmp_path: Path) -> None:
    outlets = (
        Provider("The Daily", "a.com"),
        Provider("Star Online", "b.com"),
        Provider("Daily Star", "c.com"),
        Provider("Other", "daily.co.uk"),
        Provider("Com", "d.com"),
    )
    articles = tuple(Article(f"x{n}", provider=outlet) for n, outlet in enumerate(outlets))
    make(tmp_path, [item("1", "tram", related=articles)])

    def found(query: str) -> list[str]:
        (hit,) = ask(tmp_path, query).hits
        return [r.provider.name for r in hit.related if r.matched and r.provider]

    assert found("tram") == []
    assert found('tram "daily star"') == ["Daily Star"]  # "Daily" and "Star" stand side by side
    assert found("tram daily") == ["The Daily", "Daily Star", "Other"]
    assert found("tram com") == ["Com"]  # no domain is searched by its suffix


# Relaxing


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """Three items with both words, three with one, one with a common word only."""
    titles = ["red tram", "a red tram", "red old tram", "red", "tram", "red ferry", "the ferry"]
    return make(tmp_path, [item(str(n), title, topics=("T",)) for n, title in enumerate(titles)])


def test_items_with_some_of_the_words_follow_those_with_all(words: Path) -> None:
    results = ask(words, "red tram")
    assert results.total == 6
    assert results.relaxed
    assert set(ids(results)[:3]) == {"0", "1", "2"}
    assert set(ids(results)[3:]) == {"3", "4", "5"}


def test_a_common_word_alone_does_not_bring_an_item(words: Path) -> None:
    assert "6" not in ids(ask(words, "the red tram"))
    assert "6" in ids(ask(words, "the of"))


def test_nothing_is_relaxed_where_all_words_must_match_or_any_may(words: Path) -> None:
    every = ask(words, SearchRequest("red tram", match=Match.ALL))
    some = ask(words, SearchRequest("red tram", match=Match.ANY))
    assert (every.total, every.relaxed) == (3, False)
    assert (some.total, some.relaxed) == (6, False)


def test_nothing_is_relaxed_where_no_item_has_only_some_of_the_words(words: Path) -> None:
    assert ask(words, "zebra giraffe").total == 0
    assert not ask(words, "zebra giraffe").relaxed
    assert not ask(words, "red").relaxed
    assert not ask(words, SearchRequest("red tram", since="2020")).relaxed


def test_enough_items_with_all_words_are_not_followed_by_others(tmp_path: Path) -> None:
    items = [item(str(n), "red tram") for n in range(10)]
    make(tmp_path, [*items, item("x", "red")])
    assert (ask(tmp_path, "red tram").total, ask(tmp_path, "red tram").relaxed) == (10, False)
    selections = selected(topic="none")
    assert not ask(tmp_path, SearchRequest("red tram", selections)).relaxed


def test_hits_that_a_selection_narrows_to_full_matches_are_not_called_relaxed(
    tmp_path: Path,
) -> None:
    make(tmp_path, [item("1", "red tram", topics=("T",)), item("2", "red", topics=("U",))])
    assert ask(tmp_path, "red tram").relaxed
    assert not ask(tmp_path, SearchRequest("red tram", selected(topic="T"))).relaxed
    assert ask(tmp_path, SearchRequest("red tram", selected(topic="U"))).relaxed


# Notes, pages, single items


def test_notes_come_from_the_parser_the_meaning_and_the_page(words: Path) -> None:
    results = ask(words, SearchRequest('red … "tram', page=9))
    assert {note.kind for note in results.notes} == {"unclosed_quote", "no_word", "past_the_end"}
    assert results.hits == ()
    assert results.total == 6


def test_a_page_past_the_end_of_nothing_is_not_noted(words: Path) -> None:
    assert ask(words, SearchRequest("zebra", page=9)).notes == ()


def test_a_query_without_a_word_finds_nothing_and_says_why(words: Path) -> None:
    results = ask(words, "…")
    assert (results.total, [note.kind for note in results.notes]) == (0, ["no_word"])


def test_without_a_query_the_newest_come_first(tmp_path: Path) -> None:
    days = ["2020-01-01", "", "2021-01-01", "2019-01-01"]
    make(tmp_path, [item(str(n), day=day) for n, day in enumerate(days)])
    assert ids(ask(tmp_path, "")) == ["2", "0", "3", "1"]
    assert ids(ask(tmp_path, SearchRequest(sort=Sort.OLDEST))) == ["3", "0", "2", "1"]


def test_an_item_is_given_with_its_coverage_and_no_marks(seeds_index: Path) -> None:
    reader = reader_of(seeds_index)
    with reader.acquire() as lease:
        searcher = lease.searcher
        hit = service.get(searcher, IBM)
        assert service.get(searcher, "nothing") is None
    reader.close()
    assert hit
    assert (hit.score, hit.outlets, len(hit.related)) == (0.0, 5, 4)
    assert not any(related.matched for related in hit.related)
    assert "<mark>" not in hit.title_html + hit.excerpt_html


def test_an_item_without_anything_but_a_title_is_a_hit(tmp_path: Path) -> None:
    make(tmp_path, [item("only", "Only a title")])
    (hit,) = ask(tmp_path, "title").hits
    assert (hit.provider, hit.outlets, hit.excerpt_html, hit.related) == (None, 0, "", ())


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """An index of three items by two authors, one of whom is also written about."""
    return make(
        tmp_path,
        [
            item("1", "The ferry", authors=("Jo Reed", "Ann Lee")),
            item("2", "The tram", authors=("Lee Jo",)),
            item("3", "Jo Reed on the ferry"),
        ],
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("author:reed", ["1"]),
        ("author:lee", ["1", "2"]),
        ('author:"jo reed"', ["1"]),
        ('author:"reed ann"', []),  # no phrase reaches from one author into the next
        ("AUTHOR:Re*", ["1"]),
        ("ferry author:lee", ["1"]),
        ("tram -author:jo", []),
        ('author:reed OR author:"lee jo"', ["1", "2"]),
        ('"jo reed"', ["1", "3"]),
    ],
)
def test_items_are_found_by_their_authors(signed: Path, query: str, found: list[str]) -> None:
    assert sorted(ids(ask(signed, query))) == found


def test_what_was_found_in_an_author_is_marked_there(signed: Path) -> None:
    (hit,) = ask(signed, "author:reed").hits
    assert hit.authors_html == ("Jo <mark>Reed</mark>", "Ann Lee")
    assert "<mark>" not in hit.title_html
    assert [hit.authors_html for hit in ask(signed, "title:reed").hits] == [()]


def test_an_author_holds_where_other_words_may_be_missing(signed: Path) -> None:
    results = ask(signed, "tram ferry author:lee")
    assert sorted(ids(results)) == ["1", "2"]
    assert results.relaxed


def test_what_is_found_in_a_related_article_is_not_found_in_the_body_alone(tmp_path: Path) -> None:
    told = item("told", "First", body="Deep.", markdown="Deep.", related=(Article("Second"),))
    index = make(tmp_path / "index", [told])
    found = {query: ask(index, query).hits[0].in_body for query in ("deep", "second", "first")}
    assert found == {"deep": True, "second": False, "first": False}
