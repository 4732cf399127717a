"""Reads the picture of an article, or the logo of an outlet: the first of several that is usable.

A picture is only ever pointed at. Its address must be an absolute one of https: a page that is
served by https shows no other.
"""

import re

from indexer.item import Image
from indexer.source.frontmatter.nodes import Mapping, Node, Scalar, Sequence
from indexer.source.validate.text import link_target
from indexer.source.validate.values import Fields
from indexer.urls import clean_url

MAX_PICTURES = 8
"""Entries of a list of pictures that are looked at."""

MAX_PIXELS = 20_000

_ADDRESS_KEYS = ("url", "src", "href", "path", "image", "contentUrl", "@id")
_PIXELS = re.compile(r"(\d{1,5})(?:px)?", re.ASCII)


def read_image(fields: Fields, name: str) -> Image | None:
    """The first picture at an https address under a key of the format or one that stands in for it.
    `images` without any http(s) address draws a warning; keys of other tools hold other things as
    often, such as an address within the site."""
    for entry in fields.all(name):
        value = entry.value
        nodes = value.items[:MAX_PICTURES] if isinstance(value, Sequence) else (value,)
        is_address = False
        for node in nodes:
            if image := _image(node):
                if image.url.startswith("https:"):
                    return image
                is_address = True
        if entry.key == "images" and nodes and not is_address:
            fields.warn(entry, "no http(s) address of a picture is in it; it was left out")
    return None


def _image(node: Node) -> Image | None:
    """The picture that a text or a mapping names, at an address of http or https."""
    if isinstance(node, Scalar):
        url = clean_url(link_target(node.text))
        return Image(url) if url else None
    if not isinstance(node, Mapping):
        return None
    for key in _ADDRESS_KEYS:
        if url := clean_url(_text(node, key)):
            return Image(url, _pixels(_text(node, "width")), _pixels(_text(node, "height")))
    return None


def _text(picture: Mapping, key: str) -> str:
    entry = picture.entries.get(key)
    return entry.value.text if entry and isinstance(entry.value, Scalar) else ""


def _pixels(text: str) -> int | None:
    """A number of pixels from 1 to MAX_PIXELS; None for anything else, which only means that the
    size is not known."""
    number = int(found[1]) if (found := _PIXELS.fullmatch(text)) else 0
    return number if 1 <= number <= MAX_PIXELS else None
