"""When two topics are one value, and which values an item has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import document
from indexer.facet_values import Label, labels, value_key
from indexer.item import Article, Provider
from tests.indexer.samples import NEW_YEAR, item


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Politics", "politics"),
        ("POLITICS", "Politics"),
        ("Straße", "STRASSE"),
        ("Économie", "economie"),
        ("ＡＩ", "ai"),
        ("New  York", "new york"),
        ("New\u00a0York", "New York"),
        ("Women’s rights", "women's Rights"),
        ("Covid–19", "COVID-19"),
        ("Ελλάδα", "ΕΛΛΑΔΑ"),
        ("cafe\u0301", "café"),
    ],
)
def test_topics_that_differ_in_case_accents_width_or_signs_alike_are_one(
    one: str, other: str
) -> None:
    assert value_key(one) == value_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("C", "C#"),
        ("Climate", "Climate change"),
        ("Sport", "Sports"),
        ("climate-change", "climate change"),
        ("東京", "京都"),
        ("\u0301", "\u0302"),
    ],
)
def test_other_topics_stay_apart(one: str, other: str) -> None:
    assert value_key(one) != value_key(other)


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_key_is_never_empty_and_is_its_own_key(text: str) -> None:
    key = value_key(text)
    assert key
    assert value_key(key) == key


def test_an_item_has_each_value_under_each_of_its_texts_once() -> None:
    one = item(
        topics=("AI", "ai", "Cars"),
        type="Video",
        published=NEW_YEAR,
        provider=Provider("A", "a.com"),
        related=(
            Article("1", provider=Provider("A", "a.com"), type="audio"),
            Article("2"),
            Article("3", provider=Provider("B", "a.com")),
        ),
    )
    assert labels(one) == (
        Label("topic", "ai", "AI"),
        Label("topic", "ai", "ai"),
        Label("topic", "cars", "Cars"),
        Label("provider", "a.com", "A"),
        Label("provider", "a.com", "B"),
        Label("type", "video", "Video"),
        Label("year", "2020", "2020"),
        Label("language", "en", "English"),
    )
    keywords = document(one).keywords
    assert keywords["label"] == ("ai", "cars")
    assert (keywords["outlet"], keywords["type"], keywords["year"]) == (
        ("a.com",), ("video",), ("2020",),
    )  # fmt: skip
