"""Groups problems of one kind, so that what is wrong with hundreds of files is told once."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.item import Problem

MOST_FILES = 20
"""If more files have a problem of one kind, it is told once."""

_NAMED = 3
_VARIABLE = re.compile(r"""'[^']*'|"[^"]*"|“[^”]*”|\d+(?:[,.]\d+)*""")


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one kind, at least one, in as many files."""

    problems: tuple[Problem, ...]
    files: int

    def __str__(self) -> str:
        first = self.problems[0]
        if len(self.problems) == 1:
            return f"{first.severity}: {first}"
        places = ", ".join(dict.fromkeys(one.place for one in self.problems[:_NAMED]))
        what = ": ".join(filter(None, (first.field, first.message)))
        return f"{first.severity}: {self.files:,} files ({places}, ...): {what}"


def grouped(problems: Sequence[Problem], most_files: int = MOST_FILES) -> list[ProblemGroup]:
    """The problems in their order, each by itself; but those of a kind that more than `most_files`
    files have come together, in the place of the first."""
    kinds: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, problem in enumerate(problems):
        kinds[_kind(problem)].append(number)
    groups = {}
    for numbers in kinds.values():
        same = tuple(problems[number] for number in numbers)
        files = len({problem.path for problem in same})
        if files > most_files:
            groups[numbers[0]] = ProblemGroup(same, files)
        else:
            groups |= {number: ProblemGroup((problems[number],), 1) for number in numbers}
    return [groups[number] for number in sorted(groups)]


def _kind(problem: Problem) -> tuple[str, str]:
    """What problems of one kind have in common: their severity, and what the message says is wrong,
    apart from what it quotes and counts. The remedy after that may show the file's own text."""
    what_is_wrong = _VARIABLE.sub("", problem.message).partition("; ")[0]
    return problem.severity, what_is_wrong
