"""How far forgiveness goes, and what it may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """`edits`: how many edits a word of so many letters may be away from what was meant, longer
    words first; shorter words none.

    `words`: how many words of a query are looked at, the first ones; `corrected`: how many of these
    are replaced at most; `alternatives`: how many there are for each, at most; `context`: how many
    of the known words, the rarest ones, tell which alternatives fit; `offered`: how many other
    queries are tried, of which the best is offered.

    `edit_cost`: the logarithm of how many times as frequent a word must be to outweigh an edit
    more; `doubt`: the items in which two words must stand together by more than chance before that
    counts in full. `times`: of a word that some item has, and of a query that finds something, how
    many times as much another must find to be offered.
    """

    edits: tuple[tuple[int, int], ...] = ((8, 2), (4, 1))
    words: int = 32
    corrected: int = 4
    alternatives: int = 8
    context: int = 3
    offered: int = 8
    edit_cost: float = 4.0
    doubt: float = 0.1
    times: int = 10

    def allowed(self, term: str) -> int:
        """How many edits a typed term may be away from what was meant."""
        return next((edits for letters, edits in self.edits if len(term) >= letters), 0)


DEFAULT_POLICY = Policy()
