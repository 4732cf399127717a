"""Faults of text without quotes: it begins with, or holds, what YAML reads as something else."""

from collections.abc import Iterator

from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    Case,
    Part,
    Remedy,
    indent,
    key_column,
    part,
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


def text_without_quotes(case: Case) -> Iterator[Remedy]:
    """The text that holds the fault, or a line near it, put in quotes."""
    owner = _owner(case)
    for index in dict.fromkeys([owner, *case.near()]):
        found = part(case.lines[index])
        if found and found.value[:1] not in ("", '"', "'", "#"):
            yield from _unclosed_flow(case, index, found)
            if message := _reason(case, index, found):
                yield _quoted(case, index, found, message)


def _owner(case: Case) -> int:
    """The line where the text that holds the fault begins."""
    index, line = case.at, case.lines[case.at]
    if part(line):
        return index
    while index > 0 and (
        part(case.lines[index]) is None or indent(case.lines[index]) >= indent(line)
    ):
        index -= 1
    return index


def _reason(case: Case, index: int, found: Part) -> str:
    """Why the text cannot stand without quotes; empty where it can."""
    first = found.value[0]
    if first in _FIRST and not (first == "-" and found.value[1:2].strip()):
        return f"the value begins with '{first}', which YAML reads as {_FIRST[first]}"
    if first in _RESERVED:
        return f"the value begins with '{first}', which YAML keeps for itself"
    last = text_end(case.lines, index, found.column)
    texts = [found.value]
    texts += (line for line in case.lines[index + 1 : last + 1] if key_column(line) is None)
    if any(": " in text for text in texts):
        return "the value contains ': ', which YAML reads as another key"
    if any(text.rstrip().endswith(":") for text in texts):
        return "the value ends with ':', which YAML reads as another key"
    return ""


def _quoted(case: Case, index: int, found: Part, reason: str) -> Remedy:
    """The whole text in quotes, all its lines."""
    lines = case.lines
    last = text_end(lines, index, found.column)
    head = lines[index][: found.start]
    if last == index:
        edits = {index: head + in_quotes(found.value)}
        return Remedy(index, found.key, f"{reason}; put it in quotes", edits)
    texts = [found.value, *(line.rstrip() for line in lines[index + 1 : last + 1])]
    quoted = in_quotes("\n".join(texts)).split("\n")
    edits = {index + offset: text for offset, text in enumerate(quoted)}
    edits[index] = head + edits[index]
    message = f"{reason}; put all of it, to the end of line {last + FIRST_LINE}, in quotes"
    shown = f"{edits[index].strip()[:60]} … {edits[last].strip()[-20:]}"
    return Remedy(index, found.key, message, edits, shown)


def _unclosed_flow(case: Case, index: int, found: Part) -> Iterator[Remedy]:
    """A list in brackets, or a mapping in braces, that is never closed."""
    pair = {"[": "]", "{": "}"}.get(found.value[0])
    if pair and pair not in found.value and found.value[:2] not in ("{{", "{%"):
        message = f"'{found.value[0]}' is never closed; put '{pair}' at the end"
        yield Remedy(index, found.key, message, {index: case.lines[index].rstrip() + pair})
