"""`newsdex search`: a search in the terminal, as a page for people or a list for pipes."""

import json
import logging
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict

import click

from indexer.console.commands import CONFIG, ENGINE, INDEX, JSON
from indexer.console.output import json_line, print_text
from indexer.errors import UsageError
from indexer.source.synonyms_file import read_synonyms
from search_app.cli_errors import note
from search_app.cli_formats import LISTS, Format, output_format
from search_app.json_views import results_bytes
from search_app.request_params import search_request
from search_app.search import service
from search_app.search.cursor import Cursor, cursor
from search_app.search.engines import verify_policy
from search_app.search.nearest import near_hint, nearest
from search_app.search.query.logical import Expression
from search_app.search.query.rewrite import Match
from search_app.search.query.synonyms import Synonyms
from search_app.search.request import Group, SearchRequest, Sort
from search_app.search.signals import Signals
from search_app.search.similar import like_text
from search_app.settings import Settings
from search_app.state import open_reader
from search_app.terminal import Paper, list_notes, results_text


class Search(click.Command):
    """A command whose options may stand among words of a query, such as `-huawei`. So click must
    not know `-h`, which it would also read in that word; alone it asks for help here, too."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        end = args.index("--") if "--" in args else len(args)
        read = ["--help" if one == "-h" else one for one in args[:end]]
        return super().parse_args(ctx, [*read, *args[end:]])


@click.command(
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
            note(lease.warning)
        asked: _Asked = {
            "synonyms": _synonyms(settings),
            "like": None if like is None else like_text(lease.searcher, text),
            "signals": settings.signals,
        }
        if output in LISTS:
            found = cursor(lease.searcher, request, **asked)
            ranks = _ranks(request) if given["page"] or given["page_size"] else ()
            _print_list(found, ranks, output, settings)
            return
        results = service.search(lease.searcher, request, lease.notes, **asked)
    if output is Format.JSON:
        print_text(json_line(json.loads(results_bytes(results))))  # as the other commands do
    else:
        print_text(results_text(results, _paper(settings)))


class _Asked(TypedDict):
    """What is asked beside the request."""

    synonyms: Synonyms
    like: Expression | None
    signals: Signals


def _print_list(
    found: Cursor, ranks: tuple[int, int] | tuple[()], output: Format, settings: Settings
) -> None:
    """Print the hits of these ranks, by default all, and tell on stderr what the list cannot."""
    for told in list_notes(found):
        note(told)
    batches = found.batches(*ranks, with_bodies=output is Format.JSONL)
    for chunk in LISTS[output](batches, settings, found.generation):
        click.echo(chunk, nl=False)


def _synonyms(settings: Settings) -> Synonyms:
    """The synonyms. If there are none because of their file, that is told; `check` names lines."""
    found, problems = read_synonyms(settings.synonyms_path, named_by=settings.synonyms_named_by)
    for problem in problems:
        if not problem.line:
            note(str(problem))
    return Synonyms(found)


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
