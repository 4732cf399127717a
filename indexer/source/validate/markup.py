"""Takes HTML out of text: what plainly is markup goes; what may be meant as text stays.

Only elements of HTML are markup, in lower case or in capitals throughout, so `Vec<T>` and
`<Component/>` stay; so does what stands between backticks. A tag of such an element is markup if it
has a partner or an attribute with a value, or if it clings to the text as a tag does: `<p>Cut off`
is markup, `the <title> element` and `if <b then` are not.
"""

import re
from collections.abc import Container, Iterable

_APART = frozenset(
    "address article aside audio blockquote br button canvas caption center dd details dialog div "
    "dl dt embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr iframe "
    "img input legend li main menu nav noscript object ol optgroup option p picture pre section "
    "select source summary svg table tbody td textarea tfoot th thead tr ul video".split()
)
"""Elements that stand apart from the text around them: a blank is left of their tags."""

_WITHIN_A_LINE = frozenset("br button img input option select td textarea th".split())
"""Those of them that may stand within a line."""

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt "
    "ruby s samp script small span strike strong style sub sup time tt u var wbr".split()
)
"""Elements within a text or a word: nothing is left of their tags."""

_ALONE = re.compile("br|wbr|(?:br|hr|img|wbr)/", re.IGNORECASE)
"""Tags that are markup wherever they stand, unless they are spoken of."""
_SPOKEN_OF = re.compile(r"\s+(?:tags?|elements?)\b", re.IGNORECASE)

_CODE = "`[^`]*`"
# An attribute's name, and its value if it has one. Their number is bounded because whatever
# follows a tag that never ends is looked through again from each tag within.
_ATTRIBUTE = r"""[^\s"'<>/=]++(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
_TAG = re.compile(
    rf"{_CODE}|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*+)"
    rf"(?P<attributes>(?:\s+{_ATTRIBUTE}){{0,30}}+)\s*(?P<slash>/?)>"
)
_CUT = re.compile(r"<(?P<name>[A-Za-z][A-Za-z0-9]*+)\s+[\w:-]++\s*=[^<>]*\Z")
_CODE_OR_COMMENT = re.compile("`|<!--")
# Each stops at the next tag of its kind, so that none rescans what another has seen.
_SCRIPT = re.compile(
    rf"(?P<code>{_CODE})|<(?P<name>script|style)\b[^<>]*>(?:(?!</?(?P=name)\b).)*+</(?P=name)\s*>",
    re.DOTALL | re.IGNORECASE,
)


def without_markup(text: str) -> str:
    """Text without the HTML that plainly is markup. Entities stay as they are. The time it takes is
    linear in the text."""
    if "<" not in text:
        return text
    text = without_hidden(text)
    tags = [tag for tag in _TAG.finditer(text) if _is_element(tag["name"])]
    if cut := _CUT.search(text):
        text = text[: cut.start()] if _is_element(cut["name"]) else text
    kept, at = [], 0
    for tag in sorted(_markup(text, tags), key=re.Match.start):
        kept += [text[at : tag.start()], gap(tag["name"])]
        at = tag.end()
    return "".join([*kept, text[at:]])


def without_hidden(text: str) -> str:
    """Text without comments, and without scripts and styles."""
    kept, begin, seen = [], 0, 0
    for opening in _CODE_OR_COMMENT.finditer(text):
        if opening.start() < seen:
            continue
        if opening[0] == "`":
            seen = text.find("`", opening.end()) + 1
            continue
        end = text.find("-->", opening.end() - len("--"))
        if end < 0:
            break
        kept += [text[begin : opening.start()], " "]
        begin = seen = end + len("-->")
    return _SCRIPT.sub(lambda found: found["code"] or " ", "".join([*kept, text[begin:]]))


def gap(element: str) -> str:
    """What is left of an element's tag: nothing if the element stands within a text."""
    return "" if element.lower() in _INLINE else " "


def ends_paragraph(element: str) -> bool:
    """Whether no paragraph goes on across an element's tag."""
    name = element.lower()
    return name in _APART and name not in _WITHIN_A_LINE


def _is_element(name: str | None) -> bool:
    if not name or not (name.islower() or name.isupper()):
        return False
    return name.lower() in _APART or name.lower() in _INLINE


def _markup(text: str, tags: Iterable[re.Match[str]]) -> set[re.Match[str]]:
    """Those of the tags that are markup."""
    found: set[re.Match[str]] = set()
    opened: dict[str, list[re.Match[str]]] = {}
    strays: list[re.Match[str]] = []
    for tag in tags:
        name = tag["name"].lower()
        if not tag["close"]:
            opened.setdefault(name, []).append(tag)
            is_alone = _ALONE.fullmatch(name + tag["slash"])
            if "=" in tag["attributes"] or (is_alone and not _SPOKEN_OF.match(text, tag.end())):
                found.add(tag)
        elif not (before := opened.get(name)):
            strays.append(tag)
        elif before[-1] in found or _is_pair(text, before[-1], tag):
            found |= {before.pop(), tag}
    ends = {tag.end() for tag in found}
    for tag in strays:
        if _before(text, tag).strip().strip(">") or tag.start() in ends:
            found.add(tag)
            ends.add(tag.end())
    begins = {tag.start() for tag in found}
    left = [tag for before in opened.values() for tag in before if tag not in found]
    for tag in sorted(left, key=re.Match.start, reverse=True):
        if _clings(text, tag, begins):
            found.add(tag)
            begins.add(tag.start())
    return found


def _before(text: str, tag: re.Match[str]) -> str:
    """The character before a tag; "" if there is none."""
    return text[max(tag.start() - 1, 0) : tag.start()]


def _is_pair(text: str, opening: re.Match[str], closing: re.Match[str]) -> bool:
    """Whether two tags enclose something: `<b> and </b>` do not, they are spoken of."""
    ends = text[opening.end()] + text[closing.start() - 1]
    return opening["name"].lower() in _APART or not ends.isspace()


def _clings(text: str, tag: re.Match[str], begins: Container[int]) -> bool:
    """Whether a tag without a partner touches what it begins: text, or a tag that is markup."""
    before, after = _before(text, tag), text[tag.end() : tag.end() + 1]
    is_free = tag["name"].lower() in _APART or not (before.isalnum() or before == "_")
    touches = after.isalnum() or (bool(after) and after in "\"'(“‘„«¿¡&$#@")
    return is_free and (touches or tag.end() in begins)
