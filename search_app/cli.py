"""The `newsdex` command: the write side's commands, and `search` and `serve`."""

import json
import logging
import os
import shutil
import signal
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

import click
from click.exceptions import Exit, NoArgsIsHelpError

from indexer import VERSION
from indexer.console.commands import COMMANDS, CONFIG, ENGINE, INDEX, JSON, SEEDS, flag, option
from indexer.console.output import json_line, print_text
from indexer.errors import IndexMissing, IndexUnusable, NewsdexError, UsageError
from indexer.settings import unknown_variables
from indexer.source.synonyms_file import read_synonyms
from search_app.cli_formats import LISTS, Format, output_format
from search_app.json_views import results_bytes
from search_app.request_params import search_request
from search_app.search import service
from search_app.search.cursor import cursor
from search_app.search.engines import verify_policy
from search_app.search.nearest import near_hint, nearest
from search_app.search.query.rewrite import Match
from search_app.search.query.synonyms import Synonyms
from search_app.search.request import Group, SearchRequest, Sort
from search_app.search.similar import like_text
from search_app.settings import Settings
from search_app.state import open_reader
from search_app.terminal import Paper, list_notes, results_text
from search_app.watch_process import watching
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
                    _note(told)
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


@click.group(cls=Newsdex, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="newsdex")
def main() -> None:
    """Full-text search over a folder of news items."""


class Search(click.Command):
    """A command whose options may stand among words of a query, such as `-huawei`. So click must
    not know `-h`, which it would also read in that word; alone it asks for help here, too."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        end = args.index("--") if "--" in args else len(args)
        read = ["--help" if one == "-h" else one for one in args[:end]]
        return super().parse_args(ctx, [*read, *args[end:]])


@main.command(
    "search",
    cls=Search,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@INDEX
@ENGINE
@click.option("--topic", multiple=True, help="Only items of this topic; may repeat.")
@click.option("--provider", multiple=True, help="Only stories this outlet carried: domain or name.")
@click.option("--type", "type_", multiple=True, help="Only items of this type, such as video.")
@click.option("--year", multiple=True, help="Only items of this year; may repeat.")
@click.option("--language", multiple=True, help="Only items in this language: de, or German.")
@click.option("--since", default="", help="Not older than this date: 2020, 2020-06, 2020-06-09.")
@click.option("--until", default="", help="Not newer than this date, which is included.")
@click.option("--sort", default="", help=f"One of {', '.join(Sort)}. [default: relevance]")
@click.option("--match", default="", help=f"One of {', '.join(Match)}. [default: auto]")
@click.option("--spelling", default="", help="off: search words as they are typed. [default: on]")
@click.option("--group", default="", help=f"One of {', '.join(Group)}. [default: none]")
@click.option("--story", default="", help="Only items of this story, as a hit names it.")
@click.option("--like", metavar="FILE", help="What is like the text of a file; -: of stdin.")
@click.option("--page", default="", help="Which page of hits. [default: 1]")
@click.option("--page-size", default="", help="Hits on a page, at most 100.")
@click.option("--explain", is_flag=True, help="Say how each score comes about.")
@click.option("--format", "form", default="", help=f"One of {', '.join(Format)}. [default: text]")
@CONFIG
@JSON
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
def search_command(
    query: tuple[str, ...],
    as_json: bool,
    type_: tuple[str, ...],
    like: str | None,
    explain: bool,
    form: str,
    **given: Any,
) -> None:
    """Search for QUERY: words, "phrases", -exclusions, prefix*, title:word, date:2020, OR, ( )."""
    output = output_format(form, as_json=as_json)
    for word in query:
        if word.startswith("--") and word[2:3].isalpha():
            raise UsageError(_no_option(word.partition("=")[0]))
    settings = Settings.load(**{name: given.pop(name) for name in ("index", "engine", "config")})
    parameters = {name: [v] if isinstance(v, str) else list(v) for name, v in given.items()}
    parameters |= {"q": [" ".join(query)], "type": list(type_), "explain": [str(int(explain))]}
    with _named_as_typed(parameters):
        request = search_request(parameters, settings.page_size)
    text = "" if like is None else _text(like)
    logging.getLogger("search_app").addHandler(logging.NullHandler())  # reported below, once
    with (
        closing(open_reader(settings, verify_policy(settings.engine).of_all())) as reader,
        reader.acquire() as lease,
    ):
        if lease.warning:
            _note(lease.warning)
        alike = None if like is None else like_text(lease.searcher, text)
        synonyms = _synonyms(settings)
        if output in LISTS:
            found = cursor(
                lease.searcher,
                request,
                synonyms=synonyms,
                like=alike,
                signals=settings.signals,
            )
            for told in list_notes(found):
                _note(told)
            ranks = _ranks(request) if given["page"] or given["page_size"] else ()
            batches = found.batches(*ranks, with_bodies=output is Format.JSONL)
            for chunk in LISTS[output](batches, settings, lease.generation):
                click.echo(chunk, nl=False)
            return
        results = service.search(
            lease.searcher,
            request,
            lease.notes,
            synonyms=synonyms,
            like=alike,
            signals=settings.signals,
        )
    if output is Format.JSON:
        print_text(json_line(json.loads(results_bytes(results))))  # as the other commands do
    else:
        print_text(results_text(results, _paper(settings)))


def _synonyms(settings: Settings) -> Synonyms:
    """The synonyms. If there are none because of their file, that is told; `check` names lines."""
    found, problems = read_synonyms(settings.synonyms_path, named_by=settings.synonyms_named_by)
    for problem in problems:
        if not problem.line:
            _note(str(problem))
    return Synonyms(found)


def _note(message: str) -> None:
    """Tell on stderr what stands beside an answer, in lines that fit if that is a terminal."""
    text = f"newsdex: {message}"
    if sys.stderr and sys.stderr.isatty():
        width = Paper().width
        columns = os.get_terminal_size(sys.stderr.fileno()).columns or width
        text = "\n".join(wrapped(text, 0, min(columns, width), 2))
    click.echo(text, err=True)


@contextmanager
def _named_as_typed(options: Collection[str]) -> Iterator[None]:
    """Enter this to read options. A message about one names it as people type it: `--page-size`."""
    try:
        yield
    except UsageError as error:
        if error.name not in options or error.name == "q":
            raise
        name = f"--{error.name.replace('_', '-')}"
        raise UsageError(f"{name}{str(error).removeprefix(error.name)}", name) from None


def _paper(settings: Settings, environ: Mapping[str, str] = os.environ) -> Paper:
    """What results are written on: a terminal, or a file or a pipe, which is not in colour unless
    that is forced. As Python itself, of both NO_COLOR and FORCE_COLOR it follows the first."""
    is_terminal = bool(sys.stdout) and sys.stdout.isatty()
    usual = Paper(seeds=settings.seeds)
    if environ.get("NO_COLOR"):
        colour = False
    elif environ.get("FORCE_COLOR"):
        colour = True
    else:
        colour = is_terminal and environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size().columns if is_terminal else usual.width
    return replace(usual, width=min(width, usual.width), colour=colour)


def _ranks(request: SearchRequest) -> tuple[int, int]:
    """The half-open range of the entries of a page, counted from 0."""
    begin = (request.page - 1) * request.page_size
    return begin, begin + request.page_size


def _text(name: str, most: int = 1_000_000) -> str:
    """The first `most` bytes of a file (-: of stdin) as text; what is no UTF-8 in it is replaced.
    Raises `UsageError` if it cannot be read."""
    if name == "-" and not sys.stdin:
        raise UsageError("--like -: stdin is closed; name a file, or write the text to stdin")
    try:
        if name == "-":
            text = sys.stdin.buffer.read(most)
        else:
            with Path(name).open("rb") as file:
                text = file.read(most)
    except OSError as error:
        raise UsageError(
            f"--like: {name or repr(name)}: cannot be read: {error.strerror}"
        ) from None
    return text.decode(errors="replace")


def _no_option(name: str) -> str:
    options = [one for parameter in search_command.params for one in parameter.opts]
    near = near_hint(nearest(name, [one for one in options if one.startswith("--")], 1))
    return f"there is no option {name}{near}; see `newsdex search --help`"


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


for command in COMMANDS:
    main.add_command(command)
