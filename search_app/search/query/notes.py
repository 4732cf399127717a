"""Notes on a query: how they quote it, and how many there are at most."""

from collections import Counter
from collections.abc import Sequence

from indexer.analysis.english import STOP_WORDS
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


def foremost(notes: Sequence[Note]) -> tuple[Note, ...]:
    """The first few notes of each kind, in the order of the text."""
    if not notes:
        return ()
    seen: Counter[str] = Counter()
    kept = []
    for note in sorted(notes, key=lambda note: note.start):
        seen[note.kind] += 1
        if seen[note.kind] <= MAX_NOTES_OF_A_KIND:
            kept.append(note)
    return tuple(kept)


def leaves_out(tokens: Sequence[Token], text: str) -> list[Note]:
    """A note on an exclusion that may be a part of a headline: see `_is_headline`."""
    signs = (at for at, token in enumerate(tokens) if token.kind is not Kind.WORD)
    first = next(signs, len(tokens))
    if first == len(tokens) or tokens[first].kind not in _LONG_ENOUGH:
        return []
    sign, operand = tokens[first : first + 2]
    words = sum(token.kind is Kind.WORD for token in tokens)
    if not _is_headline(sign, operand, first, words):
        return []
    typed = shown(text[sign.start : operand.end])
    message = f"{typed} leaves items out; to search all words, leave out the “{sign.text}”"
    return [Note("leaves_out", message, sign.start, operand.end)]


def _is_headline(sign: Token, operand: Token, before: int, words: int) -> bool:
    """Whether a query of so many words, of which so many stand before an exclusion, may be a
    headline: a minus after nothing but words, as in `Port to renew contracts -union`, or before a
    figure that is more than digits, as in `Up -5%`; NOT before a capital among words, as in `What
    NOT To Say`, or before a word that nobody leaves out, as in `NOT in my back yard`."""
    if sign.kind is Kind.MINUS and operand.text[0].isdigit() and not operand.text.isdigit():
        return before > 0
    if sign.kind is Kind.NOT and operand.text in STOP_WORDS:
        return words >= _LEAST_WITH_COMMON
    is_name = sign.kind is Kind.MINUS or operand.text[0].isupper()
    least_before, least = _LONG_ENOUGH[sign.kind]
    return is_name and before >= least_before and words >= least


_LEAST_WITH_COMMON = 4
_LONG_ENOUGH = {Kind.MINUS: (3, 3), Kind.NOT: (1, 5)}
"""How many words a headline has before such a sign, and in all."""
