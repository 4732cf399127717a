"""The commands of the write side: reindex, check, status, verify, rollback."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from indexer.console import output, reports
from indexer.engines import STORES, open_store
from indexer.errors import IndexDamaged, IndexUnusable, UsageError
from indexer.index.lock import writing
from indexer.reindex.protocols import Store
from indexer.reindex.report import DEFAULTS, Options
from indexer.reindex.run import check, reindex
from indexer.settings import Settings, Whole, table, variable
from indexer.signals import SignalHandler, Stop
from indexer.source.synonyms_file import read_synonyms
from indexer.watch.loop import watch


def option(name: str, settings: type[Settings] = Settings) -> Callable[..., Any]:
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


CONFIG = option("config")
SEEDS, INDEX, ENGINE = option("seeds"), option("index"), option("engine")
JOBS, MEMORY = option("jobs"), option("memory")
flag = partial(click.option, is_flag=True)
JSON = flag("--json", "as_json", help="Answer with one JSON object.")

FLAGS = ("full", "checksum", "dry_run", "strict", "allow_removals")
"""The flags of `reindex` that are fields of `Options`."""


@click.command("reindex")
@SEEDS
@INDEX
@ENGINE
@JOBS
@MEMORY
@flag("--full", help="Build from nothing instead of updating what is there.")
@flag("--checksum", help="Read every file, also those that look unchanged.")
@flag("--dry-run", help="Say what would change; change nothing.")
@flag("--strict", help="If any file is rejected, change nothing.")
@flag("--allow-removals", help="Take items out even if most files are gone.")
@flag("--watch", "watching", help="Go on after every change, until Ctrl-C.")
@CONFIG
@JSON
@click.pass_obj  # programs pass what no user needs to choose: `main(obj=Options(...))`
def reindex_command(base: Options | None, /, watching: bool, as_json: bool, **given: Any) -> None:
    """Bring the index up to date with the seeds folder.

    Exit codes: 0 done; 1 done, but some files were rejected; 4 another reindex is at work; 5
    refused, because so many files are gone that the folder may be a wrong one.
    """
    flags = {name: given.pop(name) for name in FLAGS}
    settings = Settings.load(**given)
    seeds, index = settings.seeds, settings.index
    options = _options(settings, base, promoted_only=settings.promoted_only, **flags)
    if os.path.realpath(index) == os.path.realpath(seeds):
        raise UsageError(f"{index} cannot be seeds and index at once; name two folders")
    if watching and options.dry_run:
        raise UsageError(
            "--watch keeps the index up to date, which --dry-run forbids; leave out one of them"
        )
    reporter = output.ConsoleReporter(options, seeds, index, as_json, watching)
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
@CONFIG
@JSON
def check_command(as_json: bool, **given: Any) -> None:
    """Read every file, and that of the synonyms, and name their problems; touches no index.

    Exit codes: 0 every file can be indexed; 1 some would be rejected.
    """
    settings = Settings.load(**given)
    with output.logs_to_stderr(), output.progress_bar() as progress:
        checked = check(settings.seeds, progress, _options(settings))
    _, problems = read_synonyms(settings.synonyms_path, named_by=settings.synonyms_named_by)
    checked = replace(checked, problems=(*checked.problems, *problems))
    if not as_json:
        output.print_problems(checked.problems, len(checked.problems))
    output.print_answer(
        as_json, reports.check_json(checked), reports.check_text(checked, settings.seeds)
    )
    sys.exit(1 if checked.rejected else 0)


@click.command("status")
@INDEX
@ENGINE
@CONFIG
@JSON
def status_command(as_json: bool, **given: Any) -> None:
    """Say what the index holds, and which generations are kept."""
    store = _store(given)
    manifest, kept = store.current(), store.generations()
    output.print_answer(
        as_json, reports.manifest_json(manifest, kept), reports.manifest_text(manifest, kept)
    )


@click.command("verify")
@INDEX
@ENGINE
@CONFIG
@JSON
def verify_command(as_json: bool, **given: Any) -> None:
    """Compare every byte of the kept generations with their manifests.

    Exit codes: 0 all is as it was written; 3 something is damaged or missing, or the current
    generation is in the format of another version.
    """
    store, unnamed = _store(given), ""
    verdicts = store.verify()
    if not any(verdict.current for verdict in verdicts):
        try:
            store.current()
        except IndexDamaged as error:
            unnamed = str(error)
    output.print_answer(
        as_json, reports.verdicts_json(verdicts, unnamed), reports.verdicts_text(verdicts, unnamed)
    )
    if unnamed or not reports.is_well(verdicts):
        sys.exit(IndexUnusable.exit_code)


@click.command("rollback")
@INDEX
@ENGINE
@CONFIG
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
    output.print_answer(
        as_json,
        {"generation": manifest.generation, "items": manifest.items},
        f"Generation {manifest.generation} of {manifest.created} answers again, with "
        f"{reports.count(manifest.items, 'item')}. The next reindex follows the seeds.",
    )


COMMANDS = (reindex_command, check_command, status_command, verify_command, rollback_command)


def _store(given: dict[str, Any]) -> Store:
    settings = Settings.load(**given)
    return open_store(settings.engine, settings.index)


def _options(settings: Settings, base: Options | None = None, **flags: bool) -> Options:
    """The options of a run, as the settings and flags say; the others are those of `base`."""
    return replace(
        base or DEFAULTS,
        jobs=settings.jobs,
        memory=settings.memory,
        follow_links=settings.follow_links,
        language=settings.language,
        **flags,
    )


@contextmanager
def _stoppable(folder: Path) -> Iterator[Stop]:
    """Enter this while an index folder is written to. Raises `IndexUnusable` for whatever the
    system refuses. After a signal, it leaves everything in order and ends the process."""
    with output.logs_to_stderr(), SignalHandler() as stop:
        try:
            with writing(folder):
                yield stop
            return
        except KeyboardInterrupt:
            pass
    if stop.signal and stop.signal is not signal.SIGINT:
        if sys.stdout:
            with suppress(OSError):  # a full disk was reported when it was written to
                sys.stdout.flush()
        signal.signal(stop.signal, signal.SIG_DFL)
        signal.raise_signal(stop.signal)  # so that whoever sent it sees that it was obeyed
    raise KeyboardInterrupt
