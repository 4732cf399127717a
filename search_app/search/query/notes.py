"""Notes on a query: how they quote it, and how many there are at most."""

from collections import Counter
from collections.abc import Iterable

from search_app.search.query.tokens import Token
from search_app.search.query.tree import Note

MAX_NOTES_OF_A_KIND = 3
LIKE_A_HEADLINE = 4
"""Words before a minus that may be a headline: `Port to renew contracts -union`."""

_SHOWN = 40


def shown(text: str) -> str:
    """A part of the query as a note quotes it; if it is long, its beginning."""
    return f"“{text}”" if len(text) <= _SHOWN else f"“{text[:_SHOWN]}…”"


def too_long(read: int, typed: int) -> Note:
    """The note on a query of `typed` characters, of which only the first `read` were read."""
    message = f"Only the first {read:,} characters of the query were searched"
    return Note("too_long", message, read, typed)


def foremost(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The first few notes of each kind, in the order of the text."""
    seen: Counter[str] = Counter()
    kept = []
    for note in sorted(notes, key=lambda note: note.start):
        seen[note.kind] += 1
        if seen[note.kind] <= MAX_NOTES_OF_A_KIND:
            kept.append(note)
    return tuple(kept)


def leaves_out(minus: Token, operand: Token, text: str) -> Note:
    """The note on a minus that the word of a headline may begin with."""
    typed = shown(text[minus.start : operand.end])
    message = f"{typed} leaves out the items with it; to search it, write it without the minus"
    return Note("leaves_out", message, minus.start, minus.end)
