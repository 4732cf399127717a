"""The ways to scan texts for keys and to write them with marks; which of them there are here."""

import logging
from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from search_app.search.highlighting import plain
from search_app.search.highlighting.phrase_spans import Span
from search_app.search.highlighting.plain import Match, Scanned

log = logging.getLogger(__name__)

VERSION = 3
"""Of what `native` does. It is not used if it is of another: an old one may have been left."""

Scan = Callable[[Sequence[str], Collection[bytes] | None, Match], Scanned]


class Scanner(NamedTuple):
    """`scan`, `marked` and `as_html` as `plain` describes them."""

    scan: Scan
    marked: Callable[[str, list[Span]], str]
    as_html: Callable[[Any], str]


PLAIN = Scanner(plain.scan, plain.marked, plain.as_html)


def scanners(version: int = VERSION) -> dict[str, Scanner]:
    """The scanners that exist, by name, the fastest first; all give the same."""
    native = f"{__package__}.native"
    if find_spec(f"{native}.scan") is None or find_spec(f"{native}.html") is None:
        return {"plain": PLAIN}
    try:
        scan, html = import_module(f"{native}.scan"), import_module(f"{native}.html")
    except ImportError as error:
        log.warning("the compiled scanner cannot be loaded: %s", error)
        return {"plain": PLAIN}
    if not scan.VERSION == html.VERSION == version:
        log.warning("the compiled scanner is of another version of Newsdex")
        return {"plain": PLAIN}
    return {"native": Scanner(scan.scan, html.marked, html.as_html), "plain": PLAIN}


SCANNERS = scanners()
FASTEST = next(iter(SCANNERS.values()))
