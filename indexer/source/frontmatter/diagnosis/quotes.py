"""Faults of texts: in quotes that end too early or too late, or without quotes they need.

A text is put in quotes as it was written, to the last sign. Quotes around it, and only those, are
taken for the writer's own attempt to quote it.
"""

import re
from collections.abc import Iterator, Sequence

from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    FaultContext,
    Fix,
    Line,
    dash_column,
    parse_line,
    whole_value,
)

QUOTED = re.compile(r"(?:\"(?:[^\"\\]|\\[\s\S])*+|'(?:[^']|'')*+)(?P<closed>[\"']?)(?P<rest>.*)")
_COLON = re.compile(r":(?:\s|$)", re.MULTILINE)
_HASH = re.compile(r"\S\s+#")
_SEVERAL = re.compile(r"(\"[^\"]*+\"|'[^']*+')(?:\s*+,\s*+(\"[^\"]*+\"|'[^']*+'))++,?")
_PAIR = re.compile(r"\\u([dD][89abAB][\da-fA-F]{2})\\u([dD][c-fC-F][\da-fA-F]{2})")
UNKNOWN_ESCAPE = re.compile(
    r"(?<!\\)(?:\\\\)*+\\(?![0abt\tnvfre \"/\\N_LP\n]|x[\dA-Fa-f]{2}"
    r"|u(?![dD][89a-fA-F])[\dA-Fa-f]{4}|U[\dA-Fa-f]{8})"
)


def quoted_values(context: FaultContext) -> Iterator[Fix]:
    """The values up to the fault whose quotes end too early or too late, quoted anew."""
    lines, text = context.lines, "\n".join(context.lines)
    index = offset = 0
    while index <= context.at:
        line, end = parse_line(lines[index]), index
        if line and line.is_quoted and (match := QUOTED.match(text, offset + line.start)):
            value = whole_value(lines, index, line)
            end, last = index + match[0].count("\n"), index + value.count("\n")
            rest = match["rest"].split("#")[0].strip()
            if not match["closed"] or end > last:
                yield _unclosed(lines, index, line, value)
            elif rest in (",", ";") and end == index:
                corrected = lines[index].rstrip()[: -len(match["rest"].rstrip())]
                sign = "comma" if rest == "," else "semicolon"
                yield Fix(f"a {sign} follows the text in quotes; take it away", {index: corrected})
            elif rest:
                if line.key.endswith("s") and _SEVERAL.fullmatch(line.value):
                    corrected = f"{lines[index][: line.start]}[{line.value.rstrip(',')}]"
                    yield Fix("these are several texts; put brackets around", {index: corrected})
                reason = f"the text ends early, at a {line.value[0]} inside it"
                what = f"put {all_of_it(value, index)} in quotes"
                yield Fix(f"{reason}; {what}", quote(lines, index, line, unquoted(value)))
        offset += sum(len(text) + 1 for text in lines[index : end + 1])
        index = end + 1


def text_among_texts(context: FaultContext) -> Iterator[Fix]:
    """Put an item of a list near the fault in quotes that looks like a key and a value, if the item
    above or below is a text."""
    for index in context.near():
        text = context.lines[index]
        line, column = parse_line(text), dash_column(text)
        if line is None or not line.key or column is None:
            continue
        around = context.lines[max(0, index - 1) : index + 2 : 2]
        others = [parse_line(other) for other in around if dash_column(other) == column]
        if any(other and not other.key for other in others):
            message = "the text contains ': ', which YAML reads as another key; put it in quotes"
            corrected = f"{text[:column]}- {in_quotes(text[column + 1 :].strip())}"
            yield Fix(message, {index: corrected})


def unknown_escapes(context: FaultContext) -> Iterator[Fix]:
    """A text near the fault whose backslashes begin escapes that YAML does not know."""
    lines = context.lines
    for index in context.near():
        line = parse_line(lines[index])
        if line is None or not line.value.startswith('"'):
            continue
        value = whole_value(lines, index, line)
        what = all_of_it(value, index)
        if _PAIR.search(value):
            message = f"YAML knows no pairs of \\u escapes; write {what} with the characters"
            yield Fix(message, _edits(lines, index, line, _PAIR.sub(_character, value)))
        if UNKNOWN_ESCAPE.search(value):
            text = value[1:].removesuffix('"').replace('\\"', '"').replace("\\'", "'")
            remedy = f"put {what} in single quotes" if "\\" in text else "take it away"
            message = (
                "in double quotes a backslash begins an escape, and one here is none of YAML's; "
                f"{remedy}"
            )
            yield Fix(message, quote(lines, index, line, text))


def text_without_quotes(context: FaultContext) -> Iterator[Fix]:
    """Put the text of a line near the fault in quotes, or close its bracket."""
    lines = context.lines
    for index in context.near():
        line = parse_line(lines[index])
        if line is None or not line.value or line.is_quoted:
            continue
        first, value = line.value[0], whole_value(lines, index, line)
        closing = {"[": "]", "{": "}"}.get(first)
        is_begun = first == "[" or line.value == "{" or _COLON.search(value)
        if is_begun and closing and closing not in line.value and line.value[:2] != "{{":
            message = f"'{first}' is never closed; put '{closing}' at the end"
            yield Fix(message, {index: lines[index].rstrip() + closing})
        if first in "*&![{>|?%@`,]}" or f"{line.value} ".startswith("- "):
            reason = f"the value begins with '{first}', which has a meaning of its own in YAML"
        elif _COLON.search(value):
            reason = "the value contains ': ', which YAML reads as another key"
        else:
            continue
        what = f"put {all_of_it(value, index, 'it')} in quotes"
        yield Fix(f"{reason}; {what}", quote(lines, index, line, value))


def text_with_comment(context: FaultContext) -> Iterator[Fix]:
    """Put a text near the fault in quotes that goes on below a `#`."""
    for index in context.near():
        line = parse_line(context.lines[index])
        if line is None or not line.value or line.value[0] in "\"'|>":
            continue
        value = whole_value(context.lines, index, line)
        if "\n" in value and any(_HASH.search(text.lstrip()) for text in value.split("\n")):
            what = f"put {all_of_it(value, index)} in quotes"
            message = f"the value contains ' #', which begins a comment in YAML; {what}"
            yield Fix(message, quote(context.lines, index, line, value))


def quote(lines: Sequence[str], index: int, line: Line, text: str) -> dict[int, str]:
    """All lines of a value once its text is in quotes: the first is where the problem is."""
    return _edits(lines, index, line, in_quotes(text))


def in_quotes(text: str) -> str:
    """Text as a YAML value in quotes, with as little escaping as possible."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    if "'" not in text or "\\" in text or text.count('"') > text.count("'"):
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.replace('"', '\\"') + '"'


def _unclosed(lines: Sequence[str], index: int, line: Line, value: str) -> Fix:
    mark = value[0]
    message = f"the text that begins with {mark} is not closed; close it"
    if mark == "'" and _is_apostrophe(value):
        message += ", or, if it begins with an apostrophe"
        text = value
    else:
        text = unquoted(value)
        if "\n" not in value:
            return Fix(message, quote(lines, index, line, text))
    sign = "," if text is value else ":"
    message += f"{sign} put {all_of_it(value, index)} in quotes"
    return Fix(message, quote(lines, index, line, text))


def _is_apostrophe(value: str) -> bool:
    """Whether the quote that a value begins with, and that nothing closes, is a letter left out."""
    return value[1:2].isalnum() and not value.endswith("'")


def all_of_it(value: str, index: int, short: str = "all of it") -> str:
    """How to name a value that begins on a line, so that all its lines are replaced."""
    last = index + value.count("\n")
    return short if last == index else f"all of it, to the end of line {last + FIRST_LINE},"


def _edits(lines: Sequence[str], index: int, line: Line, value: str) -> dict[int, str]:
    before = re.sub(r"\s+:\s*$", ": ", lines[index][: line.start])
    return dict(enumerate((before + value).split("\n"), index))


def _character(pair: re.Match[str]) -> str:
    """The character that two escapes stand for in UTF-16."""
    return bytes.fromhex(pair[1] + pair[2]).decode("utf-16-be")


def unquoted(value: str) -> str:
    """The text that the writer of a value with too many or too few quotes meant."""
    value = value.rstrip()
    mark, is_closed = value[0], len(value) > 1 and value[-1] == value[0]
    if _alternate(value, mark) if is_closed else value.count(mark) > 1:
        return value
    text = value[1:-1] if is_closed else value[1:]
    for sign in ('"', "'"):
        # One too many at the end, unless it is a sign of inches or of a plural's possession.
        if text.count(sign) % 2 and text.endswith(sign) and not re.search(r"[\dsS].$", text):
            text = text[:-1]
    return text.replace('\\"', '"') if mark == '"' else text.replace("''", "'")


def _alternate(value: str, mark: str) -> bool:
    """Whether the quotes in a text open and close in turn, as in `"A" and "B"`; so those at its
    ends are not around all of it."""
    places = [at for at, sign in enumerate(value) if sign == mark]
    if mark == "'":
        places = [
            at
            for at in places
            if not (value[at - 1 : at] + value[at + 1 : at + 2]).isalnum()
            or at in (0, len(value) - 1)
        ]
    if len(places) < 4 or len(places) % 2 or places[1] == 1:
        return False
    return all(at == 0 or not re.match(r"[\w.,!?]", value[at - 1]) for at in places[::2]) and all(
        not value[at + 1 : at + 2].isalnum() for at in places[1::2]
    )
