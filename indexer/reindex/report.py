"""What a run is asked to do, and what it reports."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from indexer.item import DEFAULT_LANGUAGE, Problem, Severity
from indexer.reindex.diff import Change
from indexer.source.seed_file import StatKey

Progress = Callable[[int, int], None]
"""Called with the number of files that are done, and of all files."""


def silent(done: int, total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to reindex. `full`: from nothing; `dry_run`: only say what would be done; `strict`: if
    any file is rejected, change nothing; `promoted_only`: leave out items marked unpublished;
    `language`: that of items which state none;
    `checksum`: read every file, even if its times and size are unchanged. `jobs`: how many
    processes work if there is much to do; 0: one for each core. `memory`: megabytes that each of
    them may need. `follow_links`: also links that lead out of the seeds folder; `allow_removals`:
    remove items however many have lost their files.

    No user needs to choose the rest. `files_per_task`: how many files a task reads at least, if
    memory allows; `tasks_per_process`: into how many tasks much work is divided for each process,
    as the more a task reads, the less often the same word is analysed; `min_tasks`: for fewer, no
    process is started, because starting them costs more than it saves; `renew_after`: if so many
    files were read again and are unchanged, a new generation stores their new times."""

    full: bool = False
    dry_run: bool = False
    strict: bool = False
    promoted_only: bool = False
    language: str = DEFAULT_LANGUAGE
    jobs: int = 1
    checksum: bool = False
    memory: int = 256
    follow_links: bool = True
    allow_removals: bool = False
    files_per_task: int = 256
    tasks_per_process: int = 8
    min_tasks: int = 8
    renew_after: int = 100


DEFAULTS = Options()


@dataclass(frozen=True, slots=True)
class Report:
    """What a reindex did, or with `dry_run` would do.

    `generation` is the one that answers now, empty if none does; `bytes` is its size, and `items`
    the number of its items, with `dry_run` the number there would be. `switched`: a new generation
    was made. `rebuilt`: why the old index could not be built upon; empty if it could. `links`: see
    `SourceDiff.links`. Of the files as they are now, `undated` gave items without a date, and
    `drafts` were left out as drafts.
    """

    generation: str
    switched: bool
    items: int
    bytes: int
    changes: Counter[Change]
    problems: tuple[Problem, ...]
    seconds: float
    rebuilt: str = ""
    links: Mapping[str, StatKey | None] = field(default_factory=dict)
    undated: int = 0
    drafts: int = 0

    @property
    def rejected(self) -> int:
        """How many files could not be used."""
        return rejected_files(self.problems)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `check` found: files read, items in them, and every problem; how many items are
    `undated`, and how many files `drafts`."""

    files: int
    items: int
    problems: tuple[Problem, ...]
    undated: int = 0
    drafts: int = 0

    @property
    def rejected(self) -> int:
        """How many files could not be used."""
        return rejected_files(self.problems)


def rejected_files(problems: Iterable[Problem]) -> int:
    """How many files could not be used."""
    return len({problem.path for problem in problems if problem.severity is Severity.ERROR})
