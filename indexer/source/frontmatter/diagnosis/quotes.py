"""Faults of quotes: left open, used inside quotes, or with an escape YAML does not know."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    Case,
    Part,
    Remedy,
    indent,
    last_text,
    next_key,
    part,
    text_end,
)

_BAD_ESCAPE = re.compile(
    r"\\(?![0abt\tnvfre \"/\\N_LP\n]|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8})"
)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][\dA-Fa-f]{2}")
_SURROGATE_PAIR = re.compile(r"\\u([dD][89abAB][\dA-Fa-f]{2})\\u([dD][c-fC-F][\dA-Fa-f]{2})")
_BARE_QUOTE = re.compile(r'(?<!\\)"')
_NAMES = {'"': "double", "'": "single"}


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A value in quotes: `end` is the line where they close, None if nowhere; `rest` follows."""

    part: Part
    start: int
    end: int | None
    rest: str


def quoted_values(case: Case) -> Iterator[Remedy]:
    """Quotes that close too late, too early or not at all, and escapes YAML does not know."""
    for quoted in _quoted(case):
        end = len(case.lines) if quoted.end is None else quoted.end
        if not any(quoted.start <= at <= end for at in {case.at, case.opened}):
            continue
        stop = next_key(case.lines, quoted.start, quoted.part.column)
        if quoted.end is None or quoted.end >= stop:
            yield _left_open(case, quoted, stop)
        elif quoted.rest and quoted.end == quoted.start:
            yield _quote_inside(case.lines[quoted.start], quoted)
        elif quoted.rest:
            yield _quote_inside_lines(case, quoted, stop)
        yield from _escapes(case, quoted, end)


def _quoted(case: Case) -> Iterator[_Quoted]:
    """The quoted values, in order, as far as the fault."""
    index = 0
    while index <= case.at:
        found = part(case.lines[index])
        if found and found.value[:1] in ("|", ">") and len(found.value) < 4:
            index = text_end(case.lines, index, indent(case.lines[index]))
        elif found and found.value[:1] in _NAMES and found.value:
            quoted = _scan(case, index, found)
            yield quoted
            if quoted.end is None:
                return
            index = quoted.end
        index += 1


def _scan(case: Case, start: int, found: Part) -> _Quoted:
    """Where the quotes that a value begins with are closed."""
    mark, column = found.value[0], found.start + 1
    for index in range(start, len(case.lines)):
        line = case.lines[index]
        while column < len(line):
            if line[column : column + 2] == "''" == mark * 2 or (mark, line[column]) == ('"', "\\"):
                column += 1
            elif line[column] == mark:
                rest = line[column + 1 :].strip()
                return _Quoted(found, start, index, "" if rest.startswith("#") else rest)
            column += 1
        column = 0
    return _Quoted(found, start, None, "")


def _left_open(case: Case, quoted: _Quoted, stop: int) -> Remedy:
    """The closing quote is missing: it belongs at the end of the value's last line."""
    lines, mark, key = case.lines, quoted.part.value[0], quoted.part.key
    last = last_text(lines, quoted.start, stop)
    line = lines[last].rstrip()
    following = lines[stop].lstrip() if stop < len(lines) else ""
    if following.startswith(mark) and part(following[1:]):
        message = (
            f"its closing {mark} stands at the start of line {stop + FIRST_LINE}; move it here"
        )
        return Remedy(last, key, message, {last: line + mark, stop: following[1:]})
    other = "'" if mark == '"' else '"'
    if last == quoted.start and line.endswith(other) and len(quoted.part.value) > 1:
        message = f"the text begins with {mark} but ends with {other}; end it as it begins"
        return _whole(line, quoted, in_quotes(quoted.part.value[1:-1]), message)
    where = "" if last == quoted.start else f" on line {quoted.start + FIRST_LINE}"
    message = f"the text that begins{where} with {mark} is not closed; put {mark} at its end"
    if stop == len(lines) and last > quoted.start:
        message += ", and no line of --- inside it"
    return Remedy(last, key, message, {last: line + mark})


def _quote_inside(line: str, quoted: _Quoted) -> Remedy:
    """On one line: more text after the quotes that close it."""
    value, key = quoted.part.value, quoted.part.key
    mark = value[0]
    if key and value.startswith(f"{mark}{key}:"):
        rest = value[len(key) + 2 :].strip()
        text = in_quotes(_unquoted(rest)) if rest[:1] in _NAMES else in_quotes(rest)
        return _whole(line, quoted, text, "the key is written twice; write it once")
    if value.endswith(mark) and quoted.rest == mark:
        message = f"the text ends with {mark} twice; end it with one"
    elif value.startswith(mark * 2) and value.endswith(mark * 2):
        message = f"the text stands between two pairs of {mark}; write one pair"
    elif not value.endswith(mark):
        message = f"text follows the closing {mark}; put all of it in quotes"
    else:
        message = f"{mark} stands inside a text in {_NAMES[mark]} quotes and ends it too early"
    return _whole(line, quoted, in_quotes(_unquoted(value)), message)


def _whole(line: str, quoted: _Quoted, text: str, message: str) -> Remedy:
    """Another value in place of the whole one."""
    edits = {quoted.start: line[: quoted.part.start] + text}
    return Remedy(quoted.start, quoted.part.key, message, edits)


def _unquoted(value: str) -> str:
    """What the writer of a value with too many quotes meant to say."""
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


def _quote_inside_lines(case: Case, quoted: _Quoted, stop: int) -> Remedy:
    """Over several lines: quotes between the first one and the last."""
    mark = quoted.part.value[0]
    at = quoted.start if quoted.end is None else quoted.end
    last = max(at, last_text(case.lines, quoted.start, stop))
    edits: dict[int, str] = {}
    for index in range(quoted.start, last + 1):
        line = case.lines[index].rstrip()
        begin = quoted.part.start + 1 if index == quoted.start else 0
        end = len(line) - 1 if index == last and line.endswith(mark) else len(line)
        inside = line[begin:end]
        inside = _BARE_QUOTE.sub(r'\\"', inside) if mark == '"' else inside.replace("'", "''")
        edits[index] = line[:begin] + inside + line[end:]
    write = '\\"' if mark == '"' else "''"
    message = (
        f"the text that begins on line {quoted.start + FIRST_LINE} is in {_NAMES[mark]} quotes and "
        f"has {mark} inside; write {write} there"
    )
    place = max(0, edits[at].find(write) - 20)
    return Remedy(at, quoted.part.key, message, edits, edits[at][place : place + 60])


def _escapes(case: Case, quoted: _Quoted, end: int) -> Iterator[Remedy]:
    """Backslashes in double quotes that begin no escape."""
    if quoted.part.value[0] != '"':
        return
    for index in range(quoted.start, min(end, len(case.lines) - 1) + 1):
        line = case.lines[index]
        key = quoted.part.key
        if _BAD_ESCAPE.search(line):
            apt = _BAD_ESCAPE.sub("", line) if "\\'" in line else _BAD_ESCAPE.sub(r"\\\\", line)
            message = (
                r"in double quotes a backslash begins an escape, and this one YAML does not know; "
                r"leave it out, or write \\ for a backslash"
            )
            yield Remedy(index, key, message, {index: apt}, apt)
        if _SURROGATE.search(line):
            apt = _SURROGATE.sub("", _SURROGATE_PAIR.sub(_joined, line))
            message = (
                r"\ud800 to \udfff are halves of characters, which YAML cannot hold; "
                "write the character itself"
            )
            yield Remedy(index, key, message, {index: apt}, apt)


def _joined(pair: re.Match[str]) -> str:
    high, low = int(pair[1], 16), int(pair[2], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
