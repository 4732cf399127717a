"""An accent colour that can be read, and the colours that follow from it.

Contrast is that of WCAG 2.2 (relative luminance and contrast ratio, section 5), which asks for
4.5:1 between a text and its ground (success criterion 1.4.3, level AA). The accent is the colour of
links on the grounds of the style sheet and on a tint of itself, and the ground of buttons.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

AA = 4.5
"""The least contrast of a text with its ground."""

TINT = 0.12
"""The part of the accent in the ground of selected values."""

Colour = tuple[int, int, int]
"""Red, green and blue, from 0 to 255."""

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Grounds:
    """The grounds of a theme, as the style sheet has them: `--paper` and `--raised`."""

    paper: Colour
    raised: Colour


LIGHT = Grounds(paper=(0xFC, 0xFC, 0xF9), raised=(0xF2, 0xF2, 0xEC))
DARK = Grounds(paper=(0x16, 0x18, 0x16), raised=(0x21, 0x24, 0x21))


@dataclass(frozen=True, slots=True)
class Accent:
    """The accent in the light and in the dark theme; the dark one is lighter where it has to be."""

    light: Colour
    dark: Colour

    def css(self) -> str:
        """The style sheet that puts the accent in the place of the usual one, but for print."""
        return (
            f"@media screen {{\n:root {{ {_properties(self.light, LIGHT)} }}\n"
            "@media (prefers-color-scheme: dark) {\n"
            f":root {{ {_properties(self.dark, DARK)} }}\n}}\n}}\n"
        )


def accent(text: str) -> Accent | None:
    """The accent of a colour such as `#0d5c63`; `None` for an empty text.

    Raises `ValueError` if the text is no colour, or one that could not be read on the light theme;
    the message names the nearest darker one that could.
    """
    if not text:
        return None
    if not re.fullmatch("#[0-9a-fA-F]{6}", text):
        raise ValueError("write a colour such as #0d5c63")
    colour = (int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))
    least = least_contrast(colour, LIGHT)
    if least < AA:
        readable = hexadecimal(next(c for c in _towards(colour, BLACK) if _is_readable(c, LIGHT)))
        raise ValueError(
            f"its contrast with the page is {least:.1f}:1, and WCAG AA asks for {AA}:1; "
            f"{readable} has it"
        )
    return Accent(colour, next(c for c in _towards(colour, WHITE) if _is_readable(c, DARK)))


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: Colour, grounds: Grounds) -> float:
    """The least contrast of a colour as text with what it may stand on."""
    tint = _mixed(grounds.paper, colour, TINT)
    return min(contrast(colour, ground) for ground in (grounds.paper, grounds.raised, tint))


def hexadecimal(colour: Colour) -> str:
    """`#0d5c63`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _properties(colour: Colour, grounds: Grounds) -> str:
    on_accent = max((WHITE, BLACK), key=lambda text: contrast(text, colour))
    tint = _mixed(grounds.paper, colour, TINT)
    named = {"accent": colour, "on-accent": on_accent, "tint": tint}
    return " ".join(f"--{name}: {hexadecimal(value)};" for name, value in named.items())


def _is_readable(colour: Colour, grounds: Grounds) -> bool:
    return least_contrast(colour, grounds) >= AA


def _towards(colour: Colour, end: Colour, steps: int = 50) -> Iterator[Colour]:
    """The colour, and what lies between it and another one, which is the last."""
    return (_mixed(colour, end, step / steps) for step in range(steps + 1))


def _mixed(colour: Colour, other: Colour, part: float) -> Colour:
    """A colour with a part of another one, from 0 to 1, in sRGB."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _luminance(colour: Iterable[int]) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (
        c / 12.92 if (c := value / 255) <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for value in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
