"""Brings web addresses and domains to one form, and tells whether two addresses are one page."""

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
    url = f"{scheme.lower()}://{_UNSAFE.sub(_escaped, rest)}"
    try:  # as written, and as kept: `urlsplit` drops tabs, but not what they are kept as
        hosts = [(parts.hostname, parts.port) for parts in map(urlsplit, (text, url))]
    except ValueError:  # also of a port that is no number
        return ""
    return url if all(name for name, _ in hosts) else ""


def _escaped(sign: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in sign[0].encode("utf-8", "replace"))


def has_scheme(text: str) -> bool:
    """Whether an address begins with a scheme, such as `mailto:`; a relative one does not."""
    text = text.strip()
    return bool(_SCHEME.match(text)) and not _HOST_AND_PORT.match(text)


def host(url: str) -> str:
    """The domain of a clean address, as an outlet's key; "" if it has none."""
    return _domain(urlsplit(url).hostname or "")


def clean_domain(text: str) -> str:
    """A domain as an outlet's key: lower case, without scheme, user, port and path; or ""."""
    text = text.strip().lower()
    text = text.partition("://")[2] or text
    text = re.split(r"[/?#]", text.removeprefix("//"), maxsplit=1)[0]
    text = text.rpartition("@")[2]
    name, colon, port = text.rpartition(":")
    domain = _domain(name if colon and port.isdigit() else text)
    return domain if "." in domain else ""


def url_key(url: str) -> str:
    """Equal for addresses of one page: the address without scheme, `www.`, fragment and a slash
    at the end of its path, with the host in lower case.

    Text that is no address is its own key, because a query may hold anything.
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
