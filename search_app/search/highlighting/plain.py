"""Finds the words of texts that have a key, and writes marked text: in plain Python.

`native` does the same in a fifth of the time; it is tested against this.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from html import escape
from typing import Any, NamedTuple

from search_app.search.highlighting.marking_cost import CostExceeded
from search_app.search.highlighting.phrase_spans import Span
from search_app.search.highlighting.prefilter import LINKS, folded, one_line

WordMatch = tuple[list[Span], Sequence[int]]
"""The spans of terms in a word, and the numbers of the phrases that may begin in it."""

Match = Callable[[str], WordMatch | None]
"""What matches in a word, `None` if nothing does; raises `CostExceeded` if that costs too much."""

TextMatch = tuple[int, bytes, int, list[Span], list[tuple[int, Sequence[int]]]]
"""What matches in the words of a text: its number, the text folded in UTF-8 with a blank after its
last word, how many words were looked at, spans, and where phrases may begin, with their numbers."""

Scanned = tuple[int, int, list[TextMatch]]
"""How many bytes the folded texts have; how many characters those have that are not all ASCII,
before and after they are folded; and what matches in each text that has a key."""


def scan(texts: Sequence[str], keys: Collection[bytes] | None, match: Match) -> Scanned:
    """Searches texts, once folded, for keys, and asks for each distinct word in which a key begins
    what matches in it, if it `may_match`. `None`: every word is asked for. Blanks separate words;
    no key is empty, begins or ends with one.
    When `match` raises `CostExceeded`, nothing is told of the current text and later ones.
    Many texts at once cost little more than one.
    """
    lines, unicode = folded_texts(texts)
    found: Iterable[tuple[int, Sequence[int] | None]] = ((n, None) for n in range(len(texts)))
    if keys is not None:
        found = words_with(keys, lines)
    apart = lines.split(b"\n")
    begins = None if keys is None else tuple(key.decode().partition(" ")[0] for key in keys)
    known: dict[str, WordMatch | None] = {}
    matches: list[TextMatch] = []
    with suppress(CostExceeded):
        for number, numbers in found:
            words = _words(texts[number], numbers)
            matched = _matched(words, begins, known, match)
            matches.append((number, apart[number], len(words), *matched))
    return len(lines), unicode, matches


def may_match(raw: str, begins: tuple[str, ...]) -> bool:
    """Whether a term of a word may begin so. Most words are told apart at once, without analysing
    them: in one of ASCII no term begins within a run of digits, of capitals, or of small letters
    with or without a capital before them."""
    if not raw.isascii() or "&" in raw or len(raw) > LONGEST:
        return True
    letters, at = raw.lower().translate(_DROPPED), 0
    for run in _RUN.findall(raw):
        if letters.startswith(begins, at):
            return True
        at += len(run.translate(_DROPPED))
    return False


def _matched(
    words: Iterable[tuple[int, str]],
    begins: tuple[str, ...] | None,
    known: dict[str, WordMatch | None],
    match: Match,
) -> tuple[list[Span], list[tuple[int, Sequence[int]]]]:
    """What matches in these words, and where phrases may begin."""
    spans: list[Span] = []
    begun: list[tuple[int, Sequence[int]]] = []
    for offset, raw in words:
        if raw not in known:
            is_asked = begins is None or may_match(raw, begins)
            known[raw] = match(raw) if is_asked else None
        there = known[raw]
        if there is not None:
            own, phrases = there
            for start, end in own:
                spans.append((offset + start, offset + end))
            if phrases:
                begun.append((offset, phrases))
    return spans, begun


def _words(text: str, numbers: Sequence[int] | None) -> list[tuple[int, str]]:
    """The words of a text with these numbers, or all, and where each begins."""
    raws, offset, before = text.split(" "), 0, 0
    words: list[tuple[int, str]] = []
    for number in range(len(raws)) if numbers is None else numbers:
        offset += sum(map(len, raws[before:number])) + number - before
        before = number
        words.append((offset, raws[number]))
    return words


def marked(text: str, spans: Sequence[Span]) -> str:
    """The text escaped for HTML, with `<mark>` around each span."""
    if not spans:
        return escape(text)
    out, at = [], 0
    for start, end in spans:
        out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*out, escape(text[at:])])


def as_html(value: Any) -> str:
    """A value as HTML: escaped, unless it says by `__html__` that it is HTML."""
    if hasattr(value, "__html__"):
        html: str = value.__html__()
        return html
    return escape(str(value))


class FoldedTexts(NamedTuple):
    """Texts folded, without the characters that link the parts of a word: `oreilly` for `O'Reilly`.

    `lines`: each text, with all its blanks and one more, then a line feed; in UTF-8. `unicode`: how
    many characters the texts that are not all ASCII have, before and after they are folded.
    """

    lines: bytes
    unicode: int


LONGEST = 64
"""Characters of a word that is looked at for where its terms may begin; longer ones are rare."""

_RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+|.", re.DOTALL)
_DROPPED = str.maketrans(dict.fromkeys(LINKS + "\n", ""))

_LOWER = bytes(range(128)).lower() + bytes(range(128, 256))
"""What each byte of ASCII is in small letters; UTF-8 uses them for nothing else."""

_END = " \n"
"""What each line of folded texts ends with. The blank stands after the last word as after any."""


def folded_texts(texts: Sequence[str]) -> FoldedTexts:
    """The texts folded. Many texts at once cost little more than one."""
    lines = [*texts, ""]
    whole = _END.join(lines)
    unicode = 0
    if not whole.isascii() or "&" in whole or whole.count("\n") > len(texts):
        lines = [one_line(text) if text.isascii() else folded(text) for text in lines]
        pairs = [(before, after) for before, after in zip(texts, lines, strict=False)]
        unicode = sum([len(one) + len(two) for one, two in pairs if not one.isascii()])
        whole = _END.join(lines)
    return FoldedTexts(whole.encode().translate(_LOWER, LINKS.encode()), unicode)


def words_with(keys: Iterable[bytes], lines: bytes) -> Iterator[tuple[int, list[int]]]:
    """The number of each of the `lines` (see `FoldedTexts`) that contain a key, and the numbers of
    its words, separated by blanks, in which one begins; both ascending."""
    line, words = -1, list[int]()
    word = before = 0
    end = -1  # of the line
    for at in _places(keys, lines):
        if at > end:
            if words:
                yield line, words
            line += 1 + lines.count(b"\n", end + 1, at)
            before, end = lines.rfind(b"\n", 0, at) + 1, lines.find(b"\n", at)
            word, words = 0, []
        word += lines.count(b" ", before, at)
        before = at
        if not words or words[-1] != word:
            words.append(word)
    if words:
        yield line, words


def _places(keys: Iterable[bytes], lines: bytes) -> list[int]:
    """Where keys are found, ascending; of each the first place in a word."""
    places: list[int] = []
    for key in keys:
        at = lines.find(key)
        while at >= 0:
            places.append(at)
            at = lines.find(key, lines.find(b" ", at))
    return sorted(places)
