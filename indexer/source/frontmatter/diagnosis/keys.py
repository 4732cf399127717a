"""Faults of shape: keys without colon or space, list items without dash, tabs, stray lines."""

import re
from collections.abc import Iterator

from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    Case,
    Remedy,
    dash_column,
    indent,
    is_idle,
    key_column,
    next_key,
    parent,
    parent_key,
    part,
)

_CONFLICT = re.compile(r"<{7}|={7}$|>{7}|\|{7}")
_NO_SPACE = re.compile(r"(?P<head>\s*(?:- +)*(?P<key>[\w.$-]+):)(?P<value>(?!//)\S.*)")
_NOT_A_COLON = re.compile(
    r"(?P<head>\s*(?:- +)*(?P<key>\w[\w.-]*))\s?(?:=|:=|;|\uff1a)\s?(?P<value>.*)"
)
_NO_COLON = re.compile(r"(?P<head>\s*(?P<key>\w[\w.-]*))(?:\s*(?P<block>[|>][+-]?\d?))?\s*")
_QUOTED_VALUE = re.compile(r"(?P<head>\s*(?:- +)*(?P<key>\w[\w.-]*)) +(?P<value>[\"'].*)")
_KNOWN_KEY = re.compile(
    r"(?P<head>\s*(?P<key>title|excerpt|publishedDateTime|date|webUrl|originalUrl|type|quality|heat|"
    r"published|name|domain|description|summary|category|author|layout|slug)) +(?P<value>\S.*)"
)
_NO_DASH_SPACE = re.compile(r"(?P<lead>\s*)-(?P<value>[^\s-].*)")
_BULLET = re.compile(r"(?P<lead>\s*)[=*+~_.\u00b7\u2013\u2014\u2022] ?(?P<value>\S.*)")
_COMMENTED_KEY = re.compile(r"(?P<lead>\s*)#+ ?(?P<key>[\w.-]+):\s*$")


def conflicts(case: Case) -> Iterator[Remedy]:
    """What a version control system leaves in a file it could not merge."""
    for index, line in enumerate(case.lines[: case.at + 1]):
        if _CONFLICT.match(line):
            message = "a merge conflict was left in the file; keep one version, remove the markers"
            yield Remedy(index, "", message)
            return


def tabs(case: Case) -> Iterator[Remedy]:
    """Indentation with tabs."""
    for index in case.near():
        line = case.lines[index]
        if "\t" in line[: indent(line) + 2]:
            edits = {
                i: text.replace("\t", "  ") for i, text in enumerate(case.lines) if "\t" in text
            }
            message = "YAML does not allow tabs for indentation; use spaces"
            yield Remedy(index, parent_key(case.lines, index), message, edits)


def misspelt_keys(case: Case) -> Iterator[Remedy]:
    """A key without its colon, without the space after it, or with another sign."""
    for index in case.near():
        line = case.lines[index]
        if match := _NO_SPACE.fullmatch(line):
            edits = {index: f"{match['head']} {match['value']}"}
            message = "a space is missing after the colon; write"
            yield Remedy(index, match["key"], message, edits)
        elif match := _NOT_A_COLON.fullmatch(line):
            edits = {index: f"{match['head']}: {match['value']}".rstrip()}
            message = "the key is not followed by a colon; write"
            yield Remedy(index, match["key"], message, edits)
        elif (match := _QUOTED_VALUE.fullmatch(line)) or (match := _KNOWN_KEY.fullmatch(line)):
            edits = {index: f"{match['head']}: {match['value']}"}
            yield Remedy(index, match["key"], "the colon after the key is missing; write", edits)
        elif (match := _NO_COLON.fullmatch(line)) and not _awaits_text(case, index - 1):
            yield _without_colon(case, index, match)


def _awaits_text(case: Case, index: int) -> bool:
    """Whether a line is a key whose text is to follow on the lines below it."""
    found = part(case.lines[index]) if index >= 0 else None
    return bool(found and found.key and found.value[:1] in ("", "|", ">"))


def _without_colon(case: Case, index: int, match: re.Match[str]) -> Remedy:
    """A line of one word, or of one word and the sign of a text below, given its colon."""
    edits = {index: f"{match['head']}: {match['block'] or ''}".rstrip()}
    message = "the colon after the key is missing; write"
    if match["block"]:
        stop = next_key(case.lines, index, indent(case.lines[index]))
        below = range(index + 1, stop)
        if any(case.lines[i].strip() and indent(case.lines[i]) == 0 for i in below):
            edits |= {i: f"  {case.lines[i]}" for i in below if case.lines[i].strip()}
            message = "the colon after the key is missing, and its text must be indented; write"
    return Remedy(index, match["key"], message, edits)


def misspelt_items(case: Case) -> Iterator[Remedy]:
    """List items without the space after the dash, or with another sign in its place."""
    for index in case.near():
        if _NO_DASH_SPACE.fullmatch(case.lines[index]):
            yield _without_dash_space(case, index)
            continue
        match = _BULLET.fullmatch(case.lines[index])
        if match and index and dash_column(case.lines[index - 1]) == len(match["lead"]):
            edits = {index: f"{match['lead']}- {match['value']}"}
            message = "a list item begins with a dash and a space; write"
            yield Remedy(index, parent_key(case.lines, index), message, edits)


def _without_dash_space(case: Case, index: int) -> Remedy:
    """The item at a line and those around it that lack the space, all given it."""
    first = index
    while first and _NO_DASH_SPACE.fullmatch(case.lines[first - 1]):
        first -= 1
    edits: dict[int, str] = {}
    for i in range(first, len(case.lines)):
        match = _NO_DASH_SPACE.fullmatch(case.lines[i])
        if not match:
            break
        edits[i] = f"{match['lead']}- {match['value']}"
    message = "a space is missing after the dash; write"
    return Remedy(first, parent_key(case.lines, first), message, edits)


def commented_keys(case: Case) -> Iterator[Remedy]:
    """A key in a comment, while the list below it is not."""
    index = case.at - 1
    while index >= 0 and is_idle(case.lines[index]):
        if match := _COMMENTED_KEY.fullmatch(case.lines[index]):
            edits = {index: f"{match['lead']}{match['key']}:"}
            message = (
                f"the key is a comment, but what stands below it on line "
                f"{case.at + FIRST_LINE} is not; take the # away, or put one there too"
            )
            yield Remedy(index, match["key"], message, edits)
            return
        index -= 1


def stray_text(case: Case) -> Iterator[Remedy]:
    """Text that is neither a key nor indented below one."""
    for index in case.near():
        line = case.lines[index]
        if part(line) or key_column(line) is not None:
            continue
        while index and not is_idle(case.lines[index - 1]) and not part(case.lines[index - 1]):
            index -= 1
        stop = _text_stop(case, index)
        above = parent(case.lines, index)
        owner = part(case.lines[above]) if above is not None else None
        key = owner.key if owner else ""
        if above is not None and owner and above == index - 1 and owner.value[:1] not in ("'", '"'):
            edits = {i: f"  {case.lines[i]}" for i in range(index, stop) if case.lines[i].strip()}
            yield Remedy(index, key, _continuation(case, above, owner.value), edits)
        yield from _end_of_front_matter(case, index)
        edits = dict.fromkeys(range(index, stop), "")
        message = (
            "this text belongs to no key; give it one, move it to the key it continues, "
            "or remove it"
        )
        yield Remedy(index, "", message, edits, "-")


def _text_stop(case: Case, index: int) -> int:
    """The first line after a run of text that is a key, an item, a comment or blank."""
    stop = index + 1
    while stop < len(case.lines):
        if is_idle(case.lines[stop]) or part(case.lines[stop]):
            break
        stop += 1
    return stop


def _continuation(case: Case, above: int, value: str) -> str:
    name = f"line {above + FIRST_LINE}"
    if not value or value[0] in "|>":
        return f"the text of the key on {name} must be indented; write"
    return (
        f"this line is no key: value; if it continues the text on {name}, indent it, "
        "else give it a key or remove it"
    )


def _end_of_front_matter(case: Case, index: int) -> Iterator[Remedy]:
    """Prose after an empty line and no key after it: the closing marker was forgotten."""
    if index and not case.lines[index - 1].strip():
        if any(key_column(line) is not None for line in case.lines[index:]):
            return
        edits = dict.fromkeys(range(index, len(case.lines)), "")
        message = "the text of the item begins here; put a line of exactly --- before it"
        yield Remedy(index, "", message, edits, "-")
