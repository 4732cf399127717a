"""Reads an article: the item's own, or an entry of its related list."""

import re
from collections.abc import Iterable

from indexer.item import Article, Image, Provider
from indexer.source.frontmatter.nodes import Entry, Mapping, Scalar, Sequence, folded_key
from indexer.source.validate.images import read_image
from indexer.source.validate.text import clean_name, link_target
from indexer.source.validate.values import Fields
from indexer.urls import clean_domain, clean_url, host, url_key

MAX_TITLE = 1_000
MAX_EXCERPT = 20_000
MAX_RELATED = 256

_LONGEST_NAME = 200
_DOMAIN = re.compile(r"[^\s./:@]+(?:\.[^\s./:@]+)*\.[^\W\d_]{2,}/?")


def read_article(fields: Fields) -> Article | None:
    """The article; None if it has no title."""
    title = fields.text(MAX_TITLE, "title")
    if not title:
        return None
    url = fields.url("webUrl")
    return Article(
        title=title,
        excerpt=fields.text(MAX_EXCERPT, "excerpt"),
        url=url,
        amp_url=fields.url("ampWebUrl"),
        cached_url=fields.url("cdnAmpWebUrl"),
        published=fields.date("publishedDateTime"),
        type=clean_name(fields.text(_LONGEST_NAME, "type")).lower() or "article",
        provider=_provider(fields, url),
        quality=fields.integer("quality"),
        image=read_image(fields, "images"),
    )


def read_related(fields: Fields, own: Article) -> tuple[Article, ...]:
    """The related articles in the file's order, each once, and without the item itself."""
    entry = fields.get("related")
    if entry is None:
        return ()
    if not isinstance(entry.value, Sequence):
        fields.warn(entry, f"a list is expected, not {entry.value.kind}; it was left out")
        return ()
    if len(entry.value.items) > MAX_RELATED:
        count = len(entry.value.items)
        fields.warn(entry, f"only the first {MAX_RELATED} of {count:,} entries were read")
    articles: dict[str, Article] = {}
    for position, node in enumerate(entry.value.items[:MAX_RELATED]):
        name = f"related[{position}]"
        if isinstance(node, Scalar) and node.is_absent:
            continue
        if not isinstance(node, Mapping):
            message = f"a mapping with a title is expected, not {node.kind}; it was left out"
            fields.warnings.add(node.line, name, message)
            continue
        if article := read_article(fields.below(name, node)):
            articles.setdefault(_identity(article), article)
        else:
            fields.warnings.add(node.line, name, "it has no title; it was left out")
    original = fields.get("originalUrl")
    text = original.value.text if original and isinstance(original.value, Scalar) else ""
    for key in (_identity(own), url_key(clean_url(text))):
        articles.pop(key, None)
    return tuple(articles.values())


def _identity(article: Article) -> str:
    """A key that two entries of one article share: its page, or else its title and outlet."""
    if article.url:
        return url_key(article.url)
    domain = article.provider.domain if article.provider else ""
    return f"{article.title.casefold()}\n{domain}"


def _provider(fields: Fields, url: str) -> Provider | None:
    """The outlet. Its domain is the one given, or the host of the address, or a name like one, or
    else its name in lower case. What the format's own key does not tell, other tools' keys may."""
    own = fields.get("provider")
    name, domain, logo = _own_outlet(fields, own) if own else ("", "", None)
    if not (name and domain):
        named = [(other, *_outlet(fields, other)) for other in fields.all("provider.name")]
        given = (_outlet(fields, other)[1] for other in fields.all("provider.domain"))
        domain = domain or next(filter(None, given), "") or (host(url) if url else "")
        domain = domain or next((one for _, _, one in named if one), "") or clean_domain(name)
        if not name:
            name = _name_among(fields, named)
    if own and not domain:
        fate = "its name stands for it" if name else "it was left out"
        fields.warn(own, f"it has no domain, and no address names one; {fate}")
    domain = domain or name.lower()
    return Provider(name or domain, domain, logo) if domain else None


def _name_among(fields: Fields, named: Iterable[tuple[Entry, str, str]]) -> str:
    """The first name in values of other tools, of which each has a name and a domain."""
    entry, name = next(((entry, name) for entry, name, _ in named if name), (None, ""))
    if entry:
        fields.warn_of_loss(entry.value, fields.name_of(entry))
    return name


def _own_outlet(fields: Fields, entry: Entry) -> tuple[str, str, Image | None]:
    """The name, the domain and the logo under the format's own key; "" for what it does not
    tell."""
    if isinstance(entry.value, Mapping):
        below = fields.below("provider", entry.value)
        return below.text(_LONGEST_NAME, "name"), _domain(below), read_image(below, "logo")
    fields.warn(entry, f"a mapping with name and domain is expected, not {entry.value.kind}")
    is_name = isinstance(entry.value, Scalar)
    return fields.text(_LONGEST_NAME, "provider") if is_name else "", "", None


def _domain(fields: Fields) -> str:
    """The domain that a mapping gives. One that is none draws a warning."""
    for entry in fields.all("domain"):
        text = entry.value.text if isinstance(entry.value, Scalar) else ""
        if domain := clean_domain(text):
            return domain
        if folded_key(entry.key) == "domain":
            fields.warn(entry, "it is not a domain such as example.com; it was left out")
    return ""


def _outlet(fields: Fields, entry: Entry) -> tuple[str, str]:
    """The name and the domain of an outlet in a value of other tools: a mapping of both, or a text
    that is one of them or an address; "" for what it does not tell, which is no fault."""
    if isinstance(entry.value, Mapping):
        below = fields.below(entry.key, entry.value)
        return below.text(_LONGEST_NAME, "name"), _domain(below)
    if not isinstance(entry.value, Scalar):
        return "", ""
    if url := clean_url(link_target(entry.value.text)):
        label = clean_name(entry.value.text)
        return "" if clean_url(label) else label[:_LONGEST_NAME], host(url)
    name = clean_name(entry.value.text)[:_LONGEST_NAME]
    if _DOMAIN.fullmatch(name):
        return "", clean_domain(name)
    is_name = not name.startswith("/") and (" " in name or ":" not in name)
    return name if is_name else "", ""
