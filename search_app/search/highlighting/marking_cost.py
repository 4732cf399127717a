"""The bound on what marking one answer may cost.

Cost is counted, never timed, so the same answer is marked in the same places on every machine. A
step takes about a microsecond, at worst one and a half, on an ordinary machine of 2026: a span
marked is a step, and so are the following.
"""

MAX_COST = 70_000
"""Steps for one answer: half as much again as a hundred ordinary items take for a query of so many
words that all of their words are analysed, fifty times what a page of ten takes otherwise."""

PER_WORD = 5
"""What it costs to analyse a word, beside its letters and the terms found in it."""

PIECES = 2
"""So many terms are found in a word that is analysed for one step."""

PIECES_KNOWN = 8
"""So many terms of a word that was analysed before are compared with those of phrases for one."""

ANALYSED = 16
"""So many letters of a word are analysed for one step."""

KNOWN = 4
"""So many words that were analysed before are looked up for one step."""

READ = 64
"""So many characters are read and folded for one step, where they are ASCII."""

READ_FOLDED = 8
"""So many characters are read and folded for one step, where not all are; those before folding and
those after it both count, as either may be many times the other."""

GLANCED = 128
"""So many characters are searched for a trace for one step."""


class CostLimit:
    """What marking may still cost. `left` turns negative where it would cost more than it may."""

    __slots__ = ("left",)

    def __init__(self, max_cost: int = MAX_COST) -> None:
        self.left = max_cost

    @property
    def is_exceeded(self) -> bool:
        """Whether marking would cost more than it may; then nothing more is marked."""
        return self.left < 0

    def exceed(self) -> None:
        """What comes next would cost more than is left."""
        self.left = -1
