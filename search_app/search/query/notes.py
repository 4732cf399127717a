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


def leaves_out(tokens: Sequence[Token], text: str) -> list[Note]:
    """A note on an exclusion that may be a part of a headline: a minus after nothing but words, as
    in `Port to renew contracts -union`, or NOT before a capital among words, as in `What NOT To
    Say`."""
    signs = (at for at, token in enumerate(tokens) if token.kind is not Kind.WORD)
    first = next(signs, 0)
    if not first or tokens[first].kind not in _LONG_ENOUGH:
        return []
    sign, operand = tokens[first : first + 2]
    before, words = _LONG_ENOUGH[sign.kind]
    is_name = operand.text[0].isupper() or sign.kind is Kind.MINUS
    if first < before or not is_name or sum(t.kind is Kind.WORD for t in tokens) < words:
        return []
    typed = shown(text[sign.start : operand.end])
    message = f"{typed} leaves items out; to search all words, leave out the “{sign.text}”"
    return [Note("leaves_out", message, sign.start, operand.end)]


_LONG_ENOUGH = {Kind.MINUS: (3, 3), Kind.NOT: (1, 5)}
"""How many words a headline has before such a sign, and in all."""
