"""What the form of a search carries besides the controls that a page shows."""

from collections.abc import Container, Sequence

_NOT_CARRIED = ("q", "spelling", "story", "page")
"""The box has the query; another query is spelt and paged through anew, and sought in all
stories."""


def hidden_fields(
    parameters: Sequence[tuple[str, str]], shown: Container[str] = ()
) -> tuple[tuple[str, str], ...]:
    """Those of the parameters of a search, with their values, for which there are no controls;
    `shown` are those for which there are."""
    return tuple(
        [pair for pair in parameters if pair[0] not in _NOT_CARRIED and pair[0] not in shown]
    )
