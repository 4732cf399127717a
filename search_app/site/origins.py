"""Other sites that may ask the API from a browser, or show a page in a frame.

An origin is the beginning of an address: scheme, host and port (RFC 6454).
"""

import re

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_FRAMES = re.compile(r"(https?://)?(\*\.)?[A-Za-z0-9.-]+(:([0-9]{1,5}|\*))?")
_KEYWORDS = ("none", "self")


def origins(text: str) -> tuple[str, ...]:
    """The origins in a list separated by commas or spaces; `*` alone stands for all.

    Raises `ValueError`, which says what may be written, if an entry is none.
    """
    found = tuple(text.replace(",", " ").split())
    if found != ("*",) and not all(map(_ORIGIN.fullmatch, found)):
        raise ValueError("write * or origins with commas between them, such as https://a.example")
    return found


def frame_ancestors(text: str) -> str:
    """The value of the directive `frame-ancestors` of a Content-Security-Policy (CSP 3, 6.4.2): who
    may show a page in a frame. Raises `ValueError`, which says what may be written."""
    words = [_plain(word) for word in text.replace(",", " ").split()]
    known = all(word in _KEYWORDS or _FRAMES.fullmatch(word) for word in words)
    if not known or not words or ("none" in words and len(words) > 1):
        raise ValueError(
            "write none, or self and sources with commas between them, such as "
            "https://a.example, https://*.b.example"
        )
    return " ".join(f"'{word}'" if word in _KEYWORDS else word for word in words)


def _plain(word: str) -> str:
    """A source without quotes; a keyword, which has no case (CSP 3, 2.3.1), in small letters."""
    bare = word.strip("'")
    return bare.lower() if bare.lower() in _KEYWORDS else bare
