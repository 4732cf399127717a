"""Says what is wrong with YAML that cannot be read, and what to do about it.

A parser names the place where it gave up, which is often not where the mistake is. So each rule
proposes fixes for the lines around that place, and each fix is tried: the first one with which the
parser gets further makes the message. A message shows the corrected text, except of lines that may
hold a private value.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice

from indexer.item import Problem
from indexer.source.frontmatter.diagnosis.brackets import text_after_brackets, texts_in_brackets
from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    Fault,
    FaultContext,
    Fix,
    key_of,
    locate,
    private_lines,
    shorten,
    shown,
)
from indexer.source.frontmatter.diagnosis.quotes import (
    quoted_values,
    text_among_texts,
    text_with_comment,
    text_without_quotes,
    unknown_escapes,
)
from indexer.source.frontmatter.diagnosis.structure import (
    below_a_value,
    indentation,
    misspelt,
    stray_text,
)
from indexer.source.frontmatter.nodes import is_private
from indexer.unexpected import UnexpectedError, unexpected

Rule = Callable[[FaultContext], Iterable[Fix]]
"""Looks at a fault among its lines and proposes fixes, the likeliest first."""

Rules = Sequence[Rule]

RULES: Rules = (
    text_among_texts,
    quoted_values,
    unknown_escapes,
    texts_in_brackets,
    text_after_brackets,
    misspelt,
    indentation,
    text_with_comment,
    below_a_value,
    text_without_quotes,
    stray_text,
)
# A file may be made to waste time: characters looked at, fixes tried, and characters read for them.
_LONGEST_TRIED = 64 * 1024
_MOST_TRIED = 60
_MOST_READ = 1024 * 1024
_SOMETHING_MISSING = re.compile("expected ':'|end of stream")
_WORDS_OF_THE_FILE = re.compile(r"'(?!<)[^']{2,}'")


def diagnose(
    text: str, fault: Fault, path: str, read: Callable[[str], object], rules: Rules = RULES
) -> tuple[Problem, UnexpectedError | None]:
    """The problem that a fault in a front matter is reported as.

    `read` reads a text and raises its first `Fault`. Raises nothing but MemoryError: if a rule
    fails, which should not happen, the problem is told in the parser's own words, and the error is
    returned with it, to be logged.
    """
    lines = text.split("\n")
    at, opened = locate(lines, fault)
    if fault.is_clear:
        return Problem(path, at + FIRST_LINE, "", fault.reason), None
    error = None
    try:
        if problem := _first_fix(text, fault, path, read, rules):
            return problem, None
    except MemoryError:
        raise
    except Exception as raised:
        error = unexpected(raised)
    # The parser may quote words of the file, which may be private.
    reason = shorten(_WORDS_OF_THE_FILE.sub("...", fault.reason))
    message = (
        f"the line cannot be read as YAML ({reason}); check its indentation, "
        "and put text that holds special characters in quotes"
    )
    # If a colon or an end is missing, the line that should have it, or began the text, is meant.
    line = opened if _SOMETHING_MISSING.search(fault.reason) else at
    return Problem(path, line + FIRST_LINE, "", message), error


def _first_fix(
    text: str, fault: Fault, path: str, read: Callable[[str], object], rules: Rules
) -> Problem | None:
    """The first fix that helps, as a problem; None if none does."""
    # What stands far below the fault does not diagnose it.
    lines = text[:_LONGEST_TRIED].split("\n")
    if fault.line >= len(lines) and len(text) > _LONGEST_TRIED:
        return None
    context = FaultContext(lines, *locate(lines, fault))
    fixes = chain.from_iterable(rule(context) for rule in rules)
    for fix in islice(fixes, min(_MOST_TRIED, _MOST_READ // len(text[:_LONGEST_TRIED]))):
        try:
            read("\n".join(fix.edits.get(i, line) for i, line in enumerate(lines)))
        except Fault as later:
            if later.reached <= fault.reached:
                continue
        return _problem(fix, path, lines)
    return None


def _problem(fix: Fix, path: str, lines: Sequence[str]) -> Problem:
    """A fix as a problem, with the corrected text if that may be shown."""
    line, corrected = next(iter(fix.edits.items()))
    private = private_lines(lines)
    key, message = key_of(lines, line, corrected), fix.message
    if line in private and not is_private(key):
        key = ""
    if private.isdisjoint(fix.edits) and (copy := shown(fix.edits.values())):
        message = f"{message}: {copy}"
    elif message.endswith("quotes"):
        message = f"{message}; between single quotes, write each ' twice"
    return Problem(path, line + FIRST_LINE, shorten(key, 60), message)
