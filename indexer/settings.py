"""The settings of indexing and search alike: one table, read once at the edge, passed down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import UsageError

PREFIX = "NEWSDEX_"
MOST_JOBS = 64
LEAST_MEMORY = 64


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table. `read` turns text into the value; it raises `ValueError` if it can't,
    with a message that says what the value may be."""

    name: str
    default: str
    help: str
    read: Callable[[str], Any] = str

    @property
    def variable(self) -> str:
        """The environment variable it is read from."""
        return PREFIX + self.name.upper()


def flag(text: str) -> bool:
    """`1`, `true`, `yes`, `on` and their opposites."""
    known = {"1": True, "true": True, "yes": True, "on": True}
    known |= {"0": False, "false": False, "no": False, "off": False, "": False}
    if text.lower() not in known:
        raise ValueError("write 1 or 0")
    return known[text.lower()]


def megabytes(text: str) -> int:
    """An amount of memory."""
    if not text.isdecimal() or int(text) < LEAST_MEMORY:
        raise ValueError(f"write a whole number of megabytes, at least {LEAST_MEMORY}")
    return int(text)


def jobs(text: str) -> int:
    """A number of processes."""
    if not text.isdecimal() or int(text) > MOST_JOBS:
        raise ValueError(f"write a whole number from 0 to {MOST_JOBS}")
    return int(text)


SETTINGS = (
    Setting("seeds", "seeds", "The folder of news items.", Path),
    Setting("index", "index", "The folder of the index.", Path),
    Setting("engine", "whoosh", "The engine that holds the index: whoosh."),
    Setting("jobs", "0", "Processes that read files and merge; 0: one for each core.", jobs),
    Setting("memory", "256", "Megabytes that a process that reads files may need.", megabytes),
    Setting("follow_links", "1", "0: refuse links that lead out of the seeds folder.", flag),
    Setting("promoted_only", "0", "1: leave out items whose file says `published: false`.", flag),
    Setting("poll", "0", "1: `--watch` looks once a second, for network folders.", flag),
)


def values(
    table: tuple[Setting, ...], environ: Mapping[str, str], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The value of every setting: what was given, else the environment's, else the default.

    Raises `UsageError`, naming the variable, for a value that cannot be read.
    """
    found: dict[str, Any] = {}
    for setting in table:
        if given.get(setting.name) is not None:
            found[setting.name] = given[setting.name]
            continue
        text = environ.get(setting.variable) or setting.default
        try:
            found[setting.name] = setting.read(text)
        except ValueError as error:
            raise UsageError(f"{setting.variable}: {text!r}: {error}", setting.variable) from None
    return found
