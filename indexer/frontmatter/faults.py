"""What is wrong with YAML that cannot be read, in words that say what to do about it.

A parser names the place where it gave up, which is often not the place where somebody slipped.
So each rule proposes a remedy for the lines around that place, and the remedy is tried: the first
one with which the parser gets further is what the message says. A message shows corrected text,
except of lines that may hold a private value.
"""

from collections.abc import Callable, Iterator, Mapping

from indexer.frontmatter.indent import indentation
from indexer.frontmatter.lines import FIRST_LINE, Case, Fault, Remedy, clipped, private_lines
from indexer.frontmatter.nodes import PRIVATE_KEYS
from indexer.frontmatter.prose import text_without_quotes
from indexer.frontmatter.quotes import quoted_values
from indexer.frontmatter.shape import (
    commented_keys,
    conflicts,
    long_markers,
    misspelt_items,
    misspelt_keys,
    stray_signs,
    stray_text,
    tabs,
)
from indexer.item import Problem

_RULES = (
    conflicts,
    tabs,
    long_markers,
    quoted_values,
    commented_keys,
    misspelt_keys,
    misspelt_items,
    indentation,
    text_without_quotes,
    stray_signs,
    stray_text,
)
_LONGEST_TRIED = 64 * 1024
_MOST_TRIED = 60
_END = (1 << 60, 0)

Check = Callable[[str], Fault | None]


def explain(text: str, fault: Fault, path: str, check: Check) -> Problem:
    """The problem that a fault in a front matter stands for.

    `check` reads a text and returns its first fault, or None where it can be read.
    """
    # What stands far below the fault does not explain it.
    lines = text[:_LONGEST_TRIED].split("\n")
    if fault.is_clear:
        return Problem(path, fault.line + FIRST_LINE, "", fault.reason)
    tries = _Tries(lines, check)
    case = Case(lines, fault, tries.reach)
    stuck = (fault.opened, 1 << 30) if fault.at_end else (fault.line, fault.column)
    if fault.line < len(lines) or len(text) <= _LONGEST_TRIED:
        private = private_lines(lines)
        for remedy in _remedies(case):
            if not remedy.edits or tries.reach(remedy.edits) > stuck:
                return _problem(remedy, path, private)
    return _unexplained(case, path)


def _remedies(case: Case) -> Iterator[Remedy]:
    for rule in _RULES:
        yield from rule(case)


class _Tries:
    """Reads the lines with edits, so often and no more: a file may be made to waste time."""

    def __init__(self, lines: list[str], check: Check) -> None:
        self._lines = lines
        self._check = check
        self._left = _MOST_TRIED
        self._known: dict[str, tuple[int, int]] = {}

    def reach(self, edits: Mapping[int, str]) -> tuple[int, int]:
        """The line and column of the first fault with the edits made; (-1, -1) if not tried."""
        text = "\n".join(edits.get(i, line) for i, line in enumerate(self._lines))
        if text not in self._known:
            if self._left == 0:
                return (-1, -1)
            self._left -= 1
            fault = self._check(text)
            self._known[text] = (fault.line, fault.column) if fault else _END
        return self._known[text]


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


def _unexplained(case: Case, path: str) -> Problem:
    message = (
        f"the line cannot be read as YAML ({clipped(case.fault.reason)}); check its indentation, "
        "and put text that holds special characters in quotes"
    )
    at = max(case.at, case.fault.line) if case.fault.line >= len(case.lines) else case.at
    if "expected ':'" in case.fault.reason:
        at = case.fault.opened  # the line that should have had the colon
    return Problem(path, at + FIRST_LINE, "", message)
