"""Prints: answers to stdout, the rest to stderr, and a progress bar if that is a terminal."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from indexer.console import reports
from indexer.console.problem_groups import grouped
from indexer.item import Problem
from indexer.reindex.report import Options, Progress, Report, silent

SHOWN = 20
"""Problems `reindex` prints before it points to `check` for the rest."""

BAR_AFTER = 1.0
"""Seconds before a watch shows a bar: most of its many runs are over by then."""


@dataclass(frozen=True, slots=True)
class ConsoleReporter:
    """Implements `indexer.watch.loop.Reporter`; a single reindex reports through it, too."""

    options: Options
    seeds: Path
    index: Path
    as_json: bool
    watching: bool = False

    def report(self, report: Report, before: Report | None) -> None:
        """See `Reporter.report`."""
        with self._writing():
            if self.as_json:
                print_text(json_line(reports.report_json(report)))
                return
            print_problems(reports.new_problems(report, before), SHOWN)
            if before is None:
                print_text(reports.report_text(report, self.options, self.seeds, self.index))
            elif text := reports.round_text(report, before, self.options):
                now = time.strftime("%H:%M:%S")
                print_text("\n".join(f"{now}  {line}" for line in text.splitlines()))

    def note(self, message: str) -> None:
        """See `Reporter.note`."""
        with self._writing():
            click.echo(f"newsdex: {_shown(message)}", err=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Enter this to write. If that fails, as it does to a log on a full disk, a watch goes on,
        and tries to say so on stderr."""
        try:
            yield
        except OSError as error:
            if not self.watching or isinstance(error, BrokenPipeError):  # nobody reads it any more
                raise
            with suppress(OSError):
                click.echo(f"newsdex: this could not be written: {error.strerror}", err=True)

    def progress(self) -> AbstractContextManager[Progress]:
        """See `Reporter.progress`."""
        return progress_bar(BAR_AFTER if self.watching else 0.0)


class OneLine(logging.Formatter):
    """Formats a log record as one line, without its `exc_info`, which is for other handlers."""

    def format(self, record: logging.LogRecord) -> str:
        return f"newsdex: {' '.join(record.getMessage().splitlines())}"


@contextmanager
def logs_to_stderr() -> Iterator[None]:
    """While entered, log records of the write side are written to stderr."""
    log, handler = logging.getLogger("indexer"), logging.StreamHandler()
    handler.setFormatter(OneLine())
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def print_answer(as_json: bool, row: dict[str, Any], text: str) -> None:
    """Print a command's answer, as JSON or as text."""
    print_text(json_line(row) if as_json else text)


def json_line(row: dict[str, Any]) -> str:
    """One JSON object, on one line."""
    return json.dumps(row, ensure_ascii=False)


def print_text(text: str) -> None:
    """Print to stdout, in UTF-8 whatever the locale says. Bytes of a path that are not UTF-8 are
    written as escapes."""
    click.echo(_shown(text).encode())


def _shown(text: str) -> str:
    """The text without surrogates, in which Python keeps those bytes of a path that the locale
    cannot decode: if together they are UTF-8 it is decoded, or else each becomes an escape."""
    with suppress(UnicodeEncodeError):  # raised for a surrogate that stands for no byte
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return text.encode(errors="backslashreplace").decode()


def print_problems(problems: tuple[Problem, ...], shown: int) -> None:
    """Print the problems to stderr, those of one kind that many files have as one; of more than
    `shown` only the first, and how many more there are."""
    groups = grouped(problems)
    for group in groups[:shown]:
        click.echo(str(group), err=True)
    if hidden := sum(len(group.problems) for group in groups[shown:]):
        more = reports.count(hidden, "more problem")
        click.echo(f"... and {more}; `newsdex check` lists them all", err=True)
    elif len(groups) < len(problems):
        click.echo("`--json` lists every file of those that are told together", err=True)


@contextmanager
def progress_bar(bar_after: float = 0.0) -> Iterator[Progress]:
    """Show a bar on stderr while files are read, if stderr is a terminal; it appears after
    `bar_after` seconds."""
    if not (sys.stderr and sys.stderr.isatty()):
        yield silent
        return
    began = time.monotonic()
    bar = click.progressbar(length=1, label="Reading", file=sys.stderr)

    def show(done: int, total: int) -> None:
        if bar.pos or time.monotonic() - began >= bar_after:
            bar.length = total
            bar.update(done - bar.pos)

    try:
        yield show
    finally:
        if bar.pos:
            bar.render_finish()
