"""Faults of quotes: left open, used inside quotes, or with an escape that YAML does not know."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    FaultContext,
    Fix,
    Line,
    indent,
    last_text,
    next_key,
    parse_line,
    text_end,
)

_BAD_ESCAPE = re.compile(
    r"\\(?![0abt\tnvfre \"/\\N_LP\n]|x[\dA-Fa-f]{2}|u(?![dD][89a-fA-F])[\dA-Fa-f]{4}"
    r"|U[\dA-Fa-f]{8})"
)
_NAMES = {'"': "double", "'": "single"}


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A value in quotes. `end` is the line where they close, None if nowhere; `rest` is the text
    after them on that line."""

    line: Line
    start: int
    end: int | None
    rest: str


def quoted_values(context: FaultContext) -> Iterator[Fix]:
    """Quotes that close too late, too early or not at all, and escapes YAML does not know."""
    for quoted in _quoted(context):
        end = len(context.lines) if quoted.end is None else quoted.end
        if not any(quoted.start <= at <= end for at in {context.at, context.opened}):
            continue
        stop = next_key(context.lines, quoted.start, quoted.line.column)
        if quoted.end is None or quoted.end >= stop:
            yield _left_open(context, quoted, stop)
        elif quoted.rest and quoted.end == quoted.start:
            yield _quote_inside(context.lines[quoted.start], quoted)
        elif quoted.rest:
            yield _quote_inside_lines(quoted, end)
        yield from _escapes(context, quoted, end)


def _quoted(context: FaultContext) -> Iterator[_Quoted]:
    """The quoted values up to the fault, in order."""
    index = 0
    while index <= context.at:
        line = parse_line(context.lines[index])
        if line and line.value[:1] in ("|", ">") and len(line.value) < 4:
            index = text_end(context.lines, index, indent(context.lines[index]))
        elif line and line.value[:1] in _NAMES and line.value:
            quoted = _scan(context, index, line)
            yield quoted
            if quoted.end is None:
                return
            index = quoted.end
        index += 1


def _scan(context: FaultContext, start: int, opening: Line) -> _Quoted:
    """Find where the quotes that a value begins with are closed."""
    mark, column = opening.value[0], opening.start + 1
    for index in range(start, len(context.lines)):
        line = context.lines[index]
        while column < len(line):
            if line[column : column + 2] == "''" == mark * 2 or (mark, line[column]) == ('"', "\\"):
                column += 1
            elif line[column] == mark:
                rest = line[column + 1 :].strip()
                return _Quoted(opening, start, index, "" if rest.startswith("#") else rest)
            column += 1
        column = 0
    return _Quoted(opening, start, None, "")


def _left_open(context: FaultContext, quoted: _Quoted, stop: int) -> Fix:
    """The closing quote is missing: put it at the end of the value's last line."""
    lines, mark, key = context.lines, quoted.line.value[0], quoted.line.key
    last = last_text(lines, quoted.start, stop)
    line = lines[last].rstrip()
    other = "'" if mark == '"' else '"'
    if last == quoted.start and line.endswith(other) and len(quoted.line.value) > 1:
        message = f"the text begins with {mark} but ends with {other}; end it as it begins"
        return _whole(line, quoted, in_quotes(quoted.line.value[1:-1]), message)
    where = "" if last == quoted.start else f" on line {quoted.start + FIRST_LINE}"
    message = f"the text that begins{where} with {mark} is not closed; put {mark} at its end"
    if stop == len(lines) and last > quoted.start:
        message += ", and no line of --- inside it"
    return Fix(last, key, message, {last: line + mark})


def _quote_inside(line: str, quoted: _Quoted) -> Fix:
    """On one line: more text after the quotes that close it."""
    value, key = quoted.line.value, quoted.line.key
    mark = value[0]
    if key and value.startswith(f"{mark}{key}:"):
        text = _unquoted(mark + value[len(key) + 2 :].strip().lstrip("\"'"))
        return _whole(line, quoted, in_quotes(text), "the key is written twice; write it once")
    if value.endswith(mark) and quoted.rest == mark:
        message = f"the text ends with {mark} twice; end it with one"
    elif value.startswith(mark * 2) and value.endswith(mark * 2):
        message = f"the text stands between two pairs of {mark}; write one pair"
    elif not value.endswith(mark):
        message = f"text follows the closing {mark}; put all of it in quotes"
    else:
        message = f"{mark} stands inside a text in {_NAMES[mark]} quotes and ends it too early"
    return _whole(line, quoted, in_quotes(_unquoted(value)), message)


def _whole(line: str, quoted: _Quoted, text: str, message: str) -> Fix:
    """Replace the whole value."""
    edits = {quoted.start: line[: quoted.line.start] + text}
    return Fix(quoted.start, quoted.line.key, message, edits)


def _unquoted(value: str) -> str:
    """The text that the writer of a value with too many quotes meant."""
    mark = value[0]
    text = value[1:].removesuffix(mark)
    while text.count(mark) % 2 and text.endswith(mark):
        text = text[:-1]
    if len(text) > 1 and text.count(mark) == 2 and text[0] == text[-1] == mark:
        text = text[1:-1]
    return text.replace('\\"', '"') if mark == '"' else text.replace("''", "'")


def in_quotes(text: str) -> str:
    """Text as a YAML value in quotes, with as little escaping as possible."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    if "'" not in text or "\\" in text or text.count('"') > text.count("'"):
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.replace('"', '\\"') + '"'


def _quote_inside_lines(quoted: _Quoted, end: int) -> Fix:
    """Over several lines: more text after the quotes that close it."""
    mark = quoted.line.value[0]
    write = '\\"' if mark == '"' else "''"
    message = (
        f"the text that begins on line {quoted.start + FIRST_LINE} is in {_NAMES[mark]} quotes and "
        f"has {mark} inside; write {write} there"
    )
    return Fix(end, quoted.line.key, message)


def _escapes(context: FaultContext, quoted: _Quoted, end: int) -> Iterator[Fix]:
    """Backslashes in double quotes that begin no escape."""
    if quoted.line.value[0] != '"':
        return
    for index in range(quoted.start, min(end, len(context.lines) - 1) + 1):
        line = context.lines[index]
        key = quoted.line.key
        if _BAD_ESCAPE.search(line):
            apt = _BAD_ESCAPE.sub("", line) if "\\'" in line else _BAD_ESCAPE.sub(r"\\\\", line)
            message = (
                r"in double quotes a backslash begins an escape, and this one YAML does not know; "
                r"leave it out, or write \\ for a backslash"
            )
            yield Fix(index, key, message, {index: apt}, apt)
