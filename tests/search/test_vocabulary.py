"""Which values a text names, and which are near one that names none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.item import Image, Provider
from search_app.search.nearest import LONGEST, near_hint, nearest
from search_app.search.vocabulary import Outlet, Vocabulary

VOCABULARY = Vocabulary(
    {
        "topic": {
            "politics": "Politics",
            "party politics": "Party politics",
            "climate change": "Climate change",
            "climate": "Climate",
            "c++": "C++",
            "economie": "Économie",
            "ai": "AI",
        },
        "provider": {
            "reuters.com": "Reuters",
            "bbc.co.uk": "BBC News",
            "bbc.com": "BBC News",
            "news.example": "reuters.com",
            "bücher.example": "Bücher",
        },
        "type": {"article": "article", "live blog": "live blog"},
        "year": {"2020": "2020", "2019": "2019"},
    }
)


@pytest.mark.parametrize(
    ("group", "text", "values"),
    [
        ("topic", "Politics", ["politics"]),
        ("topic", "POLITICS", ["politics"]),
        ("topic", " climate  CHANGE ", ["climate change"]),
        ("topic", "Climate", ["climate"]),
        ("topic", "ÉCONOMIE", ["economie"]),
        ("topic", "economie", ["economie"]),
        ("topic", "ＡＩ", ["ai"]),
        ("topic", "c++", ["c++"]),
        ("topic", "c", []),
        ("topic", "polticks", []),
        ("topic", "reuters.com", []),
        ("provider", "reuters.com", ["reuters.com"]),
        ("provider", "Reuters", ["reuters.com"]),
        ("provider", "REUTERS", ["reuters.com"]),
        ("provider", "WWW.Reuters.com", ["reuters.com"]),
        ("provider", "https://www.reuters.com/world?a=1", ["reuters.com"]),
        ("provider", "//reuters.com", ["reuters.com"]),
        ("provider", "bbc  news", ["bbc.co.uk", "bbc.com"]),
        ("provider", "bücher", ["bücher.example"]),
        ("provider", "bbc", []),
        ("provider", "reuters.org", []),
        ("provider", "", []),
        ("type", "Article", ["article"]),
        ("type", "Live Blog", ["live blog"]),
        ("type", "live", []),
        ("year", "2020", ["2020"]),
        ("year", "1999", []),
        ("colour", "red", []),
    ],
)
def test_a_text_names_a_whole_value_however_it_is_written(
    group: str, text: str, values: list[str]
) -> None:
    assert list(VOCABULARY.called(group, text)) == values


@pytest.mark.parametrize(
    ("group", "text", "near"),
    [
        ("topic", "polticks", ("Politics",)),
        ("topic", "clim", ("Climate", "Climate change")),
        ("topic", "Polit", ("Politics", "Party politics")),
        ("topic", "economics", ("Économie",)),
        ("topic", "climate-change", ("Climate change",)),
        ("topic", "zebra", ()),
        ("provider", "ruters", ("Reuters", "reuters.com")),
        ("provider", "bbc", ("bbc.com", "BBC News", "bbc.co.uk")),
        ("provider", "reuters.org", ("reuters.com", "Reuters")),
        ("type", "artcle", ("article",)),
        ("year", "2021", ("2020", "2019")),
        ("colour", "red", ()),
    ],
)
def test_near_a_text_that_names_no_value_are_those_people_may_have_meant(
    group: str, text: str, near: tuple[str, ...]
) -> None:
    assert VOCABULARY.near(group, text)[:3] == near


def test_the_label_of_a_value_that_no_item_has_is_the_value() -> None:
    assert VOCABULARY.label("topic", "economie") == "Économie"
    assert VOCABULARY.label("topic", "zebra") == "zebra"
    assert VOCABULARY.label("colour", "red") == "red"


def test_words_that_only_begin_alike_are_near_at_the_beginning_of_a_word_alone() -> None:
    assert nearest("art", ["martial law", "party", "modern art", "art", "arts"]) == (
        "art", "arts", "modern art",
    )  # fmt: skip
    assert nearest("art", ["war"]) == ()


def test_nothing_is_near_a_text_without_end() -> None:
    assert nearest("a" * LONGEST, ["a" * LONGEST]) != ()
    assert nearest("a" * (LONGEST + 1), ["a" * (LONGEST + 1)]) == ()
    assert nearest("", ["a"]) == ()


def test_a_hint_names_what_is_near() -> None:
    assert near_hint(["a", "b"]) == "; near: “a”, “b”"
    assert near_hint([]) == ""


ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)


@given(st.sampled_from(("topic", "provider", "type", "year", "other")), ANY_TEXT)
def test_any_text_names_values_that_are_there_or_none(group: str, text: str) -> None:
    values = VOCABULARY.called(group, text)
    assert all(VOCABULARY.called(group, value) == (value,) for value in values)
    assert len(VOCABULARY.near(group, text)) <= 3


@given(st.lists(ANY_TEXT, max_size=8), ANY_TEXT)
def test_what_is_near_is_among_the_names(names: list[str], name: str) -> None:
    found = nearest(name, names)
    assert set(found) <= set(names)
    assert len(set(found)) == len(found) <= 3


@pytest.mark.parametrize(
    ("items", "common", "telling"),
    [
        ({"en": 10, "de": 4}, {"the"}, {"die", "der"}),
        ({"en": 10, "de": 5}, {"the", "die", "der"}, set()),
        ({"de": 10, "en": 1}, {"die", "der"}, {"the"}),
        ({"zh": 10, "en": 1}, set(), {"the"}),
        ({}, set(), {"the"}),
    ],
)
def test_stop_words_are_those_of_the_languages_that_many_items_are_in(
    items: dict[str, int], common: set[str], telling: set[str]
) -> None:
    known = Vocabulary({}, items).stop_words
    assert common <= known
    assert not telling & known


def test_languages_are_in_order_of_how_many_items_are_in_them() -> None:
    assert Vocabulary({}, {"fr": 1, "de": 3, "cs": 1, "en": 2}).languages == (
        "de",
        "en",
        "cs",
        "fr",
    )
    assert Vocabulary({}, {"fr": 1, "de": 3, "en": 2}, most=2).languages == ("de", "en")


def test_an_outlet_has_the_name_most_items_give_it_and_is_searched_by_its_own() -> None:
    given = Provider("Auntie.co.uk", "bbc.co.uk", Image("https://i/a.png"))
    shown = Provider("BBC News", "bbc.co.uk", Image("https://i/a.png"))
    renamed, same, none = VOCABULARY.outlets([given, shown, None])
    assert renamed == Outlet(shown, ("Auntie auntiecouk", "bbc"))
    assert same.shown is shown
    assert none == Outlet(None, ())
