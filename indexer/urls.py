"""Checks web addresses and domains, brings them to one form, and says when two are one page."""

import re
from urllib.parse import urlsplit

MAX_URL = 4_000

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST_AND_PORT = re.compile(r"[\w.-]+:\d")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_UNSAFE = re.compile(r"[\s\"<>\\^`{|}\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def clean_url(text: str) -> str:
    """An absolute http(s) address, or "" if the text is none. `//host` becomes https."""
    text = "".join(text.split("\n")).strip()
    if text.startswith("//"):
        text = f"https:{text}"
    scheme, _, rest = text.partition("://")
    if len(text) > MAX_URL or scheme.lower() not in ("http", "https"):
        return ""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises if it is no number
    except ValueError:
        return ""
    return f"{scheme.lower()}://{_UNSAFE.sub(_escaped, rest)}" if parts.hostname else ""


def _escaped(sign: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in sign[0].encode("utf-8", "replace"))


def has_scheme(text: str) -> bool:
    """Whether a text names its scheme, as `mailto:` and `javascript:` do; relative ones do not."""
    text = text.strip()
    return bool(_SCHEME.match(text)) and not _HOST_AND_PORT.match(text)


def host(url: str) -> str:
    """The domain of a clean address, as an outlet's key; "" if it has none."""
    return _domain(urlsplit(url).hostname or "")


def clean_domain(text: str) -> str:
    """A domain as an outlet's key, or "" where the text is none: lower case, nothing around it."""
    text = text.strip().lower()
    text = text.partition("://")[2] or text
    text = re.split(r"[/?#]", text.removeprefix("//"), maxsplit=1)[0]
    text = text.rpartition("@")[2]
    name, colon, port = text.rpartition(":")
    domain = _domain(name if colon and port.isdigit() else text)
    return domain if "." in domain else ""


def url_key(url: str) -> str:
    """The identity of a page: its address with the host in lower case and without scheme, `www.`,
    fragment and the closing slash of the path.

    Never raises: text that is no address (a query may hold anything) is its own key.
    """
    try:
        split = urlsplit(url)
    except ValueError:
        return url
    query = f"?{split.query}" if split.query else ""
    return split.netloc.lower().removeprefix("www.") + split.path.rstrip("/") + query


def _domain(name: str) -> str:
    name = name.lower().rstrip(".").removeprefix("www.")
    return name if len(name) <= 253 and _HOST.fullmatch(name) else ""
