"""Turns an item into what an engine indexes and stores, and back from the stored form."""

import hashlib
import re
from dataclasses import dataclass
from itertools import chain

import msgspec
from msgspec.structs import replace

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
    """The stored form: a line of JSON, in the order of the fields of `Item`, and if the item has a
    body, a second line with `body` and `markdown`. Equal items, equal bytes."""
    if not (item.body or item.markdown):
        return _ENCODER.encode(item)
    head = replace(item, body="", markdown="", body_left_out=True)
    return b"\n".join(map(_ENCODER.encode, (head, (item.body, item.markdown))))


def decode(stored: bytes) -> Item:
    """The item that `encode` wrote. Raises `ValueError` for anything else."""
    head, _, rest = stored.partition(b"\n")
    item = decode_head(head)
    if not rest:
        return item
    try:
        body, markdown = _BODIES.decode(rest)
    except msgspec.DecodeError as error:
        raise ValueError(f"what is stored is no body: {error}") from error
    return replace(item, body=body, markdown=markdown, body_left_out=False)


def decode_head(line: bytes) -> Item:
    """The item of which `encode` wrote this first line, without its body. Raises `ValueError` for
    anything else."""
    try:
        return _HEADS.decode(line)
    except msgspec.DecodeError as error:
        raise ValueError(f"what is stored is no item: {error}") from error


_ENCODER, _HEADS = msgspec.json.Encoder(), msgspec.json.Decoder(Item)
_BODIES = msgspec.json.Decoder(tuple[str, str])
