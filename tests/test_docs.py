"""The README is held to the code: what one says, the other has."""

import re
import tomllib
from pathlib import Path

import click
import pytest

from indexer import VERSION, errors
from indexer.fields import FACETS
from indexer.settings import table, variable
from search_app.admission import Reason
from search_app.app import KINDS, create_app
from search_app.cli import main
from search_app.detail import ANSWER, PAGE
from search_app.guard import Limits, refusal
from search_app.search import lexer, parser
from search_app.search.query import RANGE_FIELDS, WORD_FIELDS
from search_app.search.request import MAX_ADDRESS, MAX_SELECTED, MAX_VALUE, Match, Sort
from search_app.settings import Settings

LONG = ({"QUERY_STRING": "a" * 10**6}, {"QUERY_STRING": "&" * 10**4}, {"PATH_INFO": "a" * 10**4})
ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def section(title: str) -> str:
    """The text below a heading, up to the next one."""
    match = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", README, re.M | re.S)
    assert match, f"the README has no section {title!r}"
    return match.group(1)


def rows(title: str) -> list[list[str]]:
    """The cells of the tables in a section, without their headings."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if not set("".join(row)) <= set("-")]


def test_every_command_and_option_is_in_the_table_and_no_other() -> None:
    documented = {}
    for name, *_, options in rows("Commands")[1:]:
        if name.startswith("`newsdex"):
            documented[name.strip("`").split()[1]] = set(re.findall(r"--[\w-]+", options))
    actual = {
        name: {option for p in command.params if isinstance(p, click.Option) for option in p.opts}
        for name, command in main.commands.items()
    }
    assert documented == actual


def test_every_exit_code_is_explained() -> None:
    explained = {int(row[0]) for row in rows("Commands") if row[0].isdigit()}
    raised = {
        e.exit_code
        for e in vars(errors).values()
        if isinstance(e, type) and issubclass(e, errors.NewsdexError)
    }
    assert explained == raised | {0, 130, 143}


def test_the_table_of_settings_is_the_codes() -> None:
    documented = [[cell.strip("`") for cell in row] for row in rows("Settings")[1:]]
    actual = {name: row.metadata for name, row in table(Settings).items()}
    assert documented == [[variable(n), row["default"], row["help"]] for n, row in actual.items()]


def test_every_field_and_bound_of_the_query_language_is_documented() -> None:
    text = section("The query language")
    for field in (*WORD_FIELDS, *RANGE_FIELDS):
        assert f"{field}:" in text
    for choice in (*Sort, *Match):
        assert f"`{choice}`" in text or f"match={choice}" in text
    for bound in (parser.MAX_CHARACTERS, parser.MAX_LEAVES, lexer.MAX_DEPTH):
        assert f"{bound:,}" in text


def test_every_route_and_parameter_of_the_api_is_documented(tmp_path: Path) -> None:
    app = create_app(Settings.load({}, index=tmp_path))
    routes = {rule.rule.replace("<path:id>", "<id>") for rule in app.url_map.iter_rules()}
    pages = {"/", "/search", "/items/<id>", "/static/<path:filename>"}
    assert {
        row[0].strip("`") for row in rows("The API") if row[0].startswith("`/")
    } == routes - pages
    for name in ("q", *FACETS, "since", "until", "sort", "match", "page", "page_size"):
        assert f"`{name}`" in section("The API")


def test_every_kind_of_error_is_documented() -> None:
    text = section("The API")
    raised = {
        e.kind
        for e in vars(errors).values()
        if isinstance(e, type) and issubclass(e, errors.IndexUnusable | errors.EngineUnavailable)
    }
    refused = {refusal(environ) for environ in ({"CONTENT_LENGTH": "1"}, *LONG)}
    kinds = {refused.kind for refused in refused if refused}
    for kind in (*raised, *KINDS.values(), *kinds, *Reason, "bad_parameter"):
        assert f"`{kind}`" in text


def test_every_bound_of_a_request_and_of_an_answer_is_documented() -> None:
    text = " ".join(section("The API").split())
    limits = Limits()
    bounds = (limits.path, limits.query, limits.parameters, MAX_SELECTED, MAX_VALUE, MAX_ADDRESS)
    for bound in (*bounds, ANSWER):
        assert f"{bound:,}" in text
    assert PAGE <= 300_000
    assert "300 kB" in text


def test_every_dependency_has_its_reason_and_is_locked_with_hashes() -> None:
    reasons = {row[0].split()[0].lower() for row in rows("Dependencies")[1:]}
    names = {re.split(r"[<>=]", d)[0].lower() for d in PROJECT["project"]["dependencies"]}
    assert names == reasons
    for lock in ("requirements.lock", "requirements-dev.lock"):
        pinned = (ROOT / lock).read_text(encoding="utf-8").lower()
        for name in names:
            assert re.search(
                rf"^{name}==\S+ .*\\\n +--hash=sha256:|^{name}==\S+ \\\n", pinned, re.M
            )


@pytest.mark.parametrize("path", re.findall(r"`((?:indexer|search_app)/[\w/.]+)`", README))
def test_what_the_map_of_the_tree_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_local_picture_and_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_first_two_commands_are_targets_of_the_makefile() -> None:
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in re.findall(r"^\$ make (\w+)", README, re.M)[:2]:
        assert re.search(rf"^{command}:", targets, re.M)


def test_the_version_is_the_changelogs_first() -> None:
    first = re.search(r"\*\*([\d.]+)\*\*", section("Changelog"))
    assert first
    assert first.group(1) == VERSION
