"""Entity tags, and the headers that list them."""

import pytest

from search_app.serving.entity_tags import entity_tag, is_listed


def test_different_parts_give_different_tags() -> None:
    parts = [("a", "b"), ("ab",), ("a", "b", ""), ("b", "a"), ("a\0b",), ("\ud800",), (b"a",)]
    tags = [entity_tag(*one) for one in parts]
    assert len(set(tags)) == len(parts)
    assert tags == [entity_tag(*one) for one in parts]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('W/"a"', True),
        ('"a"', True),
        ('"b",W/"a"', True),
        (' "b" , "a" ', True),
        ("a", False),
        ('"A"', False),
        ('"ab"', False),
        ("", False),
        ("*", False),
        (",," * 30_000, False),
    ],
)
def test_a_tag_is_found_in_a_list_weak_or_strong(header: str, expected: bool) -> None:
    assert is_listed('W/"a"', header) is expected
