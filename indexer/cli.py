"""The commands of the write side: reindex, check, status, verify, rollback."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from indexer import narration
from indexer.engines import STORES, open_store
from indexer.errors import IndexDamaged, IndexUnusable, UsageError
from indexer.home import Home
from indexer.item import Problem
from indexer.reindex import Options, Progress, examine, reindex
from indexer.settings import MOST_JOBS, SETTINGS, Setting, values
from indexer.store import Store, Verdict

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

SHOWN = 20
"""Problems `reindex` prints before it points to `check` for the rest."""


def option(table: tuple[Setting, ...], name: str, **details: Any) -> Decorator:
    """The click option of a setting: its flag, its help, and where else its value comes from."""
    setting = next(setting for setting in table if setting.name == name)
    help = f"{setting.help} [{setting.variable}; default: {setting.default}]"
    return click.option("--" + name.replace("_", "-"), help=help, **details)


FOLDER = click.Path(path_type=Path)
SEEDS = option(SETTINGS, "seeds", type=FOLDER)
INDEX = option(SETTINGS, "index", type=FOLDER)
JOBS = option(SETTINGS, "jobs", type=click.IntRange(0, MOST_JOBS))
ENGINE = option(SETTINGS, "engine", type=click.Choice(list(STORES)))
JSON = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")


@click.command("reindex")
@SEEDS
@INDEX
@ENGINE
@JOBS
@click.option("--full", is_flag=True, help="Build from nothing instead of updating what is there.")
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@click.option("--strict", is_flag=True, help="If any file is rejected, change nothing.")
@JSON
def reindex_command(full: bool, dry_run: bool, strict: bool, as_json: bool, **given: Any) -> None:
    """Bring the index up to date with the seeds folder.

    Exit codes: 0 done; 1 done, but some files were rejected; 4 another reindex is at work.
    """
    chosen = values(SETTINGS, os.environ, given)
    options = Options(full, dry_run, strict, chosen["promoted_only"], chosen["jobs"])
    if chosen["index"].resolve() == chosen["seeds"].resolve():
        raise UsageError(f"{chosen['index']} cannot be seeds and index at once; name two folders")
    store = open_store(chosen["engine"], chosen["index"])
    with _progress() as progress:
        report = reindex(chosen["seeds"], store, options, progress)
    if as_json:
        _answer(narration.report_json(report))
    else:
        _tell(report.problems, SHOWN)
        _say(narration.report_text(report, options, chosen["seeds"], chosen["index"]))
    sys.exit(1 if report.rejected else 0)


@click.command("check")
@SEEDS
@JOBS
@JSON
def check_command(as_json: bool, **given: Any) -> None:
    """Read every file and name its problems, without touching any index.

    Exit codes: 0 every file can be indexed; 1 some would be rejected.
    """
    chosen = values(SETTINGS, os.environ, given)
    with _progress() as progress:
        examination = examine(chosen["seeds"], progress, chosen["jobs"])
    if as_json:
        _answer(narration.examination_json(examination))
    else:
        _tell(examination.problems, len(examination.problems))
        _say(narration.examination_text(examination, chosen["seeds"]))
    sys.exit(1 if examination.rejected else 0)


@click.command("status")
@INDEX
@ENGINE
@JSON
def status_command(as_json: bool, **given: Any) -> None:
    """Say what the index holds, and which generations are kept."""
    store = _store(given)
    manifest = store.current()
    if as_json:
        _answer(narration.manifest_json(manifest, store.generations()))
    else:
        click.echo(narration.manifest_text(manifest, store.generations()))


@click.command("verify")
@INDEX
@ENGINE
@JSON
def verify_command(as_json: bool, **given: Any) -> None:
    """Compare every byte of the kept generations with their manifests.

    Exit codes: 0 all is as it was written; 3 something is damaged or missing.
    """
    chosen = values(SETTINGS, os.environ, given)
    unnamed = ""
    try:
        verdicts = open_store(chosen["engine"], chosen["index"]).verify()
    except IndexDamaged as error:
        unnamed = str(error)
        found = Home(chosen["index"]).examined(chosen["engine"])
        verdicts = [Verdict(name, False, (fault,) if fault else ()) for name, fault in found]
    if as_json:
        _answer(narration.verdicts_json(verdicts, unnamed))
    else:
        _say(narration.verdicts_text(verdicts, unnamed))
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
    store = _store(given)
    if not store.generations():
        store.current()  # raises, before a folder is made for the lock
    with store.exclusive():
        manifest = store.rollback()
    if as_json:
        _answer({"generation": manifest.generation, "items": manifest.items})
    else:
        click.echo(
            f"Generation {manifest.generation} of {manifest.created} answers again, with "
            f"{narration.count(manifest.items, 'item')}. The next reindex follows the seeds."
        )


COMMANDS = (reindex_command, check_command, status_command, verify_command, rollback_command)


def _store(given: dict[str, Any]) -> Store:
    chosen = values(SETTINGS, os.environ, given)
    return open_store(chosen["engine"], chosen["index"])


def _answer(row: dict[str, Any]) -> None:
    _say(json.dumps(row, ensure_ascii=False))


def _say(text: str) -> None:
    """To stdout. What is no text in a path, its bytes not being UTF-8, is shown as an escape."""
    click.echo(text.encode(errors="backslashreplace"))


def _tell(problems: tuple[Problem, ...], shown: int) -> None:
    for problem in problems[:shown]:
        click.echo(f"{problem.severity}: {problem}", err=True)
    if len(problems) > shown:
        more = narration.count(len(problems) - shown, "more problem")
        click.echo(f"... and {more}; `newsdex check` lists them all", err=True)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on stderr while files are read, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label="Reading", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show
