"""Faults of indentation: a line that begins in a column where nothing is open."""

from collections.abc import Iterator

from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    Case,
    Remedy,
    dash_column,
    indent,
    is_idle,
    key_column,
    parent_key,
    part,
    structure_column,
)

_LOOK_BACK = 40


def indentation(case: Case) -> Iterator[Remedy]:
    """The line at fault, its block, or the line that opened another one, moved to a fit column."""
    options = [*_moves(case), *_opener(case)]
    # The one that lets most lines be read; of equals, the one that changes the fewest.
    options.sort(key=lambda remedy: (-case.reach(remedy.edits)[0], len(remedy.edits)))
    yield from options
    yield from _value_and_list(case)


def _moves(case: Case) -> Iterator[Remedy]:
    """The line at fault, alone or with what stands below it, in each column open above."""
    for index in dict.fromkeys([case.at, case.opened]):
        line = case.lines[index]
        if structure_column(line) is None:
            continue
        # Of the line, not of each column: a file may have tens of thousands of lines.
        here, key, block = indent(line), _key(case, index), _block(case, index)
        for column in _columns(case, index):
            if column == here:
                continue
            for size in dict.fromkeys([1, len(block)]):
                moved = {i: _moved(case.lines[i], column - here) for i in block[:size]}
                yield Remedy(index, key, _message(here, column), moved)


def _opener(case: Case) -> Iterator[Remedy]:
    """The nearest line above that is indented less, moved to the column of the line at fault."""
    here = indent(case.lines[case.at])
    if structure_column(case.lines[case.at]) is None:
        return
    for index in range(case.at - 1, max(-1, case.at - _LOOK_BACK), -1):
        line = case.lines[index]
        if is_idle(line) or structure_column(line) is None:
            continue
        if indent(line) < here:
            edits = {index: _moved(line, here - indent(line))}
            yield Remedy(index, _key(case, index), _message(indent(line), here), edits)
            return


def _value_and_list(case: Case) -> Iterator[Remedy]:
    """Something indented below a key that has its value already."""
    index = case.at - 1
    while index > 0 and is_idle(case.lines[index]):
        index -= 1
    above = part(case.lines[index]) if index >= 0 else None
    line = case.lines[case.at]
    if above and above.key and above.value and indent(line) > above.column:
        pad = " " * above.column
        what = "list" if dash_column(line) is not None else "line"
        message = (
            f"this {what} is indented below a key that already has a value (line "
            f"{index + FIRST_LINE}); add the key it belongs to on a line above it, "
            "or indent it less"
        )
        edits = {case.at: f"{pad}key:\n{line}"}
        yield Remedy(case.at, "", message, edits, "-")


def _columns(case: Case, index: int) -> list[int]:
    """The columns of the keys and dashes above that may be open, the nearest to the line first."""
    found: dict[int, None] = {}
    lowest: int | None = None
    for i in range(index - 1, max(-1, index - _LOOK_BACK), -1):
        line = case.lines[i]
        if is_idle(line) or (lowest is not None and indent(line) > lowest):
            continue
        dash, key = dash_column(line), key_column(line)
        # An item goes where items stand; a key where keys do.
        fit = dash if dash is not None and dash_column(case.lines[index]) is not None else key
        if fit is not None:
            found[fit] = None
        if structure_column(line) is not None:
            lowest = indent(line)
    here = indent(case.lines[index])
    return sorted(found, key=lambda column: abs(column - here))


def _block(case: Case, index: int) -> list[int]:
    """The line and those after it that are indented as much or more."""
    block = [index]
    for i in range(index + 1, len(case.lines)):
        if case.lines[i].strip() and indent(case.lines[i]) < indent(case.lines[index]):
            break
        block.append(i)
    return block


def _moved(line: str, by: int) -> str:
    if not line.strip():
        return line
    return " " * max(0, indent(line) + by) + line.lstrip()


def _message(here: int, column: int) -> str:
    return f"the line is indented by {here}; indent it by {column} to fit its neighbours"


def _key(case: Case, index: int) -> str:
    found = part(case.lines[index])
    return found.key if found and found.key else parent_key(case.lines, index)
