"""Commands, options, settings and exit codes as documented; and every example is one that runs."""

import json
import re
import shlex
import shutil
import signal
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from indexer import errors
from indexer.console.commands import COMMANDS
from indexer.settings import Settings as IndexerSettings
from indexer.settings import table, variable
from indexer.source import seed_file
from indexer.source.frontmatter.nodes import MAX_DEPTH, MAX_NODES
from indexer.source.frontmatter.split import MAX_FRONT_MATTER
from indexer.source.validate.articles import MAX_EXCERPT, MAX_RELATED, MAX_TITLE
from indexer.source.validate.dates.forms import FORMS
from indexer.source.validate.dates.zones import AMBIGUOUS, USUAL
from indexer.source.validate.drafts import FOLDER, MARKS, STATUS_KEYS, STATUSES
from indexer.source.validate.images import MAX_PICTURES, MAX_PIXELS
from indexer.source.validate.item_parser import parse_item
from indexer.source.validate.names import MAX_NAME, MAX_NAMES
from indexer.source.validate.text import MAX_BODY, MAX_MARKS
from indexer.source.validate.values import FLAGS
from indexer.urls import MAX_URL
from search_app.cli import main
from search_app.cli_errors import INTERRUPTED, UNWRITTEN
from search_app.settings import Settings
from tests.docs.markdown import INDEXER, README, ROOT, SEARCH, Document, Row, code, values

WRITING = {str(command.name) for command in COMMANDS}
ALIKE = {"index", "engine"}
"""Settings of both sides, which the search side's document leaves to the other's."""

EXAMPLES = re.findall(r"^\$ newsdex (.*)$", README.text, re.M)
ENDLESS = ("serve", "reindex --watch")
TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def check_fields(found: dict[str, Any], rows: Iterable[Row]) -> None:
    """That an object has the documented fields and no other, each of a type it may have."""
    documented = {code(row["field"])[0]: row["type"] for row in rows}
    assert list(found) == list(documented)
    for name, value in found.items():
        kinds = documented[name].replace("true or false", "boolean").split(" or ")
        assert type(value) in [one for kind in kinds for one in TYPES[kind]], name


@pytest.mark.parametrize(
    ("document", "title", "names"),
    [
        (INDEXER, "Which commands and options are there?", WRITING),
        (SEARCH, "Commands", set(main.commands) - WRITING),
    ],
    ids=["indexer", "search_app"],
)
def test_the_options_of_each_command_are_documented_with_default_and_help(
    document: Document, title: str, names: set[str]
) -> None:
    commands = [code(row["command"])[0].split()[1] for row in document.table(title, "command")]
    assert sorted(commands) == sorted(names)
    rows = document.table(title, "option")
    for name in names:
        documented = {
            code(row["option"])[0]: (row["default"].strip("`"), row["meaning"])
            for row in rows
            if name in code(row["of"])
        }
        options = [p for p in main.commands[name].params if isinstance(p, click.Option)]
        assert documented == {option.opts[0]: _described(option) for option in options}
    assert {of for row in rows for of in code(row["of"])} == names


def _described(option: click.Option) -> tuple[str, str]:
    """The default and the help of an option; its help ends in the default if it has one."""
    text = option.help or ""
    default = re.search(r" \[(?:NEWSDEX_\w+; )?default: (.*)\]$", text)
    if default:
        return default[1], text[: default.start()]
    return "off" if option.is_flag else "none", text


def test_the_tables_of_settings_are_the_codes() -> None:
    indexing = INDEXER.table("Which settings are there?", "variable")
    assert [_setting(row) for row in indexing] == _rows(IndexerSettings)
    searching = [_setting(row) for row in SEARCH.table("Settings", "variable")]
    every = _rows(Settings)
    assert [_setting(row) for row in indexing] + searching == every
    assert {_setting(row) for row in README.table("Settings", "variable")} < set(every)


def test_the_settings_file_of_the_document_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", INDEXER.section("Which settings are there?"), re.S)
    monkeypatch.chdir(tmp_path)
    Path("newsdex.toml").write_text(text)
    settings = Settings.load({})
    asked = tomllib.loads(text)
    assert (settings.seeds, settings.index) == (Path("news"), Path("/var/lib/newsdex"))
    assert (settings.jobs, settings.promoted_only, settings.base_path) == (2, True, "/news")
    assert [str(network) for network in settings.trusted_proxies] == ["127.0.0.1/32", "10.0.0.0/8"]
    assert set(asked) == {"seeds", "index", "jobs", "promoted_only", "base_path", "trusted_proxies"}


def test_the_example_of_a_sites_own_look_is_read(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", SEARCH.section("A site's own look"), re.S)
    file = tmp_path / "newsdex.toml"
    file.write_text(text)
    settings = Settings.load({}, config=file)
    assert [link.url for link in settings.footer_links] == [
        "https://daily.example/imprint",
        "/privacy",
    ]
    usual, asked = Settings.load({}), tomllib.loads(text)
    assert all(getattr(settings, name) != getattr(usual, name) for name in asked)


def _rows(settings: type[IndexerSettings]) -> list[tuple[str, str, str]]:
    """The variable, default and help of each setting."""
    return [
        (variable(name), row.metadata["default"], row.metadata["help"])
        for name, row in table(settings).items()
    ]


def _setting(row: Row) -> tuple[str, str, str]:
    default = "" if row["default"] == "empty" else row["default"].strip("`")
    return row["variable"].strip("`"), default, row["meaning"]


def test_every_exit_code_is_explained() -> None:
    explained = {
        int(row["exit code"]) for row in INDEXER.table("What do the exit codes mean?", "exit code")
    }
    raised = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.NewsdexError)
    }
    assert explained == raised | {
        0,
        UNWRITTEN,
        INTERRUPTED,
        128 + signal.SIGPIPE,
        128 + signal.SIGTERM,
    }


def test_every_kind_of_error_is_explained_by_its_exit_code() -> None:
    explained = {
        (kind, int(row["exit code"]))
        for row in INDEXER.table("What do the exit codes mean?", "exit code")
        for kind in code(row["kind"])
    }
    raised = {
        (error.kind, error.exit_code)
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.NewsdexError)
    }
    assert explained == raised - {(errors.NewsdexError.kind, errors.NewsdexError.exit_code)}


def test_the_forms_of_a_date_are_the_codes() -> None:
    rows = INDEXER.table("Which dates are read?", "written by")
    assert [(row["written by"], tuple(code(row["examples"]))) for row in rows] == [
        (form.writers, form.examples) for form in FORMS
    ]


def test_the_zones_of_a_date_are_the_codes() -> None:
    rows = [row["the text"] for row in INDEXER.table("Which dates are read?", "the text")]
    (usual,) = (row for row in rows if "single letter" in row)
    (several,) = (row for row in rows if "several zones" in row)
    assert code(usual) == [*USUAL, "Z"]
    assert code(several) == list(AMBIGUOUS)


def test_what_makes_a_draft_is_the_codes() -> None:
    rows = [code(row["case"]) for row in INDEXER.table("What is a draft?", "case")]
    statuses = [*STATUS_KEYS, *STATUSES]
    assert rows == [[FOLDER], list(MARKS), [], statuses]
    yes, no = INDEXER.section("What is a draft?").split("Yes is")[1].split(". ")[0].split(";")
    assert dict.fromkeys(code(yes), True) | dict.fromkeys(code(no), False) == FLAGS


def test_the_bounds_of_an_item_are_the_codes() -> None:
    assert values(INDEXER.table("What is a news item?", "at most")) == {
        "KiB of a file": seed_file.MAX_FILE_BYTES // 1024,
        "KiB of front matter": MAX_FRONT_MATTER // 1024,
        "levels of nesting": MAX_DEPTH,
        "values in the front matter": MAX_NODES,
        "characters of a title": MAX_TITLE,
        "characters of an excerpt": MAX_EXCERPT,
        "related articles": MAX_RELATED,
        "characters of an address": MAX_URL,
        "topics": MAX_NAMES,
        "authors": MAX_NAMES,
        "characters of a topic or an author": MAX_NAME,
        "characters of a body that are indexed": MAX_BODY,
        "pictures that are looked at for one": MAX_PICTURES,
        "pixels of a picture's width or height": MAX_PIXELS,
        "accents and other marks kept on one letter": MAX_MARKS,
    }


def test_the_item_of_the_readme_is_one_without_a_problem_and_its_keys_are_explained() -> None:
    (text,) = re.findall(r"```markdown\n(.*?)```", README.text, re.S)
    reading = parse_item(text.encode(), "seeds/a.md", "a")
    assert reading.item
    assert reading.item.related
    assert reading.item.body
    assert not reading.problems
    explained = {
        key for row in INDEXER.table("What is a news item?", "key") for key in code(row["key"])
    }
    assert set(re.findall(r"^(?:  (?:  )?)?(?:- )?(\w+):", text, re.M)) <= explained


def test_the_problem_shown_is_the_one_that_check_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("seeds").mkdir()
    Path("seeds/a.md").write_text("---\ntype: article\ntitle: Ferries: the end\n---\n")
    shown = INDEXER.section("What happens to a file that is wrong?")
    result = CliRunner().invoke(main, ["check"])
    assert result.stderr.splitlines()[0] in shown.splitlines()


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_readmes_commands_run(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    name, *arguments = shlex.split(example, comments=True)
    if " ".join([name, *arguments]) in ENDLESS:
        main.commands[name].make_context(
            name, arguments, main.make_context("", [name])
        )  # raises for what it does not know
        return
    assert CliRunner().invoke(main, ["reindex"]).exit_code == 0
    result = CliRunner().invoke(main, [name, *arguments])
    assert result.exit_code == 0, result.output


def test_the_first_two_commands_are_make_serve_and_make_test() -> None:
    assert re.findall(r"^\$ (make \w+)", README.text, re.M)[:2] == ["make serve", "make test"]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each command of the write side answers with `--json`, by its name."""
    folder = tmp_path_factory.mktemp("answers")
    (folder / "seeds").mkdir()
    where = {
        "reindex": ["--seeds", str(folder / "seeds"), "--index", str(folder / "index")],
        "check": ["--seeds", str(folder / "seeds")],
    }
    found: dict[str, dict[str, Any]] = {}
    for name in ("reindex", "reindex", "check", "status", "verify", "rollback"):
        (folder / "seeds" / f"{len(found)}.md").write_text("---\ntitle: A title\n---\n")
        (folder / "seeds" / "broken.md").write_text("no item\n")
        options = where.get(name, ["--index", str(folder / "index")])
        result = CliRunner().invoke(main, [name, *options, "--json"])
        assert result.exit_code == (1 if name in where else 0), result.output
        found[name] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("name", sorted(WRITING))
def test_the_fields_of_an_answer_are_documented(
    name: str, answers: dict[str, dict[str, Any]]
) -> None:
    rows = INDEXER.table("What do the commands answer with `--json`?", "command")
    check_fields(answers[name], [row for row in rows if code(row["command"]) == [name]])


def test_the_fields_of_a_problem_and_of_a_verdict_are_documented(
    answers: dict[str, dict[str, Any]],
) -> None:
    title = "What do the commands answer with `--json`?"
    check_fields(answers["check"]["problems"][0], INDEXER.table(title, "field"))
    (row,) = [r for r in INDEXER.table(title, "command") if r["field"] == "`generations`"]
    assert code(row["meaning"]) == list(answers["verify"]["generations"][0])
