"""Reads an article: the item's own, or an entry of its related list."""

from indexer.item import Article, Provider
from indexer.source.frontmatter.nodes import Mapping, Scalar, Sequence
from indexer.source.validate.keys import STAND_INS
from indexer.source.validate.values import Fields
from indexer.urls import clean_domain, clean_url, host, url_key

MAX_TITLE = 1_000
MAX_EXCERPT = 20_000
MAX_RELATED = 256

_LONGEST_NAME = 200


def read_article(fields: Fields) -> Article | None:
    """The article; None if it has no title. If the format's own key is absent, what Jekyll and Hugo
    sites write counts."""
    title = fields.text(MAX_TITLE, "title")
    if not title:
        return None
    url = _address(fields)
    return Article(
        title=title,
        excerpt=fields.text(MAX_EXCERPT, "excerpt", "description", "summary"),
        url=url,
        amp_url=fields.url("ampWebUrl"),
        cached_url=fields.url("cdnAmpWebUrl"),
        published=fields.date("publishedDateTime", *STAND_INS["publishedDateTime"]),
        type=fields.text(_LONGEST_NAME, "type").lower() or "article",
        provider=_provider(fields, url),
        quality=fields.integer("quality"),
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


def _address(fields: Fields) -> str:
    """The article's address: from its own keys, or else those of Jekyll and Hugo."""
    if fields.get("webUrl", "originalUrl"):
        return fields.url("webUrl") or fields.url("originalUrl")
    # There, an address within the site is as common as a whole one.
    return next(
        (url for key in ("link", "permalink") if (url := fields.url(key, may_be_relative=True))), ""
    )


def _provider(fields: Fields, url: str) -> Provider | None:
    """The outlet. Its domain is the one given, or the host of the address, or a name like one."""
    url_host = host(url) if url else ""
    entry = fields.get("provider")
    if entry is None:
        return Provider(url_host, url_host) if url_host else None
    if isinstance(entry.value, Mapping):
        below = fields.below("provider", entry.value)
        name, domain = below.text(_LONGEST_NAME, "name"), _domain(below)
    else:
        message = f"a mapping with name and domain is expected, not {entry.value.kind}"
        fields.warn(entry, message)
        is_name = isinstance(entry.value, Scalar)
        name, domain = fields.text(_LONGEST_NAME, "provider") if is_name else "", ""
    domain = domain or url_host or clean_domain(name)
    if not domain:
        fields.warn(entry, "it has no domain, and no address names one; it was left out")
        return None
    return Provider(name or domain, domain)


def _domain(fields: Fields) -> str:
    text = fields.text(_LONGEST_NAME, "domain")
    domain = clean_domain(text)
    entry = fields.get("domain")
    if text and not domain and entry:
        fields.warn(entry, "it is not a domain such as example.com; it was left out")
    return domain
