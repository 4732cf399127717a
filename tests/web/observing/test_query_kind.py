"""Kinds of queries, as addresses write them."""

from urllib.parse import urlencode

import pytest

from search_app.observing.query_kind import KINDS, query_kind


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("everything", {}),
        ("everything", {"page": "2", "q": " "}),
        ("filters", {"topic": "AI"}),
        ("filters", {"q": "", "since": "2020"}),
        ("words", {"q": "ferry storm", "topic": "AI"}),
        ("phrase", {"q": 'topic:x "ferry storm"'}),
        ("field", {"q": "title:ferry"}),
    ],
)
def test_the_kind_of_a_query(kind: str, parameters: dict[str, str]) -> None:
    assert query_kind(urlencode(parameters)) == kind
    assert kind in KINDS


def test_what_is_not_escaped_is_read_too() -> None:
    assert query_kind('page=2&q="a"') == "phrase"
    assert query_kind("q=title:a") == "field"
