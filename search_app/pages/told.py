"""What every page of a search tells of it: what was searched, and notes."""

from collections.abc import Iterable

from search_app.search.query.tree import Note
from search_app.search.results import Corrected
from search_app.template_filters import sentence, short

LONGEST_SHOWN = 200
"""Characters of a query that a page repeats besides the box."""


def searched(query: str, corrected: Corrected | None) -> str:
    """The query that results are for, as far as it is shown."""
    return short(corrected.query if corrected else query.strip(), LONGEST_SHOWN)


def sentences(notes: Iterable[Note], corrected: Corrected | None = None) -> tuple[str, ...]:
    """Notes as sentences; the first says what was searched instead of what was typed, if that is
    not told elsewhere."""
    told = [f"{sentence(note.message)}." for note in notes]
    if corrected:
        instead = short(corrected.query, LONGEST_SHOWN), short(corrected.original, LONGEST_SHOWN)
        told.insert(0, "“{}” was searched instead of “{}”.".format(*instead))
    return tuple(told)
