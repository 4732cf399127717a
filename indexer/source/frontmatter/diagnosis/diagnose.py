"""Says what is wrong with YAML that cannot be read, and what to do about it.

A parser names the place where it gave up, which is often not where the mistake is. So each rule
proposes fixes for the lines around that place, and each fix is tried: the first one with which the
parser gets further makes the message. A message shows the corrected text, except of lines that may
hold a private value.
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
    Fault,
    FaultContext,
    Fix,
    locate,
    private_lines,
    shorten,
)
from indexer.source.frontmatter.diagnosis.quotes import quoted_values
from indexer.source.frontmatter.diagnosis.unquoted import text_without_quotes
from indexer.source.frontmatter.nodes import PRIVATE_KEYS
from indexer.unexpected import UnexpectedError, unexpected

Rule = Callable[[FaultContext], Iterable[Fix]]
"""Looks at a fault among its lines and proposes fixes, the likeliest first."""

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
class Diagnosis:
    """The problem that a fault is reported as. `unexpected`: the error of a rule, if one failed."""

    problem: Problem
    unexpected: UnexpectedError | None = None


def diagnose(text: str, fault: Fault, path: str, check: Check, rules: Rules = RULES) -> Diagnosis:
    """The problem that a fault in a front matter is reported as.

    `check` reads a text and returns its first fault, or None if it can be read. Raises nothing but
    MemoryError: if a rule fails, which should not happen, the problem is told in the parser's own
    words, and the error is returned with it, to be logged.
    """
    lines = text.split("\n")
    at, opened = locate(lines, fault)
    if fault.is_clear:
        return Diagnosis(Problem(path, at + FIRST_LINE, "", fault.reason))
    try:
        problem = _first_fix(text, fault, path, check, rules)
    except MemoryError:
        raise
    except Exception as error:
        return Diagnosis(_undiagnosed(fault, at, opened, path), unexpected(error))
    return Diagnosis(problem or _undiagnosed(fault, at, opened, path))


def _first_fix(text: str, fault: Fault, path: str, check: Check, rules: Rules) -> Problem | None:
    """The first fix that helps, as a problem; None if none does."""
    # What stands far below the fault does not diagnose it.
    lines = text[:_LONGEST_TRIED].split("\n")
    if fault.line >= len(lines) and len(text) > _LONGEST_TRIED:
        return None
    tries = _Attempts(lines, check)
    context = FaultContext(lines, *locate(lines, fault), tries.progress)
    stuck = (fault.opened, 1 << 30) if fault.at_end else (fault.line, fault.column)
    private = private_lines(lines)
    for rule in rules:
        for fix in rule(context):
            if not fix.edits or tries.progress(fix.edits) > stuck:
                return _problem(fix, path, private)
    return None


class _Attempts:
    """Reads the lines with edits, but only so often and so many characters: a file may be made to
    waste time."""

    def __init__(self, lines: list[str], check: Check) -> None:
        self._lines = lines
        self._check = check
        self._tries = _MOST_TRIED
        self._characters = _MOST_READ
        self._known: dict[frozenset[tuple[int, str]], tuple[int, int]] = {}

    def progress(self, edits: Mapping[int, str]) -> tuple[int, int]:
        """The line and column of the first fault once the edits are made; (-1, -1) if not tried."""
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


def _problem(fix: Fix, path: str, private: frozenset[int]) -> Problem:
    """A fix as a problem, with the corrected text if that may be shown."""
    message = fix.message
    shown = fix.shown or fix.edits.get(fix.line, "").strip()
    if shown and shown != "-" and private.isdisjoint({fix.line, *fix.edits}):
        message = f"{message}: {shorten(shown)}"
    else:
        message = message.removesuffix("; write")
    key = fix.key if fix.key in PRIVATE_KEYS or fix.line not in private else ""
    return Problem(path, fix.line + FIRST_LINE, shorten(key, 60), message)


def _undiagnosed(fault: Fault, at: int, opened: int, path: str) -> Problem:
    """A fault in the parser's words, without the words of the file that the parser may quote."""
    reason = shorten(_WORDS_OF_THE_FILE.sub("...", fault.reason))
    message = (
        f"the line cannot be read as YAML ({reason}); check its indentation, "
        "and put text that holds special characters in quotes"
    )
    # If a colon is missing, the line that should have it is meant.
    line = opened if "expected ':'" in fault.reason else at
    return Problem(path, line + FIRST_LINE, "", message)
