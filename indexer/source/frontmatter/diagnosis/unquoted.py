"""Faults of text without quotes: it begins with, or contains, what YAML reads otherwise."""

from collections.abc import Iterator

from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    FaultContext,
    Fix,
    Line,
    key_column,
    parse_line,
    text_end,
)
from indexer.source.frontmatter.diagnosis.quotes import in_quotes

_FIRST = {
    "*": "a reference",
    "&": "an anchor",
    "!": "a tag",
    "[": "a list",
    "{": "a mapping",
    ">": "a folded text on the lines below",
    "|": "a text on the lines below",
    "?": "a key",
    "-": "a list item",
}
_RESERVED = "%@`,]}"


def text_without_quotes(context: FaultContext) -> Iterator[Fix]:
    """Put the text of a line near the fault in quotes, or close its bracket."""
    for index in context.near():
        line = parse_line(context.lines[index])
        if line and line.value[:1] not in ("", '"', "'", "#"):
            yield from _unclosed_flow(context, index, line)
            if message := _reason(context, index, line):
                yield _quoted(context, index, line, message)


def _reason(context: FaultContext, index: int, line: Line) -> str:
    """Why the text cannot stand without quotes; empty if it can."""
    first = line.value[0]
    if first in _FIRST and not (first == "-" and line.value[1:2].strip()):
        return f"the value begins with '{first}', which YAML reads as {_FIRST[first]}"
    if first in _RESERVED:
        return f"the value begins with '{first}', which YAML keeps for itself"
    last = text_end(context.lines, index, line.column)
    texts = [line.value]
    texts += (below for below in context.lines[index + 1 : last + 1] if key_column(below) is None)
    if any(": " in text for text in texts):
        return "the value contains ': ', which YAML reads as another key"
    if any(text.rstrip().endswith(":") for text in texts):
        return "the value ends with ':', which YAML reads as another key"
    return ""


def _quoted(context: FaultContext, index: int, line: Line, reason: str) -> Fix:
    """Put the whole text in quotes, with all its lines."""
    lines = context.lines
    last = text_end(lines, index, line.column)
    head = lines[index][: line.start]
    if last == index:
        edits = {index: head + in_quotes(line.value)}
        return Fix(index, line.key, f"{reason}; put it in quotes", edits)
    texts = [line.value, *(below.rstrip() for below in lines[index + 1 : last + 1])]
    quoted = in_quotes("\n".join(texts)).split("\n")
    edits = {index + offset: text for offset, text in enumerate(quoted)}
    edits[index] = head + edits[index]
    message = f"{reason}; put all of it, to the end of line {last + FIRST_LINE}, in quotes"
    shown = f"{edits[index].strip()[:60]} … {edits[last].strip()[-20:]}"
    return Fix(index, line.key, message, edits, shown)


def _unclosed_flow(context: FaultContext, index: int, line: Line) -> Iterator[Fix]:
    """A list in brackets, or a mapping in braces, that is never closed."""
    pair = {"[": "]", "{": "}"}.get(line.value[0])
    if pair and pair not in line.value and line.value[:2] not in ("{{", "{%"):
        message = f"'{line.value[0]}' is never closed; put '{pair}' at the end"
        yield Fix(index, line.key, message, {index: context.lines[index].rstrip() + pair})
