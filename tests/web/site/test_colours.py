"""An accent can be read on every ground, in both themes; or it is refused with a way out."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.site.colours import (
    AA,
    BLACK,
    DARK,
    LIGHT,
    WHITE,
    Grounds,
    accent,
    contrast,
    least_contrast,
)

STYLE = Path(__file__).parents[3] / "search_app" / "static" / "style.css"
colours = st.tuples(*[st.integers(0, 255)] * 3)


def written(text: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(text.removeprefix("#")))


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # as WCAG's own examples and the tools that follow it have them
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54),
     ("#ff0000", "#ffffff", 4.0), ("#123456", "#123456", 1.0)],
)  # fmt: skip
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    (a, b, c), (d, e, f) = written(one), written(other)
    assert contrast((a, b, c), (d, e, f)) == contrast((d, e, f), (a, b, c))
    assert round(contrast((a, b, c), (d, e, f)), 2) == ratio


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    css, _, _ = STYLE.read_text(encoding="utf-8").partition(
        "@media print"
    )  # on paper, ink is black
    found = [
        Grounds(*[(one[0], one[1], one[2]) for one in map(written, pair)])
        for pair in re.findall(r"--paper: (#\w{6});\s+--raised: (#\w{6});", css)
    ]
    assert found == [LIGHT, DARK]


@given(colours)
def test_an_accent_that_is_taken_can_be_read_in_both_themes_and_so_can_a_button(
    colour: tuple[int, int, int],
) -> None:
    text = "#{:02x}{:02x}{:02x}".format(*colour)
    try:
        taken = accent(text)
    except ValueError as error:
        assert least_contrast(colour, LIGHT) < AA
        (way_out,) = re.findall("(#[0-9a-f]{6}) has it", str(error))
        taken = accent(way_out)
    assert taken
    assert least_contrast(taken.light, LIGHT) >= AA
    assert least_contrast(taken.dark, DARK) >= AA
    properties = re.findall(r"--(on-)?accent: (#\w{6});", taken.css())
    assert len(properties) == 4
    for (_, ground), (_, on) in zip(properties[::2], properties[1::2], strict=True):
        a, b, c = written(ground)
        assert contrast((a, b, c), BLACK if on == "#000000" else WHITE) >= AA


@pytest.mark.parametrize("text", ["red", "#fff", "0d5c63", "#0d5c6g", "#0d5c63;", "rgb(1,2,3)"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write a colour such as #0d5c63"):
        accent(text)


def test_no_accent_is_none() -> None:
    assert accent("") is None
