"""From an item to what an engine indexes and stores, and back from the stored form."""

import hashlib
from dataclasses import dataclass

import msgspec

from indexer.item import Article, Item
from indexer.urls import url_key


@dataclass(frozen=True, slots=True)
class Document:
    """An item as an engine indexes it. `zones`: name to texts; `keywords`: name to values;
    `numbers`: name to value, absent if the item has none; `stored`: the item as `encode` writes
    it."""

    id: str
    zones: dict[str, tuple[str, ...]]
    keywords: dict[str, tuple[str, ...]]
    numbers: dict[str, int]
    stored: bytes

    @property
    def fingerprint(self) -> str:
        """32 hex digits that differ if anything indexed or stored differs."""
        return hashlib.blake2b(self.stored, digest_size=16).hexdigest()


def document(item: Item) -> Document:
    """The document of an item: everything in it is derived from what `encode` stores."""
    own, domains = item.article, item.domains()
    numbers = {"quality": own.quality, "heat": item.heat, "outlets": len(domains)}
    if own.published:
        numbers["date"] = int(own.published.timestamp())
    return Document(
        id=item.id,
        zones={
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


def _urls(article: Article) -> list[str]:
    return [url_key(url) for url in (article.url, article.amp_url, article.cached_url) if url]


def _provider_texts(item: Item) -> dict[str, None]:
    """Names and domains, each once. A domain's labels are texts apart, so no phrase spans them."""
    texts: dict[str, None] = {}
    for article in item.articles():
        if article.provider:
            texts[article.provider.name] = None
            texts.update(dict.fromkeys(article.provider.domain.split(".")))
    return texts


def encode(item: Item) -> bytes:
    """The stored form: JSON, in the order of the fields of `Item`. Equal items, equal bytes."""
    return _ENCODER.encode(item)


def decode(stored: bytes) -> Item:
    """The item that `encode` wrote; `ValueError` if it wrote no such thing."""
    try:
        return _DECODER.decode(stored)
    except msgspec.DecodeError as error:
        raise ValueError(f"what is stored is no item: {error}") from error


_ENCODER, _DECODER = msgspec.json.Encoder(), msgspec.json.Decoder(Item)
