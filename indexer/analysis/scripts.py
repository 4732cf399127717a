"""Tells the language of a text by its script, where that tells it.

A script that several languages share stands for the one that most news in it is written in, unless
letters of another occur: Cyrillic is Russian, but with `ї` or `є` Ukrainian. Latin tells nothing.
"""

import re

LETTERS = {
    "ru": "\u0400-\u052f",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "ar": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "he": "\u0590-\u05ff\ufb1d-\ufb4f",
    "hi": "\u0900-\u097f",
    "bn": "\u0980-\u09ff",
    "pa": "\u0a00-\u0a7f",
    "gu": "\u0a80-\u0aff",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "si": "\u0d80-\u0dff",
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "my": "\u1000-\u109f",
    "ka": "\u10a0-\u10ff\u2d00-\u2d2f",
    "am": "\u1200-\u139f",
    "km": "\u1780-\u17ff",
    "hy": "\u0530-\u058f",
    "zh": "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f",
    "ja": "\u3041-\u30ff\uff66-\uff9f",
    "ko": "\u1100-\u11ff\uac00-\ud7a3",
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
}
"""Each language to the letters of its script; `latin` to those of most others."""

_OWN_LETTERS = {
    "ru": {
        "be": "ўЎ",
        "uk": "іїєґІЇЄҐ",
        "sr": "ђћџљњјЂЋЏЉЊЈ",
        "mk": "ѓќѕЃЌЅ",
        "kk": "әғқңұһӘҒҚҢҰҺ",
    },
    "ar": {"ur": "ٹڈڑےں", "fa": "پچژگ"},
    "he": {"yi": "װױײ"},
    "zh": {"ja": "ぁ-ヿ"},
}
"""For each script that others use, too, the letters that only these have, in order of trial."""

_RUNS = re.compile("|".join(f"(?P<{code}>[{letters}]+)" for code, letters in LETTERS.items()))
_OWN = {
    script: {code: re.compile(f"[{letters}]") for code, letters in languages.items()}
    for script, languages in _OWN_LETTERS.items()
}


def script_language(text: str, longest: int = 2000) -> str | None:
    """The code of the language whose script most letters of a text are of, `None` if they are
    Latin ones or there are none. Only the first `longest` characters are looked at."""
    if text.isascii():
        return None
    letters: dict[str, int] = {}
    for match in _RUNS.finditer(text[:longest]):
        script = match.lastgroup or ""
        letters[script] = letters.get(script, 0) + len(match[0])
    script = max(letters, key=letters.__getitem__, default="latin")
    if script == "latin":
        return None
    own = _OWN.get(script, {}).items()
    return next((code for code, pattern in own if pattern.search(text[:longest])), script)
