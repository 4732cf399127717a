"""Exchanges two bounds on the date that were typed backwards: `after:2020 before:2014`."""

import re
from collections.abc import Sequence

from search_app.search.query.notes import shown
from search_app.search.query.range_values import parse_range
from search_app.search.query.tree import DATE_ALIASES, And, Node, Note, Range

_BOUND = re.compile(r"(?P<name>\w+):\"?(?P<sign>[<>]=?|)(?P<value>[^\"]*)\"?")


def in_order(nodes: Sequence[Node], text: str) -> tuple[tuple[Node, ...], list[Note]]:
    """The nodes side by side of a query, and a note on each pair of bounds on the date that was
    exchanged. `text` is the query that the spans of the nodes are of."""
    below: list[Note] = []
    ordered: list[Node] = []
    for node in nodes:
        if isinstance(node, And):
            children, notes = in_order(node.children, text)
            ordered.append(And(children))
            below += notes
        else:
            ordered.append(node)
    found, notes = _in_order(ordered, text)
    return found, below + notes


def _in_order(nodes: Sequence[Node], text: str) -> tuple[tuple[Node, ...], list[Note]]:
    dates = [n for n in nodes if isinstance(n, Range) and n.field == "date"]
    lows = [node for node in dates if node.low is not None and node.high is None]
    highs = [node for node in dates if node.high is not None and node.low is None]
    if len(dates) != 2 or not (lows and highs) or (lows[0].low or 0) < (highs[0].high or 0):
        return tuple(nodes), []
    low, high = lows[0], highs[0]
    earlier, later = _exchanged(low, high, text), _exchanged(high, low, text)
    if not (earlier and later):
        return tuple(nodes), []
    first, second = sorted((low, high), key=lambda node: node.start)
    typed = [shown(text[node.start : node.end]) for node in (first, second)]
    message = f"{' '.join(typed)} was written backwards and searched the other way round"
    new = {low: earlier, high: later}
    note = Note("reversed_range", message, first.start, second.end)
    return tuple(new.get(n, n) if isinstance(n, Range) else n for n in nodes), [note]


def _exchanged(bound: Range, other: Range, text: str) -> Range | None:
    """A bound with the other's value; `None` if one is no plain bound, such as `date:2020..`."""
    own = _BOUND.fullmatch(text, bound.start, bound.end)
    its = _BOUND.fullmatch(text, other.start, other.end)
    if not own or not its:
        return None
    sign = DATE_ALIASES.get(own["name"].lower()) or own["sign"]
    bounds = parse_range("date", sign + its["value"]) if sign else None
    return Range("date", bounds.low, bounds.high, bound.start, bound.end) if bounds else None
