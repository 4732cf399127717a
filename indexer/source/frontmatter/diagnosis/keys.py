"""Faults of shape: keys without colon or space, dashes without space, tabs, stray lines."""

import re
from collections.abc import Iterator

from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    FaultContext,
    Fix,
    indent,
    is_idle,
    key_column,
    parent,
    parent_key,
    parse_line,
)

_CONFLICT = re.compile(r"<{7}|={7}$|>{7}|\|{7}")
_NO_SPACE = re.compile(r"(?P<head>\s*(?:- +)*(?P<key>[\w.$-]+):)(?P<value>(?!//)\S.*)")
_NOT_A_COLON = re.compile(
    r"(?P<head>\s*(?:- +)*(?P<key>\w[\w.-]*))\s?(?:=|:=|;|\uff1a)\s?(?P<value>.*)"
)
_NO_COLON = re.compile(r"(?P<head>\s*(?P<key>\w[\w.-]*))(?P<block>\s*[|>][+-]?\d?)?\s*")
_NO_DASH_SPACE = re.compile(r"(?P<lead>\s*)-(?P<value>[^\s-].*)")
_COMMENTED_KEY = re.compile(r"(?P<lead>\s*)#+ ?(?P<key>[\w.-]+):\s*$")


def conflicts(context: FaultContext) -> Iterator[Fix]:
    """What a version control system leaves in a file that it could not merge."""
    for index, line in enumerate(context.lines[: context.at + 1]):
        if _CONFLICT.match(line):
            message = "a merge conflict was left in the file; keep one version, remove the markers"
            yield Fix(index, "", message)
            return


def tabs(context: FaultContext) -> Iterator[Fix]:
    """Indentation with tabs."""
    for index in context.near():
        line = context.lines[index]
        if "\t" in line[: indent(line) + 2]:
            lines = enumerate(context.lines)
            edits = {i: text.replace("\t", "  ") for i, text in lines if "\t" in text}
            message = "YAML does not allow tabs for indentation; use spaces"
            yield Fix(index, parent_key(context.lines, index), message, edits)


def misspelt_keys(context: FaultContext) -> Iterator[Fix]:
    """A key without its colon, without the space after it, or with another sign."""
    for index in context.near():
        line = context.lines[index]
        if match := _NO_SPACE.fullmatch(line):
            edits = {index: f"{match['head']} {match['value']}"}
            message = "a space is missing after the colon; write"
            yield Fix(index, match["key"], message, edits)
        elif match := _NOT_A_COLON.fullmatch(line):
            edits = {index: f"{match['head']}: {match['value']}".rstrip()}
            message = "the key is not followed by a colon; write"
            yield Fix(index, match["key"], message, edits)
        elif match := _NO_COLON.fullmatch(line):
            edits = {index: f"{match['head']}:{match['block'] or ''}"}
            yield Fix(index, match["key"], "the colon after the key is missing; write", edits)


def misspelt_items(context: FaultContext) -> Iterator[Fix]:
    """List items without the space after the dash."""
    for index in context.near():
        if _NO_DASH_SPACE.fullmatch(context.lines[index]):
            yield _without_dash_space(context, index)


def _without_dash_space(context: FaultContext, index: int) -> Fix:
    """The space added to the item at a line and to its neighbours that lack it, too."""
    first = index
    while first and _NO_DASH_SPACE.fullmatch(context.lines[first - 1]):
        first -= 1
    edits: dict[int, str] = {}
    for i in range(first, len(context.lines)):
        match = _NO_DASH_SPACE.fullmatch(context.lines[i])
        if not match:
            break
        edits[i] = f"{match['lead']}- {match['value']}"
    message = "a space is missing after the dash; write"
    return Fix(first, parent_key(context.lines, first), message, edits)


def commented_keys(context: FaultContext) -> Iterator[Fix]:
    """A key that is commented out, while the list below it is not."""
    index = context.at - 1
    while index >= 0 and is_idle(context.lines[index]):
        if match := _COMMENTED_KEY.fullmatch(context.lines[index]):
            edits = {index: f"{match['lead']}{match['key']}:"}
            message = (
                f"the key is a comment, but what stands below it on line "
                f"{context.at + FIRST_LINE} is not; take the # away, or put one there too"
            )
            yield Fix(index, match["key"], message, edits)
            return
        index -= 1


def stray_text(context: FaultContext) -> Iterator[Fix]:
    """Text that is neither a key nor indented below one."""
    lines = context.lines
    for index in context.near():
        if parse_line(lines[index]) or key_column(lines[index]) is not None:
            continue
        while index and not is_idle(lines[index - 1]) and not parse_line(lines[index - 1]):
            index -= 1
        below = range(index + 1, len(lines))
        stop = next((i for i in below if is_idle(lines[i]) or parse_line(lines[i])), len(lines))
        above = parent(lines, index)
        owner = parse_line(lines[above]) if above is not None else None
        if above is not None and owner and above == index - 1 and owner.value[:1] not in ("'", '"'):
            edits = {i: f"  {lines[i]}" for i in range(index, stop) if lines[i].strip()}
            yield Fix(index, owner.key, _continuation(above, owner.value), edits)
        message = (
            "this text belongs to no key; give it one, move it to the key it continues, remove it, "
            "or, if the text of the item begins here, put a line of exactly --- before it"
        )
        yield Fix(index, "", message, dict.fromkeys(range(index, stop), ""), "-")


def _continuation(above: int, value: str) -> str:
    name = f"line {above + FIRST_LINE}"
    if not value or value[0] in "|>":
        return f"the text of the key on {name} must be indented; write"
    return (
        f"this line is no key: value; if it continues the text on {name}, indent it, "
        "else give it a key or remove it"
    )
