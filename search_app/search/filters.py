"""What the filters of a request mean in one generation.

A selected value is a value of the index under any name that people give it; else it stands for the
items that its field finds in a query. Dates the wrong way round are exchanged, with the note
reversed_range.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from indexer.schema import FACETS
from search_app.search.period import period
from search_app.search.query.leaf import selected
from search_app.search.query.logical import Expression, Keyword
from search_app.search.query.notes import shown
from search_app.search.query.tree import Note
from search_app.search.request import SearchRequest, Selections, no_selections
from search_app.search.vocabulary import Vocabulary

KEYED = ("provider", "language")
"""The groups whose values are given as they are, whatever they are shown as."""

Worded = Mapping[str, Mapping[str, Expression]]
"""Facet group to those of its selected values that the index does not have, each with the
expression it stands for."""


class Filters(Struct, frozen=True):
    """`request` is the request as it was understood: with values as `shown_value` gives them, and
    dates in order. `selections` has values as the index does, and those of `worded`."""

    request: SearchRequest
    selections: Selections
    worded: Worded
    notes: tuple[Note, ...]


def understood(request: SearchRequest, vocabulary: Vocabulary) -> Filters:
    """The filters of a request, and notes on what was understood otherwise than it was written."""
    request, notes = _in_order(request)
    if not any(request.selections.values()):
        return Filters(request, request.selections, {}, tuple(notes))
    selections, values = no_selections(), no_selections()
    worded: dict[str, dict[str, Expression]] = {}
    for group, texts in request.selections.items():
        for text in texts:
            expression = selected(group, text, notes, vocabulary)
            if isinstance(expression, Keyword) and expression.field == FACETS[group]:
                value = expression.value
            else:
                value = text
                worded.setdefault(group, {})[value] = expression
            selections[group] = tuple(dict.fromkeys([*selections[group], value]))
        values[group] = tuple([shown_value(group, v, vocabulary) for v in selections[group]])
    return Filters(replace(request, selections=values), selections, worded, tuple(notes))


def shown_value(group: str, value: str, vocabulary: Vocabulary) -> str:
    """A value as answers give it and requests repeat it: an outlet's domain, a language's code, a
    topic's spelling."""
    return value if group in KEYED else vocabulary.label(group, value)


def _in_order(request: SearchRequest) -> tuple[SearchRequest, list[Note]]:
    """The request with its earlier date first."""
    since, until = period(request.since), period(request.until)
    if not (since and until) or since[0] < until[1]:
        return request, []
    typed = shown(f"since {request.since} until {request.until}")
    message = f"{typed} was written backwards and searched the other way round"
    request = replace(request, since=request.until, until=request.since)
    return request, [Note("reversed_range", message, 0, 0)]
