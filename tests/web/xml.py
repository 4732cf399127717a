"""Reading what our own server wrote as XML."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

__all__ = ["Element", "tree"]


def tree(text: str | bytes) -> Element:
    """The root of an XML text. Raises `ParseError` if it is none."""
    return ElementTree.fromstring(text)  # noqa: S314 (what we wrote ourselves, without entities)
