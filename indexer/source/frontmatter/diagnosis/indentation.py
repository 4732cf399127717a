"""Faults of indentation: a line that begins in a column where nothing is open."""

from collections.abc import Iterator

from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    FaultContext,
    Fix,
    dash_column,
    indent,
    is_idle,
    key_column,
    parent_key,
    parse_line,
    structure_column,
)

_LOOK_BACK = 40


def indentation(context: FaultContext) -> Iterator[Fix]:
    """The line at fault, or the one that opened what it is in, moved to a column that fits."""
    # The column that lets most lines be read comes first.
    yield from sorted(_moves(context), key=lambda fix: -context.progress(fix.edits)[0])
    yield from _value_and_list(context)


def _moves(context: FaultContext) -> Iterator[Fix]:
    """Either line, moved to each column in which a key or a dash above it stands."""
    for index in dict.fromkeys([context.at, context.opened]):
        line = context.lines[index]
        if structure_column(line) is None:
            continue
        # Of the line, not of each column: a file may have tens of thousands of lines.
        here, key = indent(line), _key(context, index)
        for column in _columns(context, index):
            if column != here:
                message = (
                    f"the line is indented by {here}; indent it by {column} to fit its neighbours"
                )
                yield Fix(index, key, message, {index: " " * column + line.lstrip()})


def _value_and_list(context: FaultContext) -> Iterator[Fix]:
    """Something indented below a key that has its value already."""
    index = context.at - 1
    while index > 0 and is_idle(context.lines[index]):
        index -= 1
    above = parse_line(context.lines[index]) if index >= 0 else None
    line = context.lines[context.at]
    if above and above.key and above.value and indent(line) > above.column:
        pad = " " * above.column
        what = "list" if dash_column(line) is not None else "line"
        message = (
            f"this {what} is indented below a key that already has a value (line "
            f"{index + FIRST_LINE}); add the key it belongs to on a line above it, "
            "or indent it less"
        )
        edits = {context.at: f"{pad}key:\n{line}"}
        yield Fix(context.at, "", message, edits, "-")


def _columns(context: FaultContext, index: int) -> list[int]:
    """The columns of the keys and dashes above that may still be open, the nearest first."""
    columns: dict[int, None] = {}
    lowest: int | None = None
    for i in range(index - 1, max(-1, index - _LOOK_BACK), -1):
        line = context.lines[i]
        if is_idle(line) or (lowest is not None and indent(line) > lowest):
            continue
        dash, key = dash_column(line), key_column(line)
        # An item goes where items stand, a key where keys do.
        fit = dash if dash is not None and dash_column(context.lines[index]) is not None else key
        if fit is not None:
            columns[fit] = None
        if structure_column(line) is not None:
            lowest = indent(line)
    here = indent(context.lines[index])
    return sorted(columns, key=lambda column: abs(column - here))


def _key(context: FaultContext, index: int) -> str:
    line = parse_line(context.lines[index])
    return line.key if line and line.key else parent_key(context.lines, index)
