"""Makes text plain: a single line, or a body with its paragraphs."""

import html
import re
import unicodedata

from indexer.source.validate.markup import ends_paragraph, gap, without_hidden, without_markup

MAX_BODY = 200_000
"""Characters kept of a body."""

MAX_MARKS = 30
"""Marks kept on one letter, as in stream-safe text (UAX #15, section 13): NFC puts them in order,
which takes time that grows with the square of their number."""

# Only with its semicolon: "AT&T&copy" and "?a=1&section=2" hold no entity.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Controls, lone surrogates, soft hyphens, zero-width blanks, marks of direction, non-characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_PARAGRAPH = re.compile(r"\n\s*\n")

# Each stops at the next opening sign, so that none rescans what another has seen.
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*+)[^<>]*>")
_CODE_OR_TAG = re.compile(r"`+[^`]*`+|</?(?P<name>[A-Za-z][A-Za-z0-9]*+)(?=[\s/>])[^<>]*>")
_LIQUID = re.compile(r"\{%[^{}]*%\}|\{\{[^{}]*\}\}")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*+\)")
_WEB_LINK = re.compile(r"!?\[([^\[\]]+)\]\((?=https?://|/|\#|mailto:)(?:[^()\s]|\([^()\s]*\))*+\)")
_LINK_BY_NAME = re.compile(r"!?\[([^\[\]]+)\]\[[^\[\]]*\]")
_ONLY_LINK = re.compile(r"\s*(?:\[[^\[\]]*\]\(\s*<?([^\s<>]+?)>?\s*\)|<([^\s<>]+)>)\s*")
_NAME_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")
_WIKI_LINK = re.compile(r"!?\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]")
_LINK_TARGET = re.compile(r"^ {0,3}\[[^\[\]\n]+\]:[ \t]*\S.*$", re.MULTILINE)

# Characters that decompose into marks alone; and all characters between which NFC, or the folding
# of words that are compared, would put the marks in order: it leaves no letter of them.
_MADE_OF_MARKS = (
    "\u0f73\u0f75\u0f81\ufcf2\ufcf3\ufcf4\ufe71\ufe77\ufe79\ufe7b\ufe7d\ufe7f\uff9e\uff9f"
)
_NO_LETTERS = rf"\u02b9-\u02bf\u0374\u0640\u06e5\u06e6{_MADE_OF_MARKS}"
_CLUSTER = re.compile(rf"(?:[^\w\s\x00-\x7f]|[{_NO_LETTERS}]){{{MAX_MARKS + 1},}}")


def clean(text: str) -> str:
    """One line of plain text: no HTML and no targets of links, and otherwise as `one_line`."""
    if "](" in text:
        text = _WEB_LINK.sub(r"\1", text)
    return one_line(without_markup(text))


def clean_name(text: str) -> str:
    """Clean text, with the name that a Markdown link or a wiki link shows in place of the link."""
    if "[" in text:
        text = _NAME_LINK.sub(r"\1", _WIKI_LINK.sub(_page, text))
    return clean(text)


def _page(link: re.Match[str]) -> str:
    """What a wiki link shows: its label, or else the name of the page, or the heading on it."""
    target, _, heading = link[1].partition("#")
    page = target.rpartition("/")[2].strip().removesuffix(".md")
    return (link[2] or "").strip() or page or heading


def link_target(text: str) -> str:
    """Where a text leads that is a Markdown link as a whole, or stands in angle brackets; any other
    text as it is."""
    link = _ONLY_LINK.fullmatch(text)
    return link[1] or link[2] if link else text


def one_line(text: str) -> str:
    """One line of text: entities decoded once, NFC, no controls, white space folded."""
    return " ".join(_plain(text).split())


def clean_body(markdown: str) -> tuple[str, bool]:
    """The words of a Markdown body, at most MAX_BODY characters, with a newline between paragraphs;
    and whether the body was longer.

    HTML tags, comments, scripts, template tags, and the targets of links and images are left out.
    """
    text = _LIQUID.sub(" ", without_hidden(markdown[: 2 * MAX_BODY]))
    text = _LINK_TARGET.sub("", text)
    text = _LINK.sub(r"\1", _LINK.sub(r"\1", text))
    text = _LINK_BY_NAME.sub(r"\1", text)
    text = _plain(_TAG.sub(lambda tag: gap(tag[1]), text))
    paragraphs = (" ".join(paragraph.split()) for paragraph in _PARAGRAPH.split(text))
    words = "\n".join(paragraph for paragraph in paragraphs if paragraph)
    is_cut = len(words) > MAX_BODY or bool(markdown[2 * MAX_BODY :].strip())
    return words[:MAX_BODY].rstrip(), is_cut


def clean_markdown(markdown: str) -> str:
    """A Markdown body as it was written, at most MAX_BODY characters, without the HTML in it.

    What stands between backticks stays. A paragraph ends where an element does that stands apart.
    """
    text = _LIQUID.sub("", without_hidden(markdown[:MAX_BODY]))
    text = _composed(_CODE_OR_TAG.sub(_without_tag, text))
    return text.strip("\r\n")[:MAX_BODY].rstrip()


def _without_tag(found: re.Match[str]) -> str:
    if not found["name"]:
        return found[0]
    return "\n\n" if ends_paragraph(found["name"]) else gap(found["name"])


def _plain(text: str) -> str:
    """Text without entities and invisible characters, in NFC."""
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if text.isascii() and text.isprintable():
        return text
    return _composed(text)


def _composed(text: str) -> str:
    """Text without invisible characters, in NFC."""
    return unicodedata.normalize("NFC", _CLUSTER.sub(_limit_marks, _INVISIBLE.sub("", text)))


def _limit_marks(cluster: re.Match[str]) -> str:
    """A cluster of characters without letters, without the marks beyond MAX_MARKS."""
    kept, marks = [], 0
    for char in cluster[0]:
        is_mark = unicodedata.combining(char) or char in _MADE_OF_MARKS
        marks += bool(is_mark)
        if not is_mark or marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)
