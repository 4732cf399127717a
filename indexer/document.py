"""From an item to what an engine indexes and stores, and back from the stored form."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from indexer.item import Article, Item, Provider


@dataclass(frozen=True, slots=True)
class Document:
    """An item as fields. `parts`: name to texts, `keywords`: name to values, `numbers`: name to
    value, absent where the item has none; `stored`: the item itself, as `encode` writes it."""

    id: str
    parts: dict[str, tuple[str, ...]]
    keywords: dict[str, tuple[str, ...]]
    numbers: dict[str, int]
    stored: bytes

    @property
    def fingerprint(self) -> str:
        """32 hex digits over all that is indexed and stored: equal documents, equal prints."""
        return hashlib.blake2b(self.stored, digest_size=16).hexdigest()


def document(item: Item) -> Document:
    """The document of an item: everything in it is derived from what `encode` stores."""
    own, domains = item.article, item.domains()
    numbers = {"quality": own.quality, "heat": item.heat, "outlets": len(domains)}
    if own.published:
        numbers["date"] = int(own.published.timestamp())
    return Document(
        id=item.id,
        parts={
            "title": (own.title,),
            "excerpt": (own.excerpt,),
            "related_title": tuple(a.title for a in item.related),
            "related_excerpt": tuple(a.excerpt for a in item.related),
            "provider": tuple(_provider_texts(item)),
            "topic": item.topics,
            "body": (item.body,),
        },
        keywords={
            "id": (item.id,),
            "outlet": domains,
            "label": item.topics,
            "type": (own.type,),
            "year": (f"{own.published.year:04d}",) if own.published else (),
            "url": tuple(dict.fromkeys(url for a in item.articles() for url in _urls(a))),
        },
        numbers={name: value for name, value in numbers.items() if value is not None},
        stored=encode(item),
    )


def url_key(url: str) -> str:
    """A URL as it is compared: no scheme, `www.`, fragment or closing slash; host in lower case.

    Never raises: what is no URL (a query may hold anything) is compared as it is.
    """
    try:
        split = urlsplit(url)
    except ValueError:
        return url
    query = f"?{split.query}" if split.query else ""
    return split.netloc.lower().removeprefix("www.") + split.path.rstrip("/") + query


def _urls(article: Article) -> list[str]:
    return [url_key(url) for url in (article.url, article.amp_url, article.cached_url) if url]


def _provider_texts(item: Item) -> dict[str, None]:
    """Names and domains, each once. A domain's labels stand apart, so that no phrase spans them."""
    texts: dict[str, None] = {}
    for article in item.articles():
        if article.provider:
            texts[article.provider.name] = None
            texts.update(dict.fromkeys(article.provider.domain.split(".")))
    return texts


def encode(item: Item) -> bytes:
    """The stored form: JSON with sorted keys and without absent values, in UTF-8."""
    row = {
        "id": item.id,
        **_article_row(item.article),
        "topics": list(item.topics),
        "heat": item.heat,
        "promoted": item.promoted,
        "related": [_article_row(article) for article in item.related],
        "body": item.body,
    }
    return json.dumps(
        _present(row), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def decode(stored: bytes) -> Item:
    """The item that `encode` wrote. `decode(encode(item)) == item`."""
    row = json.loads(stored)
    return Item(
        id=row["id"],
        article=_article(row),
        topics=tuple(row.get("topics", ())),
        heat=row.get("heat"),
        promoted=row.get("promoted"),
        related=tuple(_article(article) for article in row.get("related", ())),
        body=row.get("body", ""),
    )


def _article_row(article: Article) -> dict[str, Any]:
    provider, published = article.provider, article.published
    return _present(
        {
            "title": article.title,
            "excerpt": article.excerpt,
            "url": article.url,
            "amp_url": article.amp_url,
            "cached_url": article.cached_url,
            "published": published.isoformat() if published else None,
            "type": article.type,
            "provider": [provider.name, provider.domain] if provider else None,
            "quality": article.quality,
        }
    )


def _present(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in (None, "", [])}


def _article(row: dict[str, Any]) -> Article:
    published = row.get("published")
    return Article(
        title=row["title"],
        excerpt=row.get("excerpt", ""),
        url=row.get("url", ""),
        amp_url=row.get("amp_url", ""),
        cached_url=row.get("cached_url", ""),
        published=datetime.fromisoformat(published) if published else None,
        type=row["type"],
        provider=Provider(*row["provider"]) if "provider" in row else None,
        quality=row.get("quality"),
    )
