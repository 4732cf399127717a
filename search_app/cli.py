"""The `newsdex` command: the commands of both sides, and `newsdex serve`."""

import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from typing import Any

import click

from indexer import VERSION
from indexer.console.commands import COMMANDS, CONFIG, ENGINE, INDEX, SEEDS, flag, option
from indexer.errors import IndexMissing, IndexUnusable
from search_app.cli_errors import INTERRUPTED, Newsdex
from search_app.cli_search import search_command
from search_app.settings import Settings
from search_app.state import open_reader
from search_app.watch_process import watching


@click.group(cls=Newsdex, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="newsdex")
def main() -> None:
    """Full-text search over a folder of news items."""


@main.command("serve")
@INDEX
@ENGINE
@option("host", Settings)
@option("port", Settings)
@option("threads", Settings)
@SEEDS
@flag("--watch", "watch", help="Reindex after every change of the seeds, too.")
@CONFIG
def serve_command(watch: bool, **given: Any) -> None:
    """Serve the search page and the API until interrupted."""
    # Imported here: the other commands should not wait for Flask.
    from search_app.server import serve

    settings = Settings.load(**given)
    try:
        with closing(open_reader(settings)) as reader, reader.acquire() as lease:
            stats = lease.searcher.stats()
            items = f"{stats.items:,} items"
            if stats.advice:
                click.echo(f"newsdex: {stats.advice}", err=True)
    except IndexUnusable as error:
        items = "nothing yet"
        if not (watch and isinstance(error, IndexMissing)):  # which makes one
            click.echo(f"newsdex: {error}", err=True)
    try:
        with _reindexing(settings) if watch else nullcontext():
            serve(settings, lambda url: _greet(f"Serving {items} at {url} (Ctrl-C ends it)"))
    except KeyboardInterrupt:
        click.echo("\nnewsdex: interrupted", err=True)
        if sys.stdout:
            with suppress(OSError):  # it was told when it was written to
                sys.stdout.flush()
        # Without finalizing the interpreter: a thread of the HTTP server that still needs it would
        # abort the process.
        os._exit(INTERRUPTED)


def _greet(text: str) -> None:
    """Say on stdout, or where that cannot be written on stderr, that the server serves. It does so
    whether anybody can be told or not."""
    try:
        click.echo(text)
    except OSError as error:
        with suppress(OSError):
            click.echo(f"newsdex: {text}; stdout cannot be written: {error.strerror}", err=True)


def _reindexing(settings: Settings) -> AbstractContextManager[None]:
    """While this is entered, a process keeps the index up to date."""
    options = {"seeds": settings.seeds, "index": settings.index, "engine": settings.engine}
    given = [f"--{name}={value}" for name, value in options.items()]
    if settings.config.exists():
        given.append(f"--config={settings.config}")

    def ended(code: int) -> None:
        click.echo(
            f"newsdex: the reindexing beside the server ended with {code}; the index stays as is",
            err=True,
        )

    return watching(_command, ["reindex", "--watch", *given], ended)


def _command(arguments: Sequence[str]) -> object:
    """Runs a command in a process of its own; raises `SystemExit` with its exit code."""
    return main(arguments, prog_name="newsdex")


for command in (search_command, *COMMANDS):
    main.add_command(command)
