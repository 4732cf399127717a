"""Initials that were typed apart are one word: `J. R. R.` is `J.R.R.`, and `Q and A` is `Q&A`."""

import re
from collections.abc import Iterable, Sequence

from search_app.search.query.tree import Node, Word

_LONE_LETTER = re.compile("[b-hj-np-z]", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
_LETTERS_JOINED = re.compile("[A-Z]{2,3}")


def with_initials(nodes: Iterable[Node]) -> list[Node]:
    """The nodes, each run of initials as one word that stands from the first to the last."""
    joined: list[Node] = []
    for node in nodes:
        joined.append(node)
        if not isinstance(node, Word) or (len(node.text) > 2 and "." not in node.text):
            continue  # as nearly all words are: no initials, and no capitals after an `and`
        for count in (2, 3):
            row = _last_words(joined, count)
            if text := _as_one([word.text for word in row]):
                joined[-count:] = [Word(text, row[0].field, row[0].start, row[-1].end)]
                break
    return joined


def _last_words(nodes: Sequence[Node], count: int) -> list[Word]:
    """The last nodes, if they are so many words in one field; else nothing."""
    words = [node for node in nodes[-count:] if isinstance(node, Word)]
    is_row = len(words) == count and len({word.field for word in words}) == 1
    return words if is_row else []


def _as_one(words: Sequence[str]) -> str:
    """The one word that two or three words side by side are; "" if they are several."""
    if len(words) == 3 and words[1].lower() in ("&", "and"):
        is_name = _LETTERS_JOINED.fullmatch(words[0] + words[2])
        return f"{words[0]}&{words[2]}" if is_name else ""
    initials = [_initials(word) for word in words]
    return "".join(initials) if all(initials) else ""


def _initials(text: str) -> str:
    """The initials that a word is, with dots; "" if it is none. `a`, `I` and `o` are words."""
    if _INITIALS.fullmatch(text):
        return text
    return f"{text}." if _LONE_LETTER.fullmatch(text) else ""
