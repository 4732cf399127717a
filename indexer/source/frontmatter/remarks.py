"""The warnings about one front matter: what was left out of its tree, and why."""

from dataclasses import dataclass, field

from indexer.item import Problem, Severity
from indexer.source.frontmatter.nodes import without_private

MAX_REMARKS = 20

_LONGEST_KEY = 60


@dataclass(slots=True)
class Remarks:
    """The warnings, which show `path`, in the order made; at most MAX_REMARKS."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int, key: str, message: str) -> None:
        """Add a warning, unless there are too many already."""
        if len(self.problems) < MAX_REMARKS:
            self.problems.append(Problem(self.path, line, key, message, Severity.WARNING))

    def add_twice(self, key: str, line: int, former: int) -> None:
        """Warn of a key that stands on two lines."""
        is_short = 0 < len(key) <= _LONGEST_KEY and key.isprintable()
        shown = without_private(key) if is_short else "the key"
        message = f"{shown} also stands on line {former}; the later one counts, remove one"
        self.add(line, shown, message)

    def add_taken_in(self, line: int) -> None:
        """Warn of a text that goes on over the line of a private key."""
        message = (
            "the text goes on over the line of a private key, and was read up to there; "
            "end it before that line"
        )
        self.add(line, "", message)
