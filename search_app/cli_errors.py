"""How commands tell errors: a line on stderr and an exit code; and what stands beside an answer."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from typing import Any

import click
from click.exceptions import Exit, NoArgsIsHelpError

from indexer.console.output import json_line, print_text
from indexer.errors import NewsdexError, UsageError
from indexer.settings import unknown_variables
from search_app.terminal import Paper
from search_app.wrapping import wrapped

UNWRITTEN = 6
"""The exit code of a command whose answer could not be written."""

INTERRUPTED = 130


class Newsdex(click.Group):
    """A group of commands that turns our errors into one line on stderr and their exit code."""

    def make_context(
        self, info_name: str | None, args: list[str], *more: Any, **named: Any
    ) -> click.Context:
        """Read the arguments; `--help` and `--version` are answered here."""
        as_json = "--json" in args
        with _errors_reported(as_json):
            ctx = super().make_context(info_name, args, *more, **named)
            ctx.meta[AS_JSON] = as_json
            return ctx

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a mistake of the user's never gives a traceback."""
        with _errors_reported(ctx.meta[AS_JSON], ctx):
            if parent_process() is None:  # to whom it was told, where there is one
                for told in unknown_variables():
                    note(told)
            return super().invoke(ctx)


AS_JSON = f"{__name__}.as_json"


@contextmanager
def _errors_reported(as_json: bool, ctx: click.Context | None = None) -> Iterator[None]:
    """Turns errors of a command into one line on stderr and their exit code; `ctx` is the context
    of the group. A command whose reader has left is ended as other tools are, by SIGPIPE."""
    try:
        with _our_errors_reported(as_json, ctx):
            yield
    except BrokenPipeError as error:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.raise_signal(signal.SIGPIPE)
        raise Exit(UNWRITTEN) from error  # whoever started us has blocked the signal
    except OSError as error:
        with suppress(OSError):  # nor can this be
            click.echo(f"newsdex: the answer could not be written: {error}", err=True)
        raise Exit(UNWRITTEN) from error
    except KeyboardInterrupt as error:
        click.echo("\nnewsdex: interrupted", err=True)
        raise Exit(INTERRUPTED) from error


@contextmanager
def _our_errors_reported(as_json: bool, ctx: click.Context | None) -> Iterator[None]:
    """Turns our errors into one line on stderr and their exit code; where the answer is to be JSON,
    the error is, too, in the same object as the API's."""
    try:
        yield
    except NewsdexError as error:
        if as_json:
            _print_error(error.kind, str(error))
        click.echo(f"newsdex: {error}", err=True)
        raise Exit(error.exit_code) from error
    except NoArgsIsHelpError:
        raise  # click shows the help
    except click.UsageError as error:
        help_of = error.ctx.command_path if error.ctx else _named(ctx)
        message = f"{error.format_message().removesuffix('.')} (see `{help_of} --help`)"
        if as_json:
            _print_error(UsageError.kind, message)
        click.echo(f"newsdex: {message}", err=True)
        raise Exit(error.exit_code) from error


def _named(ctx: click.Context | None) -> str:
    """The command that was named to a group: its options are read before it has a context."""
    if ctx is None:
        return "newsdex"
    return f"{ctx.command_path} {ctx.invoked_subcommand or ''}".rstrip()


def _print_error(kind: str, message: str) -> None:
    print_text(json_line({"error": {"kind": kind, "message": message}}))


def note(message: str) -> None:
    """Tell on stderr what stands beside an answer, in lines that fit if that is a terminal."""
    text = f"newsdex: {message}"
    if sys.stderr and sys.stderr.isatty():
        width = Paper().width
        columns = os.get_terminal_size(sys.stderr.fileno()).columns or width
        text = "\n".join(wrapped(text, 0, min(columns, width), 2))
    click.echo(text, err=True)
