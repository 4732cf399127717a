"""Text in lines of a terminal: no sign is lost, no line too wide, whatever the script."""

import re
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.wrapping import wrapped

texts = st.lists(st.text("ab日é\u0301 ", max_size=30), max_size=8).map("\x1b[1m".join)


def columns(line: str) -> int:
    shown = re.sub("\x1b\\[[0-9]*m", "", line)
    return sum(
        0 if sign == "\u0301" else 2 if east_asian_width(sign) == "W" else 1 for sign in shown
    )


@given(texts, st.integers(0, 5), st.integers(20, 60), st.integers(0, 2))
def test_no_line_is_too_wide_and_no_sign_is_lost(
    text: str, indent: int, width: int, further: int
) -> None:
    lines = wrapped(text, indent, width, further)
    assert max(map(columns, lines)) <= max(width, indent + 20)
    assert all(line.startswith(" " * indent) or not line.strip() for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ["  "]),
        ("one two three four five six", ["  one two three four", "    five six"]),
        ("a" * 25, ["  " + "a" * 20, "    " + "a" * 5]),
        ("日本語" * 5, ["  " + "日本語日本語日本語日", "    本語日本語"]),
        (
            "\x1b[1mone two three four\x1b[0m five",
            ["  \x1b[1mone two three four\x1b[0m", "    five"],
        ),
    ],
)
def test_a_line_breaks_between_words_and_else_where_it_has_to(text: str, lines: list[str]) -> None:
    assert wrapped(text, 2, 22, 2) == lines
