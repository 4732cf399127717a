"""The warnings about one file's values, and how a value is shown in one."""

from dataclasses import dataclass, field

from indexer.item import Problem, Severity
from indexer.source.frontmatter.nodes import without_private
from indexer.source.validate.text import one_line

MAX_PROBLEMS = 50
"""Warnings kept for one file."""

_LONGEST_SHOWN = 60


@dataclass(slots=True)
class Warnings:
    """The warnings of one file, in the order made."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def are_too_many(self) -> bool:
        """Whether the file has so many warnings that none is added."""
        return len(self.problems) > MAX_PROBLEMS

    def add(self, line: int, name: str, message: str) -> None:
        """Add a warning, unless the file has too many already."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self.path, line, name, message, Severity.WARNING))
        elif len(self.problems) == MAX_PROBLEMS:
            more = "there are more problems; they are not listed"
            self.problems.append(Problem(self.path, line, "", more, Severity.WARNING))

    def add_once(self, line: int, name: str, message: str) -> None:
        """Add a warning that may have been added before."""
        if not any((p.line, p.field, p.message) == (line, name, message) for p in self.problems):
            self.add(line, name, message)


def shown(text: str) -> str:
    """A value quoted in a message: one line, not too long, and nothing private."""
    text = one_line(without_private(text[: 4 * _LONGEST_SHOWN]))
    return repr(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…")
