"""Turns an item into what an engine indexes and stores, and back from the stored form."""

import hashlib
import re
from dataclasses import dataclass
from itertools import chain

import msgspec

from indexer.analysis.folding import fold
from indexer.analysis.outlet_names import domain_label, searched_name
from indexer.facet_values import labels
from indexer.item import Article, Item
from indexer.schema import FACETS
from indexer.urls import url_key


@dataclass(frozen=True, slots=True)
class Document:
    """An item as an engine indexes it. `zones`: name to texts; `keywords`: name to values;
    `numbers`: name to value, without those that the item lacks; `stored`: the item, encoded."""

    id: str
    zones: dict[str, tuple[str, ...]]
    keywords: dict[str, tuple[str, ...]]
    numbers: dict[str, int]
    stored: bytes

    @property
    def language(self) -> str:
        """The code of the language by which all its texts are stemmed."""
        return self.keywords["language"][0]

    @property
    def fingerprint(self) -> str:
        """32 hex digits that differ if anything indexed or stored differs."""
        return hashlib.blake2b(self.stored, digest_size=16).hexdigest()


def document(item: Item) -> Document:
    """The document of an item. All of it follows from the stored form, so that tells changes."""
    own, domains = item.article, item.domains()
    numbers = {
        "quality": own.quality,
        "heat": item.heat,
        "outlets": len(domains),
        "date": int(own.published.timestamp()) if own.published else None,
        "headline": headline_number(own.title),
    }
    return Document(
        id=item.id,
        zones={
            "title": (own.title,),
            "excerpt": (own.excerpt,),
            "related_title": tuple(a.title for a in item.related),
            "related_excerpt": tuple(a.excerpt for a in item.related),
            "provider": _provider_texts(item),
            "topic": item.topics,
            "author": item.authors,
            "body": (item.body,),
        },
        keywords={
            "id": (item.id,),
            **_facet_keywords(item),
            "url": tuple(dict.fromkeys(url for a in item.articles() for url in _urls(a))),
        },
        numbers={name: value for name, value in numbers.items() if value is not None},
        stored=encode(item),
    )


def headline_number(text: str) -> int:
    """A number by which headlines are compared, from 1 to 2^62: equal if their letters and digits
    are, whatever their case, accents and signs."""
    letters = _SIGNS.sub("", fold(text))
    return 1 + int.from_bytes(hashlib.blake2b(letters.encode(), digest_size=8).digest()) // 4


_SIGNS = re.compile(r"[\W_]+")


def _facet_keywords(item: Item) -> dict[str, tuple[str, ...]]:
    """The distinct values of each facet's field."""
    values: dict[str, dict[str, None]] = {group: {} for group in FACETS}
    for label in labels(item):
        values[label.group][label.value] = None
    return {field: tuple(values[group]) for group, field in FACETS.items()}


def _urls(article: Article) -> list[str]:
    return [url_key(url) for url in (article.url, article.amp_url, article.cached_url) if url]


def _provider_texts(item: Item) -> tuple[str, ...]:
    """The names of the outlets and the telling labels of their domains, each once. Each is a text
    of its own, so that no phrase reaches from one into the next."""
    outlets = [article.provider for article in item.articles() if article.provider]
    texts = ((searched_name(outlet.name), domain_label(outlet.domain)) for outlet in outlets)
    return tuple(dict.fromkeys(chain.from_iterable(texts)))


def encode(item: Item) -> bytes:
    """The stored form: JSON, in the order of the fields of `Item`. Equal items, equal bytes."""
    return _ENCODER.encode(item)


def decode(stored: bytes) -> Item:
    """The item that `encode` wrote. Raises `ValueError` for anything else."""
    try:
        return _DECODER.decode(stored)
    except msgspec.DecodeError as error:
        raise ValueError(f"what is stored is no item: {error}") from error


_ENCODER, _DECODER = msgspec.json.Encoder(), msgspec.json.Decoder(Item)
