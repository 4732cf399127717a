"""The links at the bottom of every page, such as an imprint."""

import re
from dataclasses import dataclass

_ADDRESS = re.compile(r"(https?://|mailto:|/(?!/))[^\s\"'<>\\]+|/")


@dataclass(frozen=True, slots=True)
class FooterLink:
    """A link: what it says, and the address it leads to."""

    label: str
    url: str


def footer_links(text: str) -> tuple[FooterLink, ...]:
    """The links in a list separated by commas; of each the last word is the address.

    Raises `ValueError`, which says what may be written, if an entry is no link.
    """
    links = []
    for entry in filter(None, map(str.strip, text.split(","))):
        label, _, url = entry.rpartition(" ")
        if not label.strip() or not _ADDRESS.fullmatch(url):
            raise ValueError(
                "write labels, each with its address, and commas between them, such as "
                "Imprint https://news.example/imprint, Contact /contact"
            )
        links.append(FooterLink(label.strip(), url))
    return tuple(links)
