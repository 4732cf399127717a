"""Faults of brackets: lists and mappings whose texts need quotes, and texts that begin like one."""

import re
from collections.abc import Iterator, Sequence

from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    FaultContext,
    Fix,
    Line,
    indent,
    key_column,
    parse_line,
    whole_value,
)
from indexer.source.frontmatter.diagnosis.quotes import (
    QUOTED,
    UNKNOWN_ESCAPE,
    all_of_it,
    in_quotes,
    quote,
    unquoted,
)
from indexer.source.frontmatter.nodes import folded_key

PROSE = frozenset({"title", "headline", "excerpt", "description", "summary"})
"""Keys of texts, folded: what stands in brackets after one is no list."""

_PAIRS = {"[": "]", "{": "}"}
_PLAIN = re.compile(r"(?:[^\s\-?:,\[\]{}#&*!|>'\"%@`]|[-?:](?=\S))(?:[^:#]|:(?=\S)|(?<=\S)#)*+")
_IN_QUOTES = re.compile(r"\s*+(?:\"(?:[^\"\\]|\\[\s\S])*+\"?|'(?:[^']|'')*+'?)")
_COMMENT = re.compile(r"(?:^|\s)#\s")
_COMMENT_AFTER = re.compile(r"(?<=[\]}])[ \t]++#\s[^\[\]{}\n]*+$")
_KEY_IN_BRACES = re.compile(r"\s*+([\w.$-]++|\"[^\"]*+\"|'[^']*+')\s*+:\s++(?=\S)")


def texts_in_brackets(context: FaultContext) -> Iterator[Fix]:
    """A list or mapping in brackets near the fault, with quotes around the texts that need them."""
    for index in context.near():
        line = bracketed(context.lines[index])
        if line is None or folded_key(line.key) in PROSE:
            continue
        last, corrected = in_brackets(context.lines, index, line)
        if corrected:
            message = "a text in the brackets needs quotes, or something else between the commas; "
            below = dict.fromkeys(range(index + 1, last + 1), "")
            yield Fix(message + quotes_around(index, last), {index: corrected} | below)


def bracketed(text: str) -> Line | None:
    """A line whose value begins with a bracket, or that is one by itself; None if it is neither."""
    line, value = parse_line(text), text.strip()
    if line is None and value:
        line = Line("", value, indent(text), indent(text))
    return line if line and line.value[:1] in _PAIRS else None


def quotes_around(index: int, last: int) -> str:
    """What to do with a value on lines `index` to `last`."""
    if last == index:
        return "put quotes around it"
    return (
        f"put quotes around it, and all of it, to the end of line {last + FIRST_LINE}, on one line"
    )


def in_brackets(lines: Sequence[str], index: int, line: Line) -> tuple[int, str]:
    """The last line of a list or mapping in brackets that begins on a line, and all of it on one
    line, with quotes around the texts that need them; "" if that changes nothing, or cannot be
    said: there are others inside it, or comments."""
    last = _last_line(lines, index, line)
    value = "\n".join([line.value, *lines[index + 1 : last + 1]])
    comment = _COMMENT_AFTER.search(value)
    value = value[: comment.start() if comment else None].rstrip()
    opening, inside, closing = value[0], value[1:-1], value[-1]
    if closing != _PAIRS[opening] or any(sign in inside for sign in "[]{}"):
        return last, ""
    if last > index and any(map(_COMMENT.search, inside.split("\n"))):
        return last, ""
    texts = [" ".join(text.split()) for text in _split(inside) if text.strip()]
    texts = [_item(text) for text in texts] if opening == "[" else _entries(texts)
    corrected = f"{lines[index][: line.start]}{opening}{', '.join(texts)}{closing}"
    corrected += comment[0].rstrip() if comment else ""
    is_new = texts and (last > index or corrected != lines[index].rstrip())
    return last, corrected if is_new else ""


def _last_line(lines: Sequence[str], index: int, line: Line) -> int:
    """Where a value in brackets ends: on the first line that ends with the closing one, before the
    next key; or else where it begins."""
    closing = _PAIRS[line.value[0]]
    for last in range(index, len(lines)):
        column = key_column(lines[last])
        if last > index and column is not None and column <= line.column:
            break
        if _COMMENT_AFTER.sub("", lines[last]).rstrip().endswith(closing):
            return last
    return index


def text_after_brackets(context: FaultContext) -> Iterator[Fix]:
    """Put a text near the fault in quotes that begins with a word in brackets."""
    for index in context.near():
        line = parse_line(context.lines[index])
        if line is None or line.value[:1] not in ("[", "{"):
            continue
        value, closing = (
            whole_value(context.lines, index, line),
            "]" if line.value[0] == "[" else "}",
        )
        if closing in value and not (value.endswith(closing) and value.count(closing) == 1):
            message = (
                f"the value goes on after a '{closing}', so it is no list or mapping; "
                f"put {all_of_it(value, index, 'it')} in quotes"
            )
            yield Fix(message, quote(context.lines, index, line, value))


def _split(inside: str) -> list[str]:
    """The texts between the commas of a list, but for commas in quotes."""
    texts, begin = [], 0
    while begin <= len(inside):
        after = _IN_QUOTES.match(inside, begin)
        end = inside.find(",", after.end() if after else begin)
        end = len(inside) if end < 0 else end
        texts.append(inside[begin:end])
        begin = end + 1
    return texts


def _entries(texts: Sequence[str]) -> list[str]:
    """The keys and values between the commas of a mapping, each value as `_item` has it; none if
    the first text has no key. What has none goes on with the value before it."""
    values: list[tuple[str, str]] = []
    for text in texts:
        if key := _KEY_IN_BRACES.match(text):
            values.append((key[1], text[key.end() :]))
        elif values:
            before, value = values[-1]
            values[-1] = (before, f"{value}, {text}")
        else:
            return []
    return [f"{key}: {_item(value)}" for key, value in values]


def _item(text: str) -> str:
    """A text of a list in brackets as it is, or in quotes if it needs them."""
    text = text.strip()
    if match := QUOTED.match(text):
        is_sound = match["closed"] and not match["rest"] and not UNKNOWN_ESCAPE.search(text)
        return text if is_sound else in_quotes(unquoted(text))
    return text if _PLAIN.fullmatch(text) else in_quotes(text)
