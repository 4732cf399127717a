"""Renders the Markdown body of an item as HTML that is safe to show.

cmark-gfm, the parser of GitHub, makes HTML of Markdown and leaves out what is HTML already; nh3
keeps of that only the elements, attributes and addresses named here. Both take time linear in the
text, nh3 as long as elements do not lie deep in each other, so that is checked between them.
"""

import re
import threading
from html import escape, unescape

import nh3
from cmarkgfm import markdown_to_html_with_extensions
from markupsafe import Markup

_ELEMENTS = """
    a blockquote br code del em h1 h2 h3 h4 h5 h6 hr img li ol p pre strong table tbody td th thead
    tr ul""".split()
_ATTRIBUTES = {"a": {"href"}, "img": {"alt", "src"}, "ol": {"start"}, "td": {"align"}}
_EXTENSIONS = ["table", "strikethrough", "autolink", "tasklist"]

_TAG = re.compile(r"<(?P<close>/?)[a-z][a-z0-9]*[^<>]*?(?P<empty>/?)>")
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_PICTURE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')
_ALT = re.compile(r' alt="([^"]*)"')

_TASK = re.compile(r'<input type="checkbox"(?P<done> checked="")? disabled="" /> (?P<begin>\n<p>)?')
"""What cmark-gfm begins an item of a list of tasks with. No text looks so, as it is escaped."""

_SCROLLED = '<div class="scrolled" tabindex="0" role="group" aria-label="Table"><table>'
"""What a table begins with: one that is wider than the page scrolls by itself, by keys, too."""

_one_at_a_time = threading.Lock()
"""cmark-gfm keeps in one table for all threads which signs an extension looks for."""


def body_html(
    markdown: str, *, pictures: bool, most: int = 290_000, deepest: int = 50
) -> Markup | None:
    """The body as HTML; None if that has more than `most` characters, or elements more than
    `deepest` levels deep.

    Its highest headings are of level 2. What is to be done in a list begins with ☐, what is done
    with ☑. Tables stand in boxes that scroll. Links are http(s) or mailto and absolute. Without
    `pictures`, and for those at no https address, their alternative texts stand in place of them.
    """
    with _one_at_a_time:
        html = markdown_to_html_with_extensions(markdown, extensions=_EXTENSIONS)
    if len(html) > most or _depth(html) > deepest:
        return None
    html = _CLEANER.clean(_TASK.sub(_sign, html))
    html = _PICTURE.sub(_picture if pictures else _alternative, html)
    html = html.replace("<table>", _SCROLLED).replace("</table>", "</table></div>")
    return Markup(_below_the_pages(html))  # noqa: S704 - this is what nh3 let through


def _below_the_pages(html: str, page: int = 1, lowest: int = 6) -> str:
    """The same with the highest headings a level below that of the page, the others as far below
    them as they were."""
    highest = min((int(level) for _, level in _HEADING.findall(html)), default=lowest)
    down = page + 1 - highest
    return _HEADING.sub(lambda tag: f"<{tag[1]}h{min(int(tag[2]) + down, lowest)}", html)


def _depth(html: str) -> int:
    """How many elements at most lie in each other. `html` is well-formed."""
    depth = deepest = 0
    for tag in _TAG.finditer(html):
        if tag["close"]:
            depth -= 1
        elif not tag["empty"]:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _sign(task: re.Match[str]) -> str:
    """A sign for a checkbox, within the first paragraph of the item if it has some."""
    return f"{task['begin'] or ''}{'☑' if task['done'] else '☐'} "


def _secure(element: str, attribute: str, value: str) -> str | None:
    """The value of an attribute, unless it is the address of a picture that is none of https."""
    return value if element != "img" or attribute != "src" or _is_secure(value) else None


def _is_secure(address: str) -> bool:
    return address.lower().startswith("https://")


def _picture(picture: re.Match[str]) -> str:
    return picture[0] if ' src="' in picture[1] else _alternative(picture)


def _alternative(picture: re.Match[str]) -> str:
    """What a picture shows, in words. The text of an attribute becomes text between tags."""
    alt = _ALT.search(picture[1])
    return escape(unescape(alt[1])) if alt else ""


_CLEANER = nh3.Cleaner(
    tags=set(_ELEMENTS),
    attributes=_ATTRIBUTES | {"th": {"align"}},
    attribute_filter=_secure,
    link_rel="noopener nofollow ugc",
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    set_tag_attribute_values={
        **{name: {"dir": "auto"} for name in ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6")},
        "img": {"loading": "lazy", "decoding": "async", "referrerpolicy": "no-referrer"},
    },
)
