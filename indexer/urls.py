"""Brings web addresses and domains to one form, and tells whether two addresses are one page."""

import re
import unicodedata
from urllib.parse import urlsplit

MAX_URL = 4_000

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST_AND_PORT = re.compile(r"[\w.-]+:\d")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PLAIN_URL = re.compile(
    r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?:[/?#][!#-;=?-Z_a-z~]*)?"
)
"""An address that is surely one, as nearly all are, without port or user. No sign in
it is unsafe."""

_UNSAFE = re.compile(r"[\s\"<>\\^`{|}\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def clean_url(text: str) -> str:
    """An absolute http(s) address, or "" if the text is none. `//host` becomes https."""
    return text if len(text) <= MAX_URL and _PLAIN_URL.fullmatch(text) else _cleaned(text)


def _cleaned(text: str) -> str:
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
    """Equal for addresses of one page, and never for those of two. Any text has a key.

    Not in it: scheme, user, `www.`, a default port, slashes at the end of the path, a fragment (but
    `#!route` and `#/route`, which name pages), and the parameters that only tell where a reader
    came from (`TRACKING`). Of an AMP cache's address it is the key of the page in the cache. The
    host is in lower case and Punycode; percent-encoding is undone wherever it makes no difference.
    Case and order of all else stay as they are.
    """
    for _ in range(_MAX_WRAPPINGS):
        rest = url[found.end() :] if (found := _SCHEME_AND_SLASHES.match(url)) else url
        rest, _, fragment = rest.partition("#")
        rest, _, query = rest.partition("?")
        authority, slash, path = rest.partition("/")
        name = _host_key(authority)
        wrapped = _WRAPPED.match(f"{name}/{path}")
        if wrapped is None:
            break
        url = f"{path[wrapped.end() - len(name) - 1 :]}?{query}"
    key = name + _decoded((slash + path).rstrip("/"), _KEPT_IN_PATH)
    if query and (meant := _without_tracking(query)):
        key += f"?{_decoded(meant.replace('+', '%20'), _KEPT_IN_QUERY)}"
    if fragment[:1] in ("!", "/") and len(fragment) > 1:
        key += f"#{_decoded(fragment, _KEPT_IN_PATH)}"
    return key


TRACKING = (
    *("utm_*", "mtm_*", "pk_campaign", "pk_content", "pk_keyword", "pk_kwd", "pk_medium"),
    *("pk_source", "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid"),
    *("twclid", "ttclid", "li_fat_id", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "cmpid"),
    *("_ga", "_gl", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking", "vero_id"),
    *("oly_anon_id", "oly_enc_id", "ref_src", "__twitter_impression", "guccounter"),
    *("guce_referrer", "guce_referrer_sig", "soc_src", "soc_trk", "at_medium", "at_campaign"),
    *("fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "mibextid", "gad_source"),
    *("gad_campaignid", "srsltid", "hsa_*", "piwik_*", "matomo_*", "elqtrackid", "elqtrack"),
    *("spmailingid", "spuserid", "spjobid", "spreportid", "xtor", "epik", "irclickid", "s_kwcid"),
    *("ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "amp_js_v", "amp_gsa", "wt.mc_id"),
    *("usqp", "wprov", "wpsrc", "wpisrc", "at_custom*", "at_link_*", "at_format", "at_ptr_name"),
    *("at_bbc_team", "_openstat", "ysclid", "ymclid", "_kx", "sr_share"),
    *("vero_conv", "_branch_match_id", "ml_subscriber", "ml_subscriber_hash", "rb_clickid"),
)
"""Parameters of an address that say how a reader came to the page, never which page it is. `*`:
whatever follows. `ref`, `source`, `cid` and the like tell pages apart on some sites, so they stay.
"""

_MAX_WRAPPINGS = 3
_SCHEME_AND_SLASHES = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//")
_DEFAULT_PORT = re.compile(r":(?:80|443)?$")
_WRAPPED = re.compile(
    r"""(?: (?:[\w-]+\.)? cdn\.ampproject\.org / [a-z]{1,2} /
        |   (?: google\.[a-z]{2,3}(?:\.[a-z]{2})? | bing\.com ) /amp/
        ) (?:s/)? (?= [^/.]+ \. [^/]* / )""",
    re.VERBOSE,
)
_TRACKS = re.compile(
    "(?:" + "|".join(re.escape(name).replace(r"\*", "[^=]*") for name in TRACKING) + ")(?:=|$)",
    re.IGNORECASE,
)
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_KEPT_IN_PATH = frozenset("%/?#")
_KEPT_IN_QUERY = frozenset("%&=+#")
_LONGEST_LABEL = 63


def is_tracking(parameter: str) -> bool:
    """Whether a parameter, with or without its value, is one of `TRACKING`."""
    return bool(_TRACKS.match(parameter))


def _host_key(authority: str) -> str:
    """The host and a port that is no default, in one spelling."""
    name = _DEFAULT_PORT.sub("", authority.rpartition("@")[2].lower())
    if not name.isascii() or "%" in name:
        name = unicodedata.normalize("NFKC", _decoded(name, _KEPT_IN_PATH)).lower()
        name = ".".join(map(_ascii_label, name.replace("\u3002", ".").split(".")))
    return name.rstrip(".").removeprefix("www.")


def _ascii_label(label: str) -> str:
    """A label of a host as the name service knows it (RFC 3492)."""
    if label.isascii() or len(label) > _LONGEST_LABEL:
        return label
    return "xn--" + label.encode("punycode").decode("ascii")


def _without_tracking(query: str) -> str:
    parameters = query.replace("&amp;", "&").split("&")
    return "&".join([one for one in parameters if one and not is_tracking(one)])


def _decoded(text: str, kept: frozenset[str]) -> str:
    """The text with percent-encoding undone, but for `kept`, blanks, control characters and what
    is no UTF-8."""
    if "%" in text:
        text = _BARE_PERCENT.sub("%25", text)  # as in `100%`, which escapes nothing
        text = _ESCAPES.sub(lambda escapes: _plainly(escapes[0], kept), text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _plainly(escapes: str, kept: frozenset[str]) -> str:
    signs = bytes.fromhex(escapes.replace("%", "")).decode("utf-8", "surrogateescape")
    return "".join(
        [
            sign if sign not in kept and sign.isprintable() and sign != " " else _escaped_sign(sign)
            for sign in signs
        ]
    )


def _escaped_sign(sign: str) -> str:
    return "".join([f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogateescape")])


def _domain(name: str) -> str:
    name = name.lower().rstrip(".").removeprefix("www.")
    return name if len(name) <= 253 and _HOST.fullmatch(name) else ""
