"""The links at the bottom of every page, such as an imprint."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_ADDRESS = re.compile(r"(https?://|mailto:|/(?!/))[^\s\"'<>\\]+|/")


@dataclass(frozen=True, slots=True)
class FooterLink:
    """A link: what it says, and the address it leads to."""

    label: str
    url: str


def footer_links(entries: Iterable[str]) -> tuple[FooterLink, ...]:
    """The links of a list; of each entry the last word is the address.

    Raises `ValueError`, which says what may be written, if an entry is no link.
    """
    links = []
    for entry in filter(None, map(str.strip, entries)):
        label, _, url = entry.rpartition(" ")
        if not label.strip() or not _ADDRESS.fullmatch(url):
            raise ValueError(
                f"{entry!r} has no label or no address; write labels, each with its address, and "
                "commas between them, such as Imprint https://news.example/imprint, Contact "
                "/contact (a label with commas needs a list in the settings file)"
            )
        links.append(FooterLink(label.strip(), url))
    return tuple(links)
