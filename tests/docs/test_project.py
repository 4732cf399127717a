"""What the documents say of the project itself: make targets, dependencies, decisions, version."""

import re
import shlex
import tomllib
from datetime import date
from importlib import import_module
from typing import Any

import pytest

from indexer import VERSION
from indexer.settings import table, variable
from search_app.settings import Settings
from tests import conditions
from tests.bench.benchmark import PARTS
from tests.docs.markdown import BENCH, CHANGELOG, DECISIONS, README, ROOT, TESTS, Document, code

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SUBJECTS = [
    heading.lstrip("# ")
    for heading in re.findall(r"^## .*$", DECISIONS.text, re.M)
    if heading != "## Dependencies"
]


def test_the_targets_of_make_are_documented() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.M)
    assert phony
    rows = TESTS.table("How do I run them?", "target")
    assert [code(row["target"])[0] for row in rows] == [f"make {one}" for one in phony[1].split()]


def test_the_variables_of_the_tests_are_documented() -> None:
    settings = set(map(variable, table(Settings)))
    read = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(
            r'environ(?:\.get\(|\[)"(NEWSDEX_\w+)"', path.read_text(encoding="utf-8")
        )
    }
    read |= set(re.findall(r"(NEWSDEX_TEST_\w+)=", conditions.DRAWN))
    rows = TESTS.table("How do I run them?", "variable")
    assert {code(row["variable"])[0].partition("=")[0] for row in rows} == read - settings


def test_the_folders_of_the_tests_are_documented() -> None:
    rows = TESTS.table("What kinds are there?", "folder")
    packages = {path.parent.name for path in (ROOT / "tests").glob("*/__init__.py")}
    assert {code(row["folder"])[0] for row in rows} == {f"tests/{name}/" for name in packages}


def dependencies(heading: str) -> set[tuple[str, str]]:
    """The packages with a reason, each with its version if that is pinned."""
    rows = DECISIONS.section("Dependencies").split("To build, and for development")
    block = rows[0] if heading == "runtime" else rows[1]
    names = re.findall(r"^\| ([A-Za-z][^|]*?) \| [^|]+ \|$", block, re.M)[1:]
    return {_name(one) for cell in names for one in cell.split(", ")}


def _name(text: str) -> tuple[str, str]:
    name, _, version = text.partition(" ")
    return name.lower(), version


def _required(requirement: str) -> tuple[str, str]:
    name, _, version = requirement.partition("==")
    return re.split(r"[<>=]", name)[0].lower(), version


def test_every_dependency_has_its_reason() -> None:
    assert dependencies("runtime") == set(map(_required, PROJECT["project"]["dependencies"]))
    groups: dict[str, list[Any]] = PROJECT["dependency-groups"]
    needed = {_required(one)[0] for group in groups.values() for one in group if type(one) is str}
    assert {name for name, _ in dependencies("development")} == needed


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_dependency_is_locked_with_hashes(lock: str) -> None:
    pinned = (ROOT / lock).read_text(encoding="utf-8").lower()
    for name, version in map(_required, PROJECT["project"]["dependencies"]):
        wanted = re.escape(version) or r"\S+"
        assert re.search(rf"^{name}=={wanted} .*?\\\n +--hash=sha256:", pinned, re.M), name


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_decision_has_a_date_a_reason_and_what_was_rejected(subject: str) -> None:
    rows = DECISIONS.table(subject, "date")
    assert all(all(row.values()) for row in rows)
    assert list(rows[0]) == ["date", "decision", "why", "rejected"]
    dates = [date.fromisoformat(row["date"]) for row in rows]
    assert dates == sorted(dates)


@pytest.mark.parametrize("document", [README, CHANGELOG], ids=lambda document: document.name)
def test_the_version_is_the_changelogs_first(document: Document) -> None:
    first = re.search(r"\*\*([\d.]+)\*\*", document.section("Changelog"))
    assert first
    assert first[1] == VERSION


def test_the_package_carries_the_readme() -> None:
    assert (ROOT / PROJECT["project"]["readme"]) == README.path
    assert README.path.is_file()


@pytest.mark.parametrize("example", re.findall(r"^\$ python -m (.*)$", BENCH.text, re.M))
def test_the_commands_of_the_benchmarks_have_the_options_shown(example: str) -> None:
    name, *arguments = shlex.split(example, comments=True)
    module = import_module("tests.bench.__main__" if name == "tests.bench" else name)
    known = {option for one in module.main.params for option in one.opts}
    assert {one for one in arguments if one.startswith("--")} <= known


def test_the_parts_of_the_benchmark_are_documented() -> None:
    rows = BENCH.table("How do I measure?", "part")
    assert {part for row in rows for part in code(row["part"])} == set(PARTS)
