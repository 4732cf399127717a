"""What is wrong with YAML that cannot be read, in words that say what to do about it.

A parser names the place where it gave up, which is often not the place where somebody slipped.
So each rule proposes a remedy for the lines around that place, and the remedy is tried: the first
one with which the parser gets further is what the message says. A message shows corrected text,
except of lines that may hold a private value.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.item import Problem
from indexer.source.frontmatter.diagnosis.indentation import indentation
from indexer.source.frontmatter.diagnosis.keys import (
    commented_keys,
    conflicts,
    misspelt_items,
    misspelt_keys,
    stray_text,
    tabs,
)
from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    Case,
    Fault,
    Remedy,
    clipped,
    place,
    private_lines,
)
from indexer.source.frontmatter.diagnosis.quotes import quoted_values
from indexer.source.frontmatter.diagnosis.unquoted import text_without_quotes
from indexer.source.frontmatter.nodes import PRIVATE_KEYS
from indexer.unexpected import UnexpectedError, unexpected

Rule = Callable[[Case], Iterable[Remedy]]
"""Looks at a fault among its lines and proposes what may put it right, the likeliest first."""

Rules = Sequence[Rule]

RULES: Rules = (
    conflicts,
    tabs,
    quoted_values,
    commented_keys,
    misspelt_keys,
    misspelt_items,
    indentation,
    text_without_quotes,
    stray_text,
)
_LONGEST_TRIED = 64 * 1024
_MOST_TRIED = 60
_MOST_READ = 1024 * 1024
_END = (1 << 60, 0)
_WORDS_OF_THE_FILE = re.compile(r"'(?!<)[^']{2,}'")

Check = Callable[[str], Fault | None]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The problem that a fault stands for. `unexpected`: what kept it from being explained."""

    problem: Problem
    unexpected: UnexpectedError | None = None


def explain(text: str, fault: Fault, path: str, check: Check, rules: Rules = RULES) -> Explanation:
    """The problem that a fault in a front matter stands for.

    `check` reads a text and returns its first fault, or None where it can be read.

    Raises nothing but MemoryError. The rules guess at what somebody meant, so they are tried on
    text of which nothing is sure; that the file is rejected, and where, is sure without them.
    Whatever a rule raises therefore costs no more than its advice: the problem is then told in
    the parser's own words, and what was raised is handed on, to be logged.
    """
    lines = text.split("\n")
    at, opened = place(lines, fault)
    if fault.is_clear:
        return Explanation(Problem(path, at + FIRST_LINE, "", fault.reason))
    try:
        found = _advice(text, fault, path, check, rules)
    except MemoryError:
        raise
    except Exception as error:
        return Explanation(_unexplained(fault, at, opened, path), unexpected(error))
    return Explanation(found or _unexplained(fault, at, opened, path))


def _advice(text: str, fault: Fault, path: str, check: Check, rules: Rules) -> Problem | None:
    """The first remedy that helps, as a problem; None where none does."""
    # What stands far below the fault does not explain it.
    lines = text[:_LONGEST_TRIED].split("\n")
    if fault.line >= len(lines) and len(text) > _LONGEST_TRIED:
        return None
    tries = _Tries(lines, check)
    case = Case(lines, *place(lines, fault), tries.reach)
    stuck = (fault.opened, 1 << 30) if fault.at_end else (fault.line, fault.column)
    private = private_lines(lines)
    for rule in rules:
        for remedy in rule(case):
            if not remedy.edits or tries.reach(remedy.edits) > stuck:
                return _problem(remedy, path, private)
    return None


class _Tries:
    """Reads the lines with edits, so often and so much of them and no more: a file may be made to
    waste time."""

    def __init__(self, lines: list[str], check: Check) -> None:
        self._lines = lines
        self._check = check
        self._tries = _MOST_TRIED
        self._characters = _MOST_READ
        self._known: dict[frozenset[tuple[int, str]], tuple[int, int]] = {}

    def reach(self, edits: Mapping[int, str]) -> tuple[int, int]:
        """The line and column of the first fault with the edits made; (-1, -1) if not tried."""
        key = frozenset(edits.items())
        if key not in self._known:
            if self._tries <= 0 or self._characters <= 0:
                return (-1, -1)
            text = "\n".join(edits.get(i, line) for i, line in enumerate(self._lines))
            self._tries -= 1
            self._characters -= len(text)
            fault = self._check(text)
            self._known[key] = (fault.line, fault.column) if fault else _END
        return self._known[key]


def _problem(remedy: Remedy, path: str, private: frozenset[int]) -> Problem:
    """A remedy as a problem, with its corrected text where that may be shown."""
    message = remedy.message
    shown = remedy.shown or remedy.edits.get(remedy.line, "").strip()
    if shown and shown != "-" and private.isdisjoint({remedy.line, *remedy.edits}):
        message = f"{message}: {clipped(shown)}"
    else:
        message = message.removesuffix("; write")
    key = remedy.key if remedy.key in PRIVATE_KEYS or remedy.line not in private else ""
    return Problem(path, remedy.line + FIRST_LINE, clipped(key, 60), message)


def _unexplained(fault: Fault, at: int, opened: int, path: str) -> Problem:
    """A fault in the parser's own words, without those of the file that it may quote."""
    reason = clipped(_WORDS_OF_THE_FILE.sub("...", fault.reason))
    message = (
        f"the line cannot be read as YAML ({reason}); check its indentation, "
        "and put text that holds special characters in quotes"
    )
    # Where a colon is missing, the line that should have had it is meant.
    line = opened if "expected ':'" in fault.reason else at
    return Problem(path, line + FIRST_LINE, "", message)
