"""The bound on what highlighting one answer may cost.

Cost is counted in steps, never timed, so an answer is marked in the same places on every machine. A
step takes about a microsecond, at worst one and a half, on an ordinary machine of 2026. A marked
span costs one step, and so does each of the amounts below.
"""

MAX_COST = 70_000
"""Steps for one answer: one and a half times what a hundred ordinary items cost when the query has
so many words that every word of theirs is analysed; fifty times what a page of ten costs else."""

PER_WORD = 5
"""Steps to analyse a word, besides those for its letters and its terms."""

TOKENS = 2
"""Terms found per step in a word that is analysed."""

KNOWN_TOKENS = 8
"""Terms of an already analysed word that are compared with those of phrases per step."""

ANALYSED = 16
"""Letters of a word that are analysed per step."""

KNOWN_WORDS = 4
"""Already analysed words that are looked up per step."""

FOLDED = 64
"""ASCII characters that are folded per step."""

FOLDED_UNICODE = 8
"""Characters folded per step in a text that is not all ASCII; both those before folding and those
after it count, as either may be many times the other."""

SEARCHED = 128
"""Characters that are searched for a prefilter key per step."""


class CostExceeded(Exception):
    """To mark more would cost too much."""


class CostLimit:
    """The steps that highlighting may still cost; `left` is negative once they are exceeded."""

    __slots__ = ("left",)

    def __init__(self, max_cost: int = MAX_COST) -> None:
        self.left = max_cost

    @property
    def is_exceeded(self) -> bool:
        """Whether the limit is exceeded; then nothing more is marked."""
        return self.left < 0
