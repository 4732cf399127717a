"""Synonyms: words that people use for each other, in a plain text that an editor can change.

    # How people write it, one line for each.
    ai = artificial intelligence              each finds the other
    uk = united kingdom = great britain       so do three and more
    bbc > british broadcasting corporation    the first finds the second, too, but not the reverse

They widen queries and are no part of the index, so a changed file needs no reindex. A line that
cannot be read is a warning, and counts as if it were not there.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from indexer.analysis import tokenizer
from indexer.item import Problem, Severity

_COMMENT = re.compile(r"(?:^|\s)#.*")
_FORMS = "write `ai = artificial intelligence`, or `bbc > british broadcasting corporation`"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold: bytes, lines with synonyms, texts in a line, words in a text,
    synonyms of a text in all lines."""

    bytes: int = 1_000_000
    lines: int = 10_000
    texts: int = 16
    words: int = 8
    synonyms: int = 32


@dataclass(frozen=True, slots=True)
class Synonym:
    """What a text finds besides itself."""

    text: str
    finds: tuple[str, ...]


DEFAULT_LIMITS = Limits()

Words = tuple[str, ...]
"""The exact forms of a text, by which texts are compared."""


def parse_synonyms(
    text: str, path: Path, limits: Limits = DEFAULT_LIMITS
) -> tuple[tuple[Synonym, ...], tuple[Problem, ...]]:
    """The synonyms of a text, and the problems of its lines, which name this path."""
    synonyms: list[Synonym] = []
    problems: list[Problem] = []
    lines, counts = 0, Counter[Words]()
    for number, raw in enumerate(StringIO(text, newline=None), start=1):
        line = _COMMENT.sub("", raw).strip()
        if not line:
            continue
        texts = [text.strip() for text in re.split("[=>]", line)]
        analysed = [words(text) for text in texts]
        finding = 1 if ">" in line else len(texts)
        if fault := _fault(line, texts, analysed, limits) or _excess(
            texts, analysed[:finding], counts, limits
        ):
            problems.append(_problem(path, number, fault))
        elif lines == limits.lines:
            fault = f"only the first {limits.lines:,} lines of synonyms count"
            return tuple(synonyms), (*problems, _problem(path, number, fault))
        else:
            lines += 1
            for text in texts[:finding]:
                synonyms.append(Synonym(text, tuple([one for one in texts if one != text])))
            counts.update(dict.fromkeys(analysed[:finding], len(texts) - 1))
    return tuple(synonyms), tuple(problems)


def words(text: str) -> Words:
    """The exact forms of each of the words of a text, in order."""
    return tuple(form for word in text.split() for form in forms(word))


def forms(word: str) -> tuple[str, ...]:
    """The exact forms of a typed word, as it is compared with synonyms; none if it holds none."""
    found = tokenizer.query_forms(word)
    return found[0] if found else ()


def _fault(line: str, texts: Sequence[str], analysed: Sequence[Words], limits: Limits) -> str:
    """What is wrong with a line, and what to write; `""` if nothing is."""
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


def _excess(
    texts: Sequence[str], finding: Sequence[Words], counts: Mapping[Words, int], limits: Limits
) -> str:
    """Which text would have too many synonyms with those of a line; `""` if none would."""
    for text, analysed in zip(texts, finding, strict=False):
        if counts[analysed] + len(texts) - 1 > limits.synonyms:
            most = f"at most {limits.synonyms} synonyms"
            return f"{text[:40]!r} may have {most}, those of the lines above included"
    return ""


def _problem(path: Path, line: int, message: str) -> Problem:
    return Problem(str(path), line, "", message, Severity.WARNING)
