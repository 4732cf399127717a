"""What the form of a search carries besides the controls that a page shows."""

from collections.abc import Container

from search_app.links import parameters
from search_app.search.request import SearchRequest

_NOT_CARRIED = ("q", "spelling", "page")
"""The box has the query; another query is spelt and paged through anew."""


def hidden_fields(
    request: SearchRequest, shown: Container[str] = ()
) -> tuple[tuple[str, str], ...]:
    """The parameters of a request for which there are no controls, with their values; `shown` are
    those for which there are."""
    return tuple(
        [
            pair
            for pair in parameters(request)
            if pair[0] not in _NOT_CARRIED and pair[0] not in shown
        ]
    )
