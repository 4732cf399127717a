"""The commands of the write side: reindex, check, status, verify, rollback."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click

from indexer.console import reports
from indexer.console.output import (
    ConsoleReporter,
    logs_to_stderr,
    print_json,
    print_problems,
    print_text,
    progress_bar,
)
from indexer.engines import STORES, open_store
from indexer.errors import IndexDamaged, IndexUnusable, UsageError
from indexer.reindex.protocols import Store
from indexer.reindex.report import DEFAULTS, Options
from indexer.reindex.run import check, reindex
from indexer.settings import Settings, Whole, table, variable
from indexer.signals import SignalHandler, Stop
from indexer.watch.loop import watch

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def option(name: str, settings: type[Settings] = Settings) -> Decorator:
    """The click option of a setting: its flag, its type, and its help, which names the environment
    variable and the default."""
    row = table(settings)[name].metadata
    help = f"{row['help']} [{variable(name)}; default: {row['default']}]"
    kind: Any = str
    if row["read"] is Path:
        kind = click.Path(path_type=Path, readable=False)  # we say ourselves what cannot be read
    elif isinstance(row["read"], Whole):
        kind = click.IntRange(row["read"].least, row["read"].most)
    elif name == "engine":
        kind = click.Choice(list(STORES))
    return click.option("--" + name.replace("_", "-"), help=help, type=kind)


SEEDS, INDEX, ENGINE = option("seeds"), option("index"), option("engine")
JOBS, MEMORY = option("jobs"), option("memory")
JSON = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")


@click.command("reindex")
@SEEDS
@INDEX
@ENGINE
@JOBS
@MEMORY
@click.option("--full", is_flag=True, help="Build from nothing instead of updating what is there.")
@click.option("--checksum", is_flag=True, help="Read every file, also those that look unchanged.")
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@click.option("--strict", is_flag=True, help="If any file is rejected, change nothing.")
@click.option("--allow-removals", is_flag=True, help="Take items out even if most files are gone.")
@click.option("--watch", "watching", is_flag=True, help="Go on after every change, until Ctrl-C.")
@JSON
@click.pass_obj  # programs pass what no user needs to choose: `main(obj=Options(...))`
def reindex_command(
    base: Options | None,
    /,
    full: bool,
    checksum: bool,
    dry_run: bool,
    strict: bool,
    allow_removals: bool,
    watching: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Bring the index up to date with the seeds folder.

    Exit codes: 0 done; 1 done, but some files were rejected; 4 another reindex is at work; 5
    refused, because so many files are gone that the folder may be a wrong one.
    """
    settings = Settings.load(**given)
    options = replace(
        base or DEFAULTS,
        full=full,
        dry_run=dry_run,
        strict=strict,
        promoted_only=settings.promoted_only,
        jobs=settings.jobs,
        checksum=checksum,
        memory=settings.memory,
        follow_links=settings.follow_links,
        allow_removals=allow_removals,
    )
    if _resolved(settings.index) == _resolved(settings.seeds):
        raise UsageError(f"{settings.index} cannot be seeds and index at once; name two folders")
    if watching and dry_run:
        raise UsageError(
            "--watch keeps the index up to date, which --dry-run forbids; leave out one of them"
        )
    reporter = ConsoleReporter(options, settings.seeds, settings.index, as_json, watching)
    seeds, index = settings.seeds, settings.index
    store = open_store(settings.engine, index)
    with _stoppable(index) as stop:
        if watching:
            watch(seeds, index, store, options, reporter, stop, poll=settings.poll)
        with reporter.progress() as progress:
            report = reindex(seeds, store, options, progress, stop)
    reporter.report(report, None)
    sys.exit(1 if report.rejected else 0)


@click.command("check")
@SEEDS
@JOBS
@MEMORY
@JSON
def check_command(as_json: bool, **given: Any) -> None:
    """Read every file and name its problems, without touching any index.

    Exit codes: 0 every file can be indexed; 1 some would be rejected.
    """
    settings = Settings.load(**given)
    with logs_to_stderr(), progress_bar() as progress:
        options = Options(
            jobs=settings.jobs, memory=settings.memory, follow_links=settings.follow_links
        )
        checked = check(settings.seeds, progress, options)
    if as_json:
        print_json(reports.check_json(checked))
    else:
        print_problems(checked.problems, len(checked.problems))
        print_text(reports.check_text(checked, settings.seeds))
    sys.exit(1 if checked.rejected else 0)


@click.command("status")
@INDEX
@ENGINE
@JSON
def status_command(as_json: bool, **given: Any) -> None:
    """Say what the index holds, and which generations are kept."""
    store = _store(given)
    manifest = store.current()
    if as_json:
        print_json(reports.manifest_json(manifest, store.generations()))
    else:
        click.echo(reports.manifest_text(manifest, store.generations()))


@click.command("verify")
@INDEX
@ENGINE
@JSON
def verify_command(as_json: bool, **given: Any) -> None:
    """Compare every byte of the kept generations with their manifests.

    Exit codes: 0 all is as it was written; 3 something is damaged or missing.
    """
    store, unnamed = _store(given), ""
    verdicts = store.verify()
    if not any(verdict.current for verdict in verdicts):
        try:
            store.current()
        except IndexDamaged as error:
            unnamed = str(error)
    if as_json:
        print_json(reports.verdicts_json(verdicts, unnamed))
    else:
        print_text(reports.verdicts_text(verdicts, unnamed))
    if unnamed or any(verdict.faults for verdict in verdicts):
        sys.exit(IndexUnusable.exit_code)


@click.command("rollback")
@INDEX
@ENGINE
@JSON
def rollback_command(as_json: bool, **given: Any) -> None:
    """Make the generation before the current one answer again.

    Where CURRENT names no generation that is there, the newest whole one will.
    """
    settings = Settings.load(**given)
    store = open_store(settings.engine, settings.index)
    with _stoppable(settings.index):
        if not store.generations():
            store.current()  # raises, before a folder is made for the lock
        with store.exclusive():
            manifest = store.rollback()
    if as_json:
        print_json({"generation": manifest.generation, "items": manifest.items})
    else:
        click.echo(
            f"Generation {manifest.generation} of {manifest.created} answers again, with "
            f"{reports.count(manifest.items, 'item')}. The next reindex follows the seeds."
        )


COMMANDS = (reindex_command, check_command, status_command, verify_command, rollback_command)


def _resolved(folder: Path) -> Path:
    """The folder that a path leads to; raises `UsageError` if its links lead in a circle."""
    try:
        return folder.resolve()
    except (OSError, RuntimeError) as error:
        raise UsageError(f"{folder} leads nowhere: {error}; name a folder") from error


def _store(given: dict[str, Any]) -> Store:
    settings = Settings.load(**given)
    return open_store(settings.engine, settings.index)


@contextmanager
def _stoppable(folder: Path) -> Iterator[Stop]:
    """Enter this while an index folder is written to. What the system refuses is raised as
    `IndexUnusable`; after a signal, the process ends as that asks, leaving everything in order."""
    with logs_to_stderr(), SignalHandler() as stop:
        try:
            yield stop
            return
        except KeyboardInterrupt:
            pass
        except BrokenPipeError:
            raise  # nobody reads our progress any more
        except OSError as error:
            raise IndexUnusable(
                f"the index folder {folder} cannot be used: {error.filename or folder}: "
                f"{error.strerror or error}; see to that and try again, or name another folder "
                "with --index"
            ) from error
        except MemoryError as error:
            raise IndexUnusable(
                "the run needs more memory than there is; nothing was changed; try again with "
                "--jobs 1 or less --memory"
            ) from error
    _end(stop)


def _end(stop: Stop) -> NoReturn:
    """End the process as the signal asks."""
    if stop.signal and stop.signal is not signal.SIGINT:
        if sys.stdout:
            with suppress(OSError):  # a full disk was reported when it was written to
                sys.stdout.flush()
        signal.signal(stop.signal, signal.SIG_DFL)
        signal.raise_signal(stop.signal)  # so that whoever sent it sees that it was obeyed
    raise KeyboardInterrupt
