"""Notes on a query: how they quote it, and how many there are at most."""

from collections import Counter
from collections.abc import Iterable, Sequence

from search_app.search.query.tokens import Kind, Token
from search_app.search.query.tree import Note

MAX_NOTES_OF_A_KIND = 3
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


def leaves_out(tokens: Sequence[Token], text: str, at_least: int = 3) -> list[Note]:
    """A note on a minus after nothing but words, `at_least` of them: they may be a headline, as in
    `Port to renew contracts -union`."""
    signs = (at for at, token in enumerate(tokens) if token.kind is not Kind.WORD)
    first = next(signs, 0)
    if first < at_least or tokens[first].kind is not Kind.MINUS:
        return []
    start, end = tokens[first].start, tokens[first + 1].end
    message = f"{shown(text[start:end])} leaves out the items with it; to search it, drop the minus"
    return [Note("leaves_out", message, start, end)]
