"""Faults of structure: misspelt keys and list items, wrong indentation, text outside of any key."""

import re
from collections.abc import Iterator

from indexer.source.frontmatter.diagnosis.lines import (
    FaultContext,
    Fix,
    dash_column,
    indent,
    is_idle,
    key_column,
    parse_line,
)

_LOOK_BACK = 40
_ESCAPE = (
    r"in double quotes a backslash begins an escape, and this one YAML does not know; "
    r"leave it out, or write \\ for a backslash"
)
_MISSPELT = (
    (
        r"^(?:[<>|]{7}.*|={7}\s*)$",
        "",
        "a merge conflict was left in the file; keep one version, remove the markers",
    ),
    (r"(?<![^\s-])\t", "  ", "YAML does not allow tabs for indentation; use spaces"),
    (
        r"\\(?![0abt\tnvfre \"/\\N_LP]|x[\dA-Fa-f]{2}|u(?![dD][89a-fA-F])[\dA-Fa-f]{4}"
        r"|U[\dA-Fa-f]{8})",
        r"\\\\",
        _ESCAPE,
    ),
    (
        r"^(\s*)#+ ?([\w.-]+:\s*)$",
        r"\1\2",
        "the key is a comment, but what stands below it is not; "
        "take the # away, or put one there too",
    ),
    (
        r"^(\s*(?:- +)*\w[\w.$-]*)\s?(?::=|[=;\uff1a]|:(?!//))\s*(.*)$",
        r"\1: \2",
        "write a colon and a space after the key",
    ),
    (r"^(\s*\w[\w.-]*)(\s*[|>][+-]?\d?)?\s*$", r"\1:\2", "write a colon after the key"),
    (r"^(\s*)-(?=[^\s-])", r"\1- ", "write a space after the dash"),
)
"""Patterns of mistakes, what to write instead, and the messages; in the order tried."""


def misspelt(context: FaultContext) -> Iterator[Fix]:
    """A line near the fault, with the usual mistakes corrected."""
    for pattern, replacement, message in _MISSPELT:
        for index in context.near():
            line = context.lines[index].rstrip()
            if message is _ESCAPE and '"' not in line:
                continue
            if (corrected := re.sub(pattern, replacement, line).rstrip()) != line:
                yield Fix(message, {index: corrected})


def indentation(context: FaultContext) -> Iterator[Fix]:
    """The line at fault, or the one that opened what it is in, moved to where a key or a dash above
    it stands, the nearest column first."""
    for index in dict.fromkeys([context.at, context.opened]):
        line = context.lines[index]
        if key_column(line) is None and dash_column(line) is None:
            continue
        here, lowest = indent(line), 1 << 30
        columns: dict[int, None] = {}
        for above in reversed(context.lines[max(0, index - _LOOK_BACK) : index]):
            key, dash = key_column(above), dash_column(above)
            if (key is None and dash is None) or indent(above) > lowest:
                continue  # nothing that is still open
            lowest = indent(above)
            fit = key if dash is None or dash_column(line) is None else dash
            if fit not in (None, here):
                columns[fit] = None
        for column in sorted(columns, key=lambda column: abs(column - here)):
            message = f"the line is indented by {here}; indent it by {column} to fit its neighbours"
            yield Fix(message, {index: " " * column + line.lstrip()})


def below_a_value(context: FaultContext) -> Iterator[Fix]:
    """Something indented below a key that has its value already."""
    lines = context.lines
    above = next(
        (parse_line(text) for text in lines[context.at - 1 :: -1] if not is_idle(text)), None
    )
    if above and above.key and above.value and indent(lines[context.at]) > above.column:
        message = (
            "this is indented below a key that already has a value; "
            "add the key it belongs to on a line above it, or indent it less"
        )
        yield Fix(message, {context.at: ""})


def stray_text(context: FaultContext) -> Iterator[Fix]:
    """Text that is neither a key nor indented below one."""
    message = (
        "this text belongs to no key; indent it if it continues the text above it, give it a key, "
        "remove it, or, if the text of the item begins here, put a line of exactly --- before it"
    )
    for index in context.near():
        if not is_idle(context.lines[index]) and parse_line(context.lines[index]) is None:
            yield Fix(message, {index: ""})
