"""Synonyms: words that people use for each other, in a plain file that an editor can change.

    # How people write it, one line for each.
    ai = artificial intelligence              each finds the other
    uk = united kingdom = great britain       so do three and more
    bbc > british broadcasting corporation    the first finds the second, too, but not the reverse

They widen queries and are no part of the index, so a changed file needs no reindex. A line that
cannot be read is a warning, and counts as if it were not there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.analysis import tokenizer
from indexer.item import Problem, Severity

_COMMENT = re.compile(r"(?:^|\s)#.*")
_FORMS = "write `ai = artificial intelligence`, or `bbc > british broadcasting corporation`"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold: bytes, lines with synonyms, texts in a line, words in a text."""

    bytes: int = 1_000_000
    lines: int = 10_000
    texts: int = 16
    words: int = 8


@dataclass(frozen=True, slots=True)
class Synonym:
    """What a text finds besides itself."""

    text: str
    finds: tuple[str, ...]


DEFAULT_LIMITS = Limits()


def read_synonyms(
    path: Path, limits: Limits = DEFAULT_LIMITS
) -> tuple[tuple[Synonym, ...], tuple[Problem, ...]]:
    """The synonyms of a file, and its problems; none of a file that is not there."""
    try:
        with path.open("rb") as file:
            text = file.read(limits.bytes + 1)
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        return (), (_problem(path, 0, f"cannot be read: {error.strerror or error}"),)
    if len(text) > limits.bytes:
        return (), (_problem(path, 0, f"holds more than {limits.bytes:,} bytes; shorten it"),)
    try:
        return parse_synonyms(text.decode("utf-8-sig"), path, limits)
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        return (), (_problem(path, line, "holds bytes that are no UTF-8; save it as UTF-8"),)


def parse_synonyms(
    text: str, path: Path, limits: Limits = DEFAULT_LIMITS
) -> tuple[tuple[Synonym, ...], tuple[Problem, ...]]:
    """The synonyms of a text, and the problems of its lines, which name this path."""
    synonyms: list[Synonym] = []
    problems: list[Problem] = []
    lines = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = _COMMENT.sub("", raw).strip()
        if not line:
            continue
        if fault := _fault(line, limits):
            problems.append(_problem(path, number, fault))
        elif lines == limits.lines:
            fault = f"only the first {limits.lines:,} lines of synonyms count"
            return tuple(synonyms), (*problems, _problem(path, number, fault))
        else:
            lines += 1
            synonyms += _synonyms(line)
    return tuple(synonyms), tuple(problems)


def words(text: str) -> tuple[str, ...]:
    """The exact forms that a text is compared by, those of each of its words in order."""
    return tuple(form for word in text.split() for form in forms(word))


def forms(word: str) -> tuple[str, ...]:
    """The exact forms of a typed word, as it is compared with synonyms; none if it holds none."""
    found = tokenizer.query_forms(word)
    return found[0] if found else ()


def _synonyms(line: str) -> Iterator[Synonym]:
    """The synonyms of a line without faults."""
    if ">" in line:
        text, other = _texts(line)
        yield Synonym(text, (other,))
        return
    texts = _texts(line)
    for text in texts:
        yield Synonym(text, tuple(other for other in texts if other != text))


def _fault(line: str, limits: Limits) -> str:
    """What is wrong with a line, and what to write; `""` if nothing is."""
    texts = _texts(line)
    analysed = [words(text) for text in texts]
    if len(texts) < 2:
        return f"{line[:40]!r} has neither `=` nor `>`; {_FORMS}"
    if ">" in line and len(texts) > 2:
        return f"a line with `>` has two sides, and no `=`; {_FORMS}"
    if len(texts) > limits.texts:
        return f"{len(texts)} texts in a line; write at most {limits.texts}"
    if not all(analysed):
        return f"nothing to search for on one side; {_FORMS}"
    if len({*analysed}) < len(analysed):
        return "the same words stand there twice; leave one of them out"
    longest = max(map(len, analysed))
    if longest > limits.words:
        return f"{longest} words in a text; write at most {limits.words}"
    return ""


def _texts(line: str) -> list[str]:
    return [text.strip() for text in re.split("[=>]", line)]


def _problem(path: Path, line: int, message: str) -> Problem:
    return Problem(str(path), line, "", message, Severity.WARNING)
