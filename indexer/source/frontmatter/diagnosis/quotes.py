"""Faults of texts: in quotes that end too early or too late, or without quotes they need."""

import re
from collections.abc import Iterator, Sequence

from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    FaultContext,
    Fix,
    Line,
    parse_line,
    whole_value,
)

_QUOTED = re.compile(r"(?:\"(?:[^\"\\]|\\[\s\S])*+|'(?:[^']|'')*+)(?P<closed>[\"']?)(?P<rest>.*)")
_COLON = re.compile(r":(?:\s|$)", re.MULTILINE)


def quoted_values(context: FaultContext) -> Iterator[Fix]:
    """The values up to the fault whose quotes end too early or too late, quoted anew."""
    lines, text = context.lines, "\n".join(context.lines)
    index = offset = 0
    while index <= context.at:
        line, end = parse_line(lines[index]), index
        if line and line.is_quoted and (match := _QUOTED.match(text, offset + line.start)):
            value, mark = whole_value(lines, index, line), line.value[0]
            end, last = index + match[0].count("\n"), index + value.count("\n")
            message = ""
            if not match["closed"] or end > last:
                where = f", at the end of line {last + FIRST_LINE}" if last > index else ""
                message = f"the text that begins with {mark} is not closed; close it{where}"
            elif match["rest"].split("#")[0].strip():
                message = f"the text ends early, at a {mark} inside it; put all of it in quotes"
            if message:
                yield Fix(message, _quote(lines, index, line, _unquoted(value)))
        offset += sum(len(text) + 1 for text in lines[index : end + 1])
        index = end + 1


def text_without_quotes(context: FaultContext) -> Iterator[Fix]:
    """Put the text of a line near the fault in quotes, or close its bracket."""
    lines = context.lines
    for index in context.near():
        line = parse_line(lines[index])
        if line is None or not line.value or line.is_quoted:
            continue
        first, value = line.value[0], whole_value(lines, index, line)
        closing = {"[": "]", "{": "}"}.get(first)
        if closing and closing not in line.value and line.value[:2] not in ("{{", "{%"):
            message = f"'{first}' is never closed; put '{closing}' at the end"
            yield Fix(message, {index: lines[index].rstrip() + closing})
        if first in "*&![{>|?%@`,]}" or line.value.startswith("- "):
            reason = f"the value begins with '{first}', which has a meaning of its own in YAML"
        elif _COLON.search(value):
            reason = "the value contains ': ', which YAML reads as another key"
        else:
            continue
        last = index + value.count("\n")
        what = "it" if last == index else f"all of it, to the end of line {last + FIRST_LINE},"
        yield Fix(f"{reason}; put {what} in quotes", _quote(lines, index, line, value))


def _quote(lines: Sequence[str], index: int, line: Line, text: str) -> dict[int, str]:
    """All lines of a value once its text is in quotes: the first is where the problem is."""
    return dict(enumerate((lines[index][: line.start] + _in_quotes(text)).split("\n"), index))


def _unquoted(value: str) -> str:
    """The text that the writer of a value with too many or too few quotes meant."""
    mark, text = value[0], value[1:].rstrip().removesuffix(value[0])
    for sign in ('"', "'"):
        while text.count(sign) % 2 and text.endswith(sign):
            text = text[:-1]
    if len(text) > 1 and text.count(mark) == 2 and text[0] == text[-1] == mark:
        text = text[1:-1]
    return text.replace('\\"', '"') if mark == '"' else text.replace("''", "'")


def _in_quotes(text: str) -> str:
    """Text as a YAML value in quotes, with as little escaping as possible."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    if "'" not in text or "\\" in text or text.count('"') > text.count("'"):
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.replace('"', '\\"') + '"'
