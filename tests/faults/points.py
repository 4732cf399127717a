"""Which calls of a run are harmed, and what came of it."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.conditions import CAMPAIGN, SEED

SHOWN = 30
"""Kinds of failures of a campaign that are shown, each once."""

GOLDEN = 0.618
"""Multiples of it fall evenly between 0 and 1, their whole parts aside."""

_RANDOM = re.compile(r"\d{6}-[0-9a-f]{6}|MAIN_\w+|\b[0-9a-z]{16}\b|/\S*/place/")
"""What differs from one run to the next in what it says."""


def points(calls: int, sample: int, seed: int = 0, *, stride: int = 1) -> Sequence[int]:
    """In a campaign every `stride`th call of so many; else a sample of them, spread evenly, which
    begins elsewhere for each `seed` of a caller, and in each run."""
    if CAMPAIGN:
        return range(0, calls, stride)
    begin = (SEED + seed) * GOLDEN % 1
    return sorted({int(calls * (begin + place) / sample) % calls for place in range(sample)})


@dataclass(slots=True)
class Tally:
    """Points tried, and what was wrong after some of them: all are tried before any is told."""

    tried: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def attempt(self, what: str, check: Callable[[], object]) -> None:
        """Try one point; `what` says which."""
        self.tried += 1
        try:
            check()
        except Exception as error:  # told by `conclude`, with all others
            told = " ".join([type(error).__name__, str(error), *getattr(error, "__notes__", ())])
            self.wrong[_RANDOM.sub("…", told)] += 1
            self.first.setdefault(_RANDOM.sub("…", told), what)

    def conclude(self, what: str) -> None:
        """Say how many points were tried; fail if anything was wrong after any."""
        print(f"\n{what}: {self.tried:,} points, {self.wrong.total():,} wrong")
        shown = [
            f"{times} times, first at {self.first[kind]}: {kind}"
            for kind, times in self.wrong.most_common(SHOWN)
        ]
        assert not self.wrong, "\n".join(["", *shown])
